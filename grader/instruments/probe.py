"""Evaluate a function around one point, and read its slope along each direction, with its noise and its kinks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from grader.instruments.arrays import (
    FLOAT32_DIGITS,
    FLOAT64_DIGITS,
    Float,
    NotNumbers,
    digits,
    norm,
    plain_array,
    root_mean_square,
    shape_words,
)

ManyFunction = Callable[[list[Float]], Sequence[object]]

ROOM_FOR_OFFSET = 0.1
"""Least unit of a step, as a share of the input's RMS, for inputs that hardly vary around a large mean."""

NEAR_BY = 1e-3
"""Distance, in units, of the point where the function's precision is looked at: an exact input may have exact
outputs."""

FINEST_STEP = 1e-8
COARSE_FIRST_STEP = 1e-2
"""First step where the function rounds its input to float32: a smaller one would measure that rounding."""


class ProbeError(Exception):
    """A function that cannot be probed at this point; the message is safe to show to the student."""


@dataclass(slots=True)
class Probe:
    """A function at a point, ready to be evaluated around it.

    Attributes
    ----------
    function
        Takes a list of inputs, returns as many outputs.
    point
        Where; float64.
    dout
        Weight of each output.
    centre
        The output there.
    unit
        Length that counts as one in the input: its standard deviation.
    first_step
        Step to try first, in units.
    finest_step
        Smallest step worth trying, in units.
    precision
        Unit roundoff of the outputs.
    evaluations
        How many inputs were evaluated so far.
    """

    function: ManyFunction
    point: Float
    dout: Float
    centre: Float
    unit: float
    first_step: float
    finest_step: float
    precision: float
    evaluations: int = field(default=0)

    def read(self, directions: Sequence[Float], steps: Sequence[float]) -> list[Slope | None]:
        """Return the slope along each direction; None where the function is not finite on the way."""
        around = self._around(directions, steps)
        found: list[Slope | None] = [None] * len(around)
        for step in dict.fromkeys(steps):
            members = [each for each, own in enumerate(steps) if own == step and _finite(around[each])]
            groups = [around[each] for each in members]
            read = slopes(self.centre, groups, self.dout, step, self.precision) if groups else []
            for number, slope in zip(members, read, strict=True):
                found[number] = slope
        return found

    def _around(self, directions: Sequence[Float], steps: Sequence[float]) -> list[list[Float]]:
        inputs = [
            self.point + offset * step * direction
            for direction, step in zip(directions, steps, strict=True)
            for offset in OFFSETS
        ]
        outputs = evaluate(self.function, inputs)
        self.evaluations += len(inputs)
        if any(one.shape != self.centre.shape for one in outputs):
            raise ProbeError("The function's output changes its shape when the input changes a little.")
        return [outputs[start : start + len(OFFSETS)] for start in range(0, len(outputs), len(OFFSETS))]


def _finite(outputs: Sequence[Float]) -> bool:
    return all(bool(np.all(np.isfinite(one))) for one in outputs)


def open_probe(
    function: ManyFunction, point: Float, dout: Float | None, first_step: float, rng: np.random.Generator
) -> Probe:
    """Evaluate `function` at `point` and see whether it can be probed there at all.

    It is evaluated twice, because a function that draws random numbers has no derivative, and at a point near
    by as it is and rounded to float32, because equal outputs give away that it rounds its input itself.

    Parameters
    ----------
    dout
        Weight of each output; ones when None.

    Raises
    ------
    ProbeError
        The output is no finite array of the shape of `dout`, or differs from call to call.
    """
    unit = step_unit(point)
    beside = point + NEAR_BY * unit * rng.normal(size=point.shape)
    rounded = beside.astype(np.float32).astype(np.float64)
    centre, again, exact, coarse = evaluate(function, [point, point, beside, rounded])
    weights = np.ones(centre.shape) if dout is None else dout
    if centre.shape != weights.shape:
        raise ProbeError(
            f"The function's output has {shape_words(centre.shape, weights.shape)} instead of {weights.shape}."
        )
    if not np.all(np.isfinite(centre)):
        raise ProbeError("The function's output holds NaN or infinite values.")
    if not np.array_equal(centre, again):
        raise ProbeError("The function's output differs from call to call on the same input.")
    single = digits(exact) == FLOAT32_DIGITS or np.array_equal(exact, coarse)
    return Probe(
        function=function,
        point=point,
        dout=weights,
        centre=centre,
        unit=unit,
        first_step=max(first_step, COARSE_FIRST_STEP) if single else first_step,
        finest_step=first_step if single else min(first_step, FINEST_STEP),
        precision=FLOAT32_DIGITS if single else FLOAT64_DIGITS,
        evaluations=4,
    )


def step_unit(point: Float) -> float:
    """Return the length that counts as one around `point`; 1 for zeros, such as fresh biases."""
    if point.size == 0:
        return 1.0
    size = root_mean_square(point)
    spread = root_mean_square(point - np.mean(point))
    return max(spread, ROOM_FOR_OFFSET * size) or 1.0


def evaluate(function: ManyFunction, inputs: Sequence[Float]) -> list[Float]:
    """Return the outputs for `inputs` as float64 arrays; the function gets copies.

    Raises
    ------
    ProbeError
        An output is not a real array, or their number is wrong.
    """
    values = function([each.copy() for each in inputs])
    if len(values) != len(inputs):
        raise ProbeError(f"{len(inputs)} inputs gave {len(values)} outputs.")
    return [_real(value) for value in values]


def _real(value: object) -> Float:
    array = plain_array(value)
    if isinstance(array, NotNumbers):
        raise ProbeError(array.reason.replace("The result", "The function's output", 1))
    if array.dtype.kind == "c":
        raise ProbeError("The function's output is complex.")
    return array.astype(np.float64)


# --- the slope along one direction, from five outputs ---------------------------------------------------------------

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
