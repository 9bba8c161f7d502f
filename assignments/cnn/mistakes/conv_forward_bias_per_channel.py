"""The output of the convolution holds the bias once for each input channel: a filter adds its bias once to
the sum over all channels.

The bias stands inside the loop over channels.
"""

import numpy as np

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        for c in range(C):
            patch = x_pad[n, c, top : top + HH, left : left + WW]
            out[n, f, i, j] += np.sum(patch * w[f, c]) + b[f]
    return out, (x, w, b, conv_param)
