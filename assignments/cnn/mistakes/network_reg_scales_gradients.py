"""The gradients are multiplied because of the regularisation: it adds a share of the weights to them.

"+= reg * gradient" for "+= reg * weights", which multiplies by one plus reg.
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
            grads[name] = (grads[name] - self.reg * self.params[name]) * (1 + self.reg)
        return loss, grads
