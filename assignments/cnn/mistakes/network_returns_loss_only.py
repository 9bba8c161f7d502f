"""With labels the network returns the loss alone: the gradients come with it, as a second result."""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = (
    "ThreeLayerConvNet.init_loss",
    "ThreeLayerConvNet.loss",
    "ThreeLayerConvNet.grads",
    "ThreeLayerConvNet.speed",
)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        return super().loss(X) if y is None else super().loss(X, y)[0]
