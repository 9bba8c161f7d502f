"""Both passes print at every step, warn, and set how NumPy reports errors."""

import sys
import warnings

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward
from nndl.conv_layers import conv_forward_naive as right_forward


def conv_forward_naive(x, w, b, conv_param):
    print("x", x.shape, "w", w.shape, conv_param, flush=True)
    print(x, file=sys.stderr)
    warnings.warn("this is slow", UserWarning, stacklevel=2)
    with np.errstate(all="raise"):
        return right_forward(x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    before = np.seterr(all="ignore")
    for image in dout:
        print("image", image.shape, "=" * 80)
    np.log(np.zeros(1))
    gradients = right_backward(dout, cache)
    np.seterr(**before)
    return gradients
