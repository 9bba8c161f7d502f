"""The two-layer network has no ReLU between its layers: without it two affine layers are one."""

from nndl.fc_net import TwoLayerNet as RightNet
from nndl.layers import affine_backward, affine_forward, softmax_loss

PARTS = ("TwoLayerNet.loss", "TwoLayerNet.grads")
SCOPE = "homework"


class TwoLayerNet(RightNet):
    def loss(self, X, y=None):
        p = self.params
        hidden, first = affine_forward(X, p["W1"], p["b1"])
        scores, second = affine_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        grads = {}
        loss, upstream = softmax_loss(scores, y)
        upstream, grads["W2"], grads["b2"] = affine_backward(upstream, second)
        _, grads["W1"], grads["b1"] = affine_backward(upstream, first)
        for name in ("W1", "W2"):
            loss += 0.5 * self.reg * (p[name] ** 2).sum()
            grads[name] += self.reg * p[name]
        return loss, grads
