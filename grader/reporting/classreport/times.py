"""Lay out how long grading took, and when submissions came where that is known."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.course.assignment import Assignment
from grader.intake.arrivals import Arrival
from grader.reporting.classreport.people import Directory, People, Person
from grader.reporting.classreport.plots import Axis, histogram, nice_axis, scatter
from grader.reporting.classreport.words import NOTHING, PERCENT, drawn, duration_words
from grader.reporting.findings import LONGEST_TITLE, marked_up
from grader.reporting.standing import percent
from grader.reporting.text import clip, counted, one_line
from grader.results import ClassReport, Outcome, SubmissionReport

SLOWEST = 200

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class TimeView:
    """How long grading took, and when submissions came where that is known."""

    total: str
    median: str
    histogram: Markup
    slow_submissions: tuple[tuple[Person, float, str], ...]
    slow_checks: tuple[tuple[Markup, str, float, float], ...]
    arrivals: Markup | None
    known: int
    late: People
    late_known: int


def time_view(
    report: ClassReport, assignment: Assignment, people: Directory, arrivals: Mapping[str, Arrival]
) -> TimeView:
    """Return where the time went, and when the submissions came."""
    graded = [each for each in report.submissions if not each.error]
    seconds = [each.seconds for each in graded]
    slowest = sorted(graded, key=lambda each: -each.seconds)[:SLOWEST]
    known = {each.id: arrivals[each.id] for each in graded if each.id in arrivals}
    late = [id_ for id_, arrival in known.items() if arrival.late_seconds]
    return TimeView(
        total=duration_words(sum(seconds)),
        median=f"{statistics.median(seconds):.1f} s" if seconds else NOTHING,
        histogram=drawn(histogram(seconds, nice_axis(seconds, "s"), 20, "Grading time of a submission")),
        slow_submissions=tuple(
            (people.person(each.id), each.seconds, _slowest_part(each)) for each in slowest
        ),
        slow_checks=_slow_checks(graded, assignment),
        arrivals=_arrivals_plot(graded, known),
        known=sum(each.submitted_at is not None for each in known.values()),
        late=people.people(late),
        late_known=sum(each.late_seconds is not None for each in known.values()),
    )


def _slow_checks(
    submissions: Sequence[SubmissionReport], assignment: Assignment
) -> tuple[tuple[Markup, str, float, float], ...]:
    """Return title, part, mean and longest time of every check, the slowest first."""
    titles = {part.id: part.title for part in assignment.parts}
    times: dict[str, list[float]] = {}
    shown: dict[str, tuple[Markup, str]] = {}
    for submission in submissions:
        for check in submission.checks:
            times.setdefault(check.id, []).append(check.seconds)
            if check.id not in shown:
                title = marked_up(clip(check.title or check.id, LONGEST_TITLE))
                shown[check.id] = (title, titles.get(check.part, check.part))
    ranked = sorted(times, key=lambda check: -statistics.fmean(times[check]))[:SLOWEST]
    return tuple((*shown[each], statistics.fmean(times[each]), max(times[each])) for each in ranked)


def _slowest_part(submission: SubmissionReport) -> str:
    spent: dict[str, float] = {}
    for check in submission.checks:
        spent[check.part] = spent.get(check.part, 0.0) + check.seconds
    if not spent:
        return ""
    part = max(spent, key=lambda each: spent[each])
    timed_out = sum(check.outcome is Outcome.TIMEOUT for check in submission.checks)
    stopped = f"; {counted(timed_out, 'check')} out of time" if timed_out else ""
    return f"{one_line(part, 60)} {spent[part]:.1f} s{stopped}"


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
    return drawn(scatter(days, across, PERCENT, "Score by the time of handing in, in days before the last"))
