"""The network's weights are centred on weight_scale instead of zero: it is their standard deviation, not
their mean.

The arguments of np.random.normal in the wrong order of mind: only the first was given.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.init",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        for name in ("W1", "W2", "W3"):
            self.params[name] = np.random.normal(weight_scale, weight_scale, self.params[name].shape)
