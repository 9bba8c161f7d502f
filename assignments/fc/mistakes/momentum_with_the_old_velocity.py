"""The parameter moves by the velocity of the step before: the new one includes the present gradient."""

from nndl.optim import with_defaults

PARTS = ("sgd_momentum",)
SCOPE = "homework"


def sgd_momentum(w, dw, config=None):
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    before = config["velocity"]
    config["velocity"] = config["momentum"] * before - config["learning_rate"] * dw
    return w + before, config
