"""A small course with a class that was graded into its gradebook, without grading anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from grader.authoring.new import create_assignment, create_course
from grader.authoring.release import release
from grader.classrun.run import show_class
from grader.course.repository import Course
from grader.gradebook import (
    FILE,
    ClaimStore,
    Content,
    Gradebook,
    GradingRequest,
    Received,
    Section,
    finished,
    open_gradebook,
    open_to_students,
    publish,
    read_class,
    register,
)
from grader.intake.arrivals import Arrival, Candidate, Person
from grader.progress import unwatched
from grader.results import Flag, SubmissionReport
from tests.gradebook.reports import check

PART = "moving_average"
SECRET = "for staff alone"  # noqa: S105


def make_course(folder: Path) -> Course:
    """Return a course with one assignment of 10 points."""
    create_course(folder)
    course = Course(folder)
    create_assignment(course, "hw1")
    release(course.load(), course.root)
    return course


def graded_to(points: float) -> SubmissionReport:
    """Return what a submission of some content came to; staff read more of it than the student."""
    found = replace(check(PART, points, 10.0), staff_note=SECRET, message="Look at it again.")
    sha256 = f"{points:064.3f}"
    return SubmissionReport(
        "", sha256, points, 10.0, "B", 0.1, flags=(Flag("tampering", SECRET),), checks=(found,)
    )


def grade_class(
    course: Course,
    out: Path,
    people: Sequence[tuple[Person, float]],
    *,
    is_open: bool = True,
    source: str = "/in",
) -> None:
    """Put students with their points into the gradebook in `out`, and write their pages."""
    out.mkdir(parents=True, exist_ok=True)
    with open_gradebook(out / FILE) as book:
        _grade(book, course, out, people, source)
        if is_open:
            open_to_students(book, "hw1", out)


def _grade(
    book: Gradebook, course: Course, out: Path, people: Sequence[tuple[Person, float]], source: str
) -> None:
    reports = {points: graded_to(points) for _, points in people}
    received = [
        Received(
            Arrival(Candidate(person.id, Path(person.id)), person),
            Content(person.id, reports[points].sha256),
        )
        for person, points in people
    ]
    request = GradingRequest("1", "engine", "{}")
    entry = register(book, Section("hw1", source), received, request, course_key="key")
    store = ClaimStore(book)
    for each in reports.values():
        claim = store.claim(each.sha256, entry.key)
        if claim:
            store.complete(claim, each)
    with read_class(book, entry.section_id, course.load("hw1")) as state:
        standings = state.standings(finished(book, entry.key))
        pages = show_class(state, standings, out, unwatched)
    publish(book, entry.section_id, standings, pages)
