"""Nesterov's rule looks ahead and does not take back what the step before had looked ahead."""

from nndl.optim import with_defaults

PARTS = ("sgd_nesterov_momentum",)
SCOPE = "homework"


def sgd_nesterov_momentum(w, dw, config=None):
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + (1 + config["momentum"]) * config["velocity"], config
