"""The network's weights have a standard deviation of one: they are not multiplied by weight_scale, and the
first loss is huge.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = (
    "ThreeLayerConvNet.init",
    "ThreeLayerConvNet.init_loss",
)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("W1", "W2", "W3"):
            self.params[name] = np.random.randn(*self.params[name].shape)
