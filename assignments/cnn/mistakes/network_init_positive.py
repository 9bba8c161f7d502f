"""The network's weights are all positive: they should be spread around zero.

np.random.rand for np.random.randn.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.init",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        for name in ("W1", "W2", "W3"):
            self.params[name] = weight_scale * np.random.rand(*self.params[name].shape)
