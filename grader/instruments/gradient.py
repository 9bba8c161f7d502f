"""Judge a gradient by its consistency with the function it belongs to."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

import numpy as np

from grader.instruments.arrays import Array, Float, NotNumbers, plain_array, shape_words
from grader.instruments.locate import Location
from grader.instruments.patterns import factor_phrase, simple_factor
from grader.instruments.probe import ManyFunction, ProbeError, open_probe, step_unit
from grader.instruments.search import Reading, Search
from grader.instruments.tolerances import FLOAT64, Tolerance, tolerance_for


class GradientVerdict(StrEnum):
    """What a consistency check showed.

    ``DEGENERATE`` means nothing could be learned: the derivative is zero along every direction and the
    gradient says so too. It is neither a pass nor a failure; choose another input.
    """

    CONSISTENT = "consistent"
    INCONSISTENT = "inconsistent"
    INCONCLUSIVE = "inconclusive"
    DEGENERATE = "degenerate"


@dataclass(frozen=True, slots=True)
class GradientPlan:
    """How hard to look.

    Attributes
    ----------
    directions
        Clean directions wanted. One misses an error that happens to be orthogonal to it; three do not.
    redraws
        How often directions that met kinks are replaced.
    first_step
        First step, in units of the input's spread. Small, because kinks are met in proportion to it, and
        float64 leaves room.
    tolerance
        What rounding in the gradient itself may amount to.
    required
        Largest error of a single entry, relative to the gradient's RMS, that a consistent gradient may hide.
        Where noise or kinks hide more, the verdict is inconclusive.
    locate
        Whether to look for a wrong entry, at about four evaluations per halving of the input.
    """

    directions: int = 3
    redraws: int = 3
    first_step: float = 1e-5
    tolerance: Tolerance = FLOAT64
    required: float = 0.5
    locate: bool = True


ORDINARY = GradientPlan()
"""How hard to look when nothing else is said."""


@dataclass(frozen=True, slots=True)
class GradientEvidence:
    """A verdict and the numbers behind it.

    Attributes
    ----------
    verdict
        See `GradientVerdict`.
    reason
        One or two sentences for the student, without hidden numbers.
    mismatch
        Largest disagreement between gradient and function, in tolerances; infinite for a gradient that could
        not be read.
    smallest_error
        The smallest error of a single entry that this check would have seen, relative to the gradient's RMS.
    directions
        Clean directions used.
    evaluations
        Calls of the function.
    factor
        ``claimed / measured`` where it is the same in every direction and not 1.
    location
        A wrong entry, when one was found.
    kinked
        Whether kinks, and neither noise nor rounding, limited what was seen.
    """

    verdict: GradientVerdict
    reason: str
    mismatch: float = 0.0
    smallest_error: float = math.inf
    directions: int = 0
    evaluations: int = 0
    factor: float | None = None
    location: Location | None = None
    kinked: bool = False


Function = Callable[[Float], object]

NUDGE = 0.1
"""How far to step off a kink, in units of the input's spread: beyond any step, the same kind of input."""

_DECISIVE = (
    GradientVerdict.INCONSISTENT,
    GradientVerdict.CONSISTENT,
    GradientVerdict.INCONCLUSIVE,
    GradientVerdict.DEGENERATE,
)
"""Which of two verdicts beside a kink counts: a mistake may show on one side of it only."""

FEWEST_DIRECTIONS = 2
"""Directions that must agree before a gradient is called consistent."""

SIMPLE_FACTOR_ROOM = 1e-4
"""How far a measured factor may be from the simple number it is called."""


def directional_check(
    f: Function,
    x: object,
    gradient: object,
    dout: object | None,
    rng: np.random.Generator,
    *,
    plan: GradientPlan = ORDINARY,
    gradient_at: Function | None = None,
) -> GradientEvidence:
    """Check that `gradient` is that of ``sum(dout * f(x))``; see `directional_check_many`."""
    return directional_check_many(
        lambda inputs: [f(each) for each in inputs],
        x,
        gradient,
        dout,
        rng,
        plan=plan,
        gradient_at=gradient_at,
    )


def directional_check_many(
    f_many: ManyFunction,
    x: object,
    gradient: object,
    dout: object | None,
    rng: np.random.Generator,
    *,
    plan: GradientPlan = ORDINARY,
    gradient_at: Function | None = None,
) -> GradientEvidence:
    """Check that `gradient` is that of ``sum(dout * f(x))`` with respect to x, by a few random directions.

    This says whether a gradient fits its function, never that the function is right.

    Parameters
    ----------
    f_many
        Takes a list of arrays shaped as `x`, returns as many outputs. It gets copies.
    x
        Where; any shape.
    gradient
        What is claimed at `x`; may be anything at all.
    dout
        Upstream gradient in the shape of the output; ones when None, as for a loss.
    rng
        Source of the directions. The same state gives the same evidence.
    plan
        How hard to look.
    gradient_at
        The gradient as a function of the input. With it, an `x` where nothing can be decided, because it lies
        on a kink (a ReLU at 0, a tie), is left for two points, one on each side of it.

    Raises
    ------
    ValueError
        `x` or `dout` is not a finite real array: a fault of the check.
    """
    point, weights = _own(x, "x"), None if dout is None else _own(dout, "dout")
    evidence = _check_at(f_many, point, gradient, weights, rng=rng, plan=plan)
    if gradient_at is None or not _worth_moving(evidence):
        return evidence
    nudge = NUDGE * step_unit(point) * rng.uniform(-1.0, 1.0, size=point.shape)
    sides = [
        _check_at(f_many, beside, gradient_at(beside.copy()), weights, rng=rng, plan=plan)
        for beside in (point + nudge, point - nudge)
    ]
    decided = min(sides, key=lambda each: _DECISIVE.index(each.verdict))
    return replace(decided, evaluations=evidence.evaluations + sum(each.evaluations for each in sides))


