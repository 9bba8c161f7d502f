"""The biases of the network of any depth start at one: they start at zero."""

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.init",)
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in self.params:
            if name.startswith("b") and name[1:].isdigit():
                self.params[name] += 1
