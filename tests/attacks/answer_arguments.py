"""Answer with the arguments themselves."""


def conv_forward_naive(x, w, b, conv_param):
    return x, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    return cache[0], cache[1], cache[2]


def max_pool_forward_naive(x, pool_param):
    return x[:, :, ::2, ::2], (x, pool_param)


def max_pool_backward_naive(dout, cache):
    return cache[0]


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    return x, gamma


def spatial_batchnorm_backward(dout, cache):
    return dout, cache, cache
