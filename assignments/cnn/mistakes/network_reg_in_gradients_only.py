"""The loss leaves out the regularisation: it belongs to the loss as well as to the gradients."""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.loss",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        (_, grads), reg = super().loss(X, y), self.reg
        try:
            self.reg = 0.0
            return super().loss(X, y)[0], grads
        finally:
            self.reg = reg
