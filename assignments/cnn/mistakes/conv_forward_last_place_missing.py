"""The last row and column of the convolution's output stay zero: the places of a filter run up to the one
that ends with the image.

The "1 +" of the output's size is missing in the loops.
"""

import numpy as np

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    H_steps, W_steps = (H + 2 * pad - HH) // stride, (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, 1 + H_steps, 1 + W_steps))
    for n, f, i, j in np.ndindex(N, F, H_steps, W_steps):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)
