"""The network of any depth regularises its biases as well: only the weights are."""

import numpy as np

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.loss", "FullyConnectedNet.grads", "FullyConnectedNet.batchnorm")
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in self.params:
            if name.startswith("b") and name[1:].isdigit():
                loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
                grads[name] += self.reg * self.params[name]
        return loss, grads
