"""The scales of batch normalisation start at zero, so that nothing comes through: they start at one."""

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.init",)
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in self.params:
            if name.startswith("gamma"):
                self.params[name] *= 0
