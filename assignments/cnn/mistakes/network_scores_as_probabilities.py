"""Without labels the network returns probabilities: it returns the scores, and the softmax is part of the
loss.
"""

import numpy as np

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.loss",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is not None:
            return super().loss(X, y)
        exponentials = np.exp(super().loss(X))
        return exponentials / exponentials.sum(axis=1, keepdims=True)
