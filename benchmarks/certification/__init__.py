"""What the gradient instruments flag of thousands of right and wrong gradients.

`python -m benchmarks.certification` runs 10,000 trials each way and writes the certificate that the engine ships.
`steps` adds trials to this repository's ``invoke validate``: all of them where everything is asked for, a sample where
the instruments are others than those that were certified.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from functools import partial

from benchmarks.certification.instruments import Instrument, Trial, count_by, run_trials
from benchmarks.certification.layers import standard_layers
from grader.gate.certificate import Flagged, lines_of, shipped_certificate
from grader.gate.gate import Found, GateRun, Step

SEED = 20_240_229
"""Fixed, so that the certificate can be repeated trial by trial."""

TRIALS = 600
TRIALS_IN_FULL = 10_000

CHUNK = 250
"""Trials handed to a process at a time."""

DETECTION = 0.999
"""Smallest share of wrong gradients that must be flagged, of those whose error is within the claim."""

FALSE_ALARMS = 1e-4
"""Largest share of right gradients that may be flagged, as an upper bound where none is."""

OURS = (Instrument.COMPARISON, Instrument.CONSISTENCY)
"""The two instruments that decide points; the other two are measured beside them."""


def steps(run: GateRun) -> Iterator[Step]:
    """Yield the trials that the shipped certificate does not stand for."""
    if run.full or not shipped_certificate().valid:
        trials = TRIALS_IN_FULL if run.full else TRIALS
        yield f"gradient checks, {trials} trials each way", partial(check_gradients, run.executor, trials)


def check_gradients(executor: Executor, trials: int) -> Found:
    """Run trials and hold our instruments to their bars."""
    flagged = certify(executor, trials)
    return lines_of(flagged), list(problems_of(flagged))


def certify(executor: Executor, trials: int) -> tuple[Flagged, ...]:
    """Run `trials` trials on wrong and as many on right gradients, and count what each instrument flags."""
    wrong, right = (list(_trials(executor, trials, wrong=each)) for each in (True, False))
    return tuple(_flagged(each, wrong, right) for each in Instrument)


def problems_of(flagged: Iterable[Flagged]) -> Iterator[str]:
    """Say where our instruments miss their bars."""
    for each in flagged:
        if each.instrument not in OURS:
            continue
        if each.detection < DETECTION:
            yield f"{each.instrument} flags only {each.detection:.4%} of wrong gradients"
        if each.alarms > FALSE_ALARMS * each.trials:
            yield f"{each.instrument} flags {each.alarms / each.trials:.4%} of right gradients"


def _flagged(instrument: Instrument, wrong: list[Trial], right: list[Trial]) -> Flagged:
    (caught,), (alarms,) = count_by(wrong, instrument), count_by(right, instrument)
    return Flagged(instrument.value, caught.trials, caught.flagged, caught.below, alarms.flagged)


def _trials(executor: Executor, count: int, *, wrong: bool) -> Iterable[Trial]:
    chunks = [range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]
    for trials in executor.map(partial(_run_chunk, wrong=wrong), chunks):
        yield from trials


def _run_chunk(numbers: range, *, wrong: bool) -> list[Trial]:
    return run_trials(standard_layers(), SEED, numbers, wrong=wrong)
