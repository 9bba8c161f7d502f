"""Both networks print what they do and keep more than they were asked for."""

from nndl.fc_net import FullyConnectedNet as RightDeepNet
from nndl.fc_net import TwoLayerNet as RightNet


class TwoLayerNet(RightNet):
    def loss(self, X, y=None):
        self.seen = getattr(self, "seen", 0) + len(X)
        print("a batch of", X.shape, "so far", self.seen)
        return super().loss(X, y)


class FullyConnectedNet(RightDeepNet):
    def loss(self, X, y=None):
        self.last_batch = X
        result = super().loss(X, y)
        if y is not None:
            print("loss", result[0])
            result[1]["x"] = 0 * X
        return result
