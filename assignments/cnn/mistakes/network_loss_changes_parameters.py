"""Asking for the loss takes a step as well: loss only looks at the parameters, and the optimiser changes them."""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.speed",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name, gradient in grads.items():
            self.params[name] = self.params[name] - 1e-2 * gradient
        return loss, grads
