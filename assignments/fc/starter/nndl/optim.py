"""Update rules: how a parameter follows its gradient.

Every rule has the signature ``rule(w, dw, config=None)`` and returns ``(next_w, config)``. The config is a dictionary
with the rule's settings and whatever it remembers from step to step; hand the returned one in again at the next step.
Settings that are missing get the defaults below.
"""

import numpy as np


def sgd(w, dw, config=None):
    """Plain gradient descent.

    Parameters
    ----------
    w, dw : ndarray, same shape
        A parameter and its gradient.
    config : dict
        'learning_rate', default 1e-2.
    """
    config = with_defaults(config, w, [], learning_rate=1e-2)
    return w - config["learning_rate"] * dw, config


def sgd_momentum(w, dw, config=None):
    """Gradient descent with momentum: the velocity is a running sum of past steps.

    Parameters
    ----------
    w, dw : ndarray, same shape
        A parameter and its gradient.
    config : dict
        'learning_rate', default 1e-2. 'momentum': share of the velocity that a step keeps, default 0.9.
        'velocity': ndarray in the shape of w, zeros at first.
    """
    next_w = None
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the update with momentum: store the new velocity in
    #   config["velocity"] and the new parameter as "next_w".
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return next_w, config


def sgd_nesterov_momentum(w, dw, config=None):
    """Gradient descent with Nesterov momentum: the gradient counts as if taken where the velocity leads.

    Parameters
    ----------
    w, dw : ndarray, same shape
        A parameter and its gradient.
    config : dict
        As for `sgd_momentum`.
    """
    next_w = None
    config = with_defaults(config, w, ["velocity"], learning_rate=1e-2, momentum=0.9)

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the update with Nesterov momentum: store the new
    #   velocity in config["velocity"] and the new parameter as
    #   "next_w".
    #   Hint: the velocity changes as with plain momentum. The step
    #   needs the velocity before that change as well.
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return next_w, config


def rmsprop(w, dw, config=None):
    """Divide each step by a running average of how large that entry's gradient was.

    Parameters
    ----------
    w, dw : ndarray, same shape
        A parameter and its gradient.
    config : dict
        'learning_rate', default 1e-2. 'decay_rate': share of the average that a step keeps, default 0.99.
        'epsilon': keeps the divisor from zero, default 1e-8. 'a': average of squared gradients, zeros at first.
    """
    next_w = None
    config = with_defaults(config, w, ["a"], learning_rate=1e-2, decay_rate=0.99, epsilon=1e-8)

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement RMSProp: store the new average of squared gradients
    #   in config["a"] and the new parameter as "next_w".
    #   Hint: epsilon is added to the root, not under it.
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return next_w, config


def adam(w, dw, config=None):
    """Adam: momentum, divided by a running average of the gradient's size, both corrected for their start at zero.

    A rule may update w in place; whoever calls one goes on with the array that it returns.

    Parameters
    ----------
    w, dw : ndarray, same shape
        A parameter and its gradient.
    config : dict
        'learning_rate', default 1e-3. 'beta1', 'beta2': shares of the two averages that a step keeps, default 0.9
        and 0.999. 'epsilon': default 1e-8. 'v', 'a': averages of the gradient and of its square, zeros at first.
        't': steps so far, 0 at first.
    """
    defaults = {"learning_rate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "t": 0}
    config = with_defaults(config, w, ["v", "a"], **defaults)
    next_w = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement Adam: count the step in config["t"], store the new
    #   averages of the gradient in config["v"] and of its square in
    #   config["a"], and the new parameter as "next_w".
    #   Hint: the averages start at zero and are too small at first.
    #   Correct them for the step, but store them uncorrected.
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return next_w, config


def with_defaults(config, w, memories, **defaults):
    """Return config itself, completed: settings by their defaults, memories by zeros in the shape of w."""
    config = {} if config is None else config
    for name, value in defaults.items():
        config.setdefault(name, value)
    for name in memories:
        if config.get(name) is None:
            config[name] = np.zeros_like(w)
    return config


# ================================================================ #
# YOUR CODE HERE:
#   Helper functions of your own, if you want any.
# ================================================================ #

# ================================================================ #
# END YOUR CODE HERE
# ================================================================ #
