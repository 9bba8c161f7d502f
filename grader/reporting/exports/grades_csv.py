"""grades.csv with who each submission is from, where that is known."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

from grader.course.assignment import Assignment
from grader.intake.arrivals import Student
from grader.reporting.csv_report import render_csv, text_cell
from grader.results import ClassReport


def grades_csv(report: ClassReport, assignment: Assignment, students: Mapping[str, Student]) -> str:
    """Return grades.csv with columns ``student``, ``name``, ``email`` and ``lms_id`` behind the id.

    Parameters
    ----------
    students
        Submission id to whose it is.
    """
    plain = io.StringIO(render_csv(report, assignment), newline="")
    header, *rows = csv.reader(plain, quoting=csv.QUOTE_NONNUMERIC)  # numbers come back as numbers
    stream = io.StringIO()
    writer = csv.writer(stream, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\n")
    writer.writerow([header[0], "student", "name", "email", "lms_id", *header[1:]])
    for submission, (first, *rest) in zip(report.submissions, rows, strict=True):
        student = students.get(submission.id, Student(submission.student or submission.id))
        who = (student.id, student.name, student.email, student.lms_id)
        writer.writerow([first, *map(text_cell, who), *rest])
    return stream.getvalue()
