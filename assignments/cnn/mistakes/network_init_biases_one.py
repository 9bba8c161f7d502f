"""The network's biases start at one: they start at zero."""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.init",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("b1", "b2", "b3"):
            self.params[name] = np.ones_like(self.params[name])
