"""What each student is to get: score, people's comments and the student's own page; or why there is nothing yet."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.people import CourseMember, People
from grader.gradebook import ClassState, PageRecord, Returned, Standing
from grader.intake.arrivals import Person
from grader.reporting.files import ReportPaths, notebook_page_name
from grader.reporting.submission_page import said
from grader.reporting.text import clean_submission, counted, for_student, number
from grader.reporting.write import page_state
from grader.results import Comment, SubmissionReport

Identify = Callable[[Person, CourseMember | None], str]
"""Returns what a place calls somebody; empty where it is not known."""

Describe = Callable[[SubmissionReport, Assignment], str]
"""Returns what a place shows of a result in place of a page, made of what the student may read."""

UNPUBLISHED = "not published yet: --publish lets students have the results"
CHANGED = "changed since it was published: --publish lets students have the new results"
NOBODY = "nobody knows who this is there; write the mail, number or login into people.csv"
UNCHANGED = "unchanged"

_MARK = 12
"""Letters of a digest that are in a page's name: by them a place is asked whether it has that page."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What one student is to get.

    Attributes
    ----------
    student, shown
        Their id in the gradebook, and the one that outputs use.
    member
        Who they are in people.csv, if they are in it.
    to
        What the place calls them.
    report
        Of the submission: score and id, and none of its checks.
    comments
        What people wrote to the student, without who did.
    page, notebooks
        The student's own page, and those of the notebooks that it links.
    content
        Digest of all that the student would read: another one is something new.
    text
        The result as the place shows it; empty where it takes the page alone.
    unsure
        Whether a run that was ended may have sent just this.
    held
        Why the student gets nothing now; empty where there is no reason.
    """

    student: str
    shown: str
    person: Person
    member: CourseMember | None
    to: str
    report: SubmissionReport
    comments: tuple[str, ...]
    page: Path
    notebooks: tuple[Path, ...]
    content: str
    text: str = ""
    unsure: bool = False
    held: str = ""

    @property
    def page_name(self) -> str:
        """What the page is called there; no other page of anybody has the name."""
        return f"feedback-{self.content[:_MARK]}.html"

    @property
    def score_words(self) -> str:
        """The score as a student reads it."""
        return f"{number(self.report.score)} of {number(self.report.max_score)} points"

    @property
    def words(self) -> str:
        """The score, what people wrote, and what the page is."""
        about = f"{self.page_name} says what was tried and what came out."
        return "\n\n".join((f"{self.score_words}.", *self.comments, about))


def plan(
    state: ClassState,
    folder: Path,
    people: People,
    persons: Mapping[str, Person],
    known: Mapping[str, Returned],
    identify: Identify,
    *,
    describe: Describe | None = None,
    way: str = "",
    unpublished: bool = False,
    again: bool = False,
) -> tuple[Feedback, ...]:
    """Return what everybody of a class is to get, in the order in which it is listed.

    Parameters
    ----------
    folder
        Where the pages are.
    persons
        Student to what platforms said of them.
    known
        What each was given before.
    describe
        Makes a text of each result, for a place that shows one.
    way
        What else changes what is given, such as another scale.
    unpublished
        Whether the class is not open to its students yet.
    again
        Give what is unchanged, too.
    """
    record = state.pages(folder)
    titles = {part.id: part.title for part in state.assignment.parts}
    members = {each.id: each for each in people.members}
    counting = state.counting(state.standings())
    found = []
    for standing, report in zip(counting, state.reports(counting), strict=True):
        person = persons.get(standing.student, Person(standing.student))
        # Whose a number is depends on the platform that gave it, which is known when a class is graded and not here.
        member = members.get(standing.member) or people.find(
            id=person.id, email=person.email, name=person.name
        )
        told = for_student(clean_submission(report))
        content = _digest(standing.student, told, way)
        pages = _pages(state, standing, folder)
        before = known.get(standing.student)
        each = Feedback(
            standing.student,
            standing.shown,
            person,
            member,
            identify(person, member),
            replace(told, checks=(), flags=()),
            tuple(_in_words(each, titles) for each in told.comments),
            pages[0],
            pages[1:],
            content,
            describe(told, state.assignment) if describe else "",
            unsure=before is not None and before.content == content and before.sent_at is None,
        )
        same = before is not None and before.content == content and not each.unsure and not again
        reasons = _reasons(each, standing, record, folder, unpublished=unpublished)
        found.append(replace(each, held=next(reasons, UNCHANGED if same else "")))
    return _told_apart(found)


def _in_words(comment: Comment, titles: Mapping[str, str]) -> str:
    """Return a comment as plain text: Markdown as a person wrote it."""
    about = said(comment, titles).about
    return f"{about}: {comment.text}" if about else comment.text


def _digest(student: str, told: SubmissionReport, way: str) -> str:
    """Return a digest of what the student reads, not of how the page looks: a new engine sends nothing again."""
    return hashlib.sha256(repr((student, told, way)).encode("utf-8", "backslashreplace")).hexdigest()


def _pages(state: ClassState, standing: Standing, folder: Path) -> tuple[Path, ...]:
    page = ReportPaths(folder).student_page(standing.shown)
    names = [notebook_page_name(standing.shown, each.name) for each in state.notebooks(standing)]
    return (page, *(page.with_name(name) for name in names))


def _reasons(
    item: Feedback, standing: Standing, record: PageRecord, folder: Path, *, unpublished: bool
) -> Iterator[str]:
    if unpublished:
        yield UNPUBLISHED
    if item.report.error:
        yield "no result"
    if item.report.waiting:
        yield f"{counted(len(item.report.waiting), 'part')} wait for a person"
    stamp = record.pages.get(standing.shown)
    made = stamp is not None and (stamp.digest, stamp.file) == (
        standing.digest,
        page_state(item.shown, folder),
    )
    if not made or item.page.is_symlink():
        yield CHANGED
    if not item.to:
        yield NOBODY


def _told_apart(found: list[Feedback]) -> tuple[Feedback, ...]:
    """Give nothing to somebody who would be given the results of several submissions."""
    count = Counter(each.to.casefold() for each in found if each.to)
    return tuple(
        replace(each, held=f"{each.to} would get several results") if count[each.to.casefold()] > 1 else each
        for each in found
    )
