"""Adam is written as in the textbook, with new arrays for everything."""

import numpy as np

from nndl.optim import with_defaults


def adam(w, dw, config=None):
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0}
    config = with_defaults(config, w, ["v", "a"], **defaults)
    config["t"] += 1
    config["v"] = config["beta1"] * config["v"] + (1 - config["beta1"]) * dw
    config["a"] = config["beta2"] * config["a"] + (1 - config["beta2"]) * dw * dw
    v_corrected = config["v"] / (1 - config["beta1"] ** config["t"])
    a_corrected = config["a"] / (1 - config["beta2"] ** config["t"])
    return w - config["learning_rate"] * v_corrected / (np.sqrt(a_corrected) + config["epsilon"]), config
