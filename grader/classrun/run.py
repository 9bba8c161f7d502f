"""The way of a class: open it, grade what is new, train again if asked, publish, write what it is shown."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Thread

from grader import __version__
from grader.classrun.local import Early
from grader.classrun.open import open_class
from grader.classrun.options import GradeOptions
from grader.classrun.pending import Backend, grade_pending
from grader.classrun.unchanged import Counts, RunNote
from grader.classrun.work import WATCHDOG_SECONDS, Overdue, watchdog
from grader.course.assignment import Assignment
from grader.course.repository import Course, course_key
from grader.course.version import presentation_version
from grader.gradebook import (
    ClassState,
    Gradebook,
    GradebookError,
    PageRecord,
    PageStamp,
    Standing,
    open_to_students,
    publish,
    read_class,
    section_shown_in,
)
from grader.gradebook.database import gradebook_at
from grader.gradebook.final import Move, move_between
from grader.progress import Notice, Progress, begin, unwatched
from grader.reporting.files import ReportPaths
from grader.reporting.grades_json import load
from grader.reporting.write import (
    class_state,
    load_pages,
    page_state,
    remove_submission_page,
    write_submission_page,
    writing_class,
)
from grader.results import EARLIER_RELEASE, SCHEMA, ClassReport, SubmissionReport
from grader.sandbox.scratch import temporary_folder

Seen = Callable[[SubmissionReport], None]
"""Given the final report of each submission that counts, in the order of their ids."""

_DIGEST = 12


def unseen(_report: SubmissionReport) -> None:
    """Look at no report."""


@dataclass(frozen=True, slots=True)
class Regraded:
    """What a new grading would change, or has changed, and among how many students.

    Attributes
    ----------
    earlier
        Who began from an earlier release, each with what the flag says: whom a changed release concerns.
    """

    moves: tuple[Move, ...]
    students: int
    earlier: tuple[tuple[str, str], ...] = ()


def grade(
    course: Course | Path | str = ".",
    *,
    assignment: str = "",
    submissions: Path | str | None = None,
    out: Path | str | None = None,
    only: str | None = None,
    isolation: str = "auto",
    data: Path | str | None = None,
    notebooks: bool = False,
    jobs: int | None = None,
    progress: Progress = unwatched,
) -> ClassReport:
    """Grade a folder of submissions and return everybody's final report.

    ::

        course = grader.Course.open("courses/numerics")
        report = grader.grade(course, assignment="hw1", submissions="downloads/hw1")
        for each in report.submissions:
            print(each.id, each.score, "of", each.max_score)

    Parameters
    ----------
    course
        The course, or a path inside its repository.
    assignment
        Name of a folder in the course's ``assignments``; empty for the one that the course is about.
    submissions
        Folder of submissions, a learning platform's download, or one submission; None for the built-in sample class.
    out
        Folder for the gradebook, grades.json, grades.csv and the pages: what has not changed since it was graded into
        the same folder is not graded again. None writes nothing and grades everything.
    only
        Grade this part, or this family of parts, alone.
    isolation
        ``"auto"``, ``"A"``, ``"B"`` or ``"none"``: how submissions are boxed.
    data
        Folder of the data set that ``[notebooks]`` in assignment.toml declares; None for the one that its variable
        names.
    notebooks
        Whether submitted notebooks are run, too.
    jobs
        How many submissions at a time; None for one per core.
    progress
        Called with each `grader.progress.Step` and `Notice`.

    Returns
    -------
    report
        What grades.json holds: one report per student, in the order of their ids. A submission that could not be
        graded has an ``error`` in its report, and costs nobody else anything.

    Raises
    ------
    RepositoryError, AssignmentError, AssignmentBroken
        There is no such course or assignment, or it does not load.
    IntakeError, IsolationUnavailable, ExecutorError, GradebookError, ReportError
        Nothing can be graded as asked; each message says what to do.
    """
    here = course if isinstance(course, Course) else Course.open(course)
    reports: list[SubmissionReport] = []
    with ExitStack() as stack:
        folder = Path(out or stack.enter_context(temporary_folder("grades-")))
        options = GradeOptions(
            root=here.root,
            assignment=assignment,
            submissions=None if submissions is None else Path(submissions),
            out=folder,
            jobs="" if jobs is None else str(jobs),
            only=only,
            isolation=isolation,
            data=None if data is None else Path(data),
            notebooks=notebooks,
            files=out is not None,
        )
        counts = grade_class(options, progress, reports.append)
    loaded = here.load(assignment)
    return ClassReport(SCHEMA, loaded.id, loaded.version, __version__, tuple(reports), counts.notes)


def grade_class(options: GradeOptions, progress: Progress, seen: Seen, early: Early | None = None) -> Counts:
    """Grade what is new among the submissions that the options name, publish it and write the reports.

    Parameters
    ----------
    early
        What `begun_early` began, which whoever called it closes.
    """
    backend = Backend.of(options)
    course_key(options.root)  # a first use makes its file, at which the note looks
    note = RunNote(options, Course(options.root).load(options.assignment))
    progress, where = note.hearing(progress), gradebook_at(options.gradebook, options.out)
    with open_class(options, progress, jobs=backend.jobs, anonymous=options.anonymous, early=early) as opened:
        if options.retrain:
            from grader.classrun.retraining import retrain_class, training_of  # noqa: PLC0415  # seldom wanted

            training_of(opened.assignment, opened.plan)
        if early:  # something will come for certain, after a while in which this process waits
            Thread(target=load_pages, daemon=True).start()
        graded = grade_pending(opened, backend, progress, early.pool if early else None)
        run = graded.run
        if options.retrain:
            retrain_class(run, backend.jobs, progress)
        with note.showing(where), read_class(run.book, run.section_id, run.assignment) as state:
            standings = state.standings(graded.gradings)
            pages = None
            if options.files:
                looked_at = note.seeing(seen)
                pages = show_class(state, standings, options.out, progress, looked_at, run.download.notes)
            else:
                for report in state.reports(state.counting(standings)):
                    seen(report)
        publish(run.book, run.section_id, standings, pages)
    counts = Counts(*graded.counts, run.download.unowned, run.download.notes)
    note.leave(where, counts)
    return counts


def regrade_class(
    options: GradeOptions, progress: Progress, seen: Seen, *, publish_it: bool, open_it: bool = False
) -> Regraded:
    """Grade a class anew and say who moves; only where it is to be published, anything that is shown changes.

    With `open_it` its results are no draft from now on, and may go to students.
    """
    backend = Backend.of(options)
    with open_class(options, progress, jobs=backend.jobs, drop=publish_it) as opened:
        graded = grade_pending(opened, backend, progress)
        run = graded.run
        with read_class(run.book, run.section_id, run.assignment) as state:
            after = state.standings(graded.gradings)
            moves = tuple(_moves_since(_as_shown(state, options.out), state, after))
            counting = state.counting(after)
            students, earlier = len(counting), tuple(_begun_earlier(state, counting))
            pages = None
            if publish_it:
                pages = show_class(state, after, options.out, progress, seen, run.download.notes)
        if publish_it:
            publish(run.book, run.section_id, after, pages)
        if open_it:
            open_to_students(run.book, run.assignment.id, options.out)
    return Regraded(moves, students, earlier)


def _begun_earlier(state: ClassState, counting: Sequence[Standing]) -> Iterator[tuple[str, str]]:
    """Yield who began from an earlier release, and from which."""
    for report in state.reports(counting):
        yield from ((report.id, flag.message) for flag in report.flags if flag.kind == EARLIER_RELEASE)


def _as_shown(state: ClassState, out: Path) -> dict[str, SubmissionReport]:
    """Return, by student or the id that hides one, the reports in `out`; none where it does not show this class.

    They have the points and the policy that they were published with; the gradebook alone would apply today's.
    """
    if state.pages(out).section_id != state.section_id:
        return {}
    shown = _shown_in(out)
    return {_who(each): each for each in shown.submissions} if shown else {}


def _who(report: SubmissionReport) -> str:
    return report.member or report.student or report.id


def _moves_since(
    shown: Mapping[str, SubmissionReport], state: ClassState, after: Sequence[Standing]
) -> Iterator[Move]:
    """Yield what changes for each student, a few reports at a time in memory.

    Whose report is not in `shown` has, before, what the gradebook says of the published grading.
    """
    published = {each.who: each for each in state.counting(state.standings())}
    counting = state.counting(after)
    before = state.reports([published[each.who] for each in counting])
    for one, other in zip(before, state.reports(counting), strict=True):
        move = move_between(shown.get(_who(one), one), other)
        if move.matters:
            yield move


def _shown_in(out: Path) -> ClassReport | None:
    path = ReportPaths(out).json
    return load(path) if path.exists() else None


def show_again(
    book: Gradebook, assignment: Assignment, out: Path, progress: Progress, without: Collection[str] = ()
) -> bool:
    """Bring `out` up to date with what people decided, if it shows a class of this gradebook; say whether it does.

    Parameters
    ----------
    without
        Words of people who are forgotten: notes that hold one are left out.
    """
    section_id = section_shown_in(book, assignment.id, out)
    if section_id is None:
        return False
    with read_class(book, section_id, assignment) as state:
        shown = _shown_in(out)
        told = shown.notes if shown else ()
        named = [re.compile(rf"(?<!\w){re.escape(word)}(?!\w)") for word in without]
        notes = tuple(each for each in told if not any(name.search(each) for name in named))
        pages = show_class(state, state.standings(), out, progress, notes=notes)
    publish(book, section_id, (), pages)
    return True


def unpublished(book: Gradebook, assignment: Assignment, out: Path) -> Regraded:
    """Say who would move if `out` showed what the gradebook has: decisions, and a regrade that was only looked at.

    Raises
    ------
    GradebookError
        `out` shows no class of the assignment.
    """
    with read_class(book, _section_in(book, assignment, out), assignment) as state:
        after = state.standings(state.regraded())
        moves = tuple(_moves_since(_as_shown(state, out), state, after))
        return Regraded(moves, len(state.counting(after)))


def publish_again(book: Gradebook, assignment: Assignment, out: Path, progress: Progress) -> None:
    """Make `out` show what `unpublished` spoke of, and let the results go to students."""
    section_id = _section_in(book, assignment, out)
    shown = _shown_in(out)
    with read_class(book, section_id, assignment) as state:
        standings = state.standings(state.regraded())
        pages = show_class(state, standings, out, progress, notes=shown.notes if shown else ())
    publish(book, section_id, standings, pages)
    open_to_students(book, assignment.id, out)


def _section_in(book: Gradebook, assignment: Assignment, out: Path) -> int:
    section_id = section_shown_in(book, assignment.id, out)
    if section_id is None:
        raise GradebookError(
            f"{out} shows no class of {assignment.id}; grade one first, or name its folder with --out"
        )
    return section_id


def show_class(
    state: ClassState,
    standings: Sequence[Standing],
    out: Path,
    progress: Progress,
    seen: Seen = unseen,
    notes: tuple[str, ...] = (),
) -> PageRecord | None:
    """Bring the files in `out` to `standings`: pages that changed, then grades.json, grades.csv and the index.

    A few reports at a time are in memory. What would come out the same is not written again.

    Returns
    -------
    pages
        To be remembered by `publish`; None where nothing changed.
    """
    assignment, old = state.assignment, state.pages(out)
    version = f"{presentation_version(assignment)}{_digest(notes)}"
    new = PageRecord(old.folder, state.section_id, version)
    counting = state.counting(standings)
    current = {each.shown for each in counting if old.version == new.version and _is_current(each, old, out)}
    left_out: set[str] = set()
    with ExitStack() as stack:
        writers: list[Seen] = [seen]
        same = old.version == new.version and old.files == class_state(out)
        if not same or not current == old.pages.keys() == {each.shown for each in counting}:
            header = ClassReport(SCHEMA, assignment.id, assignment.version, __version__, (), notes)
            writers.append(stack.enter_context(writing_class(header, assignment, out)))
        step = begin(progress, "Writing", len(counting) - len(current), quick=True)
        for standing, report in zip(counting, state.reports(counting), strict=True):
            if standing.shown not in current:
                whole = replace(report, notebooks=state.notebooks(standing), code=state.code(standing))
                if not _write_pages(whole, assignment, out, progress):
                    left_out.add(standing.shown)
                step(standing.shown)
            for write in writers:
                write(report)
    shown = {each.shown: each for each in counting if each.shown not in left_out}
    for gone in old.pages.keys() - shown.keys():
        remove_submission_page(gone, out)
    stamps = {name: PageStamp(each.digest, page_state(name, out)) for name, each in shown.items()}
    new = replace(new, files=class_state(out), pages=stamps)
    return None if new == old else new


def _digest(notes: tuple[str, ...]) -> str:
    return hashlib.sha256(repr(notes).encode()).hexdigest()[:_DIGEST] if notes else ""


def _write_pages(report: SubmissionReport, assignment: Assignment, out: Path, progress: Progress) -> bool:
    """Write the pages of one submission; say so where they take too long, and go on without them."""
    try:
        with watchdog(WATCHDOG_SECONDS):
            write_submission_page(report, assignment, out)
    except Overdue:
        progress(Notice(f"The pages of {report.id} took too long to make and were left out", urgent=True))
        return False
    return True


def _is_current(standing: Standing, old: PageRecord, out: Path) -> bool:
    return old.pages.get(standing.shown) == PageStamp(standing.digest, page_state(standing.shown, out))
