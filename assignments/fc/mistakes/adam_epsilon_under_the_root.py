"""Adam adds epsilon under the root: it is added to the root."""

import numpy as np

from nndl.optim import with_defaults

PARTS = ("adam",)
SCOPE = "homework"


def adam(w, dw, config=None):
    config = with_defaults(
        config, w, ["v", "a"], learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0
    )
    config["t"] += 1
    beta1, beta2 = config["beta1"], config["beta2"]
    config["v"] = beta1 * config["v"] + (1 - beta1) * dw
    config["a"] = beta2 * config["a"] + (1 - beta2) * dw**2
    v = config["v"] / (1 - beta1 ** config["t"])
    a = config["a"] / (1 - beta2 ** config["t"])
    return w - config["learning_rate"] * v / np.sqrt(a + config["epsilon"]), config
