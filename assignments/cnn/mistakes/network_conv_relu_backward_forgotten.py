"""The gradient skips the ReLU between convolution and pooling: on the way back every layer of the forward pass has its
turn.
"""

from cs231n.fast_layers import conv_backward_fast, max_pool_backward_fast

PARTS = ("ThreeLayerConvNet.grads",)
SCOPE = "homework"


def conv_relu_pool_backward(dout, cache):
    conv_cache, _, pool_cache = cache
    return conv_backward_fast(max_pool_backward_fast(dout, pool_cache), conv_cache)
