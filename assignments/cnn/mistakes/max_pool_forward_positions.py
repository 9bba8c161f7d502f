"""Max pooling gives the place of each maximum within its window: the output is the largest value itself.

argmax for max.
"""

from nndl.conv_layers import max_pool_forward_naive as right_forward

PARTS = ("max_pool_forward_naive",)
SCOPE = "homework"


def max_pool_forward_naive(x, pool_param):
    out, cache = right_forward(x, pool_param)
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            top, left = i * stride, j * stride
            window = x[:, :, top : top + height, left : left + width]
            out[:, :, i, j] = window.reshape(*window.shape[:2], -1).argmax(axis=2)
    return out, cache
