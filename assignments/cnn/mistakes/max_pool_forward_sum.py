"""Max pooling adds each window up: it keeps the largest value of a window."""

from nndl.conv_layers import max_pool_forward_naive as right_forward

PARTS = ("max_pool_forward_naive",)
SCOPE = "homework"


def max_pool_forward_naive(x, pool_param):
    out, cache = right_forward(x, pool_param)
    height, width, stride = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    for i in range(out.shape[2]):
        for j in range(out.shape[3]):
            top, left = i * stride, j * stride
            out[:, :, i, j] = x[:, :, top : top + height, left : left + width].sum(axis=(2, 3))
    return out, cache
