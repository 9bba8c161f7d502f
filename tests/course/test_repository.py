"""Finding the folders of an assignment repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.assignment import AssignmentError, Folders
from grader.course.repository import Course, RepositoryError, load_settings

REAL = Course.open(Path(__file__))


def make(root: Path) -> Path:
    (root / "assignments" / "tiny").mkdir(parents=True)
    (root / "pyproject.toml").touch()
    return root


def test_found_from_below(tmp_path: Path) -> None:
    """A repository is found from any folder inside it."""
    root = make(tmp_path)
    assert Course.open(root / "assignments" / "tiny") == Course(root.resolve())


def test_found_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an argument the search starts at the current folder."""
    monkeypatch.chdir(make(tmp_path) / "assignments")
    assert Course.open().root == tmp_path.resolve()


def test_a_course_of_tasks_alone_is_one(tmp_path: Path) -> None:
    """A course written before there was a table in pyproject.toml has a tasks.py beside its assignments."""
    (tmp_path / "assignments").mkdir()
    (tmp_path / "tasks.py").touch()
    assert Course.open(tmp_path).root == tmp_path.resolve()


def test_outside_is_an_error(tmp_path: Path) -> None:
    """Outside of a repository the error says what one looks like."""
    with pytest.raises(RepositoryError, match=r"pyproject\.toml or a tasks\.py beside an assignments folder"):
        Course.open(tmp_path)


def test_pyproject_alone_is_not_one(tmp_path: Path) -> None:
    """A student release, which has a pyproject.toml too, is not an assignment repository."""
    (tmp_path / "pyproject.toml").touch()
    with pytest.raises(RepositoryError):
        Course.open(tmp_path)


def test_this_repository() -> None:
    """The folders of this checkout are where the design puts them."""
    assert (REAL.root / "grader").is_dir()
    assert [path.name for path in (REAL.assignments, REAL.dist)] == ["assignments", "dist"]
    assert {"cnn", "fc"} <= set(REAL.assignment_ids)


def test_an_assignment_says_where_its_files_stand() -> None:
    """Solution, starter and support packages are where assignment.toml puts them; support in the starter by default."""
    cnn = REAL.load("cnn")
    assert (REAL.solution(cnn), REAL.starter(cnn)) == (REAL.root / "solutions", REAL.root / "starter")
    assert REAL.support(cnn) == REAL.starter(cnn)
    apart = cnn.model_copy(update={"folders": Folders(solution="a/b", starter="c", support="d")})
    assert (REAL.solution(apart), REAL.starter(apart), REAL.support(apart)) == (
        REAL.root / "a" / "b",
        REAL.root / "c",
        REAL.root / "d",
    )


def test_solution_comes_before_support() -> None:
    """To import the complete solution, its folder precedes that of the support packages, whose nndl is stubbed."""
    cnn = REAL.load("cnn")
    assert REAL.import_path(cnn) == (str(REAL.solution(cnn)), str(REAL.support(cnn)))


def test_load() -> None:
    """An assignment loads by its name."""
    assert REAL.load("cnn").id == "cnn"


def test_unknown_assignment() -> None:
    """A wrong name gets an error that lists the right ones."""
    with pytest.raises(AssignmentError, match=r"'cmm'.*cnn"):
        REAL.load("cmm")


TINY = """\
id = "{0}"
version = "1"
title = "Tiny"
release = {{ answers = [] }}
layouts = []
parts = []
"""


def with_assignments(root: Path, *names: str, table: str = "") -> Course:
    """Return a repository with some assignments and a table of its own."""
    for name in names:
        folder = root / "assignments" / name
        folder.mkdir(parents=True)
        (folder / "assignment.toml").write_text(TINY.format(name), encoding="utf-8")
    (root / "pyproject.toml").write_text(f"[tool.numgrade]\n{table}\n", encoding="utf-8")
    return Course(root)


def test_the_usual_assignment_needs_no_name(tmp_path: Path) -> None:
    """Without a name the only assignment is meant, or the one that the course's table names."""
    assert with_assignments(tmp_path / "one", "hw1").load().id == "hw1"
    assert with_assignments(tmp_path / "two", "hw1", "hw2", table="assignment = 'hw2'").load().id == "hw2"


def test_one_of_several_assignments_is_to_be_named(tmp_path: Path) -> None:
    """Where several are there and none is the usual one, the message lists them."""
    with pytest.raises(AssignmentError, match=r"--assignment; .* has: hw1, hw2"):
        with_assignments(tmp_path, "hw1", "hw2").load()


def test_a_usual_assignment_has_to_be_there(tmp_path: Path) -> None:
    """A table that names an assignment which is not there is no reason to take another."""
    with pytest.raises(AssignmentError, match="no assignment is named 'hw3'"):
        with_assignments(tmp_path, "hw1", table="assignment = 'hw3'").load()


def test_a_due_date_takes_its_time_zone_from_the_course(tmp_path: Path) -> None:
    """Written without one it means the clock on the course's wall; without either it is refused."""
    root = make(tmp_path)
    text = (REAL.assignments / "fc" / "assignment.toml").read_text(encoding="utf-8")
    path = root / "assignments" / "tiny" / "assignment.toml"
    path.write_text(
        text.replace('id = "fc"', 'id = "tiny"') + "\n[policy]\ndue = 2026-07-01T23:59:00\n", encoding="utf-8"
    )
    with pytest.raises(AssignmentError, match="timezone"):
        Course(root).load("tiny")
    (root / "pyproject.toml").write_text('[tool.numgrade]\ntime_zone = "Europe/Zurich"\n', encoding="utf-8")
    due = Course(root).load("tiny").policy.due
    assert due is not None
    assert due.isoformat() == "2026-07-01T23:59:00+02:00"


def test_a_time_zone_that_is_none_is_refused(tmp_path: Path) -> None:
    """The message names what was written and shows one."""
    root = make(tmp_path)
    (root / "pyproject.toml").write_text('[tool.numgrade]\ntime_zone = "Zurich"\n', encoding="utf-8")
    with pytest.raises(AssignmentError, match="'Zurich' is no time zone; write one such as"):
        load_settings(root)


@pytest.mark.parametrize(
    ("said", "is_at"), [("", ""), ("kept.sqlite", "ROOT/kept.sqlite"), ("postgresql+psycopg://h/d",) * 2]
)
def test_a_course_names_its_gradebook(tmp_path: Path, said: str, is_at: str) -> None:
    """A file is relative to the course, an address is taken as it is, and nothing stays nothing."""
    root = make(tmp_path)
    (root / "pyproject.toml").write_text(f'[tool.numgrade]\ngradebook = "{said}"\n', encoding="utf-8")
    assert Course(root).gradebook == is_at.replace("ROOT", str(root))
