"""Mistakes in the earlier assignment's layers, as they show in the network."""

import numpy as np

from grader.bank import mistake
from nndl.layers import affine_backward as right_backward

# --- Affine layers ---


@mistake(
    "ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads", "ThreeLayerConvNet.speed", replaces="affine_forward"
)
def network_affine_without_bias(x, w, b):
    """The scores of the network lack the biases of the affine layers: each unit adds one of its own.

    From the earlier assignment, and consistent with its own gradients.
    """
    return x.reshape(len(x), -1) @ w, (x, w, b)


@mistake("ThreeLayerConvNet.grads", replaces="affine_backward")
def network_affine_bias_gradient_averaged(dout, cache):
    """The gradients of the affine layers' biases are averages: the loss has averaged over the batch already,
    so they are summed.
    """
    dx, dw, db = right_backward(dout, cache)
    return dx, dw, db / len(dout)


@mistake("ThreeLayerConvNet.grads", replaces="affine_backward")
def network_affine_input_gradient_stops(dout, cache):
    """The gradient does not flow back through the affine layers: the gradient of their input is the upstream
    gradient times the weights.
    """
    dx, dw, db = right_backward(dout, cache)
    return np.zeros_like(dx), dw, db


# --- ReLU ---


@mistake("ThreeLayerConvNet.grads", replaces="relu_backward")
def network_relu_backward_forgotten(dout, cache):
    """The gradient passes the ReLU unchanged: it is zero where the ReLU's input was negative."""
    return dout.copy()


@mistake("ThreeLayerConvNet.grads", replaces="affine_relu_backward")
def network_hidden_relu_backward_forgotten(dout, cache):
    """The gradient skips the ReLU of the hidden layer: on the way back every layer of the forward pass has
    its turn.
    """
    affine_cache, _ = cache
    return right_backward(dout, affine_cache)


@mistake("ThreeLayerConvNet.grads", replaces="relu_backward")
def network_relu_mask_from_upstream(dout, cache):
    """The gradient passes the ReLU where the upstream gradient is positive: it passes where the ReLU's input
    was.
    """
    return dout * (dout > 0)
