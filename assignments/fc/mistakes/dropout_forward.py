"""Mistakes in the forward pass of dropout."""

import numpy as np

from grader.bank import mistake
from nndl.layers import dropout_forward as right_forward

# --- Train mode: which elements are kept ---


@mistake("dropout_forward.train")
def dropout_keeps_too_much(x, dropout_param):
    """The wrong share of elements is kept: each is kept with probability p."""
    return right_forward(x, {**dropout_param, "p": 0.5 + 0.5 * dropout_param["p"]})


@mistake("dropout_forward.train")
def dropout_drops_whole_samples(x, dropout_param):
    """Whole samples are dropped: each element is drawn on its own."""
    out, cache = right_forward(x, dropout_param)
    if dropout_param["mode"] == "test":
        return out, cache
    p = dropout_param["p"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    rows = np.zeros(len(x))
    rows[: round(p * len(x))] = 1 / p
    mask = np.random.permutation(rows)[:, None] * np.ones_like(x)
    return x * mask, (dropout_param, mask)


@mistake("dropout_forward.train")
def dropout_in_a_pattern(x, dropout_param):
    """Elements are dropped in a pattern that only begins at random: each element is drawn on its own."""
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    p = dropout_param["p"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    places = (np.arange(x.size) + np.random.randint(1000)) * 0.618034
    mask = (places % 1 < p).reshape(x.shape) / p
    return x * mask, (dropout_param, mask)


@mistake("dropout_forward.train", "FullyConnectedNet.dropout")
def dropout_always_the_same(x, dropout_param):
    """Every step drops the same elements: without a seed each call draws anew."""
    _, (_, mask) = right_forward(x, {"seed": 0, **dropout_param})
    return (x if mask is None else x * mask), (dropout_param, mask)


@mistake("dropout_forward.train", "FullyConnectedNet.dropout")
def dropout_ignores_the_seed(x, dropout_param):
    """A seed does not make the masks repeat: draw from np.random, which the seed was given to."""
    if dropout_param["mode"] == "test":
        return x, (dropout_param, None)
    p = dropout_param["p"]
    mask = (np.random.default_rng().random(x.shape) < p) / p
    return x * mask, (dropout_param, mask)


# --- Train mode: the factor ---


@mistake("dropout_forward.train")
def dropout_not_scaled(x, dropout_param):
    """What is kept is not divided by the probability to be kept: then sums are smaller in training than in
    use.
    """
    out, (param, mask) = right_forward(x, dropout_param)
    if mask is None:
        return out, (param, mask)
    mask = mask * dropout_param["p"]
    return x * mask, (param, mask)


@mistake("dropout_forward.train")
def dropout_scaled_by_the_share_dropped(x, dropout_param):
    """What is kept is divided by the probability to be dropped: divide by that to be kept."""
    out, (param, mask) = right_forward(x, dropout_param)
    if mask is None:
        return out, (param, mask)
    mask = mask * dropout_param["p"] / (1 - dropout_param["p"])
    return x * mask, (param, mask)


# --- Test mode ---


@mistake("dropout_forward.test", "FullyConnectedNet.dropout")
def dropout_drops_in_test_mode(x, dropout_param):
    """Test mode drops elements: it hands the input on as it is."""
    out, (_, mask) = right_forward(x, {**dropout_param, "mode": "train"})
    return out, (dropout_param, mask)


@mistake("dropout_forward.test", "FullyConnectedNet.dropout")
def dropout_scaled_in_test_mode(x, dropout_param):
    """Test mode scales the input: inverted dropout has scaled in training already, and test mode does
    nothing.
    """
    out, cache = right_forward(x, dropout_param)
    return (out * dropout_param["p"] if dropout_param["mode"] == "test" else out), cache
