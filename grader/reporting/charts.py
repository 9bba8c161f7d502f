"""Draw bars, histograms, plots and rows of the check matrix as inline SVG; the page's classes give the colours.

What is drawn comes from numbers; the few words among them are escaped here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup, escape

from grader.reporting.outcomes import TONES
from grader.reporting.text import one_line

ROW_HEIGHT = 16
"""Pixels of a row of the check matrix."""

_BAR_HEIGHT = 8
_WIDTH, _HEIGHT = 460, 130
_LEFT, _RIGHT, _ABOVE, _BELOW = 6, 6, 18, 24
_PLOT_WIDTH, _PLOT_HEIGHT = _WIDTH - _LEFT - _RIGHT, _HEIGHT - _ABOVE - _BELOW
_BOTTOM = _HEIGHT - _BELOW

_WIDEST, _NARROWEST = 18, 2
_ROOM = 800
"""Pixels that the matrix of a middling class fits in; a large one scrolls."""

_ROOM_FOR_GAPS = 6
_ROOM_FOR_NAMES = 14
_NAMES_HEIGHT = 92
_LONGEST_HEAD = 16
_BETWEEN_MARKS = 100


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale from `low` to `high` over the plot's width, with its unit."""

    low: float
    high: float
    unit: str

    def share(self, value: float) -> float:
        """Return how far along the axis `value` is, from 0 to 1; what lies beyond an end is at that end."""
        return min(max((value - self.low) / self.span, 0.0), 1.0)

    def at(self, value: float) -> float:
        """Return where `value` is, in pixels from the left."""
        return _LEFT + self.share(value) * _PLOT_WIDTH

    @property
    def span(self) -> float:
        """From one end to the other, never 0."""
        return self.high - self.low or 1.0


PERCENT = Axis(0, 100, "%")


def points_bar(points: float, most: float, tone: str) -> Markup:
    """Return a bar filled to ``points / most``."""
    return _bar([(min(max(points / most, 0), 1) if most > 0 else 0, tone)])


def stacked_bar(counts: Mapping[str, int]) -> Markup:
    """Return a bar of one piece per tone, in the order of `TONES`; words stand beside it."""
    total = sum(counts.values())
    return _bar([(counts.get(tone, 0) / total, tone) for tone in TONES] if total else [])


def rate_bar(full: int, partial: int, total: int) -> Markup:
    """Return how many of `total` submissions reached all and some of a part's points."""
    return _bar([(full / total, "good"), (partial / total, "warn")] if total else [])


def histogram(values: Sequence[float], axis: Axis, bins: int, what: str) -> Markup:
    """Return the histogram of `values`; `what` names them for those who do not see it, with the counts in order."""
    counts = binned(values, axis, bins)
    most, width = max(counts, default=0), _PLOT_WIDTH / bins
    bars, said = [], []
    for place, count in enumerate(counts):
        if count:
            height = max(_PLOT_HEIGHT * count / most, 1.5)
            bars.append(_column(place, height, width))
            bars.append(_tick(_LEFT + (place + 0.5) * width, _BOTTOM - height - 4, str(count), "middle"))
            said.append(f"{_bin_words(place, bins, axis)}: {count}")
    return _chart(f"{what}: {'; '.join(said)}" if said else what, "".join(bars), axis)


def compared(ours: Sequence[int], baseline: Sequence[int], axis: Axis, what: str) -> Markup:
    """Return two distributions, counted in the same bins of one axis: bars for ours, a line for the baseline.

    Each is drawn as shares of its own.
    Heights are square roots of the shares, so that the few pairs at the far end stay visible beside thousands.
    """
    shares = [[count / max(sum(counts), 1) for count in counts] for counts in (ours, baseline)]
    most, width = max(map(max, shares)) or 1.0, _PLOT_WIDTH / len(ours)
    heights = [[math.sqrt(share / most) * _PLOT_HEIGHT for share in each] for each in shares]
    bars = [_column(place, height, width) for place, height in enumerate(heights[0]) if height]
    steps = [
        f"V{_BOTTOM - height:.1f}H{_LEFT + (place + 1) * width:.1f}"
        for place, height in enumerate(heights[1])
    ]
    line = f'<path class="baseline" d="M{_LEFT} {_BOTTOM}{"".join(steps)}V{_BOTTOM}"/>'
    return _chart(what, "".join(bars) + line, axis)


def scatter(points: Sequence[tuple[float, float]], across: Axis, up: Axis, what: str) -> Markup:
    """Return a dot for each (x, y); dots are see-through, so that many on one spot look darker."""
    dots = [
        f'<circle class="dot" cx="{across.at(x):.1f}" cy="{_BOTTOM - up.share(y) * _PLOT_HEIGHT:.1f}" r="3"/>'
        for x, y in points
    ]
    return _chart(what, "".join(dots) + _tick(_LEFT, _ABOVE - 6, _value(up.high, up), "start"), across)


def binned(values: Sequence[float], axis: Axis, bins: int) -> list[int]:
    """Count `values` in `bins` equal steps of `axis`; what lies beyond an end counts there."""
    counts = [0] * bins
    for value in values:
        within = min(max(value, axis.low), axis.high)
        # Multiplied before it is divided: 70 % of ten bins is 7, and 0.7 * 10 need not be.
        counts[min(int((within - axis.low) * bins / axis.span), bins - 1)] += 1
    return counts


