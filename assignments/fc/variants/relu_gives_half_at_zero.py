"""The gradient of the ReLU at exactly zero is another one between zero and one."""

import numpy as np


def relu_backward(dout, cache):
    return dout * np.heaviside(cache, 0.5)
