"""What lies in a student's folder may be anybody's: no traceback, no endless wait, and nothing runs by being read."""

from __future__ import annotations

import io
import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest
from rich.console import Console

from grader.student import commands
from grader.student.submit import own_modules, problems, version_notes, wanted
from tests.student.workspaces import make_workspace

DEEP = "x = " + "(" * 5000 + ")" * 5000
SOURCES = {
    "deep": DEEP,
    "chain": "x = " + "-" * 20_000 + "1",
    "null": "x = 1\0",
    "long": f"import {'a' * 5000}.{'b' * 300}",
    "many": "import " + ", ".join(f"m{number}" for number in range(5000)),
    "above": "from ............ import x",
    "large": "f(a, b)\n" * 40_000,
    "escape": "x = '\\d'\nimport helper",
    "runs": "open('RAN', 'w')\n!touch RAN\n%run helper.py\n%%bash\ntouch RAN",
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
def test_modules_and_notebooks_of_any_kind_are_looked_at_and_not_run(tmp_path: Path, source: str) -> None:
    """Nested deeply, large, named past what a file can be called: each is told of or passed over."""
    workspace = make_workspace(tmp_path)
    cell = {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": 1}
    (tmp_path / workspace.notebooks[0]).write_text(json.dumps({"cells": [cell], "nbformat": 4}), "utf-8")
    (tmp_path / workspace.earlier[0]).write_text(source, "utf-8")
    (tmp_path / "helper.py").write_text("open('RAN', 'w')\n")
    version_notes(workspace)
    found = own_modules(workspace)
    assert set(found) <= {"helper.py"}
    assert found or source != SOURCES["escape"]
    assert set(found) <= wanted(workspace).keys()
    assert not list(tmp_path.rglob("RAN"))
    problems(workspace)  # it imports the modules that are handed in, as grading will, and no notebook
    assert source == SOURCES["escape"] or not list(tmp_path.rglob("RAN"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes with names here")
def test_a_pipe_is_missing_and_a_notebook_larger_than_grading_reads_is_told(tmp_path: Path) -> None:
    """Neither is waited for or read."""
    workspace = make_workspace(tmp_path)
    first, second, *_ = workspace.notebooks
    for path in (workspace.answers[0], first):
        (tmp_path / path).unlink()
        os.mkfifo(tmp_path / path)
    with (tmp_path / second).open("wb") as file:
        file.truncate(1 << 36)
    free = shutil.disk_usage(tmp_path).free
    told = "\n".join(problems(workspace))
    assert free - shutil.disk_usage(tmp_path).free < 1 << 33
    assert f"{workspace.answers[0]} is missing" in told
    assert f"{first} is missing" in told
    assert f"{second} is larger than grading reads" in told


def packed(files: dict[str, bytes]) -> bytes:
    """Return a zip of files, whatever they are called."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


RELEASES = {
    "nothing": b"",
    "manifest_of_nothing": packed({"MANIFEST.json": b"[]"}),
    "manifest_of_numbers": packed({"MANIFEST.json": b'{"files": [1, "a"]}'}),
    "manifest_of_lists": packed({"MANIFEST.json": b'{"files": [[]]}'}),
    "deep_manifest": packed({"MANIFEST.json": b"[" * 100_000}),
    "no_description": packed({"MANIFEST.json": b'{"files": ["a.py"]}', "a.py": b""}),
    "outside": packed({"MANIFEST.json": b'{"files": ["../a.py"]}', "../a.py": b""}),
    "file_and_folder": packed({"MANIFEST.json": b'{"files": ["a", "a/b"]}', "a": b"", "a/b": b""}),
    "described_by_a_list": packed(
        {"MANIFEST.json": b'{"files": ["nndl_check/assignment.json"]}', "nndl_check/assignment.json": b"[]"}
    ),
    "damaged": packed({"MANIFEST.json": b'{"files": []}' * 50})[:60] + b"\0" * 40,
    "bomb": packed({"MANIFEST.json": bytes(10_001)}),
}


@pytest.mark.parametrize("release", RELEASES.values(), ids=RELEASES)
def test_an_archive_that_is_no_release_is_refused_and_changes_nothing(tmp_path: Path, release: bytes) -> None:
    """With what to do, before anything is written."""
    workspace = make_workspace(tmp_path / "work")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    source = tmp_path / "new.zip"
    source.write_bytes(release)
    said = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands.Workspace, "load", lambda: workspace)
        patch.setattr("grader.student.update.MOST_EXPANDED", 10_000)
        assert commands.update(str(source), Console(file=said, width=200)) == 1
    assert "the zip as you received it" in said.getvalue() or "is no release of" in said.getvalue()
    source.unlink()
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
