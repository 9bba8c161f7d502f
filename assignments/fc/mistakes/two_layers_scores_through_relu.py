"""The scores of the two-layer network go through a ReLU: the last layer is affine alone."""

import numpy as np

from nndl.fc_net import TwoLayerNet as RightNet

PARTS = ("TwoLayerNet.loss",)
SCOPE = "homework"


class TwoLayerNet(RightNet):
    def loss(self, X, y=None):
        scores = super().loss(X)
        return np.maximum(scores, 0) if y is None else super().loss(X, y)
