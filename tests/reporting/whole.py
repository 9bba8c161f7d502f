"""What a whole class comes to at once, to compare with what is written while it comes."""

from __future__ import annotations

from dataclasses import replace

from grader.course.assignment import Assignment
from grader.reporting.class_index import ClassIndex
from grader.reporting.class_statistics import ClassStanding, ClassTally
from grader.reporting.grades_json import BETWEEN, json_entry, json_frame
from grader.reporting.text import clean_class
from grader.results import ClassReport


def as_json_keeps(report: ClassReport) -> ClassReport:
    """Return a report without what is for pages alone."""
    return replace(report, submissions=tuple(replace(each, code=()) for each in report.submissions))


def render_json(report: ClassReport) -> str:
    """Return grades.json."""
    cleaned = clean_class(report)
    opening, closing = json_frame(cleaned)
    return opening + BETWEEN.join(map(json_entry, cleaned.submissions)) + closing


def render_index(report: ClassReport, assignment: Assignment) -> str:
    """Return the staff's page about the class."""
    cleaned, index = clean_class(report), ClassIndex(assignment)
    for submission, original in zip(cleaned.submissions, report.submissions, strict=True):
        index.add(submission, original.id)
    return next(index.render(cleaned))[1]


def class_standing(report: ClassReport, assignment: Assignment) -> ClassStanding:
    """Sum the class up."""
    tally = ClassTally(assignment)
    for submission in report.submissions:
        tally.add(submission)
    return tally.standing
