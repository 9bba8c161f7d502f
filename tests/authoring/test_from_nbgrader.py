"""An assignment of nbgrader arrives with its answers, tests, points, questions for people and files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from grader.authoring.from_nbgrader import read_nbgrader
from grader.authoring.imported import ImportRefused, libraries_of
from grader.course.assignment import PartKind
from grader.course.inside import inside_tests
from grader.sandbox import Isolation, choose_isolation
from tests.authoring.foreign import cell, ends, imported_course, sources, write_notebook


@pytest.fixture
def isolation() -> Isolation:
    """The best tier of this machine."""
    return choose_isolation()


def graded(kind: str, id: str, source: str, **says: Any) -> dict[str, Any]:
    """Return a cell with nbgrader's metadata."""
    about = {"grade": False, "solution": False, "locked": False, "schema_version": 3, "grade_id": id, **says}
    return cell(kind, source, nbgrader=about)


ANSWER = """\
def halves(n):
    ### BEGIN SOLUTION
    if n < 0:
        raise ValueError(n)
    return [i / 2 for i in range(n)]
    ### END SOLUTION"""

TESTS = """\
\"\"\"Halves of a few numbers.\"\"\"
assert halves(2) == [0, 0.5]
### BEGIN HIDDEN TESTS
assert len(halves(TABLE)) == TABLE
### END HIDDEN TESTS"""

PARTIAL = "score = 0\nif halves(1) == [0]:\n    score += 1\nif halves(0) == []:\n    score += 2\nscore"

CELLS = (
    graded("markdown", "intro", "# Halves", locked=True),
    cell("code", "TABLE = 3"),
    graded("code", "halves", ANSWER, solution=True),
    graded("code", "halves-tests", TESTS, grade=True, points=2, locked=True),
    graded("code", "partial", PARTIAL, grade=True, points=3, locked=True),
    graded("code", "whole", "top = max(halves(8))\n# YOUR CODE HERE", solution=True),
    graded("code", "whole-tests", "assert top == 3.5", grade=True, points=1, locked=True),
    graded("markdown", "why", "Because two halves make one.", grade=True, solution=True, points=4),
    graded(
        "code",
        "plot",
        "### BEGIN SOLUTION\nprint(1)\n### END SOLUTION",
        grade=True,
        solution=True,
        points=2,
    ),
    graded(
        "markdown",
        "task",
        "Say more.\n=== BEGIN MARK SCHEME ===\nTwo for wit.\n=== END MARK SCHEME ===",
        task=True,
        points=2,
        locked=True,
    ),
    graded("code", "free", "halves(3)", grade=True, points=0, locked=True),
)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A folder as nbgrader's source/ has it."""
    folder = tmp_path / "source" / "halves"
    write_notebook(folder / "halves.ipynb", *CELLS)
    (folder / "table.csv").write_text("1\n2\n3\n", encoding="utf-8")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "old.txt").write_text("old", encoding="utf-8")
    return folder


def test_an_imported_assignment_passes_the_gate(source: Path, tmp_path: Path, isolation: Isolation) -> None:
    """Every test passes on the solution, and none of those with points on what students receive."""
    course, _ = imported_course(tmp_path / "course", read_nbgrader(source))
    figures, problems = ends(course, isolation)
    assert not problems
    assert figures[0] == "solution 6 of 14, starter 0 of 14"
    assert "halves-tests:tests" in figures[1]


def test_points_ids_and_kinds_arrive_as_they_were(source: Path, tmp_path: Path) -> None:
    """Grade ids are the ids of parts; what nbgrader has no tests for is for people."""
    _, assignment = imported_course(tmp_path / "course", read_nbgrader(source))
    assert [(part.id, part.points, part.kind) for part in assignment.parts] == [
        ("halves-tests", 2, PartKind.INSIDE),
        ("partial", 3, PartKind.INSIDE),
        ("whole-tests", 1, PartKind.INSIDE),
        ("why", 4, PartKind.HAND),
        ("plot", 2, PartKind.HAND),
        ("task", 2, PartKind.HAND),
    ]
    assert assignment.draft
    assert assignment.release.extras == ("table.csv",)
    assert assignment.parts[0].title == "Halves of a few numbers."


