"""The gradient of the images is too small where the stride does not divide the image: pixels that no window
reached have a gradient too, and it is zero.

The size of dx is worked out backwards from the output instead of being that of x.
"""

from nndl.conv_layers import conv_backward_naive as right_backward

PARTS = ("conv_backward_naive.dx",)
SCOPE = "beyond"


def conv_backward_naive(dout, cache):
    _, w, _, conv_param = cache
    stride, pad, (H_out, W_out) = conv_param["stride"], int(conv_param["pad"]), dout.shape[2:]
    height = (H_out - 1) * stride + w.shape[2] - 2 * pad
    width = (W_out - 1) * stride + w.shape[3] - 2 * pad
    dx, dw, db = right_backward(dout, cache)
    return dx[:, :, :height, :width], dw, db
