"""Numerical gradients, to compare your own with."""

import numpy as np


def numeric_gradient(f, x, dout, h=1e-5):
    """Return the gradient of sum(dout * f()) with respect to x, by changing one entry of x at a time, in place.

    Parameters
    ----------
    f : callable
        Takes nothing, and returns an array or a number for the present x.
    x : ndarray of floats
        What f depends on.
    dout : ndarray or float
        The gradient of the loss with respect to what f returns.
    """
    gradient = np.zeros_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + h
        above = np.sum(dout * f())
        x[index] = kept - h
        below = np.sum(dout * f())
        x[index] = kept
        gradient[index] = (above - below) / (2 * h)
    return gradient


def difference(a, b):
    """Return the largest difference of two arrays, relative to their largest entry."""
    return np.max(np.abs(a - b)) / max(np.max(np.abs(a)), np.max(np.abs(b)), 1e-12)
