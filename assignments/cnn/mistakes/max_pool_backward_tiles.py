"""The backward pass of max pooling takes its windows for tiles: windows may overlap, leave gaps, or not
reach the border.

Output and upstream gradient are blown up to the size of the input and compared with it.
"""

PARTS = ("max_pool_backward_naive",)
SCOPE = "beyond"


def max_pool_backward_naive(dout, cache):
    x, pool_param = cache
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    N, C, H, W = x.shape
    largest = x.reshape(N, C, H // height, height, W // width, width).max(axis=(3, 5))
    mask = x == largest.repeat(height, axis=2).repeat(width, axis=3)
    return mask * dout.repeat(height, axis=2).repeat(width, axis=3)
