"""The network's weights are drawn from a uniform distribution: they should come from a Gaussian with the
given standard deviation.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.init",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        for name in ("W1", "W2", "W3"):
            self.params[name] = np.random.uniform(-weight_scale, weight_scale, self.params[name].shape)
