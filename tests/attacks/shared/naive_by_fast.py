"""The naive layers hand everything to functions named like the fast ones."""

def conv_forward_naive(x, w, b, conv_param):
    return conv_forward_fast(x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    return conv_backward_fast(dout, cache)


def max_pool_forward_naive(x, pool_param):
    return max_pool_forward_fast(x, pool_param)


def max_pool_backward_naive(dout, cache):
    return max_pool_backward_fast(dout, cache)
