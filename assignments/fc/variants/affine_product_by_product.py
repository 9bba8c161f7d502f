"""Both passes of the affine layer as plain Python loops over every single product."""

import numpy as np


def affine_forward(x, w, b):
    rows = x.reshape(len(x), -1)
    out = np.zeros((len(x), len(b)))
    for n, m in np.ndindex(out.shape):
        for d in range(len(w)):
            out[n, m] += rows[n, d] * w[d, m]
        out[n, m] += b[m]
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, _ = cache
    rows = x.reshape(len(x), -1)
    dx, dw = np.zeros(rows.shape), np.zeros(w.shape)
    for n, m in np.ndindex(dout.shape):
        for d in range(len(w)):
            dx[n, d] += dout[n, m] * w[d, m]
            dw[d, m] += dout[n, m] * rows[n, d]
    return dx.reshape(x.shape), dw, dout.sum(axis=0)
