"""The loss counts the regularisation twice over: its strength is multiplied by one half, which spares the
gradient a factor of two.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.loss",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss + 0.5 * self.reg * sum(
            np.sum(self.params[name] ** 2) for name in ("W1", "W2", "W3")
        ), grads
