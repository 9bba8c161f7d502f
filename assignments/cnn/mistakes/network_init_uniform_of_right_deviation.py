"""The network's weights have the right spread but not the right distribution: they should come from a
Gaussian.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.init",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        bound = np.sqrt(3) * weight_scale
        for name in ("W1", "W2", "W3"):
            self.params[name] = np.random.uniform(-bound, bound, self.params[name].shape)
