"""Write a class's reports into one folder: grades.json, grades.csv, the pages and the index."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from grader.assignment import Assignment
from grader.reporting.csv_report import render_csv
from grader.reporting.files import ReportError, ReportPaths, notebook_page_name, write_atomically
from grader.reporting.json_report import render_json
from grader.reporting.pages import render_index, render_staff, render_student
from grader.results import ClassReport, SubmissionReport


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
    write_atomically(staff, render_staff(submission, assignment, f"../{student.parent.name}/{student.name}"))
    return student, staff


def write_class(report: ClassReport, assignment: Assignment, out: Path) -> ReportPaths:
    """Write what covers all submissions: grades.json, grades.csv and the index that links to the pages.

    Raises
    ------
    ReportError
        Two submissions share an id, a number is not finite, or a file cannot be written.
    """
    count = Counter(submission.id for submission in report.submissions)
    twice = [each for each, times in count.items() if times > 1]
    if twice:
        raise ReportError(f"two submissions are called {twice[0]!r}; give each its own id before reporting")
    paths = ReportPaths(out)
    write_atomically(paths.json, render_json(report))
    write_atomically(paths.csv, render_csv(report, assignment))
    write_atomically(paths.index, render_index(report, assignment))
    return paths
