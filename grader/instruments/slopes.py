"""The derivative of a function along one direction from five of its outputs, with its noise and its kinks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.instruments.arrays import Float, root_mean_square

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

KINK_MULTIPLE = 30.0
"""How far above its noise a disagreement of an output's slopes must be to count as a kink. A kink below this
adds at most 100 noises of one output, less than the rounding that a check allows the gradient anyway."""

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
    centre: Float, around: Sequence[Sequence[Float]], dout: Float, steps: Sequence[float], precision: float
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
    steps
        The step along each direction.
    precision
        Unit roundoff of the outputs.
    """
    stencils = [np.stack([low2, low1, centre, up1, up2]) for low2, low1, up1, up2 in around]
    fourth = [one[0] - 4 * one[1] + 6 * one[2] - 4 * one[3] + one[4] for one in stencils]
    each = np.maximum(
        _typical_noise(fourth), precision * np.maximum(np.abs(centre), root_mean_square(centre))
    )
    slack = [_kink_slack(one, dout, step, each) for one, step in zip(stencils, steps, strict=True)]
    smooth = [one for one, kinks in zip(fourth, slack, strict=True) if kinks == 0.0] or fourth
    shared = max(abs(float(np.sum(dout * one))) for one in smooth) / FOURTH_DIFFERENCE_NORM
    joint = max(float(np.sqrt(np.sum((dout * each) ** 2))), shared)
    return [
        _slope(one, dout, step, joint, kinks) for one, step, kinks in zip(stencils, steps, slack, strict=True)
    ]


def _typical_noise(fourth: Sequence[Float]) -> float:
    """Return the outputs' noise: fourth differences of a smooth function over tiny steps are nothing else."""
    sizes = np.abs(np.concatenate([one.ravel() for one in fourth]))
    sizes = sizes[sizes > 0.0]
    return float(np.median(sizes)) / MEDIAN_OF_NORMAL / FOURTH_DIFFERENCE_NORM if sizes.size else 0.0


def _kink_slack(stencil: Float, dout: Float, step: float, noise: Float) -> float:
    low2, low1, centre, up1, up2 = stencil
    bend = np.abs((up1 - low1) / (2 * step) - (up2 - low2) / (4 * step))
    near, far = (up1 - 2 * centre + low1) / step, (up2 - 2 * centre + low2) / (2 * step)
    jump = np.abs(2 * near - far)
    limit = KINK_MULTIPLE * noise / step
    kinked = (bend > CENTRAL_NOISE * limit) | (jump > JUMP_NOISE * limit)
    at_point = np.abs(near - far) <= SAME_JUMP * jump
    sides = (np.abs(up1 - centre) + np.abs(centre - low1)) / step
    slack = np.where(at_point, KINK_AT_POINT * sides, KINK_BESIDE * (bend + jump))
    return float(np.sum(np.where(kinked, np.abs(dout) * slack, 0.0)))


def _slope(stencil: Float, dout: Float, step: float, joint: float, slack: float) -> Slope:
    low2, low1, _, up1, up2 = stencil
    near, far = (up1 - low1) / (2 * step), (up2 - low2) / (4 * step)
    discrepancy = float(np.sum(dout * (near - far))) / 3.0
    value = float(np.sum(dout * near)) + discrepancy
    return Slope(step, value, SLOPE_NOISE * joint / step, abs(discrepancy), slack)
