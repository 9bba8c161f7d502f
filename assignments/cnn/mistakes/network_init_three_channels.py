"""The filters have three channels whatever the images have: how many there are stands in input_dim."""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.init",)
SCOPE = "beyond"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        filters, _, height, width = self.params["W1"].shape
        drawn = np.random.normal(0, weight_scale, (filters, 3, height, width))
        self.params["W1"] = drawn.astype(self.dtype)
