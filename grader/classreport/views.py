"""Turn what was counted into what the site's pages show; the templates only lay it out."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.assignment import Assignment
from grader.classreport.findings import Finding, diagnosed, unexplained
from grader.classreport.items import LITTLE, PartItem, part_items
from grader.classreport.matrix import LETTERS, ROW_HEIGHT, Matrix, check_matrix, column_heads
from grader.classreport.people import Directory, People, Person
from grader.classreport.plots import Axis, compared, histogram, nice_axis, scatter
from grader.classreport.similarity import Comparison, Pair, SymbolComparison
from grader.reporting.charts import points_bar, rate_bar
from grader.reporting.outcomes import FACES
from grader.reporting.standing import PartRate, percent
from grader.reporting.text import clip, counted, number, one_line
from grader.reporting.views import LONGEST_MESSAGE, LONGEST_TITLE, marked_up
from grader.results import ClassReport, Outcome, SubmissionReport
from grader.roster import Arrival

MOST_FINDINGS = 200
MOST_PARTS = 3
SLOWEST = 200
DETAILED_PAIRS = 25
"""Pairs whose code is shown side by side, each on a page of its own."""

_NOTHING = "\N{EN DASH}"
_SPACE = "\N{NO-BREAK SPACE}"
_DAY = 86_400.0
_PERCENT = Axis(0, 100, "%")


@dataclass(frozen=True, slots=True)
class ItemView:
    """One part in the table of difficulty and discrimination."""

    item: PartItem
    bar: Markup
    share: str
    tells: str
    tone: str
    key: float


@dataclass(frozen=True, slots=True)
class FindingView:
    """A diagnosis or an unexplained failure, with its students."""

    text: Markup
    parts: tuple[str, ...]
    more_parts: int
    students: People
    share: str
    bar: Markup
    checks: int
    lost: str


@dataclass(frozen=True, slots=True)
class Overview:
    """The first page."""

    count: int
    without_result: int
    figures: tuple[tuple[str, str], ...]
    histogram: Markup
    items: tuple[ItemView, ...]
    notes: tuple[Markup, ...]


@dataclass(frozen=True, slots=True)
class MatrixView:
    """The matrix, and what its script needs to say what a cell is."""

    matrix: Matrix
    groups: tuple[tuple[str, tuple[tuple[Markup, str, Markup, str, float], ...]], ...]
    persons: tuple[Person, ...]
    heads: Markup
    words: Mapping[str, str]
    height: int


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


@dataclass(frozen=True, slots=True)
class SymbolView:
    """One symbol's likeness beside its baseline."""

    comparison: SymbolComparison
    plot: Markup
    class_median: str
    limit: str
    independent: int


@dataclass(frozen=True, slots=True)
class PairView:
    """Two submissions that are alike; `page` shows them side by side, empty for those further down."""

    one: Person
    other: Person
    overall: float
    rare: int
    alike: str
    symbols: int
    scores: str
    page: str


@dataclass(frozen=True, slots=True)
class SimilarView:
    """Likeness over the class."""

    symbols: tuple[SymbolView, ...]
    pairs: tuple[PairView, ...]
    beyond: int
    twins: tuple[tuple[str, int, People], ...]
    unreadable: People


def overview(report: ClassReport, assignment: Assignment) -> Overview:
    """Sum the class up."""
    percents = [each for each in map(percent, report.submissions) if each is not None]
    items = part_items(report.submissions, assignment)
    figures = [("Submissions", f"{len(report.submissions):,}")]
    if percents:
        figures += [
            ("Mean", _share(statistics.fmean(percents), 1)),
            ("Median", _share(statistics.median(percents), 1)),
            ("Standard deviation", _share(statistics.pstdev(percents), 1)),
        ]
    without = sum(bool(each.error) for each in report.submissions)
    figures.append(("Without a result", f"{without:,}"))
    return Overview(
        count=len(report.submissions),
        without_result=without,
        figures=tuple(figures),
        histogram=_drawn(histogram(percents, _PERCENT, 20, "Scores")),
        items=tuple(map(_item_view, items)),
        notes=_notes(items),
    )


