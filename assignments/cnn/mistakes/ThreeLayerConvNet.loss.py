"""Mistakes in the three-layer network's loss and gradients, regularisation apart."""

import numpy as np

from cs231n.fast_layers import (
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
from grader.bank import mistake
from nndl.cnn import ThreeLayerConvNet as Reference
from nndl.conv_layer_utils import conv_relu_pool_backward, conv_relu_pool_forward
from nndl.conv_layers import (
    conv_backward_naive,
    conv_forward_naive,
    max_pool_backward_naive,
    max_pool_forward_naive,
)
from nndl.layer_utils import affine_relu_backward, affine_relu_forward
from nndl.layers import affine_backward, affine_forward, relu_backward, relu_forward, softmax_loss

# --- The forward pass and its scores ---


@mistake("ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads", "ThreeLayerConvNet.speed")
class network_without_convolution_relu(Reference):
    """The network has no ReLU between convolution and pooling: without it negative values reach the next
    layer.
    """

    def loss(self, X, y=None):
        W1, b1, W2, b2, W3, b3 = (self.params[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))
        conv_param = {"stride": 1, "pad": (W1.shape[2] - 1) // 2}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        filtered, conv_cache = conv_forward_fast(X, W1, b1, conv_param)
        pooled, pool_cache = max_pool_forward_fast(filtered, pool_param)
        hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)
        scores, scores_cache = affine_forward(hidden, W3, b3)
        if y is None:
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, scores_cache)
        dpooled, grads["W2"], grads["b2"] = affine_relu_backward(dhidden, hidden_cache)
        dfiltered = max_pool_backward_fast(dpooled, pool_cache)
        _, grads["W1"], grads["b1"] = conv_backward_fast(dfiltered, conv_cache)
        for name in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads", "ThreeLayerConvNet.speed")
class network_without_hidden_relu(Reference):
    """The network has no ReLU in its hidden layer: two affine layers in a row can do no more than one."""

    def loss(self, X, y=None):
        W1, b1, W2, b2, W3, b3 = (self.params[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))
        conv_param = {"stride": 1, "pad": (W1.shape[2] - 1) // 2}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        pooled, conv_cache = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
        hidden, hidden_cache = affine_forward(pooled, W2, b2)
        scores, scores_cache = affine_forward(hidden, W3, b3)
        if y is None:
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, scores_cache)
        dpooled, grads["W2"], grads["b2"] = affine_backward(dhidden, hidden_cache)
        _, grads["W1"], grads["b1"] = conv_relu_pool_backward(dpooled, conv_cache)
        for name in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads", "ThreeLayerConvNet.speed")
class network_scores_after_relu(Reference):
    """The network's scores are never negative: after the last affine layer comes the loss, and no ReLU.

    affine_relu_forward is used twice.
    """

    def loss(self, X, y=None):
        W1, b1, W2, b2, W3, b3 = (self.params[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))
        conv_param = {"stride": 1, "pad": (W1.shape[2] - 1) // 2}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        pooled, conv_cache = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
        hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)
        scores, scores_cache = affine_relu_forward(hidden, W3, b3)
        if y is None:
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W3"], grads["b3"] = affine_relu_backward(dscores, scores_cache)
        dpooled, grads["W2"], grads["b2"] = affine_relu_backward(dhidden, hidden_cache)
        _, grads["W1"], grads["b1"] = conv_relu_pool_backward(dpooled, conv_cache)
        for name in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.init_loss", "ThreeLayerConvNet.speed")
class network_pads_by_one(Reference):
    """The network pads its images by one pixel whatever the filters' size: to keep height and width, larger
    filters need more.

    Right for 3x3 filters; the default ones have 7x7.
    """

    def loss(self, X, y=None):
        W1, b1, W2, b2, W3, b3 = (self.params[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))
        conv_param = {"stride": 1, "pad": 1}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        pooled, conv_cache = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
        hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)
        scores, scores_cache = affine_forward(hidden, W3, b3)
        if y is None:
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, scores_cache)
        dpooled, grads["W2"], grads["b2"] = affine_relu_backward(dhidden, hidden_cache)
        _, grads["W1"], grads["b1"] = conv_relu_pool_backward(dpooled, conv_cache)
        for name in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.loss")
class network_scores_need_labels(Reference):
    """Without labels the network fails instead of returning the scores: there is no loss to compute then."""

    def loss(self, X, y=None):
        return super().loss(X, list(y))


@mistake("ThreeLayerConvNet.loss")
class network_scores_in_a_tuple(Reference):
    """Without labels the network returns its scores together with something else: the scores alone are asked
    for.
    """

    def loss(self, X, y=None):
        result = super().loss(X, y)
        return (result, None) if y is None else result


@mistake("ThreeLayerConvNet.loss")
class network_scores_as_probabilities(Reference):
    """Without labels the network returns probabilities: it returns the scores, and the softmax is part of the
    loss.
    """

    def loss(self, X, y=None):
        if y is not None:
            return super().loss(X, y)
        exponentials = np.exp(super().loss(X))
        return exponentials / exponentials.sum(axis=1, keepdims=True)


@mistake("ThreeLayerConvNet.loss")
class network_scores_as_classes(Reference):
    """Without labels the network returns the most probable class of each image: it returns the scores of all
    classes.
    """

    def loss(self, X, y=None):
        return super().loss(X, y) if y is not None else super().loss(X).argmax(axis=1)


