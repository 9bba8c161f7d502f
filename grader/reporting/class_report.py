"""Write the class report, a few linked pages for staff: overview, mistakes, checks, time and similar answers."""

from __future__ import annotations

import math
import os
import statistics
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from markupsafe import Markup

from grader.course.assignment import Assignment
from grader.course.people import load_people
from grader.course.repository import Course
from grader.gradebook.final import repeated_mistakes
from grader.intake import IntakeError, find_submissions, packages_of, platform_named, read_download
from grader.intake.arrivals import Arrival, Person
from grader.intake.lms.pieces import Download
from grader.progress import Progress, begin
from grader.reporting.charts import PERCENT, Axis, histogram, nice_axis, scatter
from grader.reporting.class_statistics import LITTLE, ClassTally, check_matrix, diagnosed, unexplained
from grader.reporting.files import ReportError, ReportPaths, write_atomically
from grader.reporting.grades_json import load
from grader.reporting.page import render_class_page
from grader.reporting.similarity import ClassSimilarity, TokenisedAnswer, compare_class
from grader.reporting.similarity_answers import gather_answers
from grader.reporting.similarity_pages import similarity_pages
from grader.reporting.standing import percent
from grader.reporting.text import DASH, clean_class, clean_header, counted, duration_words, shown_name
from grader.results import CheckResult, ClassReport, Outcome, SubmissionReport
from grader.sandbox.scratch import temporary_folder

PAGES = (
    ("index.html", "Overview"),
    ("diagnoses.html", "Mistakes"),
    ("checks.html", "Checks"),
    ("time.html", "Time"),
    ("similar.html", "Similar answers"),
)

MOST_MISTAKES = 200
SLOWEST = 200
BINS = 20
"""Bars of a histogram."""

_DAY = 86_400.0


@dataclass(frozen=True)
class ClassReportOptions:
    """What the report is made of beside the results.

    Attributes
    ----------
    out
        The folder it is written to.
    grades
        The folder that `numgrade grade` wrote, whose staff pages are linked; None for no links.
    arrivals
        Submission id to its arrival, where the download tells about it.
    similarity, answers
        The class's answers compared, and each by owner and symbol; None where there were no submissions to read.
    unreadable
        Ids of submissions that could not be read for comparing, or not in all.
    """

    out: Path
    grades: Path | None = None
    arrivals: Mapping[str, Arrival] = field(default_factory=dict)
    similarity: ClassSimilarity | None = None
    answers: Mapping[tuple[str, str], TokenisedAnswer] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """Of which class, and where the report goes.

    Attributes
    ----------
    submissions
        The folder that was graded; without it nothing is said about similar answers and times of handing in.
    assignment
        Which assignment is meant; empty for the one that was graded.
    """

    root: Path
    grades: Path
    out: Path
    submissions: Path | None = None
    platform: str | None = None
    assignment: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionLink:
    """A submission's name and the address of its staff page, empty where there is none."""

    name: str
    page: str = ""


Page = tuple[str, str, Mapping[str, object]]
"""File name, template, and what the template is given."""


def report_class(options: ReportOptions, progress: Progress) -> tuple[Path, tuple[str, ...]]:
    """Write the report of a class that was graded; return its first page, and what there is to say of the download."""
    repository = Course(options.root)
    is_folder = options.grades.is_dir()
    report = load(ReportPaths(options.grades).json if is_folder else options.grades)
    if options.assignment not in {"", report.assignment}:
        raise ReportError(
            f"{options.grades} holds the results of {report.assignment}, not of {options.assignment}; "
            "name their folder with --grades"
        )
    assignment = repository.load(report.assignment)
    site = ClassReportOptions(options.out, options.grades if is_folder else options.grades.parent)
    if options.submissions is None:
        note = "without --submissions nothing is said about answers that are alike"
        return write_class_report(report, assignment, site), (note,)
    with temporary_folder("gathered-") as workspace:
        download = read_download(
            options.submissions,
            platform_named(options.platform),
            workspace=Path(workspace),
            packages=packages_of(assignment),
            assignment=assignment.id,
            people=load_people(options.root),
        )
        site = _with_submissions(site, report, assignment, repository, download, options, progress)
    return write_class_report(report, assignment, site), download.notes


