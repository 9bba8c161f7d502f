"""The two-layer network does not regularise."""

from nndl.fc_net import TwoLayerNet as RightNet

PARTS = ("TwoLayerNet.loss", "TwoLayerNet.grads")
SCOPE = "homework"


class TwoLayerNet(RightNet):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        reg, self.reg = self.reg, 0.0
        result = super().loss(X, y)
        self.reg = reg
        return result
