"""The gradient skips the ReLU of the hidden layer: on the way back every layer of the forward pass has its
turn.
"""

from nndl.layers import affine_backward

PARTS = ("ThreeLayerConvNet.grads",)
SCOPE = "homework"


def affine_relu_backward(dout, cache):
    affine_cache, _ = cache
    return affine_backward(dout, affine_cache)
