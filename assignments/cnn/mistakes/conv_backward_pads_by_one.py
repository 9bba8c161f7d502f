"""The backward pass of the convolution takes the padding to be one pixel: how much was padded stands in
conv_param.

Windows are cut to the image here, so that the result is wrong and not an error.
"""

import numpy as np

PARTS = (
    "conv_backward_naive.dx",
    "conv_backward_naive.dw",
)
SCOPE = "beyond"


def conv_backward_naive(dout, cache):
    x, w, _, conv_param = cache
    stride, (_, _, H, W), (_, _, HH, WW) = conv_param["stride"], x.shape, w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    dx_pad, dw = np.zeros(x_pad.shape), np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        rows, columns = x_pad[window].shape[1:]
        dx_pad[window] += w[f, :, :rows, :columns] * dout[n, f, i, j]
        dw[f, :, :rows, :columns] += x_pad[window] * dout[n, f, i, j]
    return dx_pad[:, :, 1 : 1 + H, 1 : 1 + W], dw, dout.sum(axis=(0, 2, 3))