def _with_submissions(
    site: ClassReportOptions,
    report: ClassReport,
    assignment: Assignment,
    repository: Course,
    download: Download,
    options: ReportOptions,
    progress: Progress,
) -> ClassReportOptions:
    """Add what the submissions themselves say: similar answers, and times of handing in."""
    graded = {each.id for each in report.submissions}
    arrivals = {each.candidate.id: each for each in download.arrivals if each.candidate.id in graded}
    if not arrivals and options.submissions is not None:  # graded as a plain folder, under its files' names
        of_path = {each.candidate.path: each for each in download.arrivals}
        plain = [
            each
            for each in find_submissions(options.submissions, packages_of(assignment))
            if each.id in graded
        ]
        arrivals = {
            each.id: replace(of_path.get(each.path, Arrival(each, Person(each.id))), candidate=each)
            for each in plain
        }
    if not arrivals:
        raise IntakeError(
            f"nothing in {options.submissions} was graded in {options.grades}; name the folder that was graded"
        )
    candidates = [arrivals[id_].candidate for id_ in sorted(arrivals)]
    step = begin(progress, "Reading", len(candidates))
    gathered = gather_answers(candidates, assignment, repository, step)
    similarity = compare_class(gathered.answers, gathered.independent)
    return replace(
        site,
        arrivals=arrivals,
        similarity=similarity,
        answers={(each.owner, each.symbol): each for each in gathered.answers},
        unreadable=gathered.unreadable,
    )


def write_class_report(report: ClassReport, assignment: Assignment, options: ClassReportOptions) -> Path:
    """Write every page and return the first one's path.

    Raises
    ------
    ReportError
        A page cannot be written.
    """
    own = _with_own_ids(report)
    links = {each.id: _link(each.id, options) for each in own.submissions}

    def link(id_: str) -> SubmissionLink:
        return links.get(id_) or SubmissionLink(shown_name(id_))

    shared = {"assignment": assignment, "report": own, "pages": PAGES, "link": link}
    rendered = [
        (name, render_class_page(template, **{**shared, "current": name, **context}))
        for name, template, context in _pages(own, assignment, options, link)
    ]
    for name, text in rendered:
        write_atomically(options.out / name, text)
    return options.out / PAGES[0][0]


def _pages(
    report: ClassReport,
    assignment: Assignment,
    options: ClassReportOptions,
    link: Callable[[str], SubmissionLink],
) -> Iterator[Page]:
    """Yield every page, the first page first."""
    graded = [each for each in report.submissions if not each.error]
    mistakes = _mistakes(graded)
    yield "index.html", "report_overview.html", _overview(report.submissions, assignment) | mistakes
    yield "diagnoses.html", "report_mistakes.html", mistakes
    matrix = check_matrix(graded, assignment)
    students = [link(each) for each in matrix.names]
    yield "checks.html", "report_checks.html", {"matrix": matrix, "students": students}
    yield "time.html", "report_time.html", _times(graded, assignment, options.arrivals)
    yield from similarity_pages(
        options.similarity, options.answers, options.unreadable, report.submissions, assignment
    )


def _overview(submissions: Sequence[SubmissionReport], assignment: Assignment) -> dict[str, object]:
    """Return the class in numbers, its parts as items of a test, and what a teacher would look for in them."""
    tally = ClassTally(assignment)
    for each in submissions:
        tally.add(each)
    standing = tally.standing
    parts = [each for each in standing.parts if each.share is not None]
    measured = [each for each in parts if each.discrimination is not None]
    return {
        "standing": standing,
        "without_result": sum(bool(each.error) for each in submissions),
        "histogram": histogram(standing.percents, PERCENT, BINS, "Submissions by score"),
        "parts": parts,
        "hardest": min(parts, key=lambda each: each.share or 0.0, default=None),
        "sharpest": max(measured, key=lambda each: each.discrimination or 0.0, default=None),
        "against": [each.title for each in measured if (each.discrimination or 0.0) < 0],
        "everybody": [each.title for each in parts if each.full == each.graded],
        "little": LITTLE,
    }


def _mistakes(graded: Sequence[SubmissionReport]) -> dict[str, object]:
    return {
        "graded": len(graded),
        "known": diagnosed(graded)[:MOST_MISTAKES],
        "puzzling": unexplained(graded)[:MOST_MISTAKES],
        "repeated": _repeated(graded)[:MOST_MISTAKES],
    }


