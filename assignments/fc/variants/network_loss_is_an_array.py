"""The losses of both networks are arrays without axes."""

import numpy as np

from nndl.fc_net import FullyConnectedNet as RightDeepNet
from nndl.fc_net import TwoLayerNet as RightNet


class TwoLayerNet(RightNet):
    def loss(self, X, y=None):
        result = super().loss(X, y)
        return result if y is None else (np.array(result[0]), result[1])


class FullyConnectedNet(RightDeepNet):
    def loss(self, X, y=None):
        result = super().loss(X, y)
        return result if y is None else (np.array(result[0]), result[1])
