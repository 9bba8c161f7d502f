"""Certify the gradient instruments: detection and false alarms over many trials, on all cores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from functools import partial

from grader.instruments.certification_layers import standard_layers
from grader.instruments.certify import Count, Instrument, Trial, count_by, run_trials

SEED = 20_240_229
"""Fixed, so that the certificate can be repeated trial by trial."""

CHUNK = 250
"""Trials handed to a process at a time."""

DETECTION = 0.999
"""Smallest share of wrong gradients that must be flagged, of those whose error is within the claim."""

FALSE_ALARMS = 1e-4
"""Largest share of right gradients that may be flagged, as an upper bound where none is."""

OURS = (Instrument.COMPARISON, Instrument.CONSISTENCY)
"""The two instruments that decide points; the other two are measured beside them."""


def certify_gradients(
    executor: Executor, count: int
) -> tuple[dict[Instrument, Count], dict[Instrument, Count]]:
    """Run `count` trials on wrong and as many on right gradients.

    Returns
    -------
    wrong, right
        What each instrument flagged.
    """
    return _counts(_trials(executor, count, wrong=True)), _counts(_trials(executor, count, wrong=False))


def problems_of(wrong: dict[Instrument, Count], right: dict[Instrument, Count]) -> Iterator[str]:
    """Say where our instruments miss their bars."""
    for instrument in OURS:
        if wrong[instrument].rate < DETECTION:
            yield f"{instrument} flags only {wrong[instrument].rate:.4%} of wrong gradients"
        if right[instrument].rate > FALSE_ALARMS:
            yield f"{instrument} flags {right[instrument].rate:.4%} of right gradients"


def lines_of(wrong: dict[Instrument, Count], right: dict[Instrument, Count]) -> Iterator[str]:
    """Say what each instrument flagged, ours and those in common use."""
    for instrument in Instrument:
        caught, alarms = wrong[instrument], right[instrument]
        within = caught.trials - caught.below
        yield (
            f"{instrument.value:<16} flags {caught.flagged} of {within} wrong gradients ({caught.rate:.3%}; "
            f"{caught.below} below its claim), {alarms.flagged} of {alarms.trials} right ones"
        )


def _trials(executor: Executor, count: int, *, wrong: bool) -> Iterable[Trial]:
    chunks = [range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]
    for trials in executor.map(partial(_run_chunk, wrong=wrong), chunks):
        yield from trials


def _run_chunk(numbers: range, *, wrong: bool) -> list[Trial]:
    return run_trials(standard_layers(), SEED, numbers, wrong=wrong)


def _counts(trials: Iterable[Trial]) -> dict[Instrument, Count]:
    kept = list(trials)
    return {instrument: count_by(kept, instrument)[0] for instrument in Instrument}
