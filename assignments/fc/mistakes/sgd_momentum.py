"""Mistakes in gradient descent with momentum."""

from grader.bank import mistake
from nndl.optim import with_defaults


@mistake("sgd_momentum")
def momentum_not_stored(w, dw, config=None):
    """The velocity is not stored: the next step finds it as it was."""
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    velocity = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + velocity, config


@mistake("sgd_momentum")
def momentum_with_the_old_velocity(w, dw, config=None):
    """The parameter moves by the velocity of the step before: the new one includes the present gradient."""
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    before = config["velocity"]
    config["velocity"] = config["momentum"] * before - config["learning_rate"] * dw
    return w + before, config


@mistake("sgd_momentum")
def momentum_up_the_hill(w, dw, config=None):
    """The momentum rule climbs: the gradient is subtracted from the velocity."""
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    config["velocity"] = config["momentum"] * config["velocity"] + config["learning_rate"] * dw
    return w + config["velocity"], config


@mistake("sgd_momentum")
def momentum_as_an_average(w, dw, config=None):
    """The velocity gives the gradient only the share that momentum leaves: momentum scales the old velocity
    alone.
    """
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    share = config["momentum"]
    config["velocity"] = share * config["velocity"] - (1 - share) * config["learning_rate"] * dw
    return w + config["velocity"], config
