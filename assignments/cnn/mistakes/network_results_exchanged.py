"""With labels the network returns the gradients first and the loss second: the loss comes first."""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.loss",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        result = super().loss(X, y)
        return result if y is None else result[::-1]
