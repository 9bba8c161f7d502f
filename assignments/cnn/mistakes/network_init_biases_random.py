"""The network's biases are random: they start at zero, only the weights are drawn."""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.init",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        for name in ("b1", "b2", "b3"):
            self.params[name] = np.random.normal(0, weight_scale, self.params[name].shape)
