"""Open a class: the submissions, the assignment and the gradebook that the options name, and who handed in what."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from grader.classrun.local import Early
from grader.classrun.options import SAMPLE_CLASS, GradeOptions
from grader.classrun.scan import Frames, scan
from grader.classrun.work import Ahead
from grader.course.assignment import Assignment, NotebookRules
from grader.course.data_sets import data_sets_of
from grader.course.people import load_people
from grader.course.policy import Attempts
from grader.course.repository import Build, Course, build_of, course_key, load_settings
from grader.course.version import verdict_version
from grader.gradebook import (
    ClaimStore,
    FirstClaims,
    Gradebook,
    GradingRequest,
    Received,
    Registered,
    Section,
    finished,
    known_arrivals,
    open_gradebook,
    register,
    source_shown_in,
)
from grader.gradebook.database import gradebook_at
from grader.gradebook.register import anonymous_id
from grader.intake import (
    Candidate,
    IntakeError,
    Reader,
    find_submissions,
    packages_of,
    platform_named,
    read_download,
)
from grader.intake.arrivals import Arrival, plain_arrivals
from grader.intake.lms.pieces import Download
from grader.intake.lms.platforms import PLAIN
from grader.intake.roster import joined
from grader.plan import GradingPlan, covers
from grader.progress import Notice, Progress, begin
from grader.reporting.files import ReportError, ReportPaths, require_writable
from grader.reporting.grades_json import load
from grader.reporting.text import clean, counted, listed, one_line
from grader.sandbox import choose_isolation
from grader.sandbox.scratch import temporary_folder

_KEY_SHOWN = 12
_LONGEST_ID = 40
_NAMED = 5


@dataclass(frozen=True, slots=True)
class ClassRun:
    """A class whose submissions are registered, and under what it is graded."""

    book: Gradebook
    claims: ClaimStore
    frames: Frames
    section: Section
    request: GradingRequest
    assignment: Assignment
    plan: GradingPlan
    received: tuple[Received, ...]
    registered: Registered
    download: Download

    @property
    def section_id(self) -> int:
        """What the gradebook calls the section."""
        return self.registered.section_id

    @property
    def engine(self) -> str:
        """Version of the engine."""
        return self.request.engine

    @property
    def wanted(self) -> dict[str, Candidate]:
        """Each content that must be graded, and where it lies."""
        return _wanted(self.received, self.assignment)

    def gradings(self) -> Mapping[str, int]:
        """Return by content the gradings that there are by now."""
        return finished(self.book, self.registered.key)


@contextmanager
def open_class(
    options: GradeOptions,
    progress: Progress,
    *,
    jobs: int = 1,
    anonymous: bool | None = None,
    drop: bool = True,
    early: Early | None = None,
) -> Iterator[ClassRun]:
    """Yield the class, its submissions registered; the gradebook is open for as long as the block runs.

    Parameters
    ----------
    jobs
        How many submissions to claim at once; what is not graded of them is given back at the end.
    anonymous
        Whether names are to be hidden from now on; None leaves that as it is.
    drop
        Whether who is missing now is left out from now on.
    early
        What has begun already.
    """
    _require_apart(options)
    assignment_id = Course(options.root).load(options.assignment).id
    with (
        early.reader if early else Reader.open(options.root, assignment_id, at_once=False) as reader,
        _opened(options, progress, reader, jobs, anonymous, early, drop=drop) as run,
    ):
        yield run


@contextmanager
def _opened(
    options: GradeOptions,
    progress: Progress,
    reader: Reader,
    jobs: int,
    anonymous: bool | None,
    early: Early | None,
    *,
    drop: bool,
) -> Iterator[ClassRun]:
    repository = Course(options.root)
    assignment, plan = prepare(options, early)
    engine = verdict_version(repository, assignment)
    if early:
        early.pool.make_ready(Ahead(plan, engine))
    section = Section(assignment.id, options.source)
    request = GradingRequest(assignment.version, engine, options_that_matter(plan), options.fresh)
    with (
        downloaded(options, assignment, progress) as download,
        _gradebook(options) as book,
        ClaimStore.open(book) as claims,
        temporary_folder("frames-") as folder,
    ):
        arrivals = download.arrivals
        if drop and options.files:
            _require_kept(book, options, arrivals, assignment, plan.course_key)
        frames = Frames(reader, Path(folder), engine)
        for notice in slow_layers(repository, assignment):
            progress(notice)
        known = known_arrivals(book, section)
        step = begin(progress, "Reading", len(arrivals), quick=True)
        received = scan(arrivals, known, frames, step)
        registered = register(
            book,
            section,
            received,
            request,
            course_key=plan.course_key,
            anonymous=anonymous,
            gone=known.keys() - {each.candidate.id for each in arrivals} if drop else (),
            first=FirstClaims(claims, list(_wanted(received, assignment)), jobs),
        )
        yield ClassRun(
            book, claims, frames, section, request, assignment, plan, received, registered, download
        )


def rescan(run: ClassRun, progress: Progress) -> ClassRun:
    """Return the class with what lies there by now; who has come since is left to the next run."""
    arrivals = tuple(each.arrival for each in run.received)
    step = begin(progress, "Reading", len(arrivals), quick=True)
    known = known_arrivals(run.book, run.section)
    received = scan(arrivals, known, run.frames, step)
    registered = register(
        run.book,
        run.section,
        received,
        run.request,
        course_key=run.plan.course_key,
        key=run.registered.key,
    )
    return replace(run, received=received, registered=registered)


def prepare(options: GradeOptions, early: Early | None = None) -> tuple[Assignment, GradingPlan]:
    """Return the assignment and how it is graded."""
    assignment = Course(options.root).load(options.assignment)
    if options.only is not None:
        assignment.require_parts(options.only)
    if options.notebooks or options.retrain or assignment.inside:
        from grader.notebooks.box import require_libraries  # noqa: PLC0415  # few classes need them

        require_libraries()
    plan = GradingPlan(
        root=options.root,
        assignment_id=assignment.id,
        isolation=early.isolation() if early else choose_isolation(options.isolation),
        course_key=course_key(options.root),
        only=options.only,
        data=data_folder(options.data, assignment.notebooks),
        notebooks=options.notebooks,
    )
    return assignment, plan


def options_that_matter(plan: GradingPlan) -> str:
    """Return, as text, what of a plan changes results; of the course key only a digest."""
    aside = {"root", "assignment_id", "course_key", "data"}
    options = {each.name: getattr(plan, each.name) for each in fields(plan) if each.name not in aside}
    options["key"] = hashlib.sha256(f"course {plan.course_key}".encode()).hexdigest()[:_KEY_SHOWN]
    options["data"] = plan.data is not None
    if here := sorted(data_sets_of(Course(plan.root).load(plan.assignment_id))):
        options["data_sets"] = here
    return json.dumps(options, sort_keys=True, default=str)


def data_folder(asked: Path | None, rules: NotebookRules) -> Path | None:
    """Return the data set's folder: the one asked for, or the one that the environment's variable names.

    Raises
    ------
    IntakeError
        What was asked for is no folder, or lacks the files of the data set. A wrong variable only means that there
        is no data set.
    """
    if asked is not None:
        _require_data(asked, rules)
        return asked.resolve()
    named = os.environ.get(rules.data_variable) if rules.data_variable else None
    folder = Path(named).resolve() if named else None
    return folder if folder is not None and folder.is_dir() and not _missing(folder, rules) else None


def _require_data(folder: Path, rules: NotebookRules) -> None:
    if not folder.is_dir():
        raise IntakeError(f"there is no data set at {folder}; name the folder that holds its files")
    if missing := _missing(folder, rules):
        inner = next((each for each in sorted(folder.glob("*/")) if not _missing(each, rules)), None)
        advice = f"did you mean --data {inner}?" if inner else "name the folder that holds its files"
        raise IntakeError(f"{folder} is not the data set: it lacks {listed(missing, _NAMED)}; {advice}")


def _missing(folder: Path, rules: NotebookRules) -> list[str]:
    return [name for name in rules.data_files if not (folder / name).is_file()]


def slow_layers(repository: Course, assignment: Assignment) -> Iterator[Notice]:
    """Tell where the fast layers are not what they should be: students are timed with them."""
    for name in assignment.release.support:
        build = build_of(repository.support(assignment) / name)
        if build in {Build.MISSING, Build.OUTDATED}:
            yield Notice(f"The fast layers in {name} are {build.value}; run: numgrade setup", urgent=True)


def _require_kept(
    book: Gradebook, options: GradeOptions, arrivals: Sequence[Arrival], assignment: Assignment, key: str
) -> None:
    """Refuse to write over results that this run would not bring back: somebody else's, or of more parts.

    A download of the same class into another folder may take the place of the first, and anything that of samples.
    """
    grades = ReportPaths(options.out).json
    if not grades.exists():
        return
    section = source_shown_in(book, options.out)
    same = section == (assignment.id, options.source)
    if (same and options.only is None) or section == (assignment.id, SAMPLE_CLASS):
        return
    shown = load(grades)
    there = f"{options.out} shows {counted(len(shown.submissions), 'result')} of {shown.assignment}"
    advice = "Keep them: name another folder with --out"
    if shown.assignment != assignment.id:
        raise ReportError(f"{there}, and this is {assignment.id}. {advice}")
    ids = {clean(each.candidate.id) for each in arrivals}
    ids |= {anonymous_id(each.student.id, key) for each in arrivals}
    if not same and (
        gone := [one_line(each.id, _LONGEST_ID) for each in shown.submissions if each.id not in ids]
    ):
        others = listed(gone, _NAMED)
        raise ReportError(f"{there}, among them {others}, who are not in {options.source}. {advice}")
    parts = {each.part for submission in shown.submissions for each in submission.checks}
    if more := sorted(each for each in parts if not covers(options.only, each)):
        raise ReportError(f"{there} with more than {options.only}, such as {listed(more, _NAMED)}. {advice}")


def _require_apart(options: GradeOptions) -> None:
    if options.submissions and options.out.resolve().is_relative_to(options.submissions.resolve()):
        raise ReportError(
            f"--out {options.out} lies among the submissions, where it would be taken for one; choose another folder"
        )


@contextmanager
def _gradebook(options: GradeOptions) -> Iterator[Gradebook]:
    require_writable(options.out)
    with open_gradebook(gradebook_at(options.gradebook, options.out)) as book:
        yield book


@contextmanager
def downloaded(options: GradeOptions, assignment: Assignment, progress: Progress) -> Iterator[Download]:
    """Yield who handed in what, from a plain folder or a learning platform's download."""
    packages = packages_of(assignment)
    with temporary_folder("class-") as name:
        folder = Path(name)
        if options.submissions is None:
            from grader.bank.samples import write_sample_class  # noqa: PLC0415  # no other class needs the bank here

            write_sample_class(Course(options.root), assignment, folder)
            yield Download(PLAIN, plain_arrivals(find_submissions(folder, packages)))
            return
        platform, due = platform_named(options.platform), assignment.policy.due
        people = load_people(options.root)
        download = joined(
            read_download(
                options.submissions,
                platform,
                workspace=folder,
                packages=packages,
                assignment=assignment.id,
                zone=load_settings(options.root).zone or (due.tzinfo if due else None),
                people=people,
            ),
            people,
        )
        for note in download.notes:
            progress(Notice(f"- {note}"))
        yield download


def _wanted(received: Sequence[Received], assignment: Assignment) -> dict[str, Candidate]:
    """Return each content that must be graded, and where it lies; earlier attempts only where one may count."""
    latest: dict[str, Received] = {}
    for each in sorted(received, key=lambda each: _age(each.arrival)):
        latest[each.arrival.student.who] = each
    best = assignment.policy.attempts is Attempts.BEST
    return {
        each.content.sha256: each.arrival.candidate
        for each in (received if best else latest.values())
        if each.content.sha256 is not None
    }


def _age(arrival: Arrival) -> tuple[int, float]:
    at = arrival.submitted_at
    return arrival.attempt, at.timestamp() if at is not None else 0.0
