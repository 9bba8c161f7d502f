"""The cache is a dictionary, with the padded images and much else in it."""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward
from nndl.conv_layers import conv_forward_naive as right_forward


def conv_forward_naive(x, w, b, conv_param):
    out, _ = right_forward(x, w, b, conv_param)
    pad = int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return out, {
        "x": x,
        "w": w,
        "b": b,
        "param": conv_param,
        "x_pad": x_pad,
        "out": out,
        7: {"shape": out.shape},
    }


def conv_backward_naive(dout, cache):
    assert dout.shape == cache[7]["shape"]  # noqa: S101  # what a careful student writes
    return right_backward(dout, (cache["x"], cache["w"], cache["b"], cache["param"]))
