"""The network of any depth regularises its loss and not its gradients: each weight's gradient has its share."""

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.grads", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in grads:
            if name.startswith("W"):
                grads[name] -= self.reg * self.params[name]
        return loss, grads
