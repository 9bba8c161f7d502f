"""The network's weights are far too small: weight_scale is their standard deviation and not its root.

The variance was meant where the standard deviation is asked for.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.init",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        for name in ("W1", "W2", "W3"):
            self.params[name] = np.random.normal(0, weight_scale**2, self.params[name].shape)
