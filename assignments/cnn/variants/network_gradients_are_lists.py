"""The gradients of the biases are lists of numbers."""

from nndl.cnn import ThreeLayerConvNet as Reference


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, grads | {name: grads[name].tolist() for name in ("b1", "b2", "b3")}
