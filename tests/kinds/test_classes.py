"""A class that was collected into one folder is as many submissions as students, and no file of it is lost unsaid."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from grader.course.assignment import Assignment, Layout, Part, PartKind, Release
from grader.intake.discover import find_submissions, packages_of, read_download
from tests.kinds.course import write

ONE = frozenset({"hw1.py", "hw1.ipynb"})
PACKAGE = frozenset({"nndl"})


@pytest.mark.parametrize(
    ("names", "packages", "ids"),
    [
        (["ada.ipynb", "ben.ipynb", "cyd.ipynb"], ONE, ["ada", "ben", "cyd"]),
        (["ada_hw1.py", "hw1-ben.py", "Cyd Hw1.py"], ONE, ["Cyd", "ada", "ben"]),
        (["ada_hw1.ipynb", "ada_hw1 (1).ipynb"], ONE, ["ada_1", "ada"]),
        (["hw1.py", "helpers.py"], ONE, ["loose"]),
        (["HW1.ipynb", "mine.py", "more.py"], ONE, ["loose"]),
        (["mine.py"], ONE, ["loose"]),
        (["ada/hw1.py", "ben/hw1.py", "ben/more.py"], ONE, ["ada", "ben"]),
        (["ada/mine.ipynb", "ben/other.ipynb", "script.py", "tools.py"], ONE, ["loose"]),
        (["conv_layers.py", "layers.py"], PACKAGE, ["loose"]),
        (["ada.txt", "ben.txt", "hw1.txt", "mine.py"], ONE, ["loose"]),
        (["hw1.py", "ada/hw1.py", "ben/hw1.py"], ONE, ["ada", "ben"]),
        (["ada_hw1.py", "ben.py", "cyd/hw1.py"], ONE, ["ada", "cyd"]),
        (["ada_hw1.ipynb", "ben.zip", "cyd/hw1.py"], ONE, ["ada", "ben", "cyd"]),
        (["code/hw1.py", "notebooks/hw1.ipynb", "mine.py"], ONE, ["loose"]),
    ],
)  # fmt: skip
def test_loose_files(tmp_path: Path, names: list[str], packages: Iterable[str], ids: list[str]) -> None:
    """Files of other names than the answers' are one submission each; with an answer of its name they are one."""
    folder = write(tmp_path / "loose", dict.fromkeys(names, "x"))
    assert [each.id for each in find_submissions(folder, frozenset(packages))] == ids


def test_what_lies_beside_submissions_is_told(tmp_path: Path) -> None:
    """Scripts, notebooks and texts beside the submissions of several may be somebody's: each is named.

    Nobody's work is a table, nor what one student has beside an archive.
    """
    names = [
        "ada/nndl/cnn.py",
        "ben.zip",
        "cyd.ipynb",
        "dee.docx",
        "people.csv",
        ".hidden.py",
        "eve/a.zip",
        "eve/a.pdf",
    ]
    folder = write(tmp_path / "class", dict.fromkeys(names, "x"))
    found = read_download(folder, workspace=tmp_path, packages=PACKAGE)
    assert [each.candidate.id for each in found.arrivals] == ["ada", "ben", "eve-a"]
    assert [each.split()[0] for each in found.notes] == ["cyd.ipynb", "dee.docx"]
    assert found.unowned == 2


def test_notebooks_are_the_answers_where_no_file_is(tmp_path: Path) -> None:
    """Of an assignment that is judged inside its notebook, loose notebooks are a submission each."""
    parts = (Part(id="q1", title="Q1", points=1, kind=PartKind.INSIDE, notebook="ps1.ipynb", cell="q1"),)
    assignment = Assignment(
        id="a",
        version="1",
        title="A",
        release=Release(notebooks=("ps1.ipynb",)),
        layouts=(Layout(name="release"),),
        parts=parts,
    )
    folder = write(tmp_path / "loose", {"ada_ps1.ipynb": "x", "ben_ps1.ipynb": "x"})
    assert [each.id for each in find_submissions(folder, packages_of(assignment))] == ["ada", "ben"]
