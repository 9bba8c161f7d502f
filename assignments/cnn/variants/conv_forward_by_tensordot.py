"""The forward pass contracts windows and filters with tensordot, and its result is a view whose axes were
moved.
"""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, [(0, 0)] * 2 + [(pad, pad)] * 2)
    windows = np.lib.stride_tricks.sliding_window_view(x_pad, w.shape[1:], axis=(1, 2, 3))
    out = np.tensordot(windows[:, 0, ::stride, ::stride], w, axes=[(3, 4, 5), (1, 2, 3)]) + b
    return np.moveaxis(out, 3, 1), (x, w, b, conv_param)
