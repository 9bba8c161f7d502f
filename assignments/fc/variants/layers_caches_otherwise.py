"""The layers keep what they like in their caches: a mask, a list, flattened samples, a dictionary."""

import numpy as np


def relu_forward(x):
    mask = x > 0
    return np.where(mask, x, 0), {"mask": mask}


def relu_backward(dout, cache):
    return np.where(cache["mask"], dout, 0.0)


def affine_forward(x, w, b):
    flat = x.reshape(x.shape[0], np.prod(x.shape[1:]))
    return np.dot(flat, w) + b.reshape(1, -1), [flat, w, x.shape]


def affine_backward(dout, cache):
    flat, w, shape = cache
    return np.dot(dout, w.T).reshape(shape), np.dot(flat.T, dout), np.sum(dout, axis=0)
