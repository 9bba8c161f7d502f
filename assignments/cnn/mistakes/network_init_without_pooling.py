"""The second layer's weights are made for an image that was not pooled: the pooling halves height and width
before they are flattened.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = (
    "ThreeLayerConvNet.init",
    "ThreeLayerConvNet.init_loss",
)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        rows, columns = self.params["W2"].shape
        self.params["W2"] = np.random.normal(0, weight_scale, (4 * rows, columns))
