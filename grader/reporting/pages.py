"""Render the HTML pages: one per submission for the student, one for staff, and the index of the class.

A page is one file. It loads nothing, needs no script to be read, and carries a content security policy that
allows exactly its own style sheet and script, by digest; markup that slipped through would still be inert.
"""

from __future__ import annotations

import base64
import functools
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader.course.assignment import Assignment
from grader.reporting.class_view import NO_ISOLATION, TAMPERING, ClassView, isolation_words
from grader.reporting.cleaning import clean_submission, for_student
from grader.reporting.files import notebook_page_name
from grader.reporting.findings import LONGEST_MESSAGE, LONGEST_TITLE
from grader.reporting.outcomes import FACES
from grader.reporting.text import clip
from grader.reporting.views import submission_view
from grader.results import ClassReport, Flag, Outcome, SubmissionReport

MOST_FLAGS = 200
"""Flags listed on a page; a submission can cause many."""

_TEMPLATES = Path(__file__).parent / "templates"


def render_student(submission: SubmissionReport, assignment: Assignment) -> str:
    """Return the page a student reads: points, what was tried, what came out and the likely cause."""
    cleaned = for_student(clean_submission(submission))
    links = tuple(
        (each.name, each.summary, notebook_page_name(submission.id, each.name))
        for each in submission.notebooks
    )
    return _render(
        "student.html", assignment=assignment, view=submission_view(cleaned, assignment), notebooks=links
    )


def render_staff(submission: SubmissionReport, assignment: Assignment, student_page: str) -> str:
    """Return the staff's page about one submission: the student's, and flags, notes, times and isolation.

    Parameters
    ----------
    student_page
        Relative address of the student's page.
    """
    cleaned = clean_submission(submission)
    return _render(
        "staff.html",
        assignment=assignment,
        view=submission_view(cleaned, assignment),
        flags=_flags(cleaned),
        isolation=isolation_words(cleaned.isolation),
        isolated=cleaned.isolation != NO_ISOLATION,
        seconds=f"{cleaned.seconds:.1f} s",
        student_page=student_page,
    )


def render_class_view(header: ClassReport, view: ClassView, assignment: Assignment) -> str:
    """Return the staff's page about a class that has been laid out; of `header` the submissions do not matter."""
    return _render("index.html", assignment=assignment, report=header, view=view)


def _flags(submission: SubmissionReport) -> tuple[Flag, ...]:
    """Return the flags, those that accuse first, each cut to a length that leaves the page a page."""
    ordered = sorted(submission.flags, key=lambda flag: flag.kind != TAMPERING)
    return tuple(
        Flag(clip(flag.kind, LONGEST_TITLE), clip(flag.message, LONGEST_MESSAGE))
        for flag in ordered[:MOST_FLAGS]
    )


def _render(template: str, **context: object) -> str:
    return _environment().get_template(template).render(context)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style, script = _source("style.css"), _source("table.js")
    environment.globals.update(
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        style_digest=_digest(style),
        script_digest=_digest(script),
        faces=FACES,
        Outcome=Outcome,
    )
    return environment


def _source(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def _digest(source: str) -> str:
    """Return the digest a content security policy names an inline element by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode("utf-8")).digest()).decode("ascii")