def findings(
    report: ClassReport, people: Directory
) -> tuple[tuple[FindingView, ...], tuple[FindingView, ...]]:
    """Return the diagnoses and the failures without one."""
    graded = sum(not each.error for each in report.submissions) or 1
    known, puzzling = diagnosed(report.submissions), unexplained(report.submissions)
    return (
        tuple(_finding_view(each, graded, people) for each in known[:MOST_FINDINGS]),
        tuple(_finding_view(each, graded, people) for each in puzzling[:MOST_FINDINGS]),
    )


def matrix_view(report: ClassReport, assignment: Assignment, people: Directory) -> MatrixView:
    """Return the check-by-student matrix by parts."""
    matrix = check_matrix(report.submissions, assignment)
    titles = {part.id: part.title for part in assignment.parts}
    groups: dict[str, list[tuple[Markup, str, Markup, str, float]]] = {}
    for row in matrix.rows:
        shown = _NOTHING if row.passed is None else _share(100 * row.passed)
        title = marked_up(clip(row.title, LONGEST_TITLE))
        if row.advice:
            title = title + Markup(' <span class="quiet">(beyond)</span>')
        key = -1.0 if row.passed is None else row.passed
        groups.setdefault(titles.get(row.part, row.part), []).append(
            (title, row.cells, _drawn(row.svg), shown, key)
        )
    persons = tuple(map(people.person, matrix.names))
    words = {letter: FACES[outcome].word for outcome, letter in LETTERS.items()} | {"-": "Not tried"}
    return MatrixView(
        matrix=matrix,
        groups=tuple((part, tuple(rows)) for part, rows in groups.items()),
        persons=persons,
        heads=_drawn(column_heads([each.name for each in persons], matrix.percents, matrix.cell_width)),
        words=words,
        height=ROW_HEIGHT,
    )


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
        total=_duration(sum(seconds)),
        median=f"{statistics.median(seconds):.1f} s" if seconds else _NOTHING,
        histogram=_drawn(histogram(seconds, nice_axis(seconds, "s"), 20, "Grading time of a submission")),
        slow_submissions=tuple(
            (people.person(each.id), each.seconds, _slowest_part(each)) for each in slowest
        ),
        slow_checks=_slow_checks(graded, assignment),
        arrivals=_arrivals_plot(graded, known),
        known=sum(each.submitted_at is not None for each in known.values()),
        late=people.people(late),
        late_known=sum(each.late_seconds is not None for each in known.values()),
    )


def similar_view(
    comparison: Comparison,
    report: ClassReport,
    assignment: Assignment,
    people: Directory,
    unreadable: Sequence[str],
) -> SimilarView:
    """Return the likeness of the class's answers beside the baseline."""
    order = {symbol: place for place, symbol in enumerate(assignment.symbols)}
    scores = {each.id: number(each.score) for each in report.submissions}
    symbols = sorted(comparison.symbols, key=lambda each: order.get(each.symbol, len(order)))
    return SimilarView(
        symbols=tuple(map(_symbol_view, symbols)),
        pairs=tuple(
            _pair_view(place, pair, scores, people) for place, pair in enumerate(comparison.pairs, start=1)
        ),
        beyond=comparison.pairs_beyond,
        twins=tuple(
            (each.symbol, len(each.owners), people.people(each.owners)) for each in comparison.twins[:100]
        ),
        unreadable=people.people(unreadable),
    )


def pair_page(place: int) -> str:
    """Return the file name of a pair's own page."""
    return f"pair-{place:02}.html"


