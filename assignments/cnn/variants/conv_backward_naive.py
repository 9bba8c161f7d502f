"""Unusual backward passes of the convolution."""

import numpy as np

from grader.bank import variant
from nndl.conv_layers import conv_backward_naive as right_backward, conv_forward_naive as right_forward


@variant()
def conv_backward_as_convolution(dout, cache):
    """The gradient of the images is a convolution: the upstream gradient, spread by the stride, with the
    filters turned around.
    """
    x, w, _, conv_param = cache
    stride, pad, (HH, WW) = conv_param["stride"], int(conv_param["pad"]), w.shape[2:]
    (N, C, H, W), (H_out, W_out) = x.shape, dout.shape[2:]
    spread = np.zeros((N, len(w), H + 2 * pad - HH + 1, W + 2 * pad - WW + 1))
    spread[:, :, : H_out * stride : stride, : W_out * stride : stride] = dout
    spread = np.pad(spread, ((0, 0), (0, 0), (HH - 1, HH - 1), (WW - 1, WW - 1)))
    turned = w[:, :, ::-1, ::-1].transpose(1, 0, 2, 3)
    dx_pad, _ = right_forward(spread, turned, np.zeros(C), {"stride": 1, "pad": 0})
    _, dw, db = right_backward(dout, cache)
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


@variant()
def conv_backward_pixel_by_pixel(dout, cache):
    """The gradient of the images is gathered: for each pixel, over all windows that it lies in."""
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
