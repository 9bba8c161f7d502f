"""The network of any depth leaves out batch normalisation where it is asked for."""

import numpy as np

from nndl.fc_net import FullyConnectedNet as RightNet

PARTS = ("FullyConnectedNet.batchnorm",)
SCOPE = "homework"


class FullyConnectedNet(RightNet):
    def loss(self, X, y=None):
        used, self.use_batchnorm = self.use_batchnorm, False
        result = super().loss(X, y)
        self.use_batchnorm = used
        if y is not None and used:
            scales = (name for name in self.params if name.startswith(("gamma", "beta")))
            result[1].update({name: np.zeros_like(self.params[name]) for name in scales})
        return result
