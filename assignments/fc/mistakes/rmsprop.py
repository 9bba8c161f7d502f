"""Mistakes in RMSProp."""

import numpy as np

from grader.bank import mistake
from nndl.optim import with_defaults

# --- The average of squares ---


@mistake("rmsprop")
def rmsprop_decay_reversed(w, dw, config=None):
    """RMSProp's average forgets too fast: decay_rate is the share of the past that is kept."""
    config = with_defaults(config, w, ["a"], learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    config["a"] = (1 - config["decay_rate"]) * config["a"] + config["decay_rate"] * dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["a"]) + config["epsilon"]), config


@mistake("rmsprop")
def rmsprop_sums_up(w, dw, config=None):
    """RMSProp's average only grows: the past counts less from step to step."""
    config = with_defaults(config, w, ["a"], learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    config["a"] = config["a"] + dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(config["a"]) + config["epsilon"]), config


@mistake("rmsprop")
def rmsprop_divides_by_the_old_average(w, dw, config=None):
    """RMSProp divides by the average of the step before: the present gradient belongs to it already."""
    config = with_defaults(config, w, ["a"], learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    before = config["a"]
    config["a"] = config["decay_rate"] * config["a"] + (1 - config["decay_rate"]) * dw**2
    return w - config["learning_rate"] * dw / (np.sqrt(before) + config["epsilon"]), config


# --- The step ---


@mistake("rmsprop")
def rmsprop_without_root(w, dw, config=None):
    """RMSProp divides by the average of squares: by its root a step is as large as the rate."""
    config = with_defaults(config, w, ["a"], learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    config["a"] = config["decay_rate"] * config["a"] + (1 - config["decay_rate"]) * dw**2
    return w - config["learning_rate"] * dw / (config["a"] + config["epsilon"]), config


@mistake("rmsprop")
def rmsprop_epsilon_under_the_root(w, dw, config=None):
    """RMSProp adds epsilon under the root: it is added to the root."""
    config = with_defaults(config, w, ["a"], learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    config["a"] = config["decay_rate"] * config["a"] + (1 - config["decay_rate"]) * dw**2
    return w - config["learning_rate"] * dw / np.sqrt(config["a"] + config["epsilon"]), config
