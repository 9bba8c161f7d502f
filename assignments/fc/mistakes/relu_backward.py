"""Mistakes in the backward pass of the ReLU."""

import numpy as np

from grader.bank import mistake

GRADIENTS = (
    "TwoLayerNet.grads",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)


@mistake("relu_backward", *GRADIENTS)
def relu_gradient_passes_everywhere(dout, cache):
    """The gradient of the ReLU also passes where the input is negative: there the output does not move."""
    return dout + 0 * cache


@mistake("relu_backward", *GRADIENTS)
def relu_gradient_where_upstream_is_positive(dout, cache):
    """The gradient of the ReLU passes where the upstream gradient is positive: what counts is the sign of the
    input.
    """
    return np.where(dout > 0, dout, 0)


@mistake("relu_backward", *GRADIENTS)
def relu_gradient_times_input(dout, cache):
    """The gradient of the ReLU is multiplied by the input: where it passes, its factor is one."""
    return dout * np.maximum(cache, 0)


@mistake("relu_backward", scope="beyond")
def relu_gradient_in_place(dout, cache):
    """The backward pass of the ReLU overwrites the upstream gradient, which belongs to the caller."""
    dout[cache <= 0] = 0
    return dout
