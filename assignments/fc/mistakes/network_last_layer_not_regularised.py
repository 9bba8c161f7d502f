"""The network of any depth does not regularise its last layer."""

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.loss", "FullyConnectedNet.grads", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        last = self.params[f"W{self.num_layers}"]
        grads[f"W{self.num_layers}"] -= self.reg * last
        return loss - 0.5 * self.reg * (last**2).sum(), grads
