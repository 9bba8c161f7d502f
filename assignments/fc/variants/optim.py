"""Unusual update rules."""

import functools

import numpy as np

from grader.bank import variant
from nndl.optim import with_defaults


@variant()
class momentum_in_place:
    """Both rules with momentum change the parameter and the velocity in place."""

    def sgd_momentum(w, dw, config=None):
        config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
        v = config["velocity"]
        v *= config["momentum"]
        v -= config["learning_rate"] * dw
        w += v
        return w, config

    def sgd_nesterov_momentum(w, dw, config=None):
        config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
        mu, v = config["momentum"], config["velocity"]
        w -= mu * v
        v *= mu
        v -= config["learning_rate"] * dw
        w += (1 + mu) * v
        return w, config


@variant(replaces="rmsprop")
def rmsprop_in_a_new_config(w, dw, config=None):
    """RMSProp returns a new configuration and leaves the old one as it was."""
    config = {
        "learning_rate": 1e-2,
        "decay_rate": 0.99,
        "epsilon": 1e-8,
        "a": np.zeros_like(w),
        **(config or {}),
    }
    decay = config["decay_rate"]
    config["a"] = config["a"] * decay + np.square(dw) * (1 - decay)
    step = dw / (config["a"] ** 0.5 + config["epsilon"])
    return w - step * config["learning_rate"], config


@variant(replaces="adam")
def adam_by_the_book(w, dw, config=None):
    """Adam is written as in the textbook, with new arrays for everything."""
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0}
    config = with_defaults(config, w, ["v", "a"], **defaults)
    config["t"] += 1
    config["v"] = config["beta1"] * config["v"] + (1 - config["beta1"]) * dw
    config["a"] = config["beta2"] * config["a"] + (1 - config["beta2"]) * dw * dw
    v_corrected = config["v"] / (1 - config["beta1"] ** config["t"])
    a_corrected = config["a"] / (1 - config["beta2"] ** config["t"])
    return w - config["learning_rate"] * v_corrected / (np.sqrt(a_corrected) + config["epsilon"]), config


def _completed(**defaults):
    def decorate(rule):
        @functools.wraps(rule)
        def complete(w, dw, config=None):
            config = config if config is not None else {}
            for name, value in defaults.items():
                config.setdefault(name, np.zeros_like(w) if value is None else value)
            return rule(w, dw, config), config

        return complete

    return decorate


@variant()
class rules_are_decorated:
    """The update rules share a decorator that completes the configuration."""

    @_completed(learning_rate=1e-2, momentum=0.9, velocity=None)
    def sgd_momentum(w, dw, config):
        config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
        return w + config["velocity"]

    @_completed(learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, a=None)
    def rmsprop(w, dw, config):
        config["a"] = config["a"] + (1 - config["decay_rate"]) * (dw**2 - config["a"])
        return w - config["learning_rate"] * dw / (np.sqrt(config["a"]) + config["epsilon"])