def nice_axis(values: Sequence[float], unit: str) -> Axis:
    """Return an axis from 0 to a round number that holds all `values`."""
    most = max(values, default=1.0) or 1.0
    step = 10.0 ** math.floor(math.log10(most))
    round_numbers = (step * each for each in (1, 2, 3, 4, 5, 6, 8, 10))
    return Axis(0.0, next((each for each in round_numbers if each >= most), most), unit)


def cell_width(columns: int) -> int:
    """Return how many pixels wide a cell is in a check matrix of so many columns."""
    return max(_NARROWEST, min(_WIDEST, _ROOM // max(columns, 1)))


def matrix_row(tones: Sequence[str], width: int) -> Markup:
    """Draw a cell for each of `tones`, nothing for an empty one.

    Neighbours of one tone are one rectangle, so a thousand students stay a few of them.
    """
    paths: dict[str, list[str]] = {tone: [] for tone in TONES}
    gap = 1 if width >= _ROOM_FOR_GAPS else 0
    at = 0
    for tone, group in groupby(tones):
        count = len(list(group))
        if tone:
            cells = range(at, at + count) if gap else (at,)
            run = width - gap if gap else width * count
            paths[tone].extend(f"M{cell * width} 0h{run}v{ROW_HEIGHT - 1}h-{run}z" for cell in cells)
        at += count
    body = "".join(f'<path class="fill {tone}" d="{"".join(each)}"/>' for tone, each in paths.items() if each)
    return _hidden("strip", f'width="{len(tones) * width}" height="{ROW_HEIGHT}"', body)


def matrix_heads(names: Sequence[str], percents: Sequence[float], width: int) -> Markup:
    """Return the line above the cells: the names where they have room, else the score at every so many pixels."""
    total = len(names) * width
    if width >= _ROOM_FOR_NAMES:
        heads = "".join(
            f'<text transform="translate({place * width + width / 2 + 4:g} {_NAMES_HEIGHT - 4}) rotate(-60)">'
            f"{escape(one_line(name, _LONGEST_HEAD))}</text>"
            for place, name in enumerate(names)
        )
        return _hidden("columns", f'width="{total + _NAMES_HEIGHT}" height="{_NAMES_HEIGHT}"', heads)
    marks = "".join(
        f'<text x="{place * width}" y="12">{percents[place]:.0f} %</text>'
        for place in range(0, len(names), max(_BETWEEN_MARKS // width, 1))
    )
    return _hidden("columns", f'width="{total}" height="{ROW_HEIGHT}"', marks)


def _bar(pieces: Sequence[tuple[float, str]]) -> Markup:
    """Return a bar of shares and tones."""
    body = f'<rect class="track" width="100" height="{_BAR_HEIGHT}"/>'
    at = 0.0
    for share, tone in pieces:
        if share > 0:
            place = f'x="{100 * at:.4g}" width="{100 * share:.4g}" height="{_BAR_HEIGHT}"'
            body += f'<rect class="fill {tone}" {place}/>'
        at += share
    return _hidden("bar", f'viewBox="0 0 100 {_BAR_HEIGHT}" preserveAspectRatio="none"', body)


def _hidden(name: str, size: str, body: str) -> Markup:
    """Return a drawing that screen readers leave out: its numbers stand beside it."""
    return Markup(f'<svg class="{name}" aria-hidden="true" {size}>{body}</svg>')  # noqa: S704 - see the module


def _chart(label: str, body: str, axis: Axis) -> Markup:
    """Return a plot over `axis` that reads out its label."""
    middle = (axis.low + axis.high) / 2
    ends = ((axis.low, "start"), (middle, "middle"), (axis.high, "end"))
    ticks = "".join(_tick(axis.at(value), _HEIGHT - 7, _value(value, axis), anchor) for value, anchor in ends)
    base = f'<path class="base" d="M0 {_BOTTOM}.5H{_WIDTH}"/>'
    head = f'role="img" aria-label="{escape(label)}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    return Markup(f'<svg class="chart" {head}>{body}{base}{ticks}</svg>')  # noqa: S704 - see the module


def _column(place: int, height: float, width: float) -> str:
    x, y = _LEFT + (place + 0.05) * width, _BOTTOM - height
    return (
        f'<rect class="column" x="{x:.1f}" y="{y:.1f}" width="{0.9 * width:.1f}" '
        f'height="{height:.1f}" rx="1.5"/>'
    )


def _tick(x: float, y: float, words: str, anchor: str) -> str:
    return f'<text class="tick" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'


def _bin_words(place: int, bins: int, axis: Axis) -> str:
    low, high = (axis.low + axis.span * each / bins for each in (place, place + 1))
    until = "to" if place == bins - 1 else "to under"
    return f"{_short(low)} {until} {_short(high)} {axis.unit}"


def _value(value: float, axis: Axis) -> str:
    return f"{_short(value)} {axis.unit}"


def _short(value: float) -> str:
    return f"{value:.3g}"
