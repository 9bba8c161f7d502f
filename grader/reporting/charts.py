"""Draw bars and the histogram of scores as inline SVG; the page's classes give the colours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.reporting.outcomes import TONES
from grader.reporting.standing import BINS, PartRate

_BAR_HEIGHT = 8
_COLUMN = 44
_GAP = 6
_PLOT = 110
_ABOVE = 20
_BELOW = 26


def points_bar(points: float, most: float, tone: str) -> str:
    """Return a bar filled to ``points / most``."""
    share = min(max(points / most, 0), 1) if most > 0 else 0
    return _bar([(share, tone)])


def stacked_bar(counts: Mapping[str, int]) -> str:
    """Return a bar of one piece per tone, in the order of `TONES`; words stand beside it."""
    total = sum(counts.values())
    pieces = [(counts.get(tone, 0) / total, tone) for tone in TONES] if total else []
    return _bar(pieces)


def rate_bar(rate: PartRate) -> str:
    """Return how many submissions reached all, some and none of a part's points."""
    total = rate.graded
    pieces = [(rate.full / total, "good"), (rate.partial / total, "warn")] if total else []
    return _bar(pieces)


def histogram_svg(counts: Sequence[int]) -> str:
    """Return the histogram of percentages in ten columns; its numbers are read out in order."""
    width, height = BINS * _COLUMN + 1, _ABOVE + _PLOT + _BELOW
    label = "Submissions by score: " + "; ".join(
        f"{_bounds(each)} %: {count}" for each, count in enumerate(counts) if count
    )
    columns = "".join(_column(each, count, max(counts, default=0)) for each, count in enumerate(counts))
    base = f'<path class="base" d="M0 {_ABOVE + _PLOT}.5H{width}"/>'
    return (
        f'<svg class="histogram" role="img" aria-label="{label}" viewBox="0 0 {width} {height}">'
        f"{columns}{base}{_scale()}</svg>"
    )


def _bar(pieces: Sequence[tuple[float, str]]) -> str:
    """Return a bar of shares and tones, hidden from screen readers: its numbers stand beside it."""
    body = f'<rect class="track" width="100" height="{_BAR_HEIGHT}"/>'
    at = 0.0
    for share, tone in pieces:
        if share > 0:
            place = f'x="{100 * at:.4g}" width="{100 * share:.4g}" height="{_BAR_HEIGHT}"'
            body += f'<rect class="fill {tone}" {place}/>'
        at += share
    frame = f'viewBox="0 0 100 {_BAR_HEIGHT}" preserveAspectRatio="none"'
    return f'<svg class="bar" aria-hidden="true" {frame}>{body}</svg>'


def _bounds(each: int) -> str:
    low = 100 * each // BINS
    high = 100 * (each + 1) // BINS
    return f"{low} to {high}" if each == BINS - 1 else f"{low} to under {high}"


def _column(each: int, count: int, most: int) -> str:
    if not count:
        return ""
    height = max(_PLOT * count / most, 2)
    x, y, width = each * _COLUMN + _GAP / 2, _ABOVE + _PLOT - height, _COLUMN - _GAP
    return (
        f'<rect class="column" x="{x:g}" y="{y:.4g}" width="{width}" height="{height:.4g}" rx="2"/>'
        f'<text class="tick" x="{x + width / 2:g}" y="{y - 6:.4g}" text-anchor="middle">{count}</text>'
    )


def _scale() -> str:
    y, width = _ABOVE + _PLOT + 17, BINS * _COLUMN
    marks = ((0, "start"), (50, "middle"), (100, "end"))
    return "".join(
        f'<text class="tick" x="{width * mark // 100}" y="{y}" text-anchor="{anchor}">{mark} %</text>'
        for mark, anchor in marks
    )
