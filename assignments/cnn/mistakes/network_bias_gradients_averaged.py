"""The gradients of the biases are averaged over the batch once more: the loss is an average already, so what flows back
from it only has to be added up.
"""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.grads",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, grads | {name: grads[name] / len(X) for name in ("b1", "b2", "b3")}
