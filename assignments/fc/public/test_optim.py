"""Public checks of the update rules: first steps that can be worked out by hand."""

import numpy as np
import pytest

from grader.student.checks import assert_matches, part, results

W, DW = np.array([1.0, 2.0]), np.array([4.0, -0.5])

FIRST = {
    "sgd_momentum": ({"learning_rate": 0.1, "velocity": np.array([1.0, 0.0])}, [1.5, 2.05]),
    "sgd_nesterov_momentum": ({"learning_rate": 0.1, "velocity": np.array([1.0, 0.0])}, [1.05, 2.095]),
    "rmsprop": ({"learning_rate": 0.1, "decay_rate": 0.75, "epsilon": 0.0}, [0.8, 2.2]),
    "adam": ({"learning_rate": 0.1, "epsilon": 0.0}, [0.9, 2.1]),
}
"""Configuration, and where the first step leads from W with the gradient DW."""

RULES = [pytest.param(name, marks=part(name), id=name) for name in FIRST]


@pytest.mark.parametrize("name", RULES)
def test_first_step(student, name):
    """The first step of {name} leads where it should.

    What is in the moving averages before the first step, and is it corrected for?
    """
    config, expected = FIRST[name]
    after, _ = results(getattr(student, name)(W.copy(), DW.copy(), dict(config)), 2, name)
    assert_matches(after, np.array(expected), "new parameter")


@pytest.mark.parametrize("name", RULES)
def test_valley(student, name):
    """A hundred steps of {name} along the gradient of a valley come near its bottom.

    Is what you remember from step to step written back into config?
    """
    w, config = np.array([1.0, -2.0]), {"learning_rate": 0.05}
    for _ in range(100):
        w, config = results(getattr(student, name)(w, 2 * w, config), 2, name)
        if w is None:
            break
    near = None if w is None else np.round(np.asarray(w, dtype=float))
    assert_matches(near, np.zeros(2), "place after a hundred steps, rounded")
