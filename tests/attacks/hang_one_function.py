"""Hang in one function of an otherwise right solution; the others keep what they earn."""

BASE = "solution"
EARNS = (
    "conv_backward_naive",
    "max_pool_forward_naive",
    "max_pool_backward_naive",
    "spatial_batchnorm_forward",
    "spatial_batchnorm_backward",
    "ThreeLayerConvNet",
)


def conv_forward_naive(x, w, b, conv_param):
    while True:
        pass
