"""The network's weights are scaled by the number of inputs: this network uses the weight_scale it is given.

Xavier's initialisation, which is another homework's; the first loss is then no longer about ln 10.
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
        self.params["W1"] = np.random.randn(*(s1 := self.params["W1"].shape)) / np.sqrt(np.prod(s1[1:]))
        for name in ("W2", "W3"):
            self.params[name] = np.random.randn(*self.params[name].shape) / np.sqrt(len(self.params[name]))
