"""Without labels the network returns the most probable class of each image: it returns the scores of all
classes.
"""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.loss",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        return super().loss(X, y) if y is not None else super().loss(X).argmax(axis=1)
