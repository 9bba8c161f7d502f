"""The sample class: every student's submission is built, in its layout and pack, and is found again."""

from __future__ import annotations

from pathlib import Path

from grader.bank.samples import load_sample_class, write_sample_class
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
    """The bug that the homework's worked solution has is one of the samples."""
    assert any("conv_dx_by_filter_and_added" in student.entries for student in load_sample_class(cnn))
