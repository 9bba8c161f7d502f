"""Evaluate a function around one point, many evaluations at a time, and read slopes off its outputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from grader.instruments.arrays import (
    FLOAT32_DIGITS,
    FLOAT64_DIGITS,
    Float,
    Refusal,
    digits,
    plain_array,
    root_mean_square,
    shape_words,
)
from grader.instruments.slopes import OFFSETS, Slope, slopes

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
    if isinstance(array, Refusal):
        raise ProbeError(array.reason.replace("The result", "The function's output", 1))
    if array.dtype.kind == "c":
        raise ProbeError("The function's output is complex.")
    return array.astype(np.float64)
