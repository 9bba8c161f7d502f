"""The network runs its backward pass on the naive layers: the fast layers have a backward pass too."""

import numpy as np

from cs231n.fast_layers import conv_forward_fast, max_pool_backward_fast, max_pool_forward_fast
from nndl.cnn import ThreeLayerConvNet as Reference
from nndl.conv_layers import conv_backward_naive
from nndl.layer_utils import affine_relu_backward, affine_relu_forward
from nndl.layers import affine_backward, affine_forward, relu_backward, relu_forward, softmax_loss

PARTS = ("ThreeLayerConvNet.speed",)
SCOPE = "homework"


class ThreeLayerConvNet(Reference):
    def loss(self, X, y=None):
        W1, b1, W2, b2, W3, b3 = (self.params[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))
        conv_param = {"stride": 1, "pad": (W1.shape[2] - 1) // 2}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        filtered, conv_cache = conv_forward_fast(X, W1, b1, conv_param)
        active, relu_cache = relu_forward(filtered)
        pooled, pool_cache = max_pool_forward_fast(active, pool_param)
        hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)
        scores, scores_cache = affine_forward(hidden, W3, b3)
        if y is None:
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, scores_cache)
        dpooled, grads["W2"], grads["b2"] = affine_relu_backward(dhidden, hidden_cache)
        dfiltered = relu_backward(max_pool_backward_fast(dpooled, pool_cache), relu_cache)
        _, grads["W1"], grads["b1"] = conv_backward_naive(dfiltered, conv_cache)
        for name in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads
