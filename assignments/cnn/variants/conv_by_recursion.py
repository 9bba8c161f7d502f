"""The forward pass splits the batch in two until one image is left, and each image into filters."""

import numpy as np


def _correlate(image, one, stride):
    HH, WW = one.shape[1:]
    rows = range(0, image.shape[1] - HH + 1, stride)
    columns = range(0, image.shape[2] - WW + 1, stride)
    return np.array([[np.vdot(image[:, i : i + HH, j : j + WW], one) for j in columns] for i in rows])


def conv_forward_naive(x, w, b, conv_param):
    if len(x) > 1:
        half = len(x) // 2
        parts = [conv_forward_naive(each, w, b, conv_param)[0] for each in (x[:half], x[half:])]
        return np.concatenate(parts), (x, w, b, conv_param)
    pad = int(conv_param["pad"])
    image = np.pad(x[0], ((0, 0), (pad, pad), (pad, pad)))
    out = [_correlate(image, one, conv_param["stride"]) + bias for one, bias in zip(w, b, strict=True)]
    return np.array(out)[np.newaxis], (x, w, b, conv_param)
