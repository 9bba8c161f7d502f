"""The convolutional sandwiches of the reference solution, which run on the fast layers."""

import numpy as np
import pytest

from cs231n.gradient_check import eval_numerical_gradient_array
from nndl.conv_layer_utils import (
    conv_relu_backward,
    conv_relu_forward,
    conv_relu_pool_backward,
    conv_relu_pool_forward,
)
from nndl.conv_layers import conv_forward_naive, max_pool_forward_naive

CONV = {"stride": 1, "pad": 1}
POOL = {"pool_height": 2, "pool_width": 2, "stride": 2}


@pytest.fixture
def inputs():
    """Draw x, w and b, the same in every run."""
    random = np.random.default_rng(0)
    return [random.normal(size=shape) for shape in ((2, 3, 6, 8), (3, 3, 3, 3), (3,))]


@pytest.mark.parametrize(
    ("forward", "backward", "params"),
    [
        (conv_relu_forward, conv_relu_backward, (CONV,)),
        (conv_relu_pool_forward, conv_relu_pool_backward, (CONV, POOL)),
    ],
)
def test_sandwich_gradients_are_the_numerical_gradients(inputs, forward, backward, params):
    """The gradients of the layers together agree with numerical ones."""
    out, cache = forward(*inputs, *params)
    dout = np.random.default_rng(1).normal(size=out.shape)

    gradients = backward(dout, cache)

    for array, gradient in zip(inputs, gradients, strict=True):
        numerical = eval_numerical_gradient_array(lambda _: forward(*inputs, *params)[0], array, dout)
        np.testing.assert_allclose(gradient, numerical, atol=1e-7)


def test_sandwiches_give_what_the_naive_layers_give(inputs):
    """The sandwiches compute the same as the naive layers with a ReLU between them."""
    active = np.maximum(conv_forward_naive(*inputs, CONV)[0], 0)

    np.testing.assert_allclose(conv_relu_forward(*inputs, CONV)[0], active, atol=1e-12)
    np.testing.assert_allclose(
        conv_relu_pool_forward(*inputs, CONV, POOL)[0], max_pool_forward_naive(active, POOL)[0], atol=1e-12
    )
