"""The way of a class: open it, grade what is new, train again if asked, publish, write what it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from grader import __version__
from grader.classrun.open import ClassRun, GradeOptions, open_class
from grader.classrun.pending import Backend, grade_pending
from grader.classrun.preflight import load_or_explain
from grader.classrun.progress import Progress, begin
from grader.classrun.retraining import retrain_class, training_of
from grader.course.assignment import Assignment
from grader.course.version import presentation_version
from grader.gradebook import (
    Gradebook,
    Standing,
    counting,
    final_reports,
    notebooks_of,
    publish,
    published,
    source_of_section,
    with_gradings,
)
from grader.gradebook.moves import Move, move_between
from grader.reporting import write_submission_page, writing_class
from grader.reporting.stamps import PageStamps
from grader.results import SCHEMA, ClassReport, SubmissionReport

Seen = Callable[[SubmissionReport], None]
"""Given the final report of each submission that counts, in the order of their ids."""

_LEAST = 5e-7
"""Points below this are rounding."""


def unseen(_report: SubmissionReport) -> None:
    """Look at no report."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many submissions are as they had been, and how many were graded."""

    unchanged: int
    graded: int


@dataclass(frozen=True, slots=True)
class Regraded:
    """What a new grading would change, or has changed, and among how many students."""

    moves: tuple[Move, ...]
    students: int


def grade_class(options: GradeOptions, progress: Progress, seen: Seen) -> Counts:
    """Grade what is new among the submissions that the options name, publish it and write the reports."""
    backend = Backend.of(options)
    with open_class(options, progress, anonymous=options.anonymous) as opened:
        if options.retrain:
            training_of(load_or_explain(opened.plan))
        graded = grade_pending(opened, backend, progress)
        run = graded.run
        if options.retrain:
            retrain_class(run, backend.jobs, progress)
        publish(run.book, run.section_id, _as_graded(run))
        show_class(run.book, run.section_id, run.assignment, options.out, progress, seen)
    return Counts(*graded.counts)


def regrade_class(options: GradeOptions, progress: Progress, seen: Seen, *, publish_it: bool) -> Regraded:
    """Grade a class anew and say who moves; only where it is to be published, anything that is shown changes."""
    backend = Backend.of(options)
    with open_class(options, progress, drop=publish_it) as opened:
        run = grade_pending(opened, backend, progress).run
        before = published(run.book, run.section_id, run.assignment)
        after = _as_graded(run)
        moves = tuple(moves_between(run.book, before, after, run.assignment))
        students = len(counting(run.book, after, run.assignment))
        if publish_it:
            publish(run.book, run.section_id, after)
            show_class(run.book, run.section_id, run.assignment, options.out, progress, seen)
    return Regraded(moves, students)


def moves_between(
    book: Gradebook, before: Sequence[Standing], after: Sequence[Standing], assignment: Assignment
) -> Iterator[Move]:
    """Yield what changes for each student whose counting report does, a few reports at a time in memory."""
    old = {each.student: each for each in counting(book, before, assignment)}
    new = counting(book, after, assignment)
    changed = [each for each in new if each != old.get(each.student)]
    earlier = final_reports(book, [old[each.student] for each in changed], assignment)
    for one, other in zip(earlier, final_reports(book, changed, assignment), strict=True):
        move = move_between(one, other)
        if move.matters(_LEAST):
            yield move


def show_class(
    book: Gradebook,
    section_id: int,
    assignment: Assignment,
    out: Path,
    progress: Progress,
    seen: Seen = unseen,
) -> None:
    """Bring the files in `out` to the published state: pages that changed, then grades.json, grades.csv and the index.

    A few reports at a time are in memory. What would come out the same is not written again.
    """
    standings = sorted(
        counting(book, published(book, section_id, assignment), assignment), key=lambda each: each.shown
    )
    source = source_of_section(book, section_id)
    stamps = PageStamps(out, presentation_version(assignment), source)
    current = {each.arrival_id for each in standings if stamps.is_current(each.shown, each.digest)}
    with ExitStack() as stack:
        writers: list[Seen] = [seen]
        if not stamps.covers_class():
            header = ClassReport(SCHEMA, assignment.id, assignment.version, __version__, ())
            writers.append(stack.enter_context(writing_class(header, assignment, out)))
        step = begin(progress, "Writing", len(standings) - len(current), quick=True)
        reports = final_reports(book, standings, assignment)
        for standing, report in zip(standings, reports, strict=True):
            if standing.arrival_id not in current:
                write_submission_page(_with_notebooks(book, standing, report), assignment, out)
                step(standing.shown)
            for write in writers:
                write(report)
    stamps.save()


def _as_graded(run: ClassRun) -> tuple[Standing, ...]:
    """Return what the class would be shown if all that is graded by now were published."""
    return with_gradings(published(run.book, run.section_id, run.assignment), run.gradings())


def _with_notebooks(book: Gradebook, standing: Standing, report: SubmissionReport) -> SubmissionReport:
    if standing.grading_id is None:
        return report
    return replace(report, notebooks=notebooks_of(book, standing.grading_id))
