"""Unusual three-layer networks."""

import logging
import warnings
from collections import OrderedDict, UserDict

import numpy as np

from cs231n.fast_layers import (
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
from grader.bank import variant
from nndl.cnn import ThreeLayerConvNet as Reference
from nndl.layer_utils import affine_relu_backward, affine_relu_forward
from nndl.layers import affine_backward, affine_forward, relu_backward, relu_forward, softmax_loss

# --- Parameters ---


@variant()
class network_other_draws(Reference):
    """The weights come from a generator of the network's own, the biases are arrays of ones times zero, and
    the parameters come in another order.
    """

    def __init__(self, *args, weight_scale=1e-3, **kwargs):
        super().__init__(*args, weight_scale=weight_scale, **kwargs)
        rng = np.random.default_rng()
        shapes = {name: values.shape for name, values in self.params.items()}
        self.params = {}
        for layer in "321":
            self.params["b" + layer] = np.ones(shapes["b" + layer]) * 0
            self.params["W" + layer] = weight_scale * rng.standard_normal(shapes["W" + layer])


@variant()
class network_more_attributes(Reference):
    """The network keeps the shapes of its layers, other settings and unused parameters, and asks for more
    than the assignment's arguments.
    """

    momentum = 0.9

    def __init__(self, *args, dropout=0.0, seed=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.dropout, self.seed = dropout, seed
        self.bn_params = [{"mode": "train"} for _ in range(2)]
        self.params["gamma1"], self.params["beta1"] = np.ones(3), np.zeros(3)

    @property
    def size(self):
        return sum(values.size for values in self.params.values())

    def loss(self, X, y=None):
        mode = "test" if y is None else "train"
        for state in self.bn_params:
            state["mode"] = mode
        return super().loss(X, y)


class Parameters(UserDict):
    def __getattr__(self, name):
        if name in self.__dict__.get("data", {}):
            return self[name]
        raise AttributeError(name)


@variant()
class network_parameters_as_attributes(Reference):
    """The parameters are a dictionary of the submission's own class, and the loss asks for them as attributes."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.params = Parameters(self.params)

    def loss(self, X, y=None):
        scores = super().loss(X) + 0 * self.params.b3
        return scores if y is None else super().loss(X, y)


# --- How the loss is computed ---


@variant()
class network_layer_by_layer(Reference):
    """The network calls each fast layer by itself instead of the given combinations."""

    def loss(self, X, y=None):
        p, caches = self.params, []
        conv_param = {"stride": 1, "pad": (p["W1"].shape[2] - 1) / 2}
        layers = [
            lambda h: conv_forward_fast(h, p["W1"], p["b1"], conv_param),
            relu_forward,
            lambda h: max_pool_forward_fast(h, {"pool_height": 2, "pool_width": 2, "stride": 2}),
            lambda h: affine_forward(h, p["W2"], p["b2"]),
            relu_forward,
            lambda h: affine_forward(h, p["W3"], p["b3"]),
        ]
        hidden = X
        for layer in layers:
            hidden, cache = layer(hidden)
            caches.append(cache)
        if y is None:
            return hidden
        loss, upstream = softmax_loss(hidden, y)
        grads = {}
        upstream, grads["W3"], grads["b3"] = affine_backward(upstream, caches.pop())
        upstream = relu_backward(upstream, caches.pop())
        upstream, grads["W2"], grads["b2"] = affine_backward(upstream, caches.pop())
        upstream = relu_backward(max_pool_backward_fast(upstream, caches.pop()), caches.pop())
        _, grads["W1"], grads["b1"] = conv_backward_fast(upstream, caches.pop())
        for name in ("W1", "W2", "W3"):
            grads[name] += self.reg * p[name]
            loss += self.reg / 2 * np.linalg.norm(p[name]) ** 2
        return loss, grads


def _columns(x, w, pad):
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(x_pad, w.shape[2:], axis=(2, 3))
    return windows.transpose(1, 4, 5, 0, 2, 3).reshape(w[0].size, -1)


@variant()
class network_own_im2col(Reference):
    """The convolution of the network is the submission's own im2col in NumPy, with one product of matrices
    for the whole batch.
    """

    def loss(self, X, y=None):
        W1, b1, W2, b2, W3, b3 = (self.params[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))
        N, _, H, W = X.shape
        columns = _columns(X, W1, W1.shape[2] // 2)
        filtered = (W1.reshape(len(W1), -1) @ columns).reshape(len(W1), N, H, W).swapaxes(0, 1) + b1[
            :, None, None
        ]
        tiles = np.maximum(filtered, 0).reshape(N, len(W1), H // 2, 2, W // 2, 2)
        pooled = tiles.max(axis=(3, 5))
        hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)
        scores, scores_cache = affine_forward(hidden, W3, b3)
        if y is None:
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, scores_cache)
        dpooled, grads["W2"], grads["b2"] = affine_relu_backward(dhidden, hidden_cache)
        winners = (tiles == pooled[:, :, :, None, :, None]) & (tiles > 0)
        dfiltered = (winners * dpooled[:, :, :, None, :, None]).reshape(filtered.shape)
        grads["W1"] = (dfiltered.swapaxes(0, 1).reshape(len(W1), -1) @ columns.T).reshape(W1.shape)
        grads["b1"] = dfiltered.sum(axis=(0, 2, 3))
        for name in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.vdot(self.params[name], self.params[name])
            grads[name] += self.reg * self.params[name]
        return loss, grads


@variant()
class network_regularised_in_layers(Reference):
    """The regularisation is added layer by layer through helper methods, nested functions and a class
    attribute.
    """

    regularised = ("W1", "W2", "W3")

    def _without_decay(self, X, y):
        kept, self.reg = self.reg, 0.0
        try:
            return super().loss(X, y)
        finally:
            self.reg = kept

    def loss(self, X, y=None):
        if y is None:
            return self._without_decay(X, None)

        def decay():
            return sum(np.square(self.params[name]).sum() for name in self.regularised) / 2

        loss, grads = self._without_decay(X, y)
        decayed = {name: grads[name] + self.reg * self.params[name] for name in self.regularised}
        return loss + self.reg * decay(), grads | decayed


# --- What is returned, and said ---


@variant()
class network_loss_is_a_python_float(Reference):
    """The loss is a plain Python float."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return float(loss), grads


@variant()
class network_loss_is_an_array(Reference):
    """The loss comes as an array without axes, and some gradients in Fortran order."""

    def loss(self, X, y=None):
        if y is None:
            return np.asfortranarray(super().loss(X))
        loss, grads = super().loss(X, y)
        return np.array(loss), {name: np.asfortranarray(values) for name, values in grads.items()}


@variant()
class network_gradients_are_lists(Reference):
    """The gradients of the biases are lists of numbers."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, grads | {name: grads[name].tolist() for name in ("b1", "b2", "b3")}


@variant()
class network_more_gradients(Reference):
    """The gradients hold that of the images and notes besides, in an ordered dictionary, and the network
    keeps its last loss.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        self.last_loss, grads = super().loss(X, y)
        more = OrderedDict(sorted(grads.items(), reverse=True))
        more.update(X=np.zeros_like(X), note="of the last batch", norm=np.float64(1), network=self)
        return self.last_loss, more


_LOG = logging.getLogger("nndl.cnn")


@variant()
class network_is_talkative(Reference):
    """The network prints its shapes and every loss, warns, and logs."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, values in self.params.items():
            print(f"{name}: {values.shape} {values.dtype}\t{values.mean():+.3e}")
        warnings.warn("weights are small", RuntimeWarning, stacklevel=2)

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        print("loss", loss)
        _LOG.warning("loss %s", loss)
        return loss, grads
