"""The backward pass of the convolution uses a name that it never defines: what it needs from the forward
pass comes out of the cache.

A notebook hides it, for there the name exists in another cell.
"""

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = (
    "conv_backward_naive.dx",
    "conv_backward_naive.dw",
    "conv_backward_naive.db",
)
SCOPE = "homework"


def conv_backward_naive(dout, cache):
    x, w, b, _ = cache
    return right_backward(dout, (x, w, b, conv_param))  # noqa: F821  # the undefined name is the mistake
