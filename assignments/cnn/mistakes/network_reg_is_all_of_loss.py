"""The loss is the regularisation alone: it is added to the loss of the scores, and assigning it throws that away."""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = (
    "ThreeLayerConvNet.init_loss",
    "ThreeLayerConvNet.loss",
)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        _, grads = super().loss(X, y)
        return 0.5 * self.reg * sum(np.sum(self.params[name] ** 2) for name in ("W1", "W2", "W3")), grads
