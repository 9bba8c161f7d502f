"""Measure gradient instruments on thousands of right and wrong gradients, and count what each flags."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from benchmarks.certification.layers import LayerSpec
from benchmarks.certification.trials import Regime, Task, draw_task
from grader.instruments.arrays import Float, relative_error, root_mean_square
from grader.instruments.compare import compare_any
from grader.instruments.gradient import GradientEvidence, GradientPlan, GradientVerdict, directional_check
from grader.instruments.tolerances import FLOAT64, tolerance_for

PLAN = GradientPlan(locate=False)
"""As in use, but without looking for the place of an error, which does not change the verdict."""

SEVERAL_ENTRIES = 9.0
"""An error in several entries can cancel along a direction. Its norm must be this many times the smallest
visible error of one entry before fewer than 1 in 10,000 cancel along all three directions."""

COMPARISON_MARGIN = 2.0
"""Error, in tolerances, from which the comparison claims to see it: float32 rounding may hide the rest."""


class Instrument(StrEnum):
    """Ours against the right gradient, ours against the function alone, and the two in common use."""

    COMPARISON = "comparison"
    CONSISTENCY = "consistency"
    TEN_COORDINATES = "ten coordinates"
    ONE_COORDINATE = "one coordinate"


class Answer(StrEnum):
    """What an instrument said of one gradient.

    ``BELOW`` is an error not flagged that is smaller than the instrument claims to see, by its evidence in that
    trial.
    """

    FLAGGED = "flagged"
    PASSED = "passed"
    UNDECIDED = "undecided"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Trial:
    """One gradient and what each instrument said of it; the first fields are those of `Task`.

    Attributes
    ----------
    answers
        By instrument.
    claim
        The smallest error of one entry that the consistency check claimed to see, relative to the gradient's
        RMS; infinite where it decided nothing.
    """

    number: int
    layer: str
    variable: int
    regime: Regime
    kind: str
    wrong: bool
    answers: Mapping[Instrument, Answer]
    claim: float


@dataclass(frozen=True, slots=True)
class Count:
    """How often an instrument flagged what.

    Attributes
    ----------
    instrument, label
        Whose answers, over which trials.
    trials
        How many.
    flagged, undecided, below
        How many of them were flagged, could not be decided, and held an error below the claim.
    """

    instrument: Instrument
    label: str
    trials: int
    flagged: int
    undecided: int
    below: int

    @property
    def rate(self) -> float:
        """Share flagged of the trials within the claim. Undecided ones count as not flagged."""
        within = self.trials - self.below
        return self.flagged / within if within else float("nan")


def run_trials(specs: Sequence[LayerSpec], seed: int, numbers: Iterable[int], *, wrong: bool) -> list[Trial]:
    """Run the trials numbered `numbers`, on wrong or on right gradients.

    Each trial has a generator of its own, so they can be shared out among processes and repeated one by one.

    Raises
    ------
    ValueError
        A layer whose gradient no drawn error changes; see `draw_task`.
    """
    return [_run(draw_task(specs, seed, number, wrong=wrong), seed) for number in numbers]


def count_by(
    trials: Iterable[Trial], instrument: Instrument, label_of: Callable[[Trial], str] = lambda _: "all"
) -> tuple[Count, ...]:
    """Count one instrument's answers, apart for each label; labels in alphabetical order."""
    said: dict[str, list[Answer]] = {}
    for each in trials:
        said.setdefault(label_of(each), []).append(each.answers[instrument])
    return tuple(_count(instrument, label, said[label]) for label in sorted(said))


def _count(instrument: Instrument, label: str, said: list[Answer]) -> Count:
    return Count(
        instrument,
        label,
        trials=len(said),
        flagged=said.count(Answer.FLAGGED),
        undecided=said.count(Answer.UNDECIDED),
        below=said.count(Answer.BELOW),
    )


