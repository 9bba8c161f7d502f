"""The instruments are as good as they claim, on a sample; the full count is a task of its own."""

from __future__ import annotations

import math
import statistics
from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import certification
from benchmarks.certification import OURS, problems_of
from benchmarks.certification.instruments import (
    Answer,
    Count,
    Instrument,
    Trial,
    count_by,
    run_trials,
)
from benchmarks.certification.layers import standard_layers
from benchmarks.certification.trials import Regime
from grader.gate.certificate import Certificate, Flagged, instruments_version

LAYERS = standard_layers()
SAMPLE = 5 * len(LAYERS) * len(Regime)
WRONG = run_trials(LAYERS, 3, range(SAMPLE), wrong=True)
RIGHT = run_trials(LAYERS, 3, range(SAMPLE), wrong=False)


def total(trials: list[Trial], instrument: Instrument) -> Count:
    """Count all answers of one instrument."""
    (count,) = count_by(trials, instrument)
    return count


def test_wrong_gradients_are_caught() -> None:
    """Both instruments catch all but a few wrong gradients; those few are below their claim or undecided."""
    assert total(WRONG, Instrument.COMPARISON).rate == 1.0
    assert total(WRONG, Instrument.CONSISTENCY).rate > 0.98
    assert not [each for each in WRONG if each.answers[Instrument.CONSISTENCY] is Answer.PASSED]


def test_right_gradients_are_not_flagged() -> None:
    """Neither instrument flags a right gradient, on any kind of input."""
    assert total(RIGHT, Instrument.COMPARISON).flagged == 0
    assert total(RIGHT, Instrument.CONSISTENCY).flagged == 0


def test_the_common_checks_do_worse() -> None:
    """Sampled coordinates overlook more wrong gradients and flag more right ones."""
    for instrument in (Instrument.TEN_COORDINATES, Instrument.ONE_COORDINATE):
        assert total(WRONG, instrument).flagged < total(WRONG, Instrument.CONSISTENCY).flagged
        assert total(RIGHT, instrument).flagged > 0


def test_trials_can_be_shared_out() -> None:
    """Trials run in parts are the trials run at once."""
    numbers = range(0, 12)
    parts = run_trials(LAYERS, 3, numbers[:5], wrong=True) + run_trials(LAYERS, 3, numbers[5:], wrong=True)
    assert parts == WRONG[:12]


def test_counts_add_up() -> None:
    """Counts by label add up to the whole, and cover each label once."""
    by_regime = count_by(WRONG, Instrument.CONSISTENCY, lambda trial: trial.regime)
    whole = total(WRONG, Instrument.CONSISTENCY)
    assert [count.label for count in by_regime] == sorted(Regime)
    assert sum(count.flagged for count in by_regime) == whole.flagged
    assert sum(count.trials for count in by_regime) == whole.trials == SAMPLE


def test_claims_are_stated_by_regime() -> None:
    """In float64 the smallest visible error is a ten-thousandth of the usual entry or less, in float32 larger."""
    claims = {
        regime: statistics.median(trial.claim for trial in RIGHT if trial.regime is regime)
        for regime in Regime
    }
    assert all(claims[regime] < 2e-4 for regime in Regime if regime is not Regime.FLOAT32)
    assert claims[Regime.FLOAT32] < 0.1


def test_undecided_counts_against_detection() -> None:
    """The rate leaves out errors below the claim and nothing else."""
    count = Count(Instrument.CONSISTENCY, "all", trials=10, flagged=7, undecided=1, below=2)
    assert count.rate == 7 / 8
    assert math.isnan(Count(Instrument.CONSISTENCY, "none", trials=2, flagged=0, undecided=0, below=2).rate)


def test_trials_do_not_use_global_random_numbers() -> None:
    """NumPy's global generator is left as it was."""
    before = np.random.get_state()[1].copy()
    run_trials(LAYERS, 9, range(4), wrong=True)
    assert np.array_equal(before, np.random.get_state()[1])


@pytest.mark.parametrize(
    ("caught", "alarms", "problems"),
    [(10_000, 0, 0), (9_995, 1, 0), (9_980, 0, 1), (10_000, 2, 1), (9_000, 40, 2)],
)
def test_the_certificate_has_two_bars(caught: int, alarms: int, problems: int) -> None:
    """Both detection and false alarms of our own instruments are held to their bars, those of others are not."""
    flagged = [
        Flagged(each, 10_000, caught, 0, alarms) if each in OURS else Flagged(each, 10_000, 0, 0, 9_000)
        for each in Instrument
    ]
    assert len(list(problems_of(flagged))) == problems * len(OURS)


@pytest.mark.parametrize(
    ("full", "valid", "trials"), [(False, True, None), (False, False, 600), (True, True, 10_000)]
)
def test_trials_run_where_the_certificate_does_not_stand_for_them(
    monkeypatch: pytest.MonkeyPatch, full: bool, valid: bool, trials: int | None
) -> None:
    """A sample for instruments that were not certified, everything where everything is asked for."""
    shipped = Certificate(instruments_version() if valid else "others", ())
    monkeypatch.setattr(certification, "shipped_certificate", lambda: shipped)
    names = [name for name, _ in certification.steps(SimpleNamespace(full=full, executor=None))]
    assert names == ([f"gradient checks, {trials} trials each way"] if trials else [])
