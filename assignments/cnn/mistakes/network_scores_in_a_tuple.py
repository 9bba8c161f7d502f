"""Without labels the network returns its scores together with something else: the scores alone are asked for."""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.loss",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        result = super().loss(X, y)
        return (result, None) if y is None else result
