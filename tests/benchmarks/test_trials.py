"""Trials draw right gradients that are right and wrong gradients that are wrong, and repeat."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.certification.layers import LayerSpec, standard_layers
from benchmarks.certification.trials import Regime, draw_task
from grader.instruments.compare import compare_any

LAYERS = standard_layers()
ROUND = len(LAYERS) * len(Regime)


@pytest.mark.parametrize("number", range(ROUND))
def test_right_gradients_are_accepted(number: int) -> None:
    """A right gradient matches one of the accepted ones and has no error."""
    task = draw_task(LAYERS, 1, number, wrong=False)
    assert compare_any(task.claimed, task.accepted).right
    assert not np.any(task.error)


@pytest.mark.parametrize("number", range(ROUND))
def test_wrong_gradients_are_wrong(number: int) -> None:
    """A wrong gradient is off from every accepted one by at least its error."""
    task = draw_task(LAYERS, 1, number, wrong=True)
    assert task.wrong
    size = np.max(np.abs(task.error))
    assert size > 0
    for each in task.accepted:
        assert np.max(np.abs(task.claimed - each)) >= 0.99 * size - 1e-5


def test_every_layer_meets_every_regime() -> None:
    """One round of trials visits each layer in each regime once."""
    seen = {
        (task.layer, task.regime) for task in (draw_task(LAYERS, 0, n, wrong=False) for n in range(ROUND))
    }
    assert len(seen) == ROUND


def test_trials_repeat() -> None:
    """The same seed and number draw the same trial."""
    one, other = (draw_task(LAYERS, 5, 17, wrong=True) for _ in range(2))
    assert one.kind == other.kind
    np.testing.assert_array_equal(one.claimed, other.claimed)


def test_regimes_are_what_they_say() -> None:
    """Kinked inputs are coarse, float32 gradients show it, and a batch of one has one entry."""
    tasks = [draw_task(LAYERS, 2, number, wrong=False) for number in range(4 * ROUND)]
    relu = {task.regime: task for task in tasks if task.layer == "relu"}
    assert np.all(relu[Regime.KINKS].point * 2 == np.round(relu[Regime.KINKS].point * 2))
    assert relu[Regime.BATCH_OF_ONE].point.shape[0] == 1
    assert relu[Regime.PLAIN].claimed.dtype == np.float64
    single = [task for task in tasks if task.regime is Regime.FLOAT32]
    assert {task.claimed.dtype.name for task in single} == {"float32", "float64"}
    assert all(np.array_equal(task.claimed, task.claimed.astype(np.float32)) for task in single)


def test_a_gradient_that_no_error_changes_is_reported() -> None:
    """A layer whose gradient is always zero cannot be certified, and says so."""
    flat = LayerSpec(
        "flat", lambda rng, batch: (rng.normal(size=batch),), np.zeros_like, lambda _, x: (0 * x,)
    )
    with pytest.raises(ValueError, match="flat"):
        draw_task([flat], 0, 0, wrong=True)
