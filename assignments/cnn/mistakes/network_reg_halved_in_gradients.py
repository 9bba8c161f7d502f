"""The gradients count half of the regularisation: the 1/2 of its strength cancels with the 2 of the square,
so none is left.
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
            grads[name] = grads[name] - 0.5 * self.reg * self.params[name]
        return loss, grads
