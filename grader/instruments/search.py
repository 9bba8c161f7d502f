"""Search a gradient for a disagreement with its function, along random directions and at the best steps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from grader.instruments.arrays import Float, norm, root_mean_square
from grader.instruments.locate import Location, locate
from grader.instruments.probe import Probe, Slope

NOISES = 10.0
"""Multiple of the measured noise that a derivative may miss by. Noise that all outputs share is known from
three numbers only; a misjudgement by 3 still leaves three standard errors."""

CONFIRMING_FACTORS = (1.0, 1.0 / 3.0, 1.0 / 9.0, 3.0)
"""A mismatch is believed when it comes out the same at two steps, as one by a kink or noise does not."""

SHRUNK = 0.4
"""Share of its size to which noise must not fall with a third of the step. That of kinks falls to a third."""

STEP_FACTOR = 10.0
COARSEST_STEP = 0.1
"""Steps move up and down by this factor, and never beyond a tenth of the input's spread."""

BLUNT = 0.02
"""Share of the derivative's usual size that a reading may leave open before further steps are worth their cost."""

NOTHING = 1e-280
"""Noise of outputs that are zero: the floor that `slopes` sets, over the finest step."""

QUIET = 1e-3
"""Noise, as a share of the weighted outputs, below which a derivative not to be told from zero is zero."""

SMALLEST_WEIGHT, LARGEST_WEIGHT = 0.5, 1.5
"""Sizes of a direction's entries, see `draw_direction`."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One direction: what the gradient claims along it and what was measured.

    Attributes
    ----------
    direction
        In the shape of the input.
    claimed
        The gradient's product with it.
    slope
        What was measured, at the step that measured best.
    rounding
        What rounding of the gradient's own entries may add up to.
    """

    direction: Float
    claimed: float
    slope: Slope
    rounding: float

    @property
    def error(self) -> float:
        """Claimed minus measured."""
        return self.claimed - self.slope.value

    @property
    def noise(self) -> float:
        """How far noise can have moved the measurement."""
        return NOISES * self.slope.noise + self.slope.discrepancy

    @property
    def allowance(self) -> float:
        """The error up to which nothing is wrong."""
        return self.noise + self.slope.slack + self.rounding

    @property
    def suspicious(self) -> bool:
        """Whether the error is larger than noise, kinks and rounding explain."""
        return abs(self.error) > self.allowance

    @property
    def kinked(self) -> bool:
        """Whether kinks, and not noise or rounding, limit what this direction can show."""
        return self.slope.slack > self.noise + self.rounding

    def confirms(self, other: Reading) -> bool:
        """Whether both show one error, at different steps and in noise of one size."""
        fine, coarse = sorted((self, other), key=lambda each: each.slope.step)
        same = abs(self.error - other.error) <= self.allowance + other.allowance
        noises = fine.slope.noise * fine.slope.step, coarse.slope.noise * coarse.slope.step
        steady = coarse.noise <= coarse.rounding or noises[0] >= SHRUNK * noises[1]
        return same and steady and self.suspicious and other.suspicious

    def empty(self, size: float) -> bool:
        """Whether both sides are zero, and noise is too small against outputs of this `size` to hide more."""
        return max(abs(self.claimed), abs(self.slope.value)) <= self.noise <= QUIET * size + NOTHING


