"""One student under several names: decisions and attempts go by people.csv, and late days over the whole term."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.authoring.new import Form, create_assignment, create_course
from grader.course.assignment import Assignment
from grader.course.people import CourseMember, People
from grader.course.policy import Policy
from grader.course.repository import Course
from grader.course.roles import Act, NotAllowed, require
from grader.gradebook import (
    Gradebook,
    GradingRequest,
    Received,
    Section,
    decide,
    publish,
    read_class,
    register,
)
from grader.intake.arrivals import Arrival, Candidate, Person
from grader.reporting.submission_page import change_words
from grader.results import SubmissionReport

from .conftest import received
from .reports import check
from .test_decisions import FORWARD, decided
from .test_keeping import graded

DUE = datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
A = "a" * 64


def came(name: str, member: str, at: datetime | None, attempt: int = 1) -> Received:
    """Return an arrival of a member of the course."""
    arrival = Arrival(Candidate(name, Path(name)), Person(name, member=member), at, attempt)
    return replace(received(name, A), arrival=arrival)


def shown(book: Gradebook, assignment: Assignment, *arrivals: Received) -> list[SubmissionReport]:
    """Register, grade and publish arrivals; return what their class is shown."""
    section = Section(assignment.id, f"/{assignment.id}")
    request = GradingRequest("1", "engine", "{}")
    registered = register(book, section, arrivals, request, course_key="key")
    part = assignment.parts[0]
    checks = (check(part.id, part.points, part.points),)
    report = SubmissionReport("", A, part.points, part.points, "B", 1.0, checks=checks)
    gradings = registered.finished or graded(book, registered.key, report)
    with read_class(book, registered.section_id, assignment) as state:
        standings = state.standings(gradings)
        found = list(state.reports(state.counting(standings)))
    publish(book, registered.section_id, standings)
    return found


def test_a_decision_goes_with_the_student_over_platforms(book: Gradebook, cnn: Assignment) -> None:
    """Decided under one platform's name, or the roster's, it counts under another's; two names are two attempts."""
    assert [each.member for each in shown(book, cnn, came("lovelaceada-12345", "ada", None))] == ["ada"]
    decide(book, cnn.id, [("lovelaceada-12345", decided(FORWARD, "set", 3.0))])
    decide(book, cnn.id, [("ada", decided(FORWARD, "comment"))])
    (found,) = shown(book, cnn, came("Ada_Lovelace-1234567", "ada", None), came("ada-alone", "ada", None, 2))
    assert (found.id, found.member, found.score) == ("ada-alone", "ada", 3.0)
    assert len(found.comments) == 1
    assert [each.adjustments for each in shown(book, cnn, came("stranger", "", None))[-1:]] == [()]


@pytest.fixture
def term(tmp_path: Path) -> Course:
    """Return a course of three assignments, due a week after each other, with three late days in all."""
    root = tmp_path / "course"
    create_course(root)
    course = Course(root)
    for week, name in enumerate(("last", "first", "middle")):
        create_assignment(course, name, Form.FLAT)
        due = DUE + timedelta(weeks=(week + 2) % 3)
        toml = course.assignments / name / "assignment.toml"
        policy = f"[policy]\ndue = {due.isoformat()}\npenalty_per_day = 10\n"
        toml.write_text(re.sub(r"(?m)^(?=\[)", f"{policy}\n", toml.read_text(), count=1))
    project = root / "pyproject.toml"
    project.write_text(re.sub(r"(\[tool\.numgrade\]\n)", r"\1late_days = 3\n", project.read_text()))
    return course


def test_late_days_of_the_term_are_used_up_in_the_order_of_due_dates(book: Gradebook, term: Course) -> None:
    """Two of three days in the first assignment leave one for the second, and none for the third."""
    told = []
    for name in ("first", "middle", "last"):
        assignment = term.load(name)
        assert assignment.policy.due is not None
        late = came(f"ada-{name}", "ada", assignment.policy.due + timedelta(hours=25))
        (found,) = shown(book, assignment, late)
        told.append((found.free_days, found.free_days_left, found.late_days, found.score))
    assert told == [(2, 1, 0, 10.0), (1, 0, 1, 9.0), (0, 0, 2, 8.0)]
    (again,) = shown(book, term.load("first"), came("ada-first", "ada", DUE))
    assert (again.free_days, again.free_days_left) == (0, 3)
    (moved,) = shown(book, term.load("middle"), came("ada-middle", "ada", DUE + timedelta(days=9)))
    assert change_words(moved, {})[0] == "2 days late, taken from your late days of the term: 1 day is left"


def test_a_time_that_nobody_tells_is_unknown(book: Gradebook, cnn: Assignment) -> None:
    """Where there is a due date it is said, and nothing is charged; without one nothing can be late."""
    (found,) = shown(book, cnn, came("ada", "", None))
    assert not found.time_unknown
    dated = cnn.model_copy(update={"policy": Policy(due=DUE, penalty_per_day=10)})
    (found,) = shown(book, dated, came("ada", "", None))
    assert (found.time_unknown, found.late_days) == (True, 0)
    assert "Nobody tells when this came" in change_words(found, {})[0]
    (found,) = shown(book, dated, came("ada", "", DUE))
    assert not found.time_unknown


def test_staff_may_do_what_their_role_says() -> None:
    """An assistant decides and does not publish; nobody is kept out before anybody is listed as staff."""
    ada, grace = (
        CourseMember("ada", "Ada Lovelace", "ada@x", role="TA"),
        CourseMember("grace", role="instructor"),
    )
    people = People((ada, grace, CourseMember("ben")))
    for who in ("ada", "Ada Lovelace", "ADA@x"):
        require(people, who, Act.DECIDE)
    for act in Act:
        require(people, "grace", act)
        require(People((CourseMember("ben"),)), "whoever", act)
    for who, words in (
        ("ada", "may not publish as TA; who may publish: grace"),
        ("eve", "is nobody of people.csv"),
    ):
        with pytest.raises(NotAllowed, match=words):
            require(people, who, Act.PUBLISH)
    with pytest.raises(NotAllowed, match="may not comment as student"):
        require(people, "ben", Act.COMMENT)
