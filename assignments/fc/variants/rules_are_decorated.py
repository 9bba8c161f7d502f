"""The update rules share a decorator that completes the configuration."""

import functools

import numpy as np


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


@_completed(learning_rate=1e-2, momentum=0.9, velocity=None)
def sgd_momentum(w, dw, config):
    config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + config["velocity"]


@_completed(learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8, a=None)
def rmsprop(w, dw, config):
    config["a"] = config["a"] + (1 - config["decay_rate"]) * (dw**2 - config["a"])
    return w - config["learning_rate"] * dw / (np.sqrt(config["a"]) + config["epsilon"])
