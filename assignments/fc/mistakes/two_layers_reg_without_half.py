"""The two-layer network regularises by the whole sum of squares: the loss takes half of it, so that the
gradient is reg times the weight.
"""

import numpy as np

from nndl.fc_net import TwoLayerNet as RightNet

PARTS = ("TwoLayerNet.loss",)
SCOPE = "homework"


class TwoLayerNet(RightNet):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in self.params:
            if name.startswith("W"):
                loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
        return loss, grads
