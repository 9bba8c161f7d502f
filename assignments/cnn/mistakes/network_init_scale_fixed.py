"""The network's weights do not follow weight_scale: the number is an argument, and 1e-3 is only its default."""

from nndl.cnn import ThreeLayerConvNet as Reference

PARTS = ("ThreeLayerConvNet.init",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale and 1e-3, **kwargs)
