"""The affine layer loops over samples and units."""

import numpy as np


def affine_forward(x, w, b):
    out = np.zeros((x.shape[0], w.shape[1]))
    for n in range(x.shape[0]):
        for m in range(w.shape[1]):
            out[n, m] = np.dot(x[n].ravel(), w[:, m]) + b[m]
    return out, (x, w, b)


def affine_backward(dout, cache):
    x, w, b = cache
    dx, dw, db = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
    for n in range(x.shape[0]):
        for m in range(w.shape[1]):
            dx[n] += dout[n, m] * w[:, m].reshape(x[n].shape)
            dw[:, m] += dout[n, m] * x[n].ravel()
            db[m] += dout[n, m]
    return dx, dw, db
