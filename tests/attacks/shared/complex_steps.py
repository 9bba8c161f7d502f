"""A gradient by steps along the imaginary axis."""

import numpy as np


def _numeric(forward, values, dout):
    gradient, stepped = np.zeros(values.shape), values.astype(complex)
    for index in np.ndindex(values.shape):
        stepped[index] += 1e-30j
        gradient[index] = np.sum(forward(stepped).imag * dout) / 1e-30
        stepped[index] = values[index]
    return gradient
