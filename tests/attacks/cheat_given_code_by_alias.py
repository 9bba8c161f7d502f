"""Call a changed copy of the fast layers by names that it is given on the way: an alias, a variable, an attribute."""

FLAGGED = "given_code"
COPIES = {
    "nndl/helpers.py": "starter/cs231n/fast_layers.py",
    "nndl/im2col.py": "starter/cs231n/im2col.py",
}
FILES = {"nndl/helpers.py": "if True:\n    pass", "nndl/im2col.py": "if True:\n    pass"}

import nndl.helpers as tools
from nndl.helpers import conv_forward_fast as convolved

backwards = tools.conv_backward_fast


def conv_forward_naive(x, w, b, conv_param):
    return convolved(x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    return backwards(dout, cache)


def max_pool_forward_naive(x, pool_param):
    return tools.max_pool_forward_fast(x, pool_param)


def max_pool_backward_naive(dout, cache):
    return tools.max_pool_backward_fast(dout, cache)
