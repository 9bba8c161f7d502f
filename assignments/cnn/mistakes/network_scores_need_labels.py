"""Without labels the network fails instead of returning the scores: there is no loss to compute then."""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.loss",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        return super().loss(X, list(y))
