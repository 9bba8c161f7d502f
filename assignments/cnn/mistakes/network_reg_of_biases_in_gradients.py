"""The gradients of the biases contain regularisation: it keeps the weights small and leaves the biases alone.

A loop over all of params.
"""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.grads",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("b1", "b2", "b3"):
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads
