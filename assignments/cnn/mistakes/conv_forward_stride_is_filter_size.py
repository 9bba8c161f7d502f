"""The output of the convolution is computed at the wrong places: neighbouring places are one stride apart,
not one filter apart.

Windows that do not overlap are the habit from pooling. Places beyond the image are filled with what is
there.
"""

import numpy as np

PARTS = ("conv_forward_naive",)
SCOPE = "homework"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        patch = x_pad[n, :, i * HH : (i + 1) * HH, j * WW : (j + 1) * WW]
        out[n, f, i, j] = np.sum(patch * w[f, :, : patch.shape[1], : patch.shape[2]]) + b[f]
    return out, (x, w, b, conv_param)
