"""The network calls each fast layer by itself instead of the given combinations."""

import numpy as np

from cs231n.fast_layers import (
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
from nndl.cnn import ThreeLayerConvNet as Reference
from nndl.layers import affine_backward, affine_forward, relu_backward, relu_forward, softmax_loss


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        p, caches = self.params, []
        conv_param = {"stride": 1, "pad": (p["W1"].shape[2] - 1) / 2}
        layers = [
            lambda h: conv_forward_fast(h, p["W1"], p["b1"], conv_param),
            relu_forward,
            lambda h: max_pool_forward_fast(h, {"pool_height": 2, "pool_width": 2, "stride": 2}),
            lambda h: affine_forward(h, p["W2"], p["b2"]),
            relu_forward,
            lambda h: affine_forward(h, p["W3"], p["b3"]),
        ]
        hidden = X
        for layer in layers:
            hidden, cache = layer(hidden)
            caches.append(cache)
        if y is None:
            return hidden
        loss, upstream = softmax_loss(hidden, y)
        grads = {}
        upstream, grads["W3"], grads["b3"] = affine_backward(upstream, caches.pop())
        upstream = relu_backward(upstream, caches.pop())
        upstream, grads["W2"], grads["b2"] = affine_backward(upstream, caches.pop())
        upstream = relu_backward(max_pool_backward_fast(upstream, caches.pop()), caches.pop())
        _, grads["W1"], grads["b1"] = conv_backward_fast(upstream, caches.pop())
        for name in ("W1", "W2", "W3"):
            grads[name] += self.reg * p[name]
            loss += self.reg / 2 * np.linalg.norm(p[name]) ** 2
        return loss, grads
