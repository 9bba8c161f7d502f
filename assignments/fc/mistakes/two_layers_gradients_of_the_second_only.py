"""The two-layer network has no gradients of its first layer: the backward pass goes on to the input."""

from nndl.fc_net import TwoLayerNet as RightNet

PARTS = ("TwoLayerNet.grads",)
SCOPE = "homework"


class TwoLayerNet(RightNet):
    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, {name: grads[name] for name in ("W2", "b2")}
