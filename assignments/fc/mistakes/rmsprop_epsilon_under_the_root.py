"""RMSProp adds epsilon under the root: it is added to the root."""

import numpy as np

from nndl.optim import with_defaults

PARTS = ("rmsprop",)
SCOPE = "homework"


def rmsprop(w, dw, config=None):
    config = with_defaults(config, w, ["a"], learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)
    config["a"] = config["decay_rate"] * config["a"] + (1 - config["decay_rate"]) * dw**2
    return w - config["learning_rate"] * dw / np.sqrt(config["a"] + config["epsilon"]), config
