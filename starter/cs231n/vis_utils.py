"""Pictures of many small images at once."""

from math import ceil, sqrt

import numpy as np


def visualize_grid(Xs, ubound=255.0, padding=1):
    """Lay images out in a square grid, each stretched to the full range of brightness on its own.

    Parameters
    ----------
    Xs : ndarray, shape (N, H, W, C)
        N images, or filters, with the channels last.
    ubound : float
        The largest value of each image in the grid; the smallest is 0.
    padding : int
        Black pixels between neighbouring images.

    Returns
    -------
    ndarray of float64, shape (rows, columns, C)
        The grid, row by row; what is left over at its end stays black. An image of one colour is black too.
    """
    N, H, W, C = Xs.shape
    side = ceil(sqrt(N))
    grid = np.zeros((side * (H + padding) - padding, side * (W + padding) - padding, C))
    for n, image in enumerate(Xs):
        top, left = (n // side) * (H + padding), (n % side) * (W + padding)
        low, high = float(image.min()), float(image.max())
        if high > low:
            grid[top : top + H, left : left + W] = ubound * (image - low) / (high - low)
    return grid