def _item_view(item: PartItem) -> ItemView:
    rate = PartRate(item.id, item.title, item.full, item.partial, item.none, 0)
    value = item.discrimination
    if value is None:
        tells, tone = _NOTHING, "calm"
    else:
        tells = f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
        tone = "bad" if value < 0 else "warn" if value < LITTLE else "good"
    return ItemView(
        item=item,
        bar=_drawn(rate_bar(rate)),
        share=_NOTHING if item.share is None else _share(100 * item.share),
        tells=tells,
        tone=tone,
        key=-2.0 if value is None else value,
    )


def _notes(items: Sequence[PartItem]) -> tuple[Markup, ...]:
    """Say in sentences what a teacher would look for in the table."""
    known = [each for each in items if each.share is not None]
    notes = []
    if known:
        hardest = min(known, key=lambda each: each.share or 0.0)
        share = _share(100 * (hardest.share or 0))
        notes.append(
            Markup("Hardest was <strong>{}</strong>: {} of its points were reached.").format(
                hardest.title, share
            )
        )
    measured = [each for each in items if each.discrimination is not None]
    if measured:
        sharpest = max(measured, key=lambda each: each.discrimination or 0.0)
        notes.append(
            Markup(
                "<strong>{}</strong> told best who can do the rest (item-rest correlation {:.2f})."
            ).format(sharpest.title, sharpest.discrimination or 0.0)
        )
    against = [each.title for each in measured if (each.discrimination or 0.0) < 0]
    if against:
        notes.append(
            Markup(
                "Those who did well elsewhere did worse in <strong>{}</strong>. "
                "Look at its checks and its wording before you trust it."
            ).format(", ".join(against))
        )
    everyone = [each.title for each in items if each.graded and each.full == each.graded]
    if everyone:
        notes.append(Markup("Everybody solved {}.").format(", ".join(everyone)))
    return tuple(notes)


def _finding_view(finding: Finding, graded: int, people: Directory) -> FindingView:
    share = len(finding.students) / graded
    return FindingView(
        text=marked_up(clip(finding.text, LONGEST_MESSAGE) or "(no message)"),
        parts=finding.parts[:MOST_PARTS],
        more_parts=max(len(finding.parts) - MOST_PARTS, 0),
        students=people.people(finding.students),
        share=_share(100 * share),
        bar=_drawn(points_bar(share, 1.0, "bad")),
        checks=finding.checks,
        lost=number(finding.lost),
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
    across = Axis(min(first, -1.0), 0.0, "days")
    return _drawn(scatter(days, across, _PERCENT, "Score by the time of handing in, in days before the last"))


def _symbol_view(comparison: SymbolComparison) -> SymbolView:
    ours, baseline = (
        [100 * float(each) for each in values] for values in (comparison.pairs, comparison.baseline)
    )
    what = (
        f"Likeness of {len(ours)} pairs of answers to {comparison.symbol}, "
        f"beside {len(baseline)} pairs of independent answers"
    )
    return SymbolView(
        comparison=comparison,
        plot=_drawn(compared(ours, baseline, _PERCENT, 20, what)),
        class_median=_share(statistics.median(ours)) if ours else _NOTHING,
        limit=_share(100 * comparison.limit),
        independent=round((1 + (1 + 8 * len(baseline)) ** 0.5) / 2) if baseline else 0,
    )


def _pair_view(place: int, pair: Pair, scores: Mapping[str, str], people: Directory) -> PairView:
    return PairView(
        one=people.person(pair.one),
        other=people.person(pair.other),
        overall=pair.overall,
        rare=pair.rare,
        alike=", ".join(f"{symbol} {_share(100 * share)}" for symbol, share in pair.alike),
        symbols=len(pair.alike),
        scores=f"{scores.get(pair.one, _NOTHING)} and {scores.get(pair.other, _NOTHING)}",
        page=pair_page(place) if place <= DETAILED_PAIRS else "",
    )


def _share(percents: float, digits: int = 0) -> str:
    return f"{percents:.{digits}f}{_SPACE}%"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return (
        f"{hours} h {minutes:02} min" if hours else f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
    )


def _drawn(svg: str) -> Markup:
    return Markup(svg)  # noqa: S704 - drawn from numbers and words of our own
