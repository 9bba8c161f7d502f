"""The regularisation shrinks with the size of the batch: it belongs to the weights, not to the images, and
is not averaged.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = (
    "ThreeLayerConvNet.loss",
    "ThreeLayerConvNet.grads",
)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        too_much = self.reg * (1 - 1 / len(X))
        for name in ("W1", "W2", "W3"):
            loss -= 0.5 * too_much * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] - too_much * self.params[name]
        return loss, grads
