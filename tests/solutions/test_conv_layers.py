"""Convolution, max pooling and spatial batch normalisation of the reference solution."""

import numpy as np
import pytest
from hypothesis import given, settings

from cs231n.gradient_check import eval_numerical_gradient_array
from nndl.conv_layers import (
    conv_backward_naive,
    conv_forward_naive,
    max_pool_backward_naive,
    max_pool_forward_naive,
    spatial_batchnorm_backward,
    spatial_batchnorm_forward,
)
from tests.solutions.strategies import Convolution, Pooling, convolutions, poolings

FEW = settings(max_examples=40, deadline=None)


def _rel_error(x, y):
    """Compute the largest relative difference as the assignment's notebooks do."""
    return np.max(np.abs(x - y) / np.maximum(1e-8, np.abs(x) + np.abs(y)))


def _windows(x, height, width, stride):
    """View all windows of the last two axes: (N, C, H', W', height, width)."""
    return np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))[:, :, ::stride, ::stride]


def test_conv_forward_gives_the_homeworks_printed_difference():
    """The difference from the assignment's rounded numbers is the one its first document prints."""
    x = np.linspace(-0.1, 0.5, num=96).reshape(2, 3, 4, 4)
    w = np.linspace(-0.2, 0.3, num=144).reshape(3, 3, 4, 4)
    b = np.linspace(-0.1, 0.2, num=3)
    correct = [
        [-0.08759809, -0.10987781, -0.18387192, -0.2109216],
        [0.21027089, 0.21661097, 0.22847626, 0.23004637],
        [0.50813986, 0.54309974, 0.64082444, 0.67101435],
        [-0.98053589, -1.03143541, -1.19128892, -1.24695841],
        [0.69108355, 0.66880383, 0.59480972, 0.56776003],
        [2.36270298, 2.36904306, 2.38090835, 2.38247847],
    ]

    out, _ = conv_forward_naive(x, w, b, {"stride": 2, "pad": 1})

    assert f"{_rel_error(out, np.reshape(correct, (2, 3, 2, 2))):.4e}" == "2.2121e-08"


def test_max_pool_forward_gives_the_homeworks_printed_difference():
    """The difference from the assignment's rounded numbers is the one its first document prints."""
    x = np.linspace(-0.3, 0.4, num=96).reshape(2, 3, 4, 4)
    correct = [
        [-0.26315789, -0.24842105, -0.20421053, -0.18947368],
        [-0.14526316, -0.13052632, -0.08631579, -0.07157895],
        [-0.02736842, -0.01263158, 0.03157895, 0.04631579],
        [0.09052632, 0.10526316, 0.14947368, 0.16421053],
        [0.20842105, 0.22315789, 0.26736842, 0.28210526],
        [0.32631579, 0.34105263, 0.38526316, 0.4],
    ]

    out, _ = max_pool_forward_naive(x, {"pool_width": 2, "pool_height": 2, "stride": 2})

    assert f"{_rel_error(out, np.reshape(correct, (2, 3, 2, 2))):.4e}" == "4.1667e-08"


@FEW
@given(convolutions())
def test_conv_forward_is_the_sum_of_products_under_each_window(layer: Convolution):
    """Each output is the filter's product with the window under it, plus the bias, whatever the shapes."""
    x, w, b = layer.arrays()
    padded = np.pad(x, ((0, 0), (0, 0), (layer.pad, layer.pad), (layer.pad, layer.pad)))
    windows = _windows(padded, *layer.w_shape[2:], layer.stride)

    param = layer.param

    out, cache = conv_forward_naive(x, w, b, param)

    expected = np.einsum("nchwkl,fckl->nfhw", windows, w) + b[:, None, None]
    np.testing.assert_allclose(out, expected, atol=1e-12)
    assert all(kept is given for kept, given in zip(cache, (x, w, b, param), strict=True))


@FEW
@given(convolutions())
def test_conv_backward_is_the_numerical_gradient(layer: Convolution):
    """The three gradients agree with numerical ones and have the shapes of the inputs, whatever these."""
    x, w, b = layer.arrays()
    out, cache = conv_forward_naive(x, w, b, layer.param)
    dout = np.random.default_rng(layer.seed).normal(size=out.shape)

    gradients = conv_backward_naive(dout, cache)

    for array, gradient in zip((x, w, b), gradients, strict=True):
        numerical = eval_numerical_gradient_array(
            lambda _: conv_forward_naive(x, w, b, layer.param)[0], array, dout, h=1e-2
        )
        assert gradient.shape == array.shape
        np.testing.assert_allclose(gradient, numerical, atol=1e-9)  # linear in each: the step may be large


