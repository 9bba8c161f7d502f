"""The convolution pads by one pixel whatever was asked for: how much to pad stands in conv_param."""

import numpy as np

PARTS = ("conv_forward_naive",)
SCOPE = "beyond"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], 1
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)
