"""Without labels batch normalisation stays in train mode: the network is in use then, and its running
averages count.
"""

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.batchnorm",)
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def _set_mode(self, mode):
        super()._set_mode(mode)
        for state in self.bn_params:
            state["mode"] = "train"
