"""The output of the convolution is that of filters turned by half a circle: in these layers a filter is laid
on the image as it is.

Signal processing flips the filter and calls that convolution; networks do not, and call it convolution
all the same.
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
        top, left = i * stride, j * stride
        patch = x_pad[n, :, top : top + HH, left : left + WW]
        out[n, f, i, j] = np.sum(patch * w[f, :, ::-1, ::-1]) + b[f]
    return out, (x, w, b, conv_param)
