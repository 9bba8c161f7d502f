"""Mistakes in Nesterov's momentum."""

from grader.bank import mistake
from nndl.optim import sgd_momentum, with_defaults


@mistake("sgd_nesterov_momentum")
def nesterov_is_plain_momentum(w, dw, config=None):
    """Nesterov's rule is that of plain momentum: it looks ahead by one more step of the velocity."""
    return sgd_momentum(w, dw, config)


@mistake("sgd_nesterov_momentum")
def nesterov_does_not_take_back(w, dw, config=None):
    """Nesterov's rule looks ahead and does not take back what the step before had looked ahead."""
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    return w + (1 + config["momentum"]) * config["velocity"], config


@mistake("sgd_nesterov_momentum")
def nesterov_velocities_exchanged(w, dw, config=None):
    """Nesterov's rule takes the old velocity for the new one and the new one for the old."""
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    before = config["velocity"]
    config["velocity"] = config["momentum"] * before - config["learning_rate"] * dw
    return w + before + config["momentum"] * (before - config["velocity"]), config
