"""The regularisation in the loss shrinks with the size of the batch: it belongs to the weights, not to the images, and
is not averaged.
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
        squares = sum(np.sum(self.params[name] ** 2) for name in ("W1", "W2", "W3"))
        return loss - 0.5 * self.reg * (1 - 1 / len(X)) * squares, grads
