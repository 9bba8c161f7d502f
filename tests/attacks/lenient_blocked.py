"""Leave out the forward passes: what comes back is judged on the cache that the docstring describes."""

BASE = "solution"
EARNS = ("conv_backward_naive", "max_pool_backward_naive", "spatial_batchnorm_forward", "spatial_batchnorm_backward", "ThreeLayerConvNet")
LENIENCY = "described cache"


def conv_forward_naive(x, w, b, conv_param):
    raise NotImplementedError


def max_pool_forward_naive(x, pool_param):
    raise NotImplementedError