def test_conv_takes_a_pad_that_is_a_whole_float():
    """A pad of 1.0, as a division gives it, means the same as 1, in both directions."""
    x, w, b = Convolution((2, 3, 5, 4), (2, 3, 3, 3), 1, 1, seed=0).arrays()

    whole, whole_cache = conv_forward_naive(x, w, b, {"stride": 1, "pad": 1})
    floating, floating_cache = conv_forward_naive(x, w, b, {"stride": 1, "pad": (3 - 1) / 2})

    np.testing.assert_array_equal(whole, floating)
    dout = np.ones_like(whole)
    for one, other in zip(
        conv_backward_naive(dout, whole_cache), conv_backward_naive(dout, floating_cache), strict=True
    ):
        np.testing.assert_array_equal(one, other)


@FEW
@given(poolings())
def test_max_pool_forward_is_the_maximum_of_each_window(layer: Pooling):
    """Each output is the largest number of its window, whatever the shapes."""
    x = layer.input()
    windows = _windows(x, layer.pool_height, layer.pool_width, layer.stride)

    out, _ = max_pool_forward_naive(x, layer.param)

    np.testing.assert_array_equal(out, windows.max(axis=(4, 5)))


@FEW
@given(poolings())
def test_max_pool_backward_is_the_numerical_gradient(layer: Pooling):
    """The gradient agrees with a numerical one, also where windows overlap or leave gaps."""
    x = layer.input()
    out, cache = max_pool_forward_naive(x, layer.param)
    dout = np.random.default_rng(layer.seed).normal(size=out.shape)

    dx = max_pool_backward_naive(dout, cache)

    numerical = eval_numerical_gradient_array(
        lambda x: max_pool_forward_naive(x, layer.param)[0], x, dout, h=0.1
    )
    np.testing.assert_allclose(dx, numerical, atol=1e-9)


