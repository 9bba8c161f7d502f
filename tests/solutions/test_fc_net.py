"""The fully connected networks of the reference solution."""

import numpy as np
import pytest

from cs231n.gradient_check import eval_numerical_gradient
from nndl.fc_net import FullyConnectedNet, TwoLayerNet


@pytest.fixture
def batch():
    """Draw samples and labels, the same in every run."""
    np.random.seed(0)
    return np.random.randn(6, 5, 3), np.random.randint(4, size=6)


def _assert_numerical(model, X, y, tolerance=1e-6):
    for name in model.params:
        if name.startswith("b"):  # away from zero, where a unit without any input sits on the ReLU's kink
            model.params[name] += 0.1 * np.random.randn(*model.params[name].shape)
    _, grads = model.loss(X, y)
    assert grads.keys() == model.params.keys()
    for name, values in model.params.items():
        numerical = eval_numerical_gradient(lambda _: model.loss(X, y)[0], values, verbose=False, h=1e-6)
        np.testing.assert_allclose(grads[name], numerical, atol=tolerance, err_msg=name)


@pytest.mark.parametrize("reg", [0.0, 0.5])
def test_two_layer_gradients_are_the_numerical_gradients(batch, reg):
    """The gradients of the network of two layers agree with numerical ones."""
    _assert_numerical(TwoLayerNet(15, 8, 4, weight_scale=0.3, reg=reg), *batch)


@pytest.mark.parametrize("use_batchnorm", [False, True])
@pytest.mark.parametrize("dropout", [0, 0.6])
@pytest.mark.parametrize("reg", [0.0, 0.5])
def test_fully_connected_gradients_are_the_numerical_gradients(batch, use_batchnorm, dropout, reg):
    """The gradients agree with numerical ones for every combination of options."""
    model = FullyConnectedNet(
        [8, 6],
        input_dim=15,
        num_classes=4,
        dropout=dropout,
        use_batchnorm=use_batchnorm,
        reg=reg,
        weight_scale=0.3,
        dtype=np.float64,
        seed=1,
    )

    _assert_numerical(model, *batch)


def test_fully_connected_parameters_follow_the_hidden_dims():
    """Each layer has its weights and biases, and each hidden layer its scale and shift."""
    params = FullyConnectedNet([8, 6], input_dim=15, num_classes=4, use_batchnorm=True).params

    weights = {name: values.shape for name, values in params.items() if name.startswith("W")}
    assert weights == {"W1": (15, 8), "W2": (8, 6), "W3": (6, 4)}
    assert {name for name in params if name.startswith(("gamma", "beta"))} == {
        "gamma1",
        "gamma2",
        "beta1",
        "beta2",
    }
    assert {values.dtype for values in params.values()} == {np.dtype(np.float32)}


def test_without_labels_the_network_is_in_test_mode(batch):
    """Scores without labels drop nothing out, and leave the running averages as they are."""
    X, y = batch
    model = FullyConnectedNet([8], input_dim=15, num_classes=4, dropout=0.5, use_batchnorm=True)
    model.loss(X, y)
    before = model.bn_params[0]["running_mean"].copy()

    first, second = model.loss(X), model.loss(X)

    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(model.bn_params[0]["running_mean"], before)


def test_dropout_of_one_and_of_zero_both_keep_everything(batch):
    """A keep probability of 1 and the value 0, which means no dropout, give the same loss."""
    losses = []
    for dropout in (0, 1):
        np.random.seed(3)
        model = FullyConnectedNet([8], input_dim=15, num_classes=4, dropout=dropout, dtype=np.float64)
        losses.append(model.loss(*batch)[0])

    assert losses[0] == pytest.approx(losses[1])
