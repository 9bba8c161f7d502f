"""Mistakes in Adam."""

import numpy as np

from grader.bank import mistake
from nndl.optim import adam as right_adam, with_defaults

# --- The correction and its count ---


@mistake("adam")
def adam_not_corrected(w, dw, config=None):
    """Adam's averages are not corrected for their start at zero, so that the first steps are of the wrong
    size.
    """
    config = with_defaults(
        config, w, ["v", "a"], learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0
    )
    config["t"] += 1
    beta1, beta2 = config["beta1"], config["beta2"]
    config["v"] = beta1 * config["v"] + (1 - beta1) * dw
    config["a"] = beta2 * config["a"] + (1 - beta2) * dw**2
    v = config["v"]
    a = config["a"]
    return w - config["learning_rate"] * v / (np.sqrt(a) + config["epsilon"]), config


@mistake("adam")
def adam_step_not_counted(w, dw, config=None):
    """Adam does not count its steps, so that it corrects every step like the first."""
    config = with_defaults(
        config, w, ["v", "a"], learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0
    )
    t = config["t"] + 1
    beta1, beta2 = config["beta1"], config["beta2"]
    config["v"] = beta1 * config["v"] + (1 - beta1) * dw
    config["a"] = beta2 * config["a"] + (1 - beta2) * dw**2
    v = config["v"] / (1 - beta1**t)
    a = config["a"] / (1 - beta2**t)
    return w - config["learning_rate"] * v / (np.sqrt(a) + config["epsilon"]), config


@mistake("adam")
def adam_counts_after_the_step(w, dw, config=None):
    """Adam counts the step too late: the first is number one, and corrected by nothing it divides by zero."""
    config = with_defaults(
        config, w, ["v", "a"], learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0
    )
    beta1, beta2 = config["beta1"], config["beta2"]
    config["v"] = beta1 * config["v"] + (1 - beta1) * dw
    config["a"] = beta2 * config["a"] + (1 - beta2) * dw**2
    with np.errstate(all="ignore"):
        v = config["v"] / (1 - np.power(beta1, config["t"]))
        a = config["a"] / (1 - np.power(beta2, config["t"]))
        after = w - config["learning_rate"] * v / (np.sqrt(a) + config["epsilon"])
    config["t"] += 1
    return after, config


@mistake("adam")
def adam_corrects_the_first_average_only(w, dw, config=None):
    """Adam corrects only the average of the gradient: that of its square starts at zero as well."""
    config = with_defaults(
        config, w, ["v", "a"], learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0
    )
    config["t"] += 1
    beta1, beta2 = config["beta1"], config["beta2"]
    config["v"] = beta1 * config["v"] + (1 - beta1) * dw
    config["a"] = beta2 * config["a"] + (1 - beta2) * dw**2
    v = config["v"] / (1 - beta1 ** config["t"])
    a = config["a"]
    return w - config["learning_rate"] * v / (np.sqrt(a) + config["epsilon"]), config


@mistake("adam")
def adam_stores_corrected_averages(w, dw, config=None):
    """Adam stores the corrected averages: then the next step corrects them again."""
    config = with_defaults(
        config, w, ["v", "a"], learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0
    )
    config["t"] += 1
    beta1, beta2 = config["beta1"], config["beta2"]
    config["v"] = beta1 * config["v"] + (1 - beta1) * dw
    config["a"] = beta2 * config["a"] + (1 - beta2) * dw**2
    v = config["v"] / (1 - beta1 ** config["t"])
    a = config["a"] / (1 - beta2 ** config["t"])
    config["v"], config["a"] = v, a
    return w - config["learning_rate"] * v / (np.sqrt(a) + config["epsilon"]), config


# --- The rest of the step ---


@mistake("adam")
def adam_betas_exchanged(w, dw, config=None):
    """Adam's two shares are exchanged: beta1 belongs to the gradient, beta2 to its square."""
    config = {} if config is None else config
    betas = config.get("beta1", 0.9), config.get("beta2", 0.999)
    after, config = right_adam(w, dw, {**config, "beta1": betas[1], "beta2": betas[0]})
    return after, {**config, "beta1": betas[0], "beta2": betas[1]}


@mistake("adam")
def adam_epsilon_under_the_root(w, dw, config=None):
    """Adam adds epsilon under the root: it is added to the root."""
    config = with_defaults(
        config, w, ["v", "a"], learning_rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-8, t=0
    )
    config["t"] += 1
    beta1, beta2 = config["beta1"], config["beta2"]
    config["v"] = beta1 * config["v"] + (1 - beta1) * dw
    config["a"] = beta2 * config["a"] + (1 - beta2) * dw**2
    v = config["v"] / (1 - beta1 ** config["t"])
    a = config["a"] / (1 - beta2 ** config["t"])
    return w - config["learning_rate"] * v / np.sqrt(a + config["epsilon"]), config
