"""Forgetting a student ends, whatever stands in the way, and touches nobody else's work."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.classrun.run import show_again
from grader.commands import forget as command
from grader.commands.forget import ForgetOptions, run_forget
from grader.course.repository import Course
from grader.gradebook import open_gradebook
from grader.intake.arrivals import Person
from grader.progress import unwatched
from tests.reporting.returning.classes import grade_class, make_course

CANVAS = ("adalovelace_11_101_hw1.py", "blaisepascal_12_102_hw1.py")
ADA, BLAISE = Person("adalovelace-11", "adalovelace", member="ada"), Person("blaisepascal-12", "blaisepascal")


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course with the assignment hw1."""
    return make_course(tmp_path_factory.mktemp("forget") / "course")


@pytest.fixture
def asked(course: Course, tmp_path: Path) -> ForgetOptions:
    """Return what forgets Ada, of two whose work came from Canvas."""
    (tmp_path / "in").mkdir()
    for name in CANVAS:
        (tmp_path / "in" / name).write_text("answer = 1\n", encoding="utf-8")
    (course.root / "people.csv").write_text(
        "id,name,canvas\nada,Ada Lovelace,11\nblaise,Blaise,12\n", encoding="utf-8"
    )
    out = tmp_path / "grades"
    grade_class(course, out, [(ADA, 10.0), (BLAISE, 2.0)], source=str(tmp_path / "in"))
    return ForgetOptions(course.root, ADA.id, yes=True, out=out)


def _fails(*_given: object, **_named: object) -> None:
    raise PermissionError(13, "Permission denied")


def test_what_cannot_be_removed_is_named_and_the_rest_goes(
    asked: ForgetOptions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file and the pages are refused: both are said, the rows are gone, and the pages follow when next written."""
    with monkeypatch.context() as patched:
        patched.setattr(command, "_remove", _fails)
        patched.setattr(command, "show_again", _fails)
        assert run_forget(asked) == command.LEFT
    said = capsys.readouterr().out
    assert f"Stays: {asked.out.parent / 'in' / CANVAS[0]} (Permission denied)" in said.replace("\n", "")
    assert "Stays: their pages and rows of hw1" in said
    assert "Removed: 1 row of students" in said
    assert run_forget(asked) == 2
    with open_gradebook(asked.out / "gradebook.sqlite") as book:
        show_again(book, Course(asked.root).load("hw1"), asked.out, unwatched)
    assert not list(asked.out.rglob("adalovelace*"))
    assert list(asked.out.rglob("blaisepascal*.html"))


def test_what_is_gone_already_stops_nothing(asked: ForgetOptions, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that lies within a folder that goes is no step of its own, and one that has vanished is no error."""
    found: Callable[..., tuple[list[Path], list[str]]] = command._files_of
    folder = asked.out.parent / "in" / "folder"
    (folder / "deeper").mkdir(parents=True)

    def more(*given: object) -> tuple[list[Path], list[str]]:
        files, kept = found(*given)
        return [*files, folder, folder / "deeper", folder.with_name("vanished")], kept

    monkeypatch.setattr(command, "_files_of", more)
    assert run_forget(asked) == command.DONE
    assert sorted(path.name for path in folder.parent.iterdir()) == [CANVAS[1]]


def test_an_assignment_that_does_not_load_is_said_before_anything_goes(
    asked: ForgetOptions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is removed, and the same command does all of it when the assignment loads again."""
    where = asked.root / "assignments" / "hw1"
    shutil.move(where, tmp_path / "hw1")
    try:
        assert run_forget(asked) == 2
    finally:
        shutil.move(tmp_path / "hw1", where)
    assert "Removed" not in capsys.readouterr().out
    assert (asked.out.parent / "in" / CANVAS[0]).exists()
    assert run_forget(asked) == command.DONE
    assert not list(asked.out.parent.rglob("adalovelace*"))
    assert "ada" not in (asked.root / "people.csv").read_text(encoding="utf-8")


def test_the_archive_of_a_class_is_said_to_stay(
    asked: ForgetOptions, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the names that it lists, wherever it lies; one of other names is not spoken of."""
    folder = asked.out.parent / "in"
    for path, member in (
        (folder.parent / "download.zip", CANVAS[0]),
        (folder.parent / "other.zip", "else.py"),
    ):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, "answer = 1")
    assert run_forget(asked) == command.DONE
    said = capsys.readouterr().out
    assert f"Stays: what the archive {folder.parent / 'download.zip'} may hold" in said.replace("\n", "")
    assert "other.zip" not in said


def test_a_name_within_somebody_elses_work_is_theirs(asked: ForgetOptions) -> None:
    """What another student calls like an upload of the one who is forgotten stays, however deep."""
    other = asked.out.parent / "in" / "blaisepascal_12_103_more"
    other.mkdir()
    (other / CANVAS[0]).write_text("answer = 2\n", encoding="utf-8")
    assert run_forget(asked) == command.DONE
    assert (other / CANVAS[0]).exists()
    assert sorted(path.name for path in other.parent.iterdir()) == [CANVAS[1], other.name]
