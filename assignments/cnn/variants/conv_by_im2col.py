"""Forward and backward pass lay every window out as a column and multiply matrices; the columns travel in
the cache.
"""

import numpy as np


def _columns(x, w, stride, pad):
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(x_pad, w.shape[2:], axis=(2, 3))[
        :, :, ::stride, ::stride
    ]
    return windows.transpose(1, 4, 5, 0, 2, 3), x_pad.shape


def conv_forward_naive(x, w, b, conv_param):
    columns, padded = _columns(x, w, conv_param["stride"], int(conv_param["pad"]))
    places = columns.shape[3:]
    columns = columns.reshape(w[0].size, -1)
    out = (w.reshape(len(w), -1) @ columns + b[:, np.newaxis]).reshape(len(w), *places)
    return out.transpose(1, 0, 2, 3), (columns, padded, x.shape, w, conv_param)


def conv_backward_naive(dout, cache):
    columns, padded, (N, C, H, W), w, conv_param = cache
    stride, pad, (F, _, HH, WW), (H_out, W_out) = (
        conv_param["stride"],
        int(conv_param["pad"]),
        w.shape,
        dout.shape[2:],
    )
    rows = dout.transpose(1, 0, 2, 3).reshape(F, -1)
    dcolumns = (w.reshape(F, -1).T @ rows).reshape(C, HH, WW, N, H_out, W_out)
    dx_pad = np.zeros(padded)
    for i, j in np.ndindex(HH, WW):
        dx_pad[:, :, i : i + stride * H_out : stride, j : j + stride * W_out : stride] += dcolumns[
            :, i, j
        ].swapaxes(0, 1)
    return dx_pad[:, :, pad : pad + H, pad : pad + W], (rows @ columns.T).reshape(w.shape), rows.sum(axis=1)
