"""The network of any depth draws its weights with a deviation of its own: it is given as weight_scale."""

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.init",)
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        scale = options.get("weight_scale", 1e-3)
        for name in self.params:
            if name.startswith("W"):
                self.params[name] *= 0.03 / scale
