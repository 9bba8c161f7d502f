"""The gradient of the biases is multiplied by the biases: the output grows by exactly what its bias grows,
so the factor is one.
"""

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.db",)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    dx, dw, db = right_backward(dout, cache)
    return dx, dw, db * cache[2]
