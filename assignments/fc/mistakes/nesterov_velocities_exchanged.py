"""Nesterov's rule takes the old velocity for the new one and the new one for the old."""

from nndl.optim import with_defaults

PARTS = ("sgd_nesterov_momentum",)
SCOPE = "homework"


def sgd_nesterov_momentum(w, dw, config=None):
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    before = config["velocity"]
    config["velocity"] = config["momentum"] * before - config["learning_rate"] * dw
    return w + before + config["momentum"] * (before - config["velocity"]), config