def test_max_pool_backward_gives_a_tie_to_its_first_maximum():
    """A window with several maxima gives its gradient to the first of them, once."""
    x = np.array([[[[1.0, 2.0], [2.0, 2.0]]]])
    _, cache = max_pool_forward_naive(x, {"pool_height": 2, "pool_width": 2, "stride": 2})

    dx = max_pool_backward_naive(np.array([[[[5.0]]]]), cache)

    np.testing.assert_array_equal(dx, [[[[0.0, 5.0], [0.0, 0.0]]]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_naive_layers_keep_the_dtype(dtype):
    """Inputs of one floating type give outputs and gradients of that type."""
    x, w, b = (
        array.astype(dtype) for array in Convolution((1, 2, 4, 4), (2, 2, 3, 3), 1, 1, seed=0).arrays()
    )
    out, conv_cache = conv_forward_naive(x, w, b, {"stride": 1, "pad": 1})
    pooled, pool_cache = max_pool_forward_naive(out, {"pool_height": 2, "pool_width": 2, "stride": 2})

    dout = max_pool_backward_naive(pooled, pool_cache)
    results = [out, pooled, dout, *conv_backward_naive(dout, conv_cache)]

    assert {result.dtype for result in results} == {np.dtype(dtype)}


def test_backward_passes_leave_the_upstream_gradient_alone():
    """A backward pass changes neither dout nor what the forward pass was given."""
    x, w, b = Convolution((2, 3, 6, 5), (2, 3, 3, 3), 1, 1, seed=0).arrays()
    out, conv_cache = conv_forward_naive(x, w, b, {"stride": 1, "pad": 1})
    _, pool_cache = max_pool_forward_naive(out, {"pool_height": 2, "pool_width": 2, "stride": 1})
    _, bn_cache = spatial_batchnorm_forward(out, np.ones(2), np.zeros(2), {"mode": "train"})
    given = [x, w, b, out]
    before = [array.copy() for array in given]

    for backward, cache, shape in (
        (conv_backward_naive, conv_cache, out.shape),
        (max_pool_backward_naive, pool_cache, (2, 2, 5, 4)),
        (spatial_batchnorm_backward, bn_cache, out.shape),
    ):
        dout = np.ones(shape)
        backward(dout, cache)
        np.testing.assert_array_equal(dout, np.ones(shape))
    for array, copy in zip(given, before, strict=True):
        np.testing.assert_array_equal(array, copy)


@pytest.fixture
def images():
    """Images whose four axes all differ in length, and whose channels differ in mean and spread."""
    random = np.random.default_rng(1)
    return (
        random.normal(size=(3, 4, 5, 2)) * np.array([1, 2, 3, 4])[:, None, None] + np.arange(4)[:, None, None]
    )


def _per_channel(values):
    return values[:, None, None]


@pytest.mark.parametrize("eps", [1e-5, 1e-3])
def test_spatial_batchnorm_train_normalises_each_channel(images, eps):
    """Each channel is normalised by its own mean and variance, then scaled and shifted."""
    gamma, beta = np.array([1.0, 2.0, 3.0, 4.0]), np.array([5.0, 6.0, 7.0, 8.0])
    mean, var = images.mean(axis=(0, 2, 3)), images.var(axis=(0, 2, 3))
    bn_param = {"mode": "train"} if eps == 1e-5 else {"mode": "train", "eps": eps}

    out, _ = spatial_batchnorm_forward(images, gamma, beta, bn_param)

    expected = _per_channel(gamma) * (images - _per_channel(mean)) / np.sqrt(_per_channel(var) + eps)
    np.testing.assert_allclose(out, expected + _per_channel(beta), atol=1e-12)


@pytest.mark.parametrize("momentum", [0.9, 0.0, 1.0, 0.3])
def test_spatial_batchnorm_train_moves_the_running_averages(images, momentum):
    """The running averages keep the share `momentum` of themselves, start from zero, and land in bn_param."""
    bn_param = {"mode": "train"} if momentum == 0.9 else {"mode": "train", "momentum": momentum}
    mean, var = images.mean(axis=(0, 2, 3)), images.var(axis=(0, 2, 3))

    spatial_batchnorm_forward(images, np.ones(4), np.zeros(4), bn_param)
    spatial_batchnorm_forward(2 * images, np.ones(4), np.zeros(4), bn_param)

    fresh = 1 - momentum
    np.testing.assert_allclose(bn_param["running_mean"], momentum * fresh * mean + fresh * 2 * mean)
    np.testing.assert_allclose(bn_param["running_var"], momentum * fresh * var + fresh * 4 * var)


def test_spatial_batchnorm_test_uses_the_running_averages_and_keeps_them(images):
    """In test mode the running averages normalise, and stay as they are."""
    mean, var = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 3.0, 4.0, 5.0])
    bn_param = {"mode": "test", "running_mean": mean.copy(), "running_var": var.copy(), "eps": 1e-2}

    out, _ = spatial_batchnorm_forward(images, np.full(4, 2.0), np.full(4, 3.0), bn_param)

    expected = 2 * (images - _per_channel(mean)) / np.sqrt(_per_channel(var) + 1e-2) + 3
    np.testing.assert_allclose(out, expected, atol=1e-12)
    np.testing.assert_array_equal(bn_param["running_mean"], mean)
    np.testing.assert_array_equal(bn_param["running_var"], var)


@pytest.mark.parametrize("shape", [(3, 4, 5, 2), (1, 2, 3, 4), (2, 3, 1, 5)])
def test_spatial_batchnorm_backward_is_the_numerical_gradient(shape):
    """The three gradients agree with numerical ones, also for a batch of one."""
    random = np.random.default_rng(2)
    x, dout = 5 * random.normal(size=shape) + 12, random.normal(size=shape)
    gamma, beta = random.normal(size=shape[1]), random.normal(size=shape[1])

    def forward(_):
        return spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})[0]

    _, cache = spatial_batchnorm_forward(x, gamma, beta, {"mode": "train"})
    gradients = spatial_batchnorm_backward(dout, cache)

    for array, gradient in zip((x, gamma, beta), gradients, strict=True):
        np.testing.assert_allclose(gradient, eval_numerical_gradient_array(forward, array, dout), atol=1e-8)
