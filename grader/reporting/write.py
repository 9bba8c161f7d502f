"""Write a class's reports into one folder: grades.json, grades.csv, the pages and the index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.course.assignment import Assignment
from grader.reporting.class_index import ClassIndex
from grader.reporting.code_view import coloured
from grader.reporting.files import (
    ReportError,
    ReportPaths,
    file_state,
    notebook_page_name,
    write_atomically,
    writing_atomically,
)
from grader.reporting.grades_csv import CsvTable
from grader.reporting.grades_json import BETWEEN, json_entry, json_frame, json_line
from grader.reporting.page import environment
from grader.reporting.submission_page import render_staff, render_student
from grader.reporting.text import Cleaner, clean_header
from grader.results import ClassReport, SubmissionReport


def load_pages() -> None:
    """Load what pages are made with, which takes as long as several pages: for who has to wait for reports anyway."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)
    coloured(("pass",))


def write_reports(report: ClassReport, assignment: Assignment, out: Path) -> ReportPaths:
    """Write everything about a class to `out`, the pages first and the index last.

    Raises
    ------
    ReportError
        Two submissions share an id, a number is not finite, or a file cannot be written.
    """
    for submission in report.submissions:
        write_submission_page(submission, assignment, out)
    return write_class(report, assignment, out)


def write_submission_page(
    submission: SubmissionReport, assignment: Assignment, out: Path
) -> tuple[Path, Path]:
    """Write the two pages of one submission, and its notebooks if it has any; a long run calls this as results come in.

    Returns
    -------
    student, staff
        The page that may be handed out, and the one with flags and notes.

    Raises
    ------
    ReportError
        A page cannot be written.
    """
    paths = ReportPaths(out)
    student = paths.student_page(submission.id)
    staff = paths.staff_page(submission.id)
    for notebook in submission.notebooks:
        write_atomically(student.with_name(notebook_page_name(submission.id, notebook.name)), notebook.html)
    write_atomically(student, render_student(submission, assignment))
    address = f"../{student.parent.name}/{student.name}"
    write_atomically(staff, render_staff(submission, assignment, address, out))
    return student, staff


def page_state(submission_id: str, out: Path) -> str:
    """Return what tells whether the pages of a submission are still those that were written; empty without them."""
    paths = ReportPaths(out)
    return file_state(paths.student_page(submission_id), paths.staff_page(submission_id))


def class_state(out: Path) -> str:
    """Return what tells whether grades.json, grades.jsonl, grades.csv and the index are still as they were written."""
    paths = ReportPaths(out)
    return file_state(paths.json, paths.lines, paths.csv, paths.index)


def remove_submission_page(submission_id: str, out: Path) -> None:
    """Remove both pages of a submission, and those of its notebooks."""
    paths = ReportPaths(out)
    student = paths.student_page(submission_id)
    stem = notebook_page_name(submission_id, "x").removesuffix("x.html")
    notebooks = [each for each in student.parent.glob("*.html") if each.name.startswith(stem)]
    for path in (student, paths.staff_page(submission_id), *notebooks):
        path.unlink(missing_ok=True)


def write_class(report: ClassReport, assignment: Assignment, out: Path) -> ReportPaths:
    """Write what covers all submissions: grades.json, grades.jsonl, grades.csv and the index that links to the pages.

    Raises
    ------
    ReportError
        Two submissions share an id, a number is not finite, or a file cannot be written.
    """
    with writing_class(report, assignment, out) as add:
        for submission in report.submissions:
            add(submission)
    return ReportPaths(out)


@contextmanager
def writing_class(
    header: ClassReport, assignment: Assignment, out: Path
) -> Iterator[Callable[[SubmissionReport], None]]:
    """Write what covers all submissions while they come: yield what is to be called with each, once and in order.

    Of a submission only its row in the index stays in memory. The files appear when the block ends, and none does
    when it fails.

    Parameters
    ----------
    header
        Says what was graded; its own submissions are not looked at.

    Raises
    ------
    ReportError
        As `write_class`.
    """
    paths, header = ReportPaths(out), clean_header(header)
    opening, closing = json_frame(header)
    cleaner, index, ids = Cleaner(), ClassIndex(assignment), set[str]()
    with (
        writing_atomically(paths.json) as document,
        writing_atomically(paths.lines) as lines,
        writing_atomically(paths.csv) as table,
    ):
        rows = CsvTable(table, assignment)
        document.write(opening)

        def add(submission: SubmissionReport) -> None:
            if submission.id in ids:
                raise ReportError(
                    f"two submissions are called {submission.id!r}; give each its own id before reporting"
                )
            cleaned = cleaner.clean(submission)
            document.write((BETWEEN if ids else "") + json_entry(cleaned))
            lines.write(json_line(cleaned))
            rows.add(cleaned)
            index.add(cleaned, submission.id)
            ids.add(submission.id)

        yield add
        document.write(closing)
        written = [write_atomically(paths.folder / name, html) for name, html in index.render(header)]
        for gone in {*paths.folder.glob("index-*.html")} - {*written}:
            gone.unlink(missing_ok=True)
