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

    config["velocity"] = config["momentum"] * config["velocity"] - config["learning_rate"] * dw
    next_w = w + config["velocity"]

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

    before = config["velocity"]
    after = config["momentum"] * before - config["learning_rate"] * dw
    config["velocity"] = after
    next_w = w + after + config["momentum"] * (after - before)

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

    config["a"] = config["decay_rate"] * config["a"] + (1 - config["decay_rate"]) * dw**2
    next_w = w - config["learning_rate"] * dw / (np.sqrt(config["a"]) + config["epsilon"])

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

    config["t"] += 1
    # The textbook's five lines pass over arrays of millions of entries ten times. Here the same lines run block by
    # block and in place, on w itself too.
    # The corrections wait until the end and spare a pass over the arrays: v / (sqrt(a) / c + epsilon) is
    # c * v / (sqrt(a) + c * epsilon).
    # c is a Python float: one of NumPy's 64 bits would have whole blocks of 32 bits computed in 64.
    beta1, beta2 = config["beta1"], config["beta2"]
    c = float(1 - beta2 ** config["t"]) ** 0.5
    rate, epsilon = c * config["learning_rate"] / (1 - beta1 ** config["t"]), c * config["epsilon"]

    for w_block, dw_block, v, a in blocks(w, dw, config["v"], config["a"]):
        scratch = (1 - beta1) * dw_block
        np.multiply(v, beta1, out=v)
        np.add(v, scratch, out=v)
        np.multiply(dw_block, dw_block, out=scratch)
        np.multiply(scratch, 1 - beta2, out=scratch)
        np.multiply(a, beta2, out=a)
        np.add(a, scratch, out=a)
        np.sqrt(a, out=scratch)
        np.add(scratch, epsilon, out=scratch)
        np.divide(v, scratch, out=scratch)
        np.multiply(scratch, rate, out=scratch)
        np.subtract(w_block, scratch, out=w_block)
    next_w = w

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


BLOCK = 32768
"""Entries that `adam` updates at a time. Five float32 arrays of this length fit into a core's second-level cache, so
each entry travels to memory and back once per step, not once per operation."""


def blocks(*arrays):
    """Yield the same stretch of every array, one stretch after the other, as views where memory allows it."""
    if all(array.flags.c_contiguous for array in arrays):
        flat = [array.reshape(-1) for array in arrays]
        for start in range(0, flat[0].size, BLOCK):
            yield [array[start : start + BLOCK] for array in flat]
    else:
        yield list(arrays)
