"""The second layer's weights fit square images only: height and width of an image can differ."""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.init",)
SCOPE = "beyond"


class ThreeLayerConvNet(Reference):
    def __init__(self, input_dim=(3, 32, 32), num_filters=32, *args, weight_scale=1e-3, **kwargs):
        super().__init__(input_dim, num_filters, *args, weight_scale=weight_scale, **kwargs)
        rows = num_filters * (input_dim[1] // 2) ** 2
        self.params["W2"] = np.random.normal(0, weight_scale, (rows, self.params["W2"].shape[1]))
