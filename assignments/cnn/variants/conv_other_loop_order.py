"""Both passes run over columns, rows, filters and images, in this order, and the forward pass is written
down backwards.
"""

import numpy as np


def conv_forward_naive(x, w, b, conv_param):
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.empty((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for j in reversed(range(out.shape[3])):
        for i in reversed(range(out.shape[2])):
            patch = x_pad[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            for f in reversed(range(F)):
                out[:, f, i, j] = (patch * w[f]).sum(axis=(1, 2, 3)) + b[f]
    return out, (x, w, b, conv_param)


def conv_backward_naive(dout, cache):
    x, w, b, conv_param = cache
    stride, pad, (_, _, H, W), (F, _, HH, WW) = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx, dw, db = np.zeros_like(x_pad), np.zeros_like(w), np.zeros_like(b)
    for j in range(dout.shape[3]):
        for i in range(dout.shape[2]):
            place = np.s_[:, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
            for f in range(F):
                upstream = dout[:, f, i, j][:, None, None, None]
                dx[place] += upstream * w[f]
                dw[f] += (upstream * x_pad[place]).sum(axis=0)
                db[f] += upstream.sum()
    return dx[:, :, pad : pad + H, pad : pad + W], dw, db
