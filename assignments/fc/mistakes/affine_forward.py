"""Mistakes in the forward pass of the affine layer."""

import numpy as np

from grader.bank import mistake
from nndl.layers import affine_forward as right_forward

NETWORKS = (
    "TwoLayerNet.loss",
    "TwoLayerNet.grads",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)


@mistake("affine_forward", *NETWORKS)
def affine_forward_without_biases(x, w, b):
    """The output of the affine layer lacks the biases: each unit adds its own to every sample."""
    return right_forward(x, w, 0 * b)[0], (x, w, b)


@mistake("affine_forward", *NETWORKS)
def affine_forward_not_flattened(x, w, b):
    """The affine layer takes its input as a matrix, but a sample may have any shape: each is made one row
    first.
    """
    return x @ w + b, (x, w, b)


@mistake("affine_forward", *NETWORKS)
def affine_forward_flattened_columns_first(x, w, b):
    """The numbers of a sample reach the wrong weights: flattening goes through the last axis first, as numpy
    does by itself.
    """
    return right_forward(x.reshape(len(x), -1, order="F"), w, b)[0], (x, w, b)


@mistake("affine_forward", scope="beyond")
def affine_forward_squeezed(x, w, b):
    """The output for a single sample has lost its axis: it stays a matrix of one row."""
    out, cache = right_forward(x, w, b)
    return np.squeeze(out), cache
