"""RMSProp returns a new configuration and leaves the old one as it was."""

import numpy as np


def rmsprop(w, dw, config=None):
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
