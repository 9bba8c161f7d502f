"""The regularisation in the gradients shrinks with the size of the batch: it belongs to the weights, not to the images,
and is not averaged.
"""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.grads",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("W1", "W2", "W3"):
            grads[name] = grads[name] - self.reg * (1 - 1 / len(X)) * self.params[name]
        return loss, grads
