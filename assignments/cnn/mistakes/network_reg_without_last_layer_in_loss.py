"""The loss leaves the last layer out of the regularisation: it acts on all three weight matrices, and the gradient
contains it.
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
        return loss - 0.5 * self.reg * np.sum(self.params["W3"] ** 2), grads