# --- The loss, and what is returned ---


@mistake("ThreeLayerConvNet.init_loss", "ThreeLayerConvNet.loss")
class network_loss_divided_by_batch(Reference):
    """The loss is too small by the size of the batch: the softmax loss has divided by the number of images
    already.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        decay = 0.5 * self.reg * sum(np.sum(self.params[name] ** 2) for name in ("W1", "W2", "W3"))
        return (loss - decay) / len(X) + decay, grads


@mistake("ThreeLayerConvNet.loss")
class network_results_exchanged(Reference):
    """With labels the network returns the gradients first and the loss second: the loss comes first."""

    def loss(self, X, y=None):
        result = super().loss(X, y)
        return result if y is None else result[::-1]


@mistake(
    "ThreeLayerConvNet.init_loss",
    "ThreeLayerConvNet.loss",
    "ThreeLayerConvNet.grads",
    "ThreeLayerConvNet.speed",
)
class network_returns_loss_only(Reference):
    """With labels the network returns the loss alone: the gradients come with it, as a second result.

    The scores, as without labels, show in the same way.
    """

    def loss(self, X, y=None):
        return super().loss(X) if y is None else super().loss(X, y)[0]


# --- The gradients ---


@mistake("ThreeLayerConvNet.grads")
class network_loss_averaged_twice(Reference):
    """The gradients are too small by the size of the batch: the softmax loss has divided by the number of
    images already.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        decay = {f"W{layer}": self.reg * self.params[f"W{layer}"] for layer in (1, 2, 3)}
        return loss, {k: (g - decay.get(k, 0)) / len(X) + decay.get(k, 0) for k, g in grads.items()}


@mistake("ThreeLayerConvNet.grads")
class network_bias_gradients_averaged(Reference):
    """The gradients of the biases are averaged over the batch once more: the loss is an average already, so
    what flows back from it only has to be added up.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, grads | {name: grads[name] / len(X) for name in ("b1", "b2", "b3")}


@mistake("ThreeLayerConvNet.grads")
class network_bias_gradient_in_a_row(Reference):
    """The gradient of the hidden layer's biases has one axis too many: it has the shape of the biases, one number
    for each.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, grads | {"b2": grads["b2"][None]}


@mistake("ThreeLayerConvNet.grads")
class network_bias_gradients_missing(Reference):
    """There are no gradients of the biases: they are learnt like the weights."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, {name: values for name, values in grads.items() if name.startswith("W")}


@mistake("ThreeLayerConvNet.grads")
class network_filter_gradients_missing(Reference):
    """There are no gradients of the filters and their biases: every parameter needs one."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, {name: values for name, values in grads.items() if name not in ("W1", "b1")}


@mistake("ThreeLayerConvNet.grads")
class network_filters_never_learn(Reference):
    """The gradients of the filters and of their biases are zero: the gradient has to flow back through the
    pooling and the ReLU to the convolution.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, {**grads, "W1": np.zeros_like(grads["W1"]), "b1": np.zeros_like(grads["b1"])}


@mistake("ThreeLayerConvNet.grads")
class network_gradients_negative(Reference):
    """The gradients have the wrong sign: the derivative of the loss with respect to the scores is the
    probabilities less one at the label, not the other way round.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        added = {name: self.reg * each for name, each in self.params.items() if name.startswith("W")}
        return loss, {name: 2 * added.get(name, 0) - each for name, each in grads.items()}


@mistake("ThreeLayerConvNet.grads")
class network_gradients_exchanged(Reference):
    """The gradients of the last two layers' biases are stored under each other's name."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, {**grads, "b2": grads["b3"], "b3": grads["b2"]}


@mistake("ThreeLayerConvNet.grads")
class network_gradients_in_a_list(Reference):
    """The gradients come in a list: they belong in a dictionary, under the names of their parameters."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss, list(grads.values())


# --- Speed, and what asking for the loss does ---


@mistake("ThreeLayerConvNet.speed")
class network_naive_layers(Reference):
    """The network runs on the naive layers: their loops are for understanding, and the fast layers do the
    same hundreds of times faster.

    Where the backward pass alone is naive, it shows in the same way.
    """

    def loss(self, X, y=None):
        W1, b1, W2, b2, W3, b3 = (self.params[name] for name in ("W1", "b1", "W2", "b2", "W3", "b3"))
        conv_param = {"stride": 1, "pad": (W1.shape[2] - 1) // 2}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        filtered, conv_cache = conv_forward_naive(X, W1, b1, conv_param)
        active, relu_cache = relu_forward(filtered)
        pooled, pool_cache = max_pool_forward_naive(active, pool_param)
        hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)
        scores, scores_cache = affine_forward(hidden, W3, b3)
        if y is None:
            return scores
        grads = {}
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, scores_cache)
        dpooled, grads["W2"], grads["b2"] = affine_relu_backward(dhidden, hidden_cache)
        dfiltered = relu_backward(max_pool_backward_naive(dpooled, pool_cache), relu_cache)
        _, grads["W1"], grads["b1"] = conv_backward_naive(dfiltered, conv_cache)
        for name in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.speed")
class network_loss_changes_parameters(Reference):
    """Asking for the loss takes a step as well: loss only looks at the parameters, and the optimiser changes
    them.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name, gradient in grads.items():
            self.params[name] = self.params[name] - 1e-2 * gradient
        return loss, grads
