"""The velocity is not stored: the next step finds it as it was."""

from nndl.optim import with_defaults

PARTS = ("sgd_momentum",)
SCOPE = "homework"


def sgd_momentum(w, dw, config=None):
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + velocity, config