def _worth_moving(evidence: GradientEvidence) -> bool:
    if evidence.verdict is GradientVerdict.CONSISTENT:
        return evidence.kinked
    return evidence.verdict is not GradientVerdict.INCONSISTENT


def _own(value: object, name: str) -> Float:
    array = plain_array(value)
    if isinstance(array, NotNumbers) or array.dtype.kind == "c" or not np.all(np.isfinite(array)):
        raise ValueError(f"{name} must be a finite real array; correct the check's input")
    return array.astype(np.float64)


def _check_at(
    f_many: ManyFunction,
    point: Float,
    gradient: object,
    dout: Float | None,
    *,
    rng: np.random.Generator,
    plan: GradientPlan,
) -> GradientEvidence:
    claimed = plain_array(gradient)
    fault = _unreadable(claimed, point.shape)
    if fault or isinstance(claimed, NotNumbers):
        return GradientEvidence(GradientVerdict.INCONSISTENT, fault, mismatch=math.inf)
    if point.size == 0:
        return GradientEvidence(
            GradientVerdict.DEGENERATE, "The input is empty, so there is nothing to check."
        )
    tolerance = tolerance_for(claimed, plan.tolerance)
    try:
        probe = open_probe(f_many, point, dout, plan.first_step, rng)
        search = Search(probe, claimed.astype(np.float64), tolerance.right)
        return replace(_judge(search, plan, rng), evaluations=probe.evaluations)
    except ProbeError as error:
        return GradientEvidence(GradientVerdict.INCONCLUSIVE, str(error))


def _unreadable(claimed: Array | NotNumbers, shape: tuple[int, ...]) -> str:
    if isinstance(claimed, NotNumbers):
        return claimed.reason.replace("The result", "The gradient", 1)
    if claimed.shape != shape:
        return f"The gradient has {shape_words(claimed.shape, shape)} instead of {shape}."
    if claimed.dtype.kind in "cb":
        return f"The gradient has dtype {claimed.dtype}."
    if not np.all(np.isfinite(claimed)):
        return "The gradient holds NaN or infinite values."
    return ""


def _judge(search: Search, plan: GradientPlan, rng: np.random.Generator) -> GradientEvidence:
    readings = search.readings(plan.directions, plan.redraws, rng)
    smallest = search.smallest_error(readings)
    evidence = partial(
        GradientEvidence,
        mismatch=max((_in_allowances(each) for each in readings), default=0.0),
        smallest_error=smallest,
        directions=len(readings),
        kinked=any(each.kinked for each in readings),
    )
    suspects = [each for each in readings if each.suspicious]
    convict = next((each for each in suspects if search.confirmed(each, readings)), None)
    if convict:
        factor = _common_factor(readings)
        location = search.locate(convict) if plan.locate and factor is None else None
        reason = _explain(factor, location)
        return evidence(GradientVerdict.INCONSISTENT, reason, factor=factor, location=location)
    if suspects:
        return evidence(GradientVerdict.INCONCLUSIVE, "Gradient and function disagree, but not reproducibly.")
    return evidence(*_without_suspects(search, readings, smallest, plan))


def _without_suspects(
    search: Search, readings: Sequence[Reading], smallest: float, plan: GradientPlan
) -> tuple[GradientVerdict, str]:
    if len(readings) < FEWEST_DIRECTIONS:
        return GradientVerdict.INCONCLUSIVE, "The function is not finite around the checked point."
    if search.empty(readings):
        return GradientVerdict.DEGENERATE, "The derivative is zero in every direction: nothing was checked."
    if smallest > plan.required:
        return GradientVerdict.INCONCLUSIVE, "The function has kinks here or is too imprecise to check."
    return GradientVerdict.CONSISTENT, "The gradient fits the function."


def _in_allowances(reading: Reading) -> float:
    if reading.error == 0.0:
        return 0.0
    return abs(reading.error) / reading.allowance if reading.allowance > 0.0 else math.inf


def _common_factor(readings: Sequence[Reading]) -> float | None:
    """Return ``claimed / measured`` where one factor explains every direction."""
    measured = np.array([each.slope.value for each in readings])
    claimed = np.array([each.claimed for each in readings])
    size = float(np.max(np.abs(measured), initial=0.0))
    if len(readings) < FEWEST_DIRECTIONS or size == 0.0:
        return None
    unit = measured / size
    factor = float(np.sum(claimed * unit) / np.sum(unit * unit)) / size
    room = np.array([each.allowance * max(1.0, abs(factor)) for each in readings])
    return factor if bool(np.all(np.abs(claimed - factor * measured) <= room)) else None


def _explain(factor: float | None, location: Location | None) -> str:
    said = "The gradient does not fit the function it belongs to"
    simple = None if factor is None else simple_factor(factor, SIMPLE_FACTOR_ROOM)
    if simple is not None:
        return f"{said}: {factor_phrase(simple)}."
    if factor is not None:
        return f"{said}: every entry is the right value times the same constant."
    if location is None:
        return f"{said}."
    alone = "only a few entries are wrong" if location.alone else "many entries are wrong"
    return f"{said}: {alone}, one of them at index {location.index}."
