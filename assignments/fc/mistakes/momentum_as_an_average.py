"""The velocity gives the gradient only the share that momentum leaves: momentum scales the old velocity
alone.
"""

from nndl.optim import with_defaults

PARTS = ("sgd_momentum",)
SCOPE = "homework"


def sgd_momentum(w, dw, config=None):
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    share = config["momentum"]
    config["velocity"] = share * config["velocity"] - (1 - share) * config["learning_rate"] * dw
    return w + config["velocity"], config
