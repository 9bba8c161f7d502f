"""The autograder for Gradescope, run as Gradescope runs it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grader.commands.report import ALL_WRITTEN, run_export
from grader.reporting.exports.export import ExportOptions


@pytest.fixture
def autograder(repository, tmp_path: Path) -> Path:
    """Return an /autograder folder with the zip unpacked and nothing handed in."""
    options = ExportOptions(
        root=repository.root, to="autograder", grades=tmp_path / "grades", out=tmp_path / "autograder.zip"
    )
    assert run_export(options) == ALL_WRITTEN
    root = tmp_path / "autograder"
    (root / "submission").mkdir(parents=True)
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        archive.extractall(root / "source")
        modes = {info.filename: info.external_attr >> 16 & 0o777 for info in archive.infolist()}
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    return root


def run(root: Path) -> subprocess.CompletedProcess[str]:
    """Run run_autograder with this Python in place of the image's."""
    environment = os.environ | {
        "AUTOGRADER_ROOT": str(root),
        "AUTOGRADER_PYTHON": sys.executable,
        "GRADER_COURSE_KEY": "tests",
    }
    script = ["bash", str(root / "source" / "run_autograder")]
    return subprocess.run(script, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own script


def test_the_autograder_grades_what_was_handed_in(autograder: Path, repository, cnn, tiers) -> None:
    """The unpacked zip alone grades a submission and writes the file that Gradescope reads."""
    if not tiers:
        pytest.skip("no isolation tier works on this machine; `numgrade doctor` says why")
    shutil.copytree(repository.solution(cnn) / "nndl", autograder / "submission" / "nndl")
    done = run(autograder)
    assert done.returncode == 0, done.stdout + done.stderr
    results = json.loads((autograder / "results" / "results.json").read_text(encoding="utf-8"))
    assert results["score"] == pytest.approx(sum(test["max_score"] for test in results["tests"]), abs=0.01)
    assert results["score"] > 90


def test_a_submission_without_homework_is_told_so(autograder: Path, tiers) -> None:
    """What cannot be graded is the student's to mend: the output says why."""
    if not tiers:
        pytest.skip("no isolation tier works on this machine; `numgrade doctor` says why")
    (autograder / "submission" / "essay.txt").write_text("words", encoding="utf-8")
    assert run(autograder).returncode == 0
    results = json.loads((autograder / "results" / "results.json").read_text(encoding="utf-8"))
    assert (results["score"], results["tests"]) == (0.0, [])
    assert "no Python file" in results["output"]


def test_an_autograder_at_fault_writes_no_result(autograder: Path) -> None:
    """Where the grader cannot run there is no results.json, so that Gradescope calls the staff and scores nobody."""
    (autograder / "source" / "autograder.json").write_text(
        '{"assignment": "none", "isolation": "auto", "visibility": "visible"}'
    )
    assert run(autograder).returncode != 0
    assert not (autograder / "results").exists()