def test_students_see_neither_answers_nor_hidden_tests_nor_mark_schemes(source: Path, tmp_path: Path) -> None:
    """What nbgrader takes out of its release stays out of this one."""
    course, assignment = imported_course(tmp_path / "course", read_nbgrader(source))
    released = sources(course.starter(assignment) / "halves.ipynb")
    assert "range" not in released["halves"]
    assert "max" not in released["whole"]
    assert "halves make one" not in released["why"]
    assert released["halves-tests"] == '"""Halves of a few numbers."""\nassert halves(2) == [0, 0.5]'
    assert released["task"].strip() == "Say more."
    assert "Two for wit." in (assignment.folder / "marking.md").read_text(encoding="utf-8")


def test_a_test_cell_is_one_test_of_all_its_points(source: Path, tmp_path: Path) -> None:
    """A test with a hidden region is hidden; what it leaves behind, later cells have."""
    _, assignment = imported_course(tmp_path / "course", read_nbgrader(source))
    (test,) = inside_tests(assignment)["halves-tests"]
    assert (test.hidden, test.points) == (True, None)
    assert "len(halves(TABLE))" in test.source
    assert all(part.carries for part in assignment.inside)


def test_what_cannot_be_taken_over_is_named(tmp_path: Path) -> None:
    """Nothing is dropped in silence."""
    folder = tmp_path / "ps"
    write_notebook(
        folder / "a.ipynb",
        graded("code", "one", "x = 1", solution=True, flavour="sweet"),
        graded("code", "one-tests", "### AUTOTEST x", grade=True, points=1),
        graded("code", "none", "x", grade=True, points=0),
    )
    imported = read_nbgrader(folder)
    assert [note.partition(":")[0] for note in imported.notes] == [
        "a.ipynb, cell one",
        "a.ipynb, cell one-tests",
        "a.ipynb, cell none",
    ]
    assert "AUTOTEST" in imported.parts[0].tests[0].source.splitlines()[0]


@pytest.mark.parametrize(
    ("cells", "language", "said"),
    [
        ((cell("code", "1"),), "python", "no cell with points"),
        ((graded("code", "a", "### BEGIN SOLUTION\n1", solution=True),), "python", "never closed"),
        ((graded("code", "a", "### END SOLUTION\n1", solution=True),), "python", "has no partner"),
        ((graded("code", "a", "1"), graded("code", "a", "2")), "python", "two cells are called a"),
        ((graded("code", "a", "1", grade=True, points=1),), "R", "only Python"),
    ],
)
def test_what_is_no_source_of_nbgrader_is_refused(
    tmp_path: Path, cells: tuple[dict[str, Any], ...], language: str, said: str
) -> None:
    """The message says what about it."""
    path = write_notebook(tmp_path / "a.ipynb", *cells, kernelspec={"language": language})
    with pytest.raises(ImportRefused, match=said):
        read_nbgrader(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no notebook that can be read"),
        ('{"nbformat": 3}', "is of nbformat 3"),
        (None, "holds no notebook"),
    ],
)
def test_a_folder_without_a_notebook_of_today_is_refused(tmp_path: Path, text: str | None, said: str) -> None:
    """What is there is named, and what to do."""
    if text is not None:
        (tmp_path / "a.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefused, match=said):
        read_nbgrader(tmp_path)


def test_a_test_that_does_not_parse_arrives_as_it_is(tmp_path: Path) -> None:
    """Its author sees at the gate what is wrong with it; its question is called by its id."""
    path = write_notebook(tmp_path / "a.ipynb", graded("code", "a_b", "assert (", grade=True, points=1))
    imported = read_nbgrader(path)
    (part,) = imported.parts
    assert libraries_of(imported) == ()
    assert (part.title, part.tests[0].source) == ("a b", "assert (")


def test_two_notebooks_with_one_question_are_refused(tmp_path: Path) -> None:
    """A part has one id in the whole assignment."""
    for name in ("a", "b"):
        write_notebook(tmp_path / f"{name}.ipynb", graded("code", "q", "assert 1", grade=True, points=1))
    with pytest.raises(ImportRefused, match="two questions are called q"):
        read_nbgrader(tmp_path)
