"""The two-layer network regularises its loss and not its gradients: each weight's gradient has its share."""

from nndl.fc_net import TwoLayerNet as RightNet

PARTS = ("TwoLayerNet.grads",)
SCOPE = "homework"


class TwoLayerNet(RightNet):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in grads:
            if name.startswith("W"):
                grads[name] -= self.reg * self.params[name]
        return loss, grads
