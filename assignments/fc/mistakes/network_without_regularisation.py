"""The network of any depth does not regularise."""

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.loss", "FullyConnectedNet.grads", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        reg, self.reg = self.reg, 0.0
        result = super().loss(X, y)
        self.reg = reg
        return result
