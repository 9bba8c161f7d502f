"""The scores of the network of any depth go through a ReLU: the last layer is affine alone."""

import numpy as np

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.loss", "FullyConnectedNet.batchnorm", "FullyConnectedNet.dropout")
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def loss(self, X, y=None):
        scores = super().loss(X)
        return np.maximum(scores, 0) if y is None else super().loss(X, y)
