"""The regularisation acts on the filters alone: it acts on all three weight matrices, in the loss and in the
gradients.
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
        for name in ("W2", "W3"):
            loss -= 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] - self.reg * self.params[name]
        return loss, grads
