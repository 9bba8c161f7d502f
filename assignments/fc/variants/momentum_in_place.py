"""Both rules with momentum change the parameter and the velocity in place."""

from nndl.optim import with_defaults


def sgd_momentum(w, dw, config=None):
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    v = config["velocity"]
    v *= config["momentum"]
    v -= config["learning_rate"] * dw
    w += v
    return w, config


def sgd_nesterov_momentum(w, dw, config=None):
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)
    mu, v = config["momentum"], config["velocity"]
    w -= mu * v
    v *= mu
    v -= config["learning_rate"] * dw
    w += (1 + mu) * v
    return w, config
