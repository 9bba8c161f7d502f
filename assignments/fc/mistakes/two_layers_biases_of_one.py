"""The biases of the two-layer network start at one: they start at zero."""

from nndl.fc_net import TwoLayerNet as RightNet

PARTS = ("TwoLayerNet.init",)
SCOPE = "homework"


class TwoLayerNet(RightNet):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in self.params:
            if name.startswith("b") and name[1:].isdigit():
                self.params[name] += 1
