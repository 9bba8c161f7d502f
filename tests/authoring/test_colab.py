"""The badge and the cell with which a released notebook opens in Colab."""

from __future__ import annotations

import io
import os
import sys
import zipfile
from pathlib import Path
from types import ModuleType, SimpleNamespace
from urllib import request

import pytest

from grader.authoring.colab import colab_cells
from grader.authoring.student_tree import build_tree
from grader.course.releases import BADGE_ID, SETUP_ID
from grader.course.repository import Course
from grader.intake.notebooks import read_notebook
from tests.authoring.homework import TOML, make_homework

GITHUB = TOML.replace("[release]\n", '[release]\ngithub = "numerics/hw1@autumn"\n')


def test_a_notebook_begins_with_a_badge_where_the_repository_is_named(tmp_path: Path) -> None:
    """In the release alone, and with a link that names the notebook; without a repository there is nothing."""
    tree = build_tree(
        make_homework(tmp_path / "a", {"assignments/tiny/assignment.toml": GITHUB}), Course(tmp_path / "a")
    )
    badge, setup, *rest = read_notebook(tree.files["Smoothing.ipynb"]).cells
    assert "/github/numerics/hw1/blob/autumn/Smoothing.ipynb)" in badge.source
    assert (badge.id, setup.id) == (BADGE_ID, SETUP_ID)
    plain = build_tree(make_homework(tmp_path / "b"), Course(tmp_path / "b"))
    assert [cell.source for cell in read_notebook(plain.files["Smoothing.ipynb"]).cells] == [
        cell.source for cell in rest
    ]


def test_the_course_names_the_repositories_of_all(tmp_path: Path) -> None:
    """Once, with the assignment's id in it; an assignment's own name comes first."""
    assignment = make_homework(tmp_path)
    (tmp_path / "pyproject.toml").write_text(
        '[tool.numgrade]\ngithub = "numerics/{assignment}-2026"\n', encoding="utf-8"
    )
    assert Course(tmp_path).github(assignment) == "numerics/tiny-2026"


def test_the_cell_fetches_the_release_and_keeps_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Played as in Colab: the Drive is mounted, what is missing is written, a student's file stays."""
    _, setup = colab_cells("numerics/hw1", "A.ipynb", "hw1")
    source = setup.source.replace("/content/drive/MyDrive", tmp_path.as_posix())
    exec(compile(source, "outside", "exec"), {})  # noqa: S102  # does nothing
    assert list(tmp_path.iterdir()) == []

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("hw1-main/tasks.py", "given")
        archive.writestr("hw1-main/work/answers.py", "stub")
    seen: list[object] = []
    colab = ModuleType("google.colab")
    vars(colab)["drive"] = SimpleNamespace(mount=seen.append)
    monkeypatch.setitem(sys.modules, "google", ModuleType("google"))
    monkeypatch.setitem(sys.modules, "google.colab", colab)
    monkeypatch.setattr(sys, "path", [*sys.path])
    monkeypatch.setattr(request, "urlopen", lambda url: (seen.append(url), io.BytesIO(buffer.getvalue()))[1])
    (tmp_path / "hw1/work").mkdir(parents=True)
    (tmp_path / "hw1/work/answers.py").write_text("mine", encoding="utf-8")
    here = Path.cwd()
    magics: list[tuple[str, ...]] = []
    shell = SimpleNamespace(run_line_magic=lambda *words: magics.append(words))
    try:
        exec(compile(source, "in Colab", "exec"), {"get_ipython": lambda: shell})  # noqa: S102
        assert Path.cwd() == tmp_path / "hw1"
    finally:
        os.chdir(here)
    assert seen == ["/content/drive", "https://github.com/numerics/hw1/archive/refs/heads/main.zip"]
    assert (tmp_path / "hw1/tasks.py").read_text(encoding="utf-8") == "given"
    assert (tmp_path / "hw1/work/answers.py").read_text(encoding="utf-8") == "mine"
    assert magics == [("pip", "install --quiet --editable .")]
