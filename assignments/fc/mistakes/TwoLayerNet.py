"""Mistakes in the two-layer network."""

import numpy as np

from grader.bank import mistake
from nndl.fc_net import TwoLayerNet as RightNet
from nndl.layers import affine_backward, affine_forward, softmax_loss

# --- Initialisation ---


@mistake("TwoLayerNet.init")
class two_layers_ignores_weight_scale(RightNet):
    """The two-layer network draws its weights with a deviation of its own: it is given as weight_scale."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        scale = options.get("weight_scale", 1e-3)
        for name in self.params:
            if name.startswith("W"):
                self.params[name] *= 0.03 / scale


@mistake("TwoLayerNet.init")
class two_layers_uniform_weights(RightNet):
    """The two-layer network draws its weights evenly from an interval: they are Gaussian."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name, values in self.params.items():
            if name.startswith("W"):
                spread = np.sqrt(3) * options.get("weight_scale", 1e-3)
                self.params[name] = np.random.uniform(-spread, spread, values.shape).astype(values.dtype)


@mistake("TwoLayerNet.init")
class two_layers_biases_of_one(RightNet):
    """The biases of the two-layer network start at one: they start at zero."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in self.params:
            if name.startswith("b") and name[1:].isdigit():
                self.params[name] += 1


# --- Forward and backward pass ---


@mistake("TwoLayerNet.loss", "TwoLayerNet.grads")
class two_layers_without_relu(RightNet):
    """The two-layer network has no ReLU between its layers: without it two affine layers are one."""

    def loss(self, X, y=None):
        p = self.params
        hidden, first = affine_forward(X, p["W1"], p["b1"])
        scores, second = affine_forward(hidden, p["W2"], p["b2"])
        if y is None:
            return scores
        grads = {}
        loss, upstream = softmax_loss(scores, y)
        upstream, grads["W2"], grads["b2"] = affine_backward(upstream, second)
        _, grads["W1"], grads["b1"] = affine_backward(upstream, first)
        for name in ("W1", "W2"):
            loss += 0.5 * self.reg * (p[name] ** 2).sum()
            grads[name] += self.reg * p[name]
        return loss, grads


@mistake("TwoLayerNet.loss")
class two_layers_scores_through_relu(RightNet):
    """The scores of the two-layer network go through a ReLU: the last layer is affine alone."""

    def loss(self, X, y=None):
        scores = super().loss(X)
        return np.maximum(scores, 0) if y is None else super().loss(X, y)


@mistake("TwoLayerNet.grads")
class two_layers_gradients_of_the_second_only(RightNet):
    """The two-layer network has no gradients of its first layer: the backward pass goes on to the input."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, {name: grads[name] for name in ("W2", "b2")}


# --- Regularisation ---


@mistake("TwoLayerNet.loss", "TwoLayerNet.grads")
class two_layers_without_regularisation(RightNet):
    """The two-layer network does not regularise."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        reg, self.reg = self.reg, 0.0
        result = super().loss(X, y)
        self.reg = reg
        return result


@mistake("TwoLayerNet.grads")
class two_layers_reg_in_loss_only(RightNet):
    """The two-layer network regularises its loss and not its gradients: each weight's gradient has its share."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in grads:
            if name.startswith("W"):
                grads[name] -= self.reg * self.params[name]
        return loss, grads


@mistake("TwoLayerNet.loss")
class two_layers_reg_without_half(RightNet):
    """The two-layer network regularises by the whole sum of squares: the loss takes half of it, so that the
    gradient is reg times the weight.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in self.params:
            if name.startswith("W"):
                loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
        return loss, grads


@mistake("TwoLayerNet.loss", "TwoLayerNet.grads")
class two_layers_regularises_biases(RightNet):
    """The two-layer network regularises its biases as well: only the weights are."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in self.params:
            if name.startswith("b") and name[1:].isdigit():
                loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
                grads[name] += self.reg * self.params[name]
        return loss, grads
