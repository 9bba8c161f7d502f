"""The forward pass loops over the weights of a filter, and adds a shifted image for each."""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, C, H, W), (_, _, HH, WW) = x.shape, w.shape
    H_out, W_out = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    out = np.tile(b[:, np.newaxis, np.newaxis], (N, 1, H_out, W_out)).astype(float)
    for c, i, j in np.ndindex(C, HH, WW):
        shifted = x_pad[:, c, i : i + stride * H_out : stride, j : j + stride * W_out : stride]
        out += w[:, c, i, j, np.newaxis, np.newaxis] * shifted[:, np.newaxis]
    return out, (x, w, b, conv_param)
