"""Turn a class report into what the staff's index shows: numbers, who needs a look, and one row each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.course.assignment import Assignment
from grader.reporting.charts import histogram_svg, points_bar, rate_bar, stacked_bar
from grader.reporting.files import page_name
from grader.reporting.outcomes import FACES
from grader.reporting.standing import ClassStanding, ClassTally, PartRate, is_advice, percent
from grader.reporting.text import number, one_line
from grader.results import Outcome, SubmissionReport

LONGEST_NAME = 60
LONGEST_ERROR = 160
_NAMES_SHOWN = 12

NO_ISOLATION = "none"
"""What `SubmissionReport.isolation` says when nothing stood between the submission and this machine."""

TAMPERING = "tampering"
"""The kind of flag that accuses; it is set apart from those that inform."""


@dataclass(frozen=True, slots=True)
class FlagView:
    """A kind of flag, how often a submission has it and how loud it is."""

    word: str
    count: int
    tone: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One submission in the table; ``percent_key`` is what sorting looks at, -1 for no result."""

    name: str
    page: str
    error: str
    score: str
    max_score: str
    percent_key: float
    bar: Markup
    mix: Markup
    mix_words: str
    passed: int
    checks: int
    flags: tuple[FlagView, ...]
    isolation: str
    isolated: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class ConcernView:
    """Submissions that share a reason to look at them."""

    title: str
    explanation: str
    tone: str
    count: int
    rows: tuple[RowView, ...]
    more: int


@dataclass(frozen=True, slots=True)
class RateView:
    """One part over the class."""

    id: str
    title: str
    share: str
    share_key: float
    bar: Markup
    full: int
    partial: int
    none: int
    not_graded: int


@dataclass(frozen=True, slots=True)
class ClassView:
    """The whole index page."""

    count: int
    without_result: int
    mean: str
    median: str
    histogram: Markup
    rates: tuple[RateView, ...]
    concerns: tuple[ConcernView, ...]
    rows: tuple[RowView, ...]


class ClassViewBuilder:
    """Lays out a class, one submission after the other; of each its row is kept."""

    def __init__(self, assignment: Assignment) -> None:
        self._tally = ClassTally(assignment)
        self._rows: list[RowView] = []
        self._concerned: dict[str, list[RowView]] = {title: [] for title, *_ in _CONCERNS}
        self._without_result = 0

    def add(self, submission: SubmissionReport, name: str) -> None:
        """Add the row of a cleaned submission, whose pages are those of `name`."""
        row = _row(submission, page_name(name))
        self._tally.add(submission)
        self._rows.append(row)
        self._without_result += bool(submission.error)
        for title, _, _, applies in _CONCERNS:
            if applies(submission):
                self._concerned[title].append(row)

    @property
    def view(self) -> ClassView:
        """The index page of the class so far."""
        standing = self._tally.standing
        return ClassView(
            count=standing.count,
            without_result=self._without_result,
            mean=_percent(standing.mean),
            median=_percent(standing.median),
            histogram=_histogram(standing),
            rates=tuple(_rate(each) for each in standing.parts),
            concerns=_concerns(self._concerned),
            rows=tuple(self._rows),
        )


def flag_views(submission: SubmissionReport) -> tuple[FlagView, ...]:
    """Count a submission's flags by kind, those that accuse first."""
    count = Counter(flag.kind for flag in submission.flags)
    kinds = sorted(count, key=lambda kind: (kind != TAMPERING, kind))
    return tuple(
        FlagView(
            one_line(kind.replace("_", " "), LONGEST_NAME),
            count[kind],
            "bad" if kind == TAMPERING else "warn",
        )
        for kind in kinds
    )


def isolation_words(isolation: str) -> str:
    """Name an isolation tier for staff."""
    known = {"A": "Tier A", "B": "Tier B", NO_ISOLATION: "No isolation", "": "Nothing ran"}
    return known.get(isolation, one_line(isolation, LONGEST_NAME))


