"""Adam counts the step too late: the first is number one, and corrected by nothing it divides by zero."""

import numpy as np

from nndl.optim import with_defaults

PARTS = ("adam",)
SCOPE = "homework"


def adam(w, dw, config=None):
    config = with_defaults(
        config, w, ["v", "a"], learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0
    )
    beta1, beta2 = config["beta1"], config["beta2"]
    config["v"] = beta1 * config["v"] + (1 - beta1) * dw
    config["a"] = beta2 * config["a"] + (1 - beta2) * dw**2
    with np.errstate(all="ignore"):
        v = config["v"] / (1 - np.power(beta1, config["t"]))
        a = config["a"] / (1 - np.power(beta2, config["t"]))
        after = w - config["learning_rate"] * v / (np.sqrt(a) + config["epsilon"])
    config["t"] += 1
    return after, config
