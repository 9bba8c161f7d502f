"""The network of any depth leaves out dropout where it is asked for."""

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.dropout",)
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def loss(self, X, y=None):
        used, self.use_dropout = self.use_dropout, False
        result = super().loss(X, y)
        self.use_dropout = used
        return result
