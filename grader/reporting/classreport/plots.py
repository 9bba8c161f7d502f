"""Draw the site's plots as inline SVG; the page's classes give the colours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

_WIDTH, _HEIGHT = 460, 130
_LEFT, _RIGHT, _ABOVE, _BELOW = 6, 6, 18, 24


@dataclass(frozen=True, slots=True)
class Axis:
    """A linear scale from `low` to `high` over the plot's width, with its unit."""

    low: float
    high: float
    unit: str

    def at(self, value: float) -> float:
        """Return where `value` is, in pixels."""
        span = self.high - self.low or 1.0
        share = min(max((value - self.low) / span, 0.0), 1.0)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)


def histogram(values: Sequence[float], axis: Axis, bins: int, what: str) -> str:
    """Return the histogram of `values`; `what` names them for those who do not see it."""
    counts = binned(values, axis, bins)
    most = max(counts, default=0)
    width = (_WIDTH - _LEFT - _RIGHT) / bins
    bars = []
    for place, count in enumerate(counts):
        if count:
            height = max(_plot_height() * count / most, 1.5)
            x, y = _LEFT + place * width, _HEIGHT - _BELOW - height
            bars.append(
                f'<rect class="column" x="{x + 1:.1f}" y="{y:.1f}" width="{max(width - 2, 1):.1f}" '
                f'height="{height:.1f}"/>'
            )
            if bins <= 20 or count == most:  # noqa: PLR2004 - more numbers run into each other
                middle = x + width / 2
                bars.append(
                    f'<text class="tick" x="{middle:.1f}" y="{y - 4:.1f}" text-anchor="middle">{count}</text>'
                )
    label = (
        f"{what}: {len(values)} values from {_number(min(values))} to {_number(max(values))} {axis.unit}"
        if values
        else what
    )
    return _frame(label, "".join(bars), axis)


def compared(ours: Sequence[float], baseline: Sequence[float], axis: Axis, bins: int, what: str) -> str:
    """Return two distributions over one axis, each as shares of its own: bars for ours, a line for the baseline.

    Heights are square roots of the shares, so that the few pairs at the far end stay visible beside thousands.
    """
    shares = [_shares(binned(each, axis, bins)) for each in (ours, baseline)]
    most = max((*shares[0], *shares[1]), default=0.0) or 1.0
    width = (_WIDTH - _LEFT - _RIGHT) / bins
    bottom = _HEIGHT - _BELOW
    heights = [[math.sqrt(share / most) * _plot_height() for share in each] for each in shares]
    bars = "".join(
        f'<rect class="column" x="{_LEFT + place * width + 1:.1f}" y="{bottom - height:.1f}" '
        f'width="{width - 2:.1f}" height="{height:.1f}"/>'
        for place, height in enumerate(heights[0])
        if height
    )
    steps = "".join(
        f"V{bottom - height:.1f}H{_LEFT + (place + 1) * width:.1f}" for place, height in enumerate(heights[1])
    )
    line = f'<path class="baseline" d="M{_LEFT} {bottom}{steps}V{bottom}"/>'
    return _frame(what, bars + line, axis)


def scatter(points: Sequence[tuple[float, float]], across: Axis, up: Axis, what: str) -> str:
    """Return a dot for each (x, y); dots are see-through, so that many on one spot look darker."""
    dots = []
    for x, y in points:
        share = (y - up.low) / (up.high - up.low or 1.0)
        height = _HEIGHT - _BELOW - min(max(share, 0.0), 1.0) * _plot_height()
        dots.append(f'<circle class="dot" cx="{across.at(x):.1f}" cy="{height:.1f}" r="3"/>')
    ends = f'<text class="tick" x="{_LEFT}" y="{_ABOVE - 6}">{_number(up.high)} {up.unit}</text>'
    return _frame(what, "".join(dots) + ends, across)


def binned(values: Sequence[float], axis: Axis, bins: int) -> list[int]:
    """Count `values` in `bins` equal steps of `axis`; what lies beyond an end counts there."""
    counts = [0] * bins
    span = axis.high - axis.low or 1.0
    for value in values:
        counts[min(max(int((value - axis.low) / span * bins), 0), bins - 1)] += 1
    return counts


def nice_axis(values: Sequence[float], unit: str) -> Axis:
    """Return an axis from 0 to a round number that holds all `values`."""
    most = max(values, default=1.0) or 1.0
    step = 10.0 ** math.floor(math.log10(most))
    round_numbers = (step * each for each in (1, 2, 3, 4, 5, 6, 8, 10))
    return Axis(0.0, next((each for each in round_numbers if each >= most), most), unit)


def _shares(counts: Sequence[int]) -> list[float]:
    total = sum(counts)
    return [count / total if total else 0.0 for count in counts]


def _plot_height() -> float:
    return _HEIGHT - _ABOVE - _BELOW


def _frame(label: str, body: str, axis: Axis) -> str:
    base = f'<path class="base" d="M0 {_HEIGHT - _BELOW}.5H{_WIDTH}"/>'
    ticks = "".join(
        f'<text class="tick" x="{axis.at(value):.0f}" y="{_HEIGHT - 7}" text-anchor="{anchor}">'
        f"{_number(value)} {axis.unit}</text>"
        for value, anchor in (
            (axis.low, "start"),
            ((axis.low + axis.high) / 2, "middle"),
            (axis.high, "end"),
        )
    )
    return (
        f'<svg class="plot-wide" role="img" aria-label="{label}" viewBox="0 0 {_WIDTH} {_HEIGHT}">'
        f"{body}{base}{ticks}</svg>"
    )


def _number(value: float) -> str:
    return f"{value:.3g}"
