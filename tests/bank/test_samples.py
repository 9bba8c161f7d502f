"""The sample class: every student's submission is built, in its layout and pack, and is found again."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.authoring.new import create_assignment
from grader.authoring.release import release
from grader.bank.samples import (
    SampleClassBroken,
    load_sample_class,
    right_submission,
    write_sample_class,
)
from grader.course.repository import Course
from grader.intake import ReleaseSource, find_submissions, packages_of, read_contents
from grader.intake.layout import resolve_layout


def test_every_sample_student_hands_something_in(repository, cnn, tmp_path: Path) -> None:
    """Intake finds one submission per student of class.toml, in the layout it was made in, with every function."""
    write_sample_class(repository, cnn, tmp_path)
    students = {student.name: student for student in load_sample_class(cnn)}
    found = {
        candidate.id: read_contents(candidate, cnn)
        for candidate in find_submissions(tmp_path, packages_of(cnn))
    }
    assert set(found) == set(students)
    release = ReleaseSource.of(repository, cnn)
    for name, submission in found.items():
        resolved = resolve_layout(submission, cnn, release)
        assert resolved.layout.name == (students[name].layout or cnn.layouts[0].name)
        assert set(resolved.holders) == set(cnn.symbols)


def test_the_worked_sheets_bug_is_in_the_class(cnn) -> None:
    """The bug that the assignment's worked solution has is one of the samples."""
    assert any("conv_dx_by_filter_and_added" in student.entries for student in load_sample_class(cnn))


CLASS = "samples/class.toml"


def edited(old: str, new: str) -> Callable[[Path], None]:
    """Return an edit with a mistake: `new` stands for `old` in the sample class."""

    def mistaken(folder: Path) -> None:
        text = (folder / CLASS).read_text(encoding="utf-8")
        assert old in text
        (folder / CLASS).write_text(text.replace(old, new), encoding="utf-8")

    return mistaken


@pytest.mark.parametrize(
    ("mistaken", "words"),
    [
        (lambda folder: shutil.rmtree(folder / "samples"), "has no sample class; name submissions with"),
        (
            lambda folder: shutil.rmtree(folder / "starter"),
            "make the release: numgrade release --assignment rnn",
        ),
        (
            lambda folder: (folder / "solution/homework").rename(folder / "solution/other"),
            "which assignment.toml lists",
        ),
        (edited("[[student]]", "[[pupil]]"), r"has no \[\[student"),
        (edited('name = "ada"', "name = "), "is not TOML"),
        (edited('name = "ada"', "name = 3"), "does not describe a class"),
        (edited('base = "starter"', 'layout = "drawer"'), "no layout 'drawer'; there are release"),
        (edited('["', '["nothing_like_it", "'), "called 'nothing_like_it'; there are "),
    ],
)
def test_a_mistake_of_the_author_is_told(
    tmp_path: Path, mistaken: Callable[[Path], None], words: str
) -> None:
    """A message says what to write, and no traceback."""
    course = _course(tmp_path)
    mistaken(course.assignments / "rnn")
    with pytest.raises(SampleClassBroken, match=words):
        write_sample_class(course, course.load(), tmp_path / "class")


def test_a_class_needs_only_the_entries_it_names(tmp_path: Path) -> None:
    """Without any variant written, who has a mistake is still there."""
    course = _course(tmp_path)
    shutil.rmtree(course.assignments / "rnn" / "variants")
    write_sample_class(course, course.load(), tmp_path / "class")
    assert {path.name for path in (tmp_path / "class").iterdir()} == {"ada", "blaise", "florence"}


def test_what_a_layout_lacks_goes_with_its_decorators(tmp_path: Path) -> None:
    """A right submission without a function that had decorators is Python that lacks just that."""
    course = _course(tmp_path)
    assignment = course.load()
    module = course.solution(assignment) / assignment.release.answers[0]
    text = module.read_text(encoding="utf-8")
    assert "\ndef moving_average(" in text
    decorated = text.replace("\ndef moving_average(", "\n@staticmethod\n@staticmethod\ndef moving_average(")
    module.write_text(decorated, encoding="utf-8")
    layout = assignment.layouts[0].model_copy(update={"lacks": ("moving_average",)})
    left = right_submission(course, assignment, layout, ())[assignment.release.answers[0]].decode()
    ast.parse(left)
    assert "moving_average(" not in left
    assert "staticmethod" not in left


def _course(root: Path) -> Course:
    (root / "assignments").mkdir()
    (root / "pyproject.toml").touch()
    course = Course(root)
    create_assignment(course, "rnn")
    release(course.load(), root)
    return course
