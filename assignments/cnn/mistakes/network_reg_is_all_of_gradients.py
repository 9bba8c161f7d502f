"""The gradients of the weights are the regularisation's alone: it is added to what flowed back from the loss, and
assigning it throws that away.
"""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.grads",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        grads |= {name: self.reg * self.params[name] for name in ("W1", "W2", "W3")}
        return loss, grads
