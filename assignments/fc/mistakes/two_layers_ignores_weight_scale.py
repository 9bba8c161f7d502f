"""The two-layer network draws its weights with a deviation of its own: it is given as weight_scale."""

from nndl.fc_net import TwoLayerNet as RightNet

PARTS = ("TwoLayerNet.init",)
SCOPE = "homework"


class TwoLayerNet(RightNet):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        scale = options.get("weight_scale", 1e-3)
        for name in self.params:
            if name.startswith("W"):
                self.params[name] *= 0.03 / scale
