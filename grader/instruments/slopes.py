"""The derivative of a function along one direction from five of its outputs, with its noise and its kinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.instruments.arrays import Float, norm, root_mean_square

OFFSETS = (-2.0, -1.0, 1.0, 2.0)
"""Where a function is evaluated besides the point itself, in steps."""

FOURTH_DIFFERENCE_NORM = 70.0**0.5
"""Root of 1 + 16 + 36 + 16 + 1: how a fourth difference magnifies independent noise."""

SLOPE_NOISE = 130.0**0.5 / 12.0
"""How the five-point derivative magnifies independent noise, times the step."""

CENTRAL_NOISE = 0.625**0.5
"""The same for the difference of the central derivatives at one and two steps."""

JUMP_NOISE = 17.5**0.5
"""The same for the jump between the one-sided derivatives, extrapolated to the point."""

KINK_MULTIPLE = 10.0
"""How far above its noise a disagreement of an output's slopes must be to count as a kink. Taking noise for a
kink does little harm, as the slack given for it is no larger than the disagreement."""

KINK_BESIDE = 2.0 / 3.0
"""Worst error of the five-point derivative by a kink anywhere between the outer points, as a share of the two
disagreements that give it away (worst where it lies at two thirds of a step)."""

KINK_AT_POINT = 4.0
"""At a kink the derivative is a convention. Sending the gradient of a tie between four to all of them exceeds
any one-sided slope by up to this factor."""

SAME_JUMP = 0.1
"""A kink at the point itself jumps by the same amount at one and two steps; one beside it does not."""

MEDIAN_OF_NORMAL = 0.6745
"""Median size of standard normal noise. A median, because kinks in a few outputs are not noise."""

SMALLEST_NOISE = float(np.finfo(np.float64).smallest_normal)
"""Smaller outputs have fewer digits, down to none."""


@dataclass(frozen=True, slots=True)
class Slope:
    """One directional derivative.

    Attributes
    ----------
    step
        Length of a step, along the direction as given.
    value
        Derivative of ``sum(dout * f(x + t * direction))`` at t = 0.
    noise
        Its standard error: measured, and never below what the outputs' precision implies.
    discrepancy
        How far the five-point and the three-point estimate are apart.
    slack
        How far kinks between the outermost points can have moved `value` away from a right answer.
    """

    step: float
    value: float
    noise: float
    discrepancy: float
    slack: float


def slopes(
    centre: Float, around: Sequence[Sequence[Float]], dout: Float, step: float, precision: float
) -> list[Slope]:
    """Return the slope along each of several directions; their noise is pooled.

    The outputs are differenced before they are weighted and summed, so that outputs a direction leaves alone
    add nothing, neither slope nor rounding. Noise is the larger of what independent roundings of the outputs
    add up to and what their weighted sum shows, which includes roundings that all outputs share.

    Parameters
    ----------
    centre
        ``f(x)``.
    around
        For each direction, ``f(x + offset * step * direction)`` for each of `OFFSETS`. Finite.
    dout
        Weight of each output, in the shape of `centre`.
    step
        The step, the same along each direction: noise does not compare across steps.
    precision
        Unit roundoff of the outputs.
    """
    stencils = [np.stack([low2, low1, centre, up1, up2]) for low2, low1, up1, up2 in around]
    fourth = [one[0] - 4 * one[1] + 6 * one[2] - 4 * one[3] + one[4] for one in stencils]
    floor = precision * np.maximum(np.abs(centre), root_mean_square(centre))
    each = np.maximum(np.maximum(_typical_noise(stencils, fourth), floor), SMALLEST_NOISE)
    slack = [np.abs(dout) * _kink_slack(one, step, each) for one in stencils]
    smooth = [np.where(kinks == 0.0, dout * one, 0.0) for one, kinks in zip(fourth, slack, strict=True)]
    shared = max(abs(float(np.sum(one))) for one in smooth) / FOURTH_DIFFERENCE_NORM
    joint = max(norm(dout * each), shared)
    return [
        _slope(one, dout, step, joint, float(np.sum(kinks)))
        for one, kinks in zip(stencils, slack, strict=True)
    ]


def _typical_noise(stencils: Sequence[Float], fourth: Sequence[Float]) -> float:
    """Return the outputs' noise: fourth differences of a smooth function over tiny steps are nothing else.

    Outputs that a direction leaves alone say nothing; one that moves without noise does.
    """
    moved = [np.any(one != one[2], axis=0) for one in stencils]
    sizes = np.concatenate([np.abs(one[moves]) for one, moves in zip(fourth, moved, strict=True)])
    return float(np.median(sizes)) / MEDIAN_OF_NORMAL / FOURTH_DIFFERENCE_NORM if sizes.size else 0.0


def _kink_slack(stencil: Float, step: float, noise: Float) -> Float:
    """Return how far kinks can move the slope of each output; zero where there is none."""
    low2, low1, centre, up1, up2 = stencil
    bend = np.abs((up1 - low1) / (2 * step) - (up2 - low2) / (4 * step))
    near, far = (up1 - 2 * centre + low1) / step, (up2 - 2 * centre + low2) / (2 * step)
    jump = np.abs(2 * near - far)
    limit = KINK_MULTIPLE * noise / step
    bends, jumps = bend > CENTRAL_NOISE * limit, jump > JUMP_NOISE * limit
    at_point = jumps & (np.abs(near - far) <= SAME_JUMP * jump)
    sides = (np.abs(up1 - centre) + np.abs(centre - low1)) / step
    slack = np.where(at_point, KINK_AT_POINT * sides, KINK_BESIDE * (bend + jump))
    return np.where(bends | jumps, slack, 0.0)


def _slope(stencil: Float, dout: Float, step: float, joint: float, slack: float) -> Slope:
    low2, low1, _, up1, up2 = stencil
    near, far = (up1 - low1) / (2 * step), (up2 - low2) / (4 * step)
    discrepancy = float(np.sum(dout * (near - far))) / 3.0
    value = float(np.sum(dout * near)) + discrepancy
    return Slope(step, value, SLOPE_NOISE * joint / step, abs(discrepancy), slack)
