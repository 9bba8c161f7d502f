"""The regularisation in the loss counts the biases too: it keeps the weights small and leaves the biases alone.

A sum over all of params.
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
            np.sum(self.params[name] ** 2) for name in ("b1", "b2", "b3")
        ), grads