@dataclass(frozen=True, slots=True)
class Search:
    """A gradient claimed at a probe's point.

    Attributes
    ----------
    probe
        The function.
    claimed
        The gradient; finite float64 in the shape of the point.
    right
        Largest `relative_error` of a gradient's entry that rounding explains.
    """

    probe: Probe
    claimed: Float
    right: float

    def readings(self, wanted: int, redraws: int, rng: np.random.Generator) -> list[Reading]:
        """Return one reading for each of `wanted` directions, replacing those that kinks or noise spoil.

        When every direction is spoilt it is by the point or the function, and another would not help.
        """
        found: list[Reading] = []
        for _ in range(1 + redraws):
            shape, unit = self.claimed.shape, self.probe.unit
            missing = wanted - sum(not self._spoilt(each) for each in found)
            drawn = self._explore([draw_direction(shape, unit, rng) for _ in range(missing)])
            found = [each for each in found if not self._spoilt(each)] + drawn
            if sum(self._spoilt(each) for each in found) in (0, len(found)):
                break
        return found

    def confirmed(self, suspect: Reading, readings: Sequence[Reading]) -> bool:
        """Whether the suspect's error comes out the same at two steps around its own.

        Noise is as large at one step as at another. What shrinks with the step is kinks that pass for noise,
        and then nothing is confirmed. All directions are read again, to know the noise as well as before.
        """
        directions = [suspect.direction, *(each.direction for each in readings if each is not suspect)]
        seen: list[Reading] = []
        for factor in CONFIRMING_FACTORS:
            slope, *_ = self.probe.read(directions, [suspect.slope.step * factor] * len(directions))
            if slope is None:
                continue
            again = self._reading(suspect.direction, slope)
            if any(again.confirms(each) for each in seen):
                return True
            seen.append(again)
        return False

    def smallest_error(self, readings: Sequence[Reading]) -> float:
        """Return the error of one entry, relative to the gradient's RMS, that most directions show.

        It must show at the finer confirming step too, where noise is larger, and also where the side that a
        gradient takes at a kink pulls the other way.
        """
        if not readings:
            return math.inf
        unit = self.probe.unit
        size = root_mean_square(self.claimed) or (
            max(abs(each.slope.value) for each in readings) / (unit * math.sqrt(self.claimed.size))
        )
        extra = 1.0 / CONFIRMING_FACTORS[1] - 1.0
        limit = median(each.allowance + extra * each.noise + each.slope.slack for each in readings)
        usual = SMALLEST_WEIGHT * unit * size
        return limit / usual if usual > 0.0 else math.inf

    def empty(self, readings: Sequence[Reading]) -> bool:
        """Whether gradient and derivative are zero along every direction."""
        size = norm(self.probe.dout * self.probe.centre)
        return all(each.empty(size) for each in readings)

    def locate(self, convict: Reading) -> Location | None:
        """Find a wrong entry, starting from a direction that shows an error."""

        def error_along(direction: Float) -> tuple[float, float]:
            (slope,) = self.probe.read([direction], [convict.slope.step])
            if slope is None:
                return 0.0, math.inf
            reading = self._reading(direction, slope)
            return reading.error, reading.allowance

        return locate(error_along, convict.direction, self.claimed)

    def _explore(self, directions: Sequence[Float]) -> list[Reading]:
        """Return the sharpest reading of each direction over the steps worth trying."""
        tried: list[dict[float, Reading | None]] = [{} for _ in directions]
        steps = dict.fromkeys(range(len(directions)), self.probe.first_step)
        while steps:
            numbers = list(steps)
            found = self.probe.read([directions[each] for each in numbers], [steps[each] for each in numbers])
            for number, slope in zip(numbers, found, strict=True):
                reading = None if slope is None else self._reading(directions[number], slope)
                tried[number][steps[number]] = reading
            steps = {
                number: step for number in numbers if (step := self._next_step(tried[number])) is not None
            }
        best = [_sharpest(each)[1] for each in tried]
        return [each for each in best if each is not None]

    def _next_step(self, tried: Mapping[float, Reading | None]) -> float | None:
        """Return an untried neighbour of the best step so far; finer first past kinks, coarser past noise.

        None when the gradient's own rounding is what limits the best one, or its neighbours are no better. While
        even the best one would miss a good part of the gradient, every finer step is tried as well.
        """
        step, reading = _sharpest(tried)
        if reading is not None and reading.allowance <= 2.0 * max(
            reading.rounding, self.right * abs(reading.slope.value)
        ):
            return None
        finer, coarser = step / STEP_FACTOR, step * STEP_FACTOR
        ways = (finer, coarser) if reading is None or reading.kinked else (coarser, finer)
        for way in ways:
            within = self.probe.finest_step * 0.5 < way < COARSEST_STEP * 2.0
            if within and not any(math.isclose(way, each) for each in tried):
                return way
        finest = min(tried) / STEP_FACTOR
        blunt = reading is None or (self._blunt(reading) and not self.empty([reading]))
        return finest if blunt and finest > self.probe.finest_step * 0.5 else None

    def _blunt(self, reading: Reading) -> bool:
        usual = max(reading.rounding / self.right, abs(reading.slope.value))
        return reading.allowance > BLUNT * usual

    def _spoilt(self, reading: Reading) -> bool:
        return reading.kinked or self._blunt(reading)

    def _reading(self, direction: Float, slope: Slope) -> Reading:
        products = self.claimed * direction
        rounding = self.right * norm(products)
        return Reading(direction, float(np.sum(products)), slope, rounding)


def draw_direction(shape: tuple[int, ...], unit: float, rng: np.random.Generator) -> Float:
    """Return a random direction whose entries have random signs and sizes from 0.5 to 1.5 times `unit`.

    A normal or spherical direction nearly vanishes at some entries and then overlooks them: one in twelve is
    below a tenth of its usual size. Here every entry weighs at least half of it, and errors in many entries
    add up as randomly as along a spherical direction. Sizes differ, so that swapped entries do not cancel.
    """
    signs = rng.choice(np.array([-1.0, 1.0]), size=shape)
    return np.asarray(unit * signs * rng.uniform(SMALLEST_WEIGHT, LARGEST_WEIGHT, size=shape))


def _sharpest(tried: Mapping[float, Reading | None]) -> tuple[float, Reading | None]:
    step = min(tried, key=lambda each: (reading.allowance if (reading := tried[each]) else math.inf, each))
    return step, tried[step]
