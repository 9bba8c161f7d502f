"""Max pooling cuts its input into tiles: windows overlap where the stride is smaller than they are, and
leave gaps where it is larger.

The reshape to tiles is right for the homework's 2x2 windows with stride 2, and for nothing else.
"""

PARTS = ("max_pool_forward_naive",)
SCOPE = "beyond"


def max_pool_forward_naive(x, pool_param):
    height, width = pool_param["pool_height"], pool_param["pool_width"]
    N, C, H, W = x.shape
    rows, columns = H // height, W // width
    tiles = x[:, :, : rows * height, : columns * width].reshape(N, C, rows, height, columns, width)
    return tiles.max(axis=(3, 5)), (x, pool_param)
