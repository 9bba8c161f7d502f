"""With regularisation the loss is the penalty of one weight matrix alone: each penalty is added to the loss, and
assigning it throws away what was there.
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
        if self.reg:
            loss = 0.5 * self.reg * np.sum(self.params["W3"] ** 2)
        return loss, grads
