"""The loss is too small by the size of the batch: the softmax loss has divided by the number of images already."""

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
        loss, grads = super().loss(X, y)
        decay = 0.5 * self.reg * sum(np.sum(self.params[name] ** 2) for name in ("W1", "W2", "W3"))
        return (loss - decay) / len(X) + decay, grads