def _repeated(graded: Sequence[SubmissionReport]) -> list[tuple[str, list[str], float, float]]:
    """Return each diagnosis that costs points in several parts: whom, how many, and those beyond the dearest part."""
    whom: dict[str, list[str]] = {}
    beyond: dict[str, float] = {}
    for report in graded:
        for each in repeated_mistakes(report.checks):
            whom.setdefault(each.diagnosis, []).append(report.id)
            beyond[each.diagnosis] = beyond.get(each.diagnosis, 0.0) + sum(each.others.values())
    costs = {each.text: each.lost for each in diagnosed(graded)}
    found = [(each, ids, costs.get(each, 0.0), beyond[each]) for each, ids in whom.items()]
    return sorted(found, key=lambda each: -each[3])


def _times(
    graded: Sequence[SubmissionReport], assignment: Assignment, arrivals: Mapping[str, Arrival]
) -> dict[str, object]:
    """Return where the time went, and when the submissions came."""
    seconds = [each.seconds for each in graded]
    slowest = sorted(graded, key=lambda each: -each.seconds)[:SLOWEST]
    known = {each.id: arrivals[each.id] for each in graded if each.id in arrivals}
    return {
        "total": duration_words(sum(seconds)),
        "median": f"{statistics.median(seconds):.1f} s" if seconds else DASH,
        "histogram": histogram(seconds, nice_axis(seconds, "s"), BINS, "Submissions by grading time"),
        "slow_submissions": [(each, _slowest_part(each)) for each in slowest],
        "slow_checks": _slow_checks(graded),
        "titles": {part.id: part.title for part in assignment.parts},
        "arrivals": _arrivals_plot(graded, known),
        "known": sum(each.submitted_at is not None for each in known.values()),
        "late": [id_ for id_, arrival in known.items() if arrival.late_seconds],
        "late_known": sum(each.late_seconds is not None for each in known.values()),
    }


def _slow_checks(submissions: Iterable[SubmissionReport]) -> list[tuple[CheckResult, float, float]]:
    """Return mean and longest time of every check, the slowest first."""
    times: dict[str, list[float]] = {}
    first: dict[str, CheckResult] = {}
    for submission in submissions:
        for check in submission.checks:
            times.setdefault(check.id, []).append(check.seconds)
            first.setdefault(check.id, check)
    means = {check: statistics.fmean(each) for check, each in times.items()}
    ranked = sorted(means, key=lambda check: -means[check])[:SLOWEST]
    return [(first[each], means[each], max(times[each])) for each in ranked]


def _slowest_part(submission: SubmissionReport) -> str:
    spent: dict[str, float] = {}
    for check in submission.checks:
        spent[check.part] = spent.get(check.part, 0.0) + check.seconds
    if not spent:
        return ""
    part = max(spent, key=lambda each: spent[each])
    timed_out = sum(check.outcome is Outcome.TIMEOUT for check in submission.checks)
    stopped = f"; {counted(timed_out, 'check')} out of time" if timed_out else ""
    return f"{shown_name(part)} {spent[part]:.1f} s{stopped}"


def _arrivals_plot(submissions: Sequence[SubmissionReport], arrivals: Mapping[str, Arrival]) -> Markup | None:
    """Plot score over the time of handing in, counted back from the last one."""
    points = [
        (arrival.submitted_at, share)
        for each in submissions
        if (arrival := arrivals.get(each.id)) is not None
        and arrival.submitted_at is not None
        and (share := percent(each)) is not None
    ]
    if not points:
        return None
    last = max(when for when, _ in points)
    days = [((when - last).total_seconds() / _DAY, share) for when, share in points]
    first = min(day for day, _ in days)
    across = Axis(min(math.floor(first), -1.0), 0.0, "days")
    return scatter(days, across, PERCENT, "Score by the time of handing in, in days before the last")


def _with_own_ids(report: ClassReport) -> ClassReport:
    """Return the report cleaned, under the ids its submissions had: they name pages and are cleaned when shown."""
    kept = (
        replace(cleaned, id=original.id)
        for cleaned, original in zip(clean_class(report).submissions, report.submissions, strict=True)
    )
    return replace(clean_header(report), submissions=tuple(kept))


def _link(id_: str, options: ClassReportOptions) -> SubmissionLink:
    if options.grades is not None:
        page = ReportPaths(options.grades).staff_page(id_)
        if page.is_file():
            address = os.path.relpath(page.resolve(), options.out.resolve())
            return SubmissionLink(shown_name(id_), quote(Path(address).as_posix()))
    return SubmissionLink(shown_name(id_))
