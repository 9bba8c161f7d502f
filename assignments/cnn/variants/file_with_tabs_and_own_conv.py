"""The files are indented with tabs, and the convolution is the submission's own."""

import numpy as np

FORM = "tabs"


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.zeros((*x.shape[:2], x.shape[2] + 2 * pad, x.shape[3] + 2 * pad))
    x_pad[:, :, pad : pad + x.shape[2], pad : pad + x.shape[3]] = x
    rows = range(0, x_pad.shape[2] - w.shape[2] + 1, stride)
    columns = range(0, x_pad.shape[3] - w.shape[3] + 1, stride)
    out = np.zeros((len(x), len(w), len(rows), len(columns)))
    for i, top in enumerate(rows):
        for j, left in enumerate(columns):
            patch = x_pad[:, np.newaxis, :, top : top + w.shape[2], left : left + w.shape[3]]
            out[:, :, i, j] = np.sum(patch * w, axis=(2, 3, 4)) + b
    return out, (x, w, b, conv_param)
