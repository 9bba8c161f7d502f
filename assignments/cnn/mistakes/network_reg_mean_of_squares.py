"""The regularisation averages the squares of the weights: the loss adds their sum."""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.loss",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        weights = [self.params[name] for name in ("W1", "W2", "W3")]
        return loss + 0.5 * self.reg * sum(np.mean(each**2) - np.sum(each**2) for each in weights), grads
