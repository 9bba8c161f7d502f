"""The loss keeps the strength of the regularisation that the network was made with: reg may be changed at any
time, so it is looked up anew each time.
"""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.loss",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.strength = self.reg

    def loss(self, X, y=None):
        self.reg, now = self.strength, self.reg
        try:
            return super().loss(X, y)
        finally:
            self.reg = now