def _row(submission: SubmissionReport, page: str) -> RowView:
    share = percent(submission)
    outcomes = [check.outcome for check in submission.checks if not is_advice(check)]
    return RowView(
        name=one_line(submission.id, LONGEST_NAME) or "(no name)",
        page=page,
        error=one_line(submission.error, LONGEST_ERROR),
        score=number(submission.score),
        max_score=number(submission.max_score),
        percent_key=-1.0 if share is None else round(share, 4),
        bar=Markup(points_bar(submission.score, submission.max_score, "ink")),  # noqa: S704 - drawn from numbers
        mix=_mix_bar(outcomes),
        mix_words=_mix_words(outcomes),
        passed=outcomes.count(Outcome.PASSED),
        checks=sum(not each.excused for each in outcomes),
        flags=flag_views(submission),
        isolation=isolation_words(submission.isolation),
        isolated=submission.isolation != NO_ISOLATION,
        seconds=round(submission.seconds, 1),
    )


def _mix_bar(outcomes: Sequence[Outcome]) -> Markup:
    tones = Counter(FACES[each].tone for each in outcomes)
    return Markup(stacked_bar(tones))  # noqa: S704 - drawn from numbers


def _mix_words(outcomes: Sequence[Outcome]) -> str:
    """Say what did not pass: ``1 failed, 2 not written yet``."""
    count = Counter(outcomes)
    return ", ".join(
        f"{count[each]} {FACES[each].word.lower()}"
        for each in Outcome
        if count[each] and each is not Outcome.PASSED
    )


def _histogram(standing: ClassStanding) -> Markup:
    return Markup(histogram_svg(standing.histogram))  # noqa: S704 - drawn from numbers


def _rate(rate: PartRate) -> RateView:
    share = 100 * rate.full / rate.graded if rate.graded else None
    return RateView(
        id=rate.id,
        title=rate.title,
        share="" if share is None else f"{share:.0f} %",
        share_key=-1.0 if share is None else share,
        bar=Markup(rate_bar(rate)),  # noqa: S704 - drawn from numbers
        full=rate.full,
        partial=rate.partial,
        none=rate.none,
        not_graded=rate.not_graded,
    )


def _concerns(concerned: Mapping[str, Sequence[RowView]]) -> tuple[ConcernView, ...]:
    """Name who needs a look before anything is published; a concern nobody raises is left out."""
    found = []
    for title, explanation, tone, _ in _CONCERNS:
        rows = concerned[title]
        if rows:
            shown = tuple(rows[:_NAMES_SHOWN])
            found.append(ConcernView(title, explanation, tone, len(rows), shown, len(rows) - len(shown)))
    return tuple(found)


def _tampered(submission: SubmissionReport) -> bool:
    flagged = any(flag.kind == TAMPERING for flag in submission.flags)
    return flagged or any(check.outcome is Outcome.TAMPERED for check in submission.checks)


def _failed_us(submission: SubmissionReport) -> bool:
    return any(check.outcome is Outcome.GRADER_ERROR for check in submission.checks)


_CONCERNS: tuple[tuple[str, str, str, Callable[[SubmissionReport], bool]], ...] = (
    (
        "Graded without isolation",
        "Nothing stood between these submissions and this machine or their own scores. "
        "Grade them again in a box before you trust or publish anything here.",
        "bad",
        lambda submission: submission.isolation == NO_ISOLATION,
    ),
    (
        "No result",
        "These could not be graded. They have no score, which is not the same as zero.",
        "bad",
        lambda submission: bool(submission.error),
    ),
    (
        "Tampering",
        "Something tried to reach around the checks. Scores count honest work only; "
        "read the notes before you accuse anybody.",
        "bad",
        _tampered,
    ),
    (
        "The grader's own fault",
        "A check broke on our side. It is left out of the total; grade again once the cause is mended.",
        "warn",
        _failed_us,
    ),
)


def _percent(value: float | None) -> str:
    return "" if value is None else f"{value:.1f} %"