def _run(task: Task, seed: int) -> Trial:
    rng = np.random.default_rng([seed, task.number, int(task.wrong), 1])
    arguments = task.forward, task.point, task.claimed, task.dout, rng
    evidence = directional_check(
        task.forward, task.point, task.claimed, task.dout, rng, plan=PLAN, gradient_at=task.claimed_at
    )
    answers = {
        Instrument.COMPARISON: _comparison(task),
        Instrument.CONSISTENCY: _consistency(task, evidence),
        Instrument.TEN_COORDINATES: _flagged(cs231n_check(*arguments)),
        Instrument.ONE_COORDINATE: _flagged(one_coordinate_check(*arguments)),
    }
    origin = task.number, task.layer, task.variable, task.regime, task.kind, task.wrong
    return Trial(*origin, answers, evidence.smallest_error)


def _flagged(flag: bool) -> Answer:
    return Answer.FLAGGED if flag else Answer.PASSED


def _comparison(task: Task) -> Answer:
    if not compare_any(task.claimed, task.accepted).right:
        return Answer.FLAGGED
    size = float(np.max(relative_error(task.accepted[0] + task.error, task.accepted[0])))
    right = tolerance_for(task.claimed, FLOAT64).right
    return Answer.BELOW if task.wrong and size < COMPARISON_MARGIN * right else Answer.PASSED


def _consistency(task: Task, evidence: GradientEvidence) -> Answer:
    if evidence.verdict is GradientVerdict.INCONSISTENT:
        return Answer.FLAGGED
    if task.wrong and evidence.smallest_error <= PLAN.required and not _visible(task, evidence):
        return Answer.BELOW
    return Answer.PASSED if evidence.verdict is GradientVerdict.CONSISTENT else Answer.UNDECIDED


def _visible(task: Task, evidence: GradientEvidence) -> bool:
    limit = evidence.smallest_error * root_mean_square(task.claimed)
    if np.count_nonzero(task.error) == 1:
        return bool(np.max(np.abs(task.error)) >= limit)
    return float(np.linalg.norm(task.error)) >= SEVERAL_ENTRIES * limit


# --- the checks in common use, which sample single coordinates -------------------------------------------------------

Forward = Callable[[Float], Float]

STEP = 1e-5
"""The step both use in the courses they come from."""

CS231N_SAMPLES = 10
CS231N_ALLOWED = 1e-5
"""That helper prints relative errors and asserts nothing; 1e-5 is where its readers are told to worry."""

ONE_COORDINATE_ALLOWED = 1e-2


def cs231n_check(
    f: Forward,
    x: Float,
    gradient: Float,
    dout: Float,
    rng: np.random.Generator,
    *,
    samples: int = CS231N_SAMPLES,
) -> bool:
    """Return whether any of ten sampled coordinates has a relative error above 1e-5."""
    places = [_draw(x, rng) for _ in range(samples)]
    return any(_relative(f, x, gradient, dout, index=each) > CS231N_ALLOWED for each in places)


def one_coordinate_check(
    f: Forward, x: Float, gradient: Float, dout: Float, rng: np.random.Generator
) -> bool:
    """Return whether one sampled coordinate has a relative error above 1e-2."""
    return _relative(f, x, gradient, dout, index=_draw(x, rng)) > ONE_COORDINATE_ALLOWED


def _draw(x: Float, rng: np.random.Generator) -> tuple[int, ...]:
    return tuple(int(rng.integers(length)) for length in x.shape)


def _relative(f: Forward, x: Float, gradient: Float, dout: Float, *, index: tuple[int, ...]) -> float:
    up, down = x.copy(), x.copy()
    up[index] += STEP
    down[index] -= STEP
    numeric = float(np.sum(dout * (f(up) - f(down)))) / (2.0 * STEP)
    claimed = float(gradient[index])
    size = abs(numeric) + abs(claimed)
    return abs(numeric - claimed) / size if size > 0.0 else 0.0
