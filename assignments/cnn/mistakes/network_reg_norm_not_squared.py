"""The loss adds the length of the weights: the regularisation adds the sum of their squares, without a root."""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.loss",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        squares = [np.sum(self.params[name] ** 2) for name in ("W1", "W2", "W3")]
        return loss + 0.5 * self.reg * sum(np.sqrt(squares) - squares), grads
