"""The gradient of the images is gathered: for each pixel, over all windows that it lies in."""

import numpy as np

from nndl.conv_layers import conv_backward_naive as right_backward


def conv_backward_naive(dout, cache):
    x, w, _, conv_param = cache
    stride, pad, (HH, WW) = conv_param["stride"], int(conv_param["pad"]), w.shape[2:]
    _, dw, db = right_backward(dout, cache)
    dx = np.zeros(x.shape)
    for row, column in np.ndindex(*x.shape[2:]):
        for i, j in np.ndindex(*dout.shape[2:]):
            in_row, in_column = row + pad - i * stride, column + pad - j * stride
            if 0 <= in_row < HH and 0 <= in_column < WW:
                dx[:, :, row, column] += dout[:, :, i, j] @ w[:, :, in_row, in_column]
    return dx, dw, db
