"""The forward pass of the convolution raises an error without padding: counting from the end leaves nothing
when there are no pixels to leave out.

The forward sibling of the crop with "pad:-pad".
"""

import numpy as np

PARTS = ("conv_forward_naive",)
SCOPE = "beyond"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    x_pad = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    x_pad[:, :, pad:-pad, pad:-pad] = x
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)
