"""CS231n's own names for what remembers and what networks take, as a student of its second assignment writes them."""

import numpy as np

from grader.bank import variant
from nndl.fc_net import FullyConnectedNet as RightNetwork


@variant(layout="cs231n")
class update_rules_of_cs231n:
    """RMSProp keeps its squares as cache, and Adam its two averages as m and v."""

    def rmsprop(w, dw, config=None):
        config = {} if config is None else config
        config.setdefault("learning_rate", 1e-2)
        config.setdefault("decay_rate", 0.99)
        config.setdefault("epsilon", 1e-8)
        config.setdefault("cache", np.zeros_like(w))
        rate = config["decay_rate"]
        config["cache"] = rate * config["cache"] + (1 - rate) * dw**2
        return w - config["learning_rate"] * dw / (np.sqrt(config["cache"]) + config["epsilon"]), config

    def adam(w, dw, config=None):
        config = {} if config is None else config
        config.setdefault("learning_rate", 1e-3)
        config.setdefault("beta1", 0.9)
        config.setdefault("beta2", 0.999)
        config.setdefault("epsilon", 1e-8)
        config.setdefault("m", np.zeros_like(w))
        config.setdefault("v", np.zeros_like(w))
        config.setdefault("t", 0)
        config["t"] += 1
        config["m"] = config["beta1"] * config["m"] + (1 - config["beta1"]) * dw
        config["v"] = config["beta2"] * config["v"] + (1 - config["beta2"]) * dw**2
        m = config["m"] / (1 - config["beta1"] ** config["t"])
        v = config["v"] / (1 - config["beta2"] ** config["t"])
        return w - config["learning_rate"] * m / (np.sqrt(v) + config["epsilon"]), config


@variant(layout="cs231n", replaces="FullyConnectedNet")
class network_of_cs231n(RightNetwork):
    """Batch normalisation is one of several normalisations, and dropout says how much is kept."""

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout_keep_ratio=1,
        normalization=None,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        batchnorm = normalization == "batchnorm"
        keep = 0 if dropout_keep_ratio == 1 else dropout_keep_ratio
        super().__init__(hidden_dims, input_dim, num_classes, keep, batchnorm, reg, weight_scale, dtype, seed)
