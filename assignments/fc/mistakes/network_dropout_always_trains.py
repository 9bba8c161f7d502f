"""Without labels units are dropped: the network is in use then, and dropout in test mode."""

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.dropout",)
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def _set_mode(self, mode):
        super()._set_mode(mode)
        if self.use_dropout:
            self.dropout_param["mode"] = "train"
