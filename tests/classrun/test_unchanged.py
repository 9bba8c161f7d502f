"""An unchanged class: told by files alone, and anything that could change a result, or a page, is not unchanged."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from grader.classrun.options import GradeOptions
from grader.classrun.unchanged import NOTE, Counts, RunNote, kept, may_grade
from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.progress import Notice, unwatched
from grader.reporting.write import write_class
from grader.results import GRADER_FAULT, SCHEMA, ClassReport, Flag
from tests.reporting.samples import submission

COUNTS = Counts(0, 1, 0, ("one was late",))


@pytest.fixture
def options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GradeOptions:
    """Return options for a class of one in a small course, its pages and its gradebook as a run leaves them."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "tests")
    root, out = tmp_path / "course", tmp_path / "out"
    files = {
        "pyproject.toml": "",
        "people.csv": "id\n",
        "solutions/a/nndl/roots.py": "",
        "assignments/a/assignment.toml": 'id = "a"\nversion = "1"\ntitle = "A"\n'
        '[release]\nanswers = ["nndl/roots.py"]\n'
        '[[parts]]\nid = "newton"\ntitle = "Newton"\npoints = 1\n',
        "../class/ada/roots.py": "",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    report = ClassReport(SCHEMA, "a", "1", "1", (submission("ada", []),), COUNTS.notes)
    write_class(report, Course(root).load(), out)
    (out / "gradebook.sqlite").write_bytes(b"")
    with closing(sqlite3.connect(out / "gradebook.sqlite")) as book:
        book.execute("CREATE TABLE decision (points)")
    return GradeOptions(root, "a", tmp_path / "class", out)


def graded(
    options: GradeOptions,
    *,
    meanwhile: Callable[[GradeOptions], None] = lambda _: None,
    told: str = "",
    flag: str = "",
) -> None:
    """Go through a run as `grade_class` does; `meanwhile` happens while it reads the gradebook."""
    note, where = RunNote(options, assignment_of(options)), options.out / "gradebook.sqlite"
    for text in (f"- {COUNTS.notes[0]}", *([told] if told else [])):
        note.hearing(unwatched)(Notice(text))
    with note.showing(where):
        meanwhile(options)
        note.seeing(lambda _: None)(submission("ada", [], flags=(Flag(flag, ""),) if flag else ()))
    note.leave(where, COUNTS)


def unchanged(options: GradeOptions) -> bool:
    """Say whether a run would have nothing to do."""
    return kept(options, assignment_of(options)) is not None


def assignment_of(options: GradeOptions) -> Assignment:
    """Return the assignment as it is now."""
    return Course(options.root).load(options.assignment)


def decided(options: GradeOptions) -> None:
    """Decide something, as another process does."""
    with closing(sqlite3.connect(options.out / "gradebook.sqlite")) as book, book:
        book.execute("INSERT INTO decision VALUES (1)")


def test_what_is_unchanged_is_said_again(options) -> None:
    """The report is that of the run before, with its notes, and nothing counts as graded."""
    assert not unchanged(options)
    graded(options)
    counts, report = kept(options, assignment_of(options)) or pytest.fail("it has something to do")
    assert counts == Counts(1, 0, 0, COUNTS.notes)
    assert [each.id for each in report.submissions] == ["ada"]
    assert unchanged(replace(options, jobs="2"))  # how many at a time changes nothing


@pytest.mark.parametrize(
    "path",
    [
        *(
            "assignments/a/assignment.toml",
            "solutions/a/nndl/roots.py",
            "pyproject.toml",
            "people.csv",
            "new.toml",
        ),
        *("../class/ada/roots.py", "../class/bob/roots.py", "../out/grades.json", "../out/students/ada.html"),
        *("../out/gradebook.sqlite-wal", "assignments/b/assignment.toml"),
    ],
)
def test_a_file_that_changed_or_came_is_seen(options, path: str) -> None:
    """Of the course, of the class and of what was left; a gradebook that somebody has open is not looked into."""
    graded(options)
    changed = options.root / path
    changed.parent.mkdir(exist_ok=True, parents=True)
    with changed.open("a", encoding="utf-8") as file:
        file.write("\n")
    assert not unchanged(options)


@pytest.mark.parametrize(
    "other",
    [
        *({"only": "newton"}, {"fresh": True}, {"isolation": "B"}, {"anonymous": True}, {"notebooks": True}),
        *({"retrain": True}, {"gradebook": "sqlite:///other"}, {"submissions": None}, {"platform": "canvas"}),
    ],
)
def test_another_wish_is_another_run(options, other: dict[str, object]) -> None:
    """Whatever is asked for that may change a result, a page or a name."""
    graded(options)
    assert not unchanged(replace(options, **other))


def test_another_key_a_decision_or_a_damaged_note_is_seen(options, monkeypatch: pytest.MonkeyPatch) -> None:
    """The course's key makes other inputs; decisions stand in the gradebook; and the note is a file like any other."""
    graded(options)
    with monkeypatch.context() as other:
        other.setenv("GRADER_COURSE_KEY", "another")
        assert not unchanged(options)
    for damaged in (b"", b"[]", b"{", b'{"inputs": 1}', b"\xff"):
        note = (options.out / NOTE).read_bytes()
        (options.out / NOTE).write_bytes(damaged)
        assert not unchanged(options)
        (options.out / NOTE).write_bytes(note)
    assert unchanged(options)
    decided(options)
    assert not unchanged(options)


@pytest.mark.parametrize(
    "run",
    [
        {"meanwhile": decided},
        {"told": "The fast layers are outdated; run: numgrade setup"},
        {"flag": GRADER_FAULT},
    ],
    ids=["decided meanwhile", "told more", "a fault of the grader"],
)
def test_in_doubt_the_next_run_finds_out(options, run: dict[str, object]) -> None:
    """What somebody decided while pages were written, what must be said again, and what may go better next time."""
    graded(options, **run)
    assert not unchanged(options)


def test_processes_begin_early_only_where_there_is_probably_work(options) -> None:
    """For a first run and for other files; not where a decision was made, or where nothing is known."""
    assert not may_grade(options, assignment_of(options))
    graded(options)
    decided(options)
    assert not may_grade(options, assignment_of(options))
    (options.root / "people.csv").write_text("id\nada\n", encoding="utf-8")
    assert may_grade(options, assignment_of(options))
    assert may_grade(replace(options, out=options.out / "another"), assignment_of(options))


def test_a_link_may_lead_to_what_changes_unseen(options, tmp_path: Path) -> None:
    """A class that is made of links is looked at each time."""
    (tmp_path / "class" / "bob").symlink_to(tmp_path / "elsewhere")
    graded(options)
    assert not unchanged(options)


def test_a_named_data_set_that_came_or_changed_is_seen(options, monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks that need it were not graded before, or were graded with other numbers."""
    described = options.root / "assignments" / "a" / "assignment.toml"
    text = described.read_text(encoding="utf-8")
    described.write_text(f'{text}[data_sets.rents]\nvariable = "RENTS_OF_TEST"\n', encoding="utf-8")
    graded(options)
    assert unchanged(options)
    rents = options.root.parent / "rents"
    rents.mkdir()
    monkeypatch.setenv("RENTS_OF_TEST", str(rents))
    assert not unchanged(options)
    graded(options)
    assert unchanged(options)
    (rents / "table.csv").write_text("1\n", encoding="utf-8")
    assert not unchanged(options)


def test_what_grades_is_not_loaded_to_see_it() -> None:
    """Neither a database nor NumPy nor pytest nor a template is needed to say that nothing is to be done."""
    heavy = ("sqlalchemy", "numpy", "pytest", "jinja2", "pygments", "nbformat", "yaml")
    program = f"import sys, grader.commands.grade; print([each for each in {heavy} if each in sys.modules])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)  # noqa: S603
    assert said.stdout.strip() == b"[]"


def test_the_course_key_is_not_read_to_see_that(
    options: GradeOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What looks for changes opens no key: processes that read strangers' files are forked after it.

    A key of other content is another file, all the same.
    """
    monkeypatch.delenv("GRADER_COURSE_KEY")
    key = options.root / ".course-key"
    key.write_text("one", encoding="ascii")
    graded(options)
    assert unchanged(options)
    key.write_text("two", encoding="ascii")
    assert not unchanged(options)
    key.unlink()
    key.mkdir()  # to read it would raise an error now
    assert not unchanged(options)
