"""Affine, ReLU, batch normalisation, dropout and the losses of the reference solution."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra.numpy import arrays

from cs231n.gradient_check import eval_numerical_gradient, eval_numerical_gradient_array
from nndl.layers import (
    affine_backward,
    affine_forward,
    batchnorm_backward,
    batchnorm_forward,
    dropout_backward,
    dropout_forward,
    relu_backward,
    relu_forward,
    softmax_loss,
    svm_loss,
)

SCORES = arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(2, 5)), elements=st.floats(-1e3, 1e3))


@pytest.fixture
def random():
    """Draw the same numbers in every run."""
    return np.random.default_rng(0)


def test_affine_forward_flattens_each_sample(random):
    """Each sample of any shape is one row of the matrix product, and the bias is added to every row."""
    x, w, b = random.normal(size=(2, 3, 4)), random.normal(size=(12, 5)), random.normal(size=5)

    out, _ = affine_forward(x, w, b)

    np.testing.assert_allclose(out, np.stack([sample.ravel() @ w + b for sample in x]))


def test_affine_backward_is_the_numerical_gradient(random):
    """The three gradients agree with numerical ones and have the shapes of the inputs."""
    x, w, b = random.normal(size=(2, 3, 4)), random.normal(size=(12, 5)), random.normal(size=5)
    dout = random.normal(size=(2, 5))

    gradients = affine_backward(dout, affine_forward(x, w, b)[1])

    for array, gradient in zip((x, w, b), gradients, strict=True):
        numerical = eval_numerical_gradient_array(lambda _: affine_forward(x, w, b)[0], array, dout)
        np.testing.assert_allclose(gradient, numerical, atol=1e-8)


def test_relu_cuts_off_what_is_negative():
    """The ReLU keeps what is positive, and its gradient passes there only; dout stays as it is."""
    x, dout = np.array([[-2.0, 0.0, 3.0]]), np.array([[1.0, 10.0, 100.0]])

    out, cache = relu_forward(x)
    dx = relu_backward(dout, cache)

    np.testing.assert_array_equal(out, [[0.0, 0.0, 3.0]])
    np.testing.assert_array_equal(dx, [[0.0, 0.0, 100.0]])
    np.testing.assert_array_equal(dout, [[1.0, 10.0, 100.0]])


@pytest.mark.parametrize("eps", [1e-5, 1e-2])
def test_batchnorm_train_normalises_each_feature(random, eps):
    """Each column gets the mean beta and, but for eps, the standard deviation gamma."""
    x = random.normal(size=(50, 3)) * [1, 20, 300] + [7, 8, 9]
    gamma, beta = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])

    out, _ = batchnorm_forward(x, gamma, beta, {"mode": "train", "eps": eps})

    np.testing.assert_allclose(out.mean(axis=0), beta)
    np.testing.assert_allclose(out.std(axis=0), gamma * x.std(axis=0) / np.sqrt(x.var(axis=0) + eps))


def test_batchnorm_test_does_not_depend_on_the_batch(random):
    """In test mode a sample gets the same output alone as in company, and the running averages stay."""
    bn_param = {"mode": "train"}
    for _ in range(5):
        batchnorm_forward(random.normal(size=(8, 3)) + 2, np.ones(3), np.zeros(3), bn_param)
    before = {name: bn_param[name].copy() for name in ("running_mean", "running_var")}
    bn_param["mode"] = "test"
    x = random.normal(size=(8, 3))

    together, _ = batchnorm_forward(x, np.ones(3), np.zeros(3), bn_param)
    alone, _ = batchnorm_forward(x[:1], np.ones(3), np.zeros(3), bn_param)

    np.testing.assert_allclose(alone, together[:1])
    for name, values in before.items():
        np.testing.assert_array_equal(bn_param[name], values)


def test_batchnorm_backward_is_the_numerical_gradient(random):
    """The three gradients agree with numerical ones."""
    x, dout = 5 * random.normal(size=(4, 5)) + 12, random.normal(size=(4, 5))
    gamma, beta = random.normal(size=5), random.normal(size=5)

    def forward(_):
        return batchnorm_forward(x, gamma, beta, {"mode": "train"})[0]

    gradients = batchnorm_backward(dout, batchnorm_forward(x, gamma, beta, {"mode": "train"})[1])

    for array, gradient in zip((x, gamma, beta), gradients, strict=True):
        np.testing.assert_allclose(gradient, eval_numerical_gradient_array(forward, array, dout), atol=1e-8)


@pytest.mark.parametrize("layer", ["batchnorm", "dropout"])
def test_an_unknown_mode_is_refused(layer):
    """A mode other than train and test raises an error that names it."""
    x = np.ones((2, 3))

    with pytest.raises(ValueError, match="'predict'"):
        if layer == "batchnorm":
            batchnorm_forward(x, np.ones(3), np.zeros(3), {"mode": "predict"})
        else:
            dropout_forward(x, {"mode": "predict", "p": 0.5})


@pytest.mark.parametrize("keep", [0.3, 0.8])
def test_dropout_keeps_with_probability_p_and_rescales(keep):
    """About a share p of the elements is kept, and each of those is divided by p."""
    out, _ = dropout_forward(np.full((500, 500), 10.0), {"mode": "train", "p": keep, "seed": 1})

    kept = out != 0
    assert abs(kept.mean() - keep) < 0.01
    np.testing.assert_allclose(out[kept], 10.0 / keep)


def test_dropout_does_nothing_in_test_mode(random):
    """In test mode the input comes out, and the gradient passes."""
    x, dout = random.normal(size=(3, 4)), random.normal(size=(3, 4))

    out, cache = dropout_forward(x, {"mode": "test", "p": 0.5})

    np.testing.assert_array_equal(out, x)
    np.testing.assert_array_equal(dropout_backward(dout, cache), dout)


def test_dropout_backward_is_the_numerical_gradient(random):
    """With a seed the mask repeats, and the gradient agrees with a numerical one."""
    x, dout = random.normal(size=(6, 5)) + 10, random.normal(size=(6, 5))
    param = {"mode": "train", "p": 0.6, "seed": 3}

    dx = dropout_backward(dout, dropout_forward(x, param)[1])

    numerical = eval_numerical_gradient_array(lambda x: dropout_forward(x, param)[0], x, dout)
    np.testing.assert_allclose(dx, numerical, atol=1e-8)


def test_dropout_without_a_seed_follows_numpys_global_seed():
    """Without a seed of its own the mask is drawn from np.random, so that np.random.seed makes it repeat."""
    x, param = np.ones((20, 20)), {"mode": "train", "p": 0.5}
    np.random.seed(5)
    first, _ = dropout_forward(x, param)
    second, _ = dropout_forward(x, param)
    np.random.seed(5)
    again, _ = dropout_forward(x, param)

    np.testing.assert_array_equal(first, again)
    assert (first != second).any()


@pytest.mark.parametrize("loss_function", [softmax_loss, svm_loss])
def test_loss_gradient_is_the_numerical_gradient(random, loss_function):
    """The gradient of each loss agrees with a numerical one."""
    x, y = random.normal(size=(7, 4)), random.integers(4, size=7)

    _, dx = loss_function(x, y)

    numerical = eval_numerical_gradient(lambda x: loss_function(x, y)[0], x, verbose=False)
    np.testing.assert_allclose(dx, numerical, atol=1e-8)


def test_losses_of_equal_scores():
    """Equal scores for C classes cost log C with the softmax, and C - 1 with the hinge."""
    x, y = np.zeros((3, 10)), np.array([0, 4, 9])

    assert softmax_loss(x, y)[0] == pytest.approx(np.log(10))
    assert svm_loss(x, y)[0] == pytest.approx(9)


@settings(max_examples=50, deadline=None)
@given(SCORES, st.floats(-1e6, 1e6))
def test_softmax_loss_is_finite_and_does_not_see_a_common_shift(scores, shift):
    """Large scores do not overflow, a number added to all changes nothing, and gradients sum to zero."""
    y = np.arange(len(scores)) % scores.shape[1]

    loss, dx = softmax_loss(scores, y)
    shifted_loss, _ = softmax_loss(scores + shift, y)

    assert np.isfinite(loss) and loss >= 0
    assert shifted_loss == pytest.approx(loss, abs=1e-6)
    np.testing.assert_allclose(dx.sum(axis=1), 0, atol=1e-12)


def test_layers_keep_float32(random):
    """Inputs of type float32 give outputs and gradients of that type."""
    x, w, b = (random.normal(size=shape).astype(np.float32) for shape in ((4, 6), (6, 3), (3,)))
    y = np.array([0, 1, 2, 0])
    scores, affine_cache = affine_forward(x, w, b)
    normal, bn_cache = batchnorm_forward(scores, b, b, {"mode": "train"})
    active, relu_cache = relu_forward(normal)
    dropped, dropout_cache = dropout_forward(active, {"mode": "train", "p": 0.5})
    _, dx = softmax_loss(dropped, y)

    gradient = relu_backward(dropout_backward(dx, dropout_cache), relu_cache)
    gradients = [*batchnorm_backward(gradient, bn_cache), *affine_backward(gradient, affine_cache)]

    results = [scores, normal, active, dropped, dx, svm_loss(dropped, y)[1], gradient, *gradients]
    assert {result.dtype for result in results} == {np.dtype(np.float32)}
