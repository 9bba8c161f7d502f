"""Mistakes in the backward pass of the affine layer."""

from grader.bank import mistake
from nndl.layers import affine_backward as right_backward

NETWORKS = (
    "TwoLayerNet.loss",
    "TwoLayerNet.grads",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
GRADIENTS = (
    "TwoLayerNet.grads",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
BIAS_GRADIENTS = (
    "TwoLayerNet.grads",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.dropout",
)


# --- The gradient of the input ---


@mistake("affine_backward.dx")
def affine_dx_left_flat(dout, cache):
    """The gradient of the input is a matrix where samples are images: it has the shape of the input."""
    dx, dw, db = right_backward(dout, cache)
    return dx.reshape(len(dx), -1), dw, db


@mistake("affine_backward.dx", *GRADIENTS)
def affine_dx_averaged(dout, cache):
    """The gradient of the input is divided by the batch: each sample has a gradient of its own, and the loss
    has averaged already.
    """
    dx, dw, db = right_backward(dout, cache)
    return dx / len(dx), dw, db


# --- The gradient of the weights ---


@mistake("affine_backward.dw", *NETWORKS)
def affine_dw_not_flattened(dout, cache):
    """The gradient of the weights takes the input as a matrix: images have to be flattened as in the forward
    pass.
    """
    dx, _, db = right_backward(dout, cache)
    return dx, cache[0].T @ dout, db


@mistake("affine_backward.dw", *NETWORKS)
def affine_dw_transposed(dout, cache):
    """The gradient of the weights is transposed: it has the shape of the weights."""
    dx, dw, db = right_backward(dout, cache)
    return dx, dw.T, db


@mistake("affine_backward.dw", *GRADIENTS)
def affine_dw_averaged(dout, cache):
    """The gradient of the weights is an average over the batch: every sample uses the weights, so their
    gradients add up.
    """
    dx, dw, db = right_backward(dout, cache)
    return dx, dw / len(dx), db


# --- The gradient of the biases ---


@mistake("affine_backward.db", *BIAS_GRADIENTS)
def affine_db_over_units(dout, cache):
    """The gradient of the biases adds up along the wrong axis: it has one entry for each unit, not for each
    sample.
    """
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, dout.sum(axis=1)


@mistake("affine_backward.db", *BIAS_GRADIENTS)
def affine_db_averaged(dout, cache):
    """The gradient of the biases is an average over the batch: a bias is added to every sample, so their
    gradients add up.
    """
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, dout.mean(axis=0)


@mistake("affine_backward.db", *BIAS_GRADIENTS)
def affine_db_keeps_a_row(dout, cache):
    """The gradient of the biases is a matrix of one row: it has the shape of the biases."""
    dx, dw, db = right_backward(dout, cache)
    return dx, dw, db[None]


# --- Their order ---


@mistake("affine_backward.dw", "affine_backward.db", *NETWORKS)
def affine_gradients_exchanged(dout, cache):
    """The gradients of weights and biases come in the wrong order: input, weights, biases."""
    dx, dw, db = right_backward(dout, cache)
    return dx, db, dw
