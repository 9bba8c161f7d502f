"""Mistakes in the regularisation of the three-layer network."""

import numpy as np

from grader.bank import mistake
from nndl.cnn import ThreeLayerConvNet as Reference

# --- Left out ---


@mistake("ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads")
class network_reg_missing(Reference):
    """Loss and gradients leave out the regularisation: both must contain it, for all weight matrices."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{**kwargs, "reg": 0.0})


@mistake("ThreeLayerConvNet.grads")
class network_reg_in_loss_only(Reference):
    """The gradients leave out the regularisation: what the loss adds for the weights shows in their gradients
    too.

    A gradient check without regularisation does not see it, and the notebook's runs without.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("W1", "W2", "W3"):
            grads[name] = grads[name] - self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.loss")
class network_reg_in_gradients_only(Reference):
    """The loss leaves out the regularisation: it belongs to the loss as well as to the gradients."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        (_, grads), reg = super().loss(X, y), self.reg
        try:
            self.reg = 0.0
            return super().loss(X, y)[0], grads
        finally:
            self.reg = reg


@mistake("ThreeLayerConvNet.loss")
class network_reg_fixed_at_start(Reference):
    """The loss keeps the strength of the regularisation that the network was made with: reg may be changed at
    any time, so it is looked up anew each time.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.strength = self.reg

    def loss(self, X, y=None):
        self.reg, now = self.strength, self.reg
        try:
            return super().loss(X, y)
        finally:
            self.reg = now


# --- Of some parameters ---


@mistake("ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads")
class network_reg_without_filters(Reference):
    """The regularisation leaves out the filters: they are weights like those of the other layers."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        grads["W1"] = grads["W1"] - self.reg * self.params["W1"]
        return loss - 0.5 * self.reg * np.sum(self.params["W1"] ** 2), grads


@mistake("ThreeLayerConvNet.loss")
class network_reg_without_filters_in_loss(Reference):
    """The loss leaves the filters out of the regularisation: they are weights like those of the other layers,
    and their gradient contains it.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss - 0.5 * self.reg * np.sum(self.params["W1"] ** 2), grads


@mistake("ThreeLayerConvNet.grads")
class network_reg_without_filters_in_gradients(Reference):
    """The gradient of the filters leaves out the regularisation: they are weights like those of the other
    layers, and the loss contains it.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        grads["W1"] = grads["W1"] - self.reg * self.params["W1"]
        return loss, grads


@mistake("ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads")
class network_reg_without_last_layer(Reference):
    """The regularisation leaves out the last layer: it acts on all three weight matrices, in the loss and in
    the gradients.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        grads["W3"] = grads["W3"] - self.reg * self.params["W3"]
        return loss - 0.5 * self.reg * np.sum(self.params["W3"] ** 2), grads


@mistake("ThreeLayerConvNet.loss")
class network_reg_without_last_layer_in_loss(Reference):
    """The loss leaves the last layer out of the regularisation: it acts on all three weight matrices, and the
    gradient contains it.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss - 0.5 * self.reg * np.sum(self.params["W3"] ** 2), grads


@mistake("ThreeLayerConvNet.grads")
class network_reg_without_last_layer_in_gradients(Reference):
    """The gradient of the last layer's weights leaves out the regularisation: it acts on all three weight
    matrices, and the loss contains it.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        grads["W3"] = grads["W3"] - self.reg * self.params["W3"]
        return loss, grads


@mistake("ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads")
class network_reg_of_filters_only(Reference):
    """The regularisation acts on the filters alone: it acts on all three weight matrices, in the loss and in
    the gradients.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("W2", "W3"):
            loss -= 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] - self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads")
class network_reg_of_biases(Reference):
    """The regularisation acts on the biases too: it keeps the weights small and leaves the biases alone."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("b1", "b2", "b3"):
            loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.loss")
class network_reg_of_biases_in_loss(Reference):
    """The regularisation in the loss counts the biases too: it keeps the weights small and leaves the biases
    alone.

    A sum over all of params.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss + 0.5 * self.reg * sum(
            np.sum(self.params[name] ** 2) for name in ("b1", "b2", "b3")
        ), grads


@mistake("ThreeLayerConvNet.grads")
class network_reg_of_biases_in_gradients(Reference):
    """The gradients of the biases contain regularisation: it keeps the weights small and leaves the biases
    alone.

    A loop over all of params.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("b1", "b2", "b3"):
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


# --- In another strength ---


@mistake("ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads")
class network_reg_counted_in_full(Reference):
    """Loss and gradients count the regularisation twice over: the loss multiplies its strength by one half,
    and so its gradient is reg * W without a 2.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("W1", "W2", "W3"):
            loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.loss")
class network_reg_without_half(Reference):
    """The loss counts the regularisation twice over: its strength is multiplied by one half, which spares the
    gradient a factor of two.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        return loss + 0.5 * self.reg * sum(
            np.sum(self.params[name] ** 2) for name in ("W1", "W2", "W3")
        ), grads


@mistake("ThreeLayerConvNet.grads")
class network_reg_doubled_in_gradients(Reference):
    """The gradients count the regularisation twice: the 2 of the square and the 1/2 of its strength cancel."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("W1", "W2", "W3"):
            grads[name] = grads[name] + self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.grads")
class network_reg_halved_in_gradients(Reference):
    """The gradients count half of the regularisation: the 1/2 of its strength cancels with the 2 of the
    square, so none is left.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("W1", "W2", "W3"):
            grads[name] = grads[name] - 0.5 * self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads")
class network_reg_divided_by_batch(Reference):
    """The regularisation shrinks with the size of the batch: it belongs to the weights, not to the images,
    and is not averaged.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        too_much = self.reg * (1 - 1 / len(X))
        for name in ("W1", "W2", "W3"):
            loss -= 0.5 * too_much * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] - too_much * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.loss")
class network_reg_divided_by_batch_in_loss(Reference):
    """The regularisation in the loss shrinks with the size of the batch: it belongs to the weights, not to
    the images, and is not averaged.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        squares = sum(np.sum(self.params[name] ** 2) for name in ("W1", "W2", "W3"))
        return loss - 0.5 * self.reg * (1 - 1 / len(X)) * squares, grads


@mistake("ThreeLayerConvNet.grads")
class network_reg_divided_by_batch_in_gradients(Reference):
    """The regularisation in the gradients shrinks with the size of the batch: it belongs to the weights, not
    to the images, and is not averaged.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("W1", "W2", "W3"):
            grads[name] = grads[name] - self.reg * (1 - 1 / len(X)) * self.params[name]
        return loss, grads


# --- Of another form ---


@mistake("ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads")
class network_reg_subtracted(Reference):
    """The regularisation is subtracted, from loss and gradients: it is a penalty, which makes the loss
    larger.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("W1", "W2", "W3"):
            loss -= self.reg * np.sum(self.params[name] ** 2)
            grads[name] = grads[name] - 2 * self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.grads")
class network_reg_subtracted_from_gradients(Reference):
    """The gradients have the regularisation with the wrong sign: the loss adds it, so its gradient is added
    as well.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("W1", "W2", "W3"):
            grads[name] = grads[name] - 2 * self.reg * self.params[name]
        return loss, grads


@mistake("ThreeLayerConvNet.loss")
class network_reg_mean_of_squares(Reference):
    """The regularisation averages the squares of the weights: the loss adds their sum."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        weights = [self.params[name] for name in ("W1", "W2", "W3")]
        return loss + 0.5 * self.reg * sum(np.mean(each**2) - np.sum(each**2) for each in weights), grads


@mistake("ThreeLayerConvNet.loss")
class network_reg_norm_not_squared(Reference):
    """The loss adds the length of the weights: the regularisation adds the sum of their squares, without a
    root.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        squares = [np.sum(self.params[name] ** 2) for name in ("W1", "W2", "W3")]
        return loss + 0.5 * self.reg * sum(np.sqrt(squares) - squares), grads


@mistake("ThreeLayerConvNet.loss")
class network_reg_of_magnitudes(Reference):
    """The loss adds the magnitudes of the weights: this regularisation adds their squares, and its gradient
    is that of the squares.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        weights = [self.params[name] for name in ("W1", "W2", "W3")]
        return loss + 0.5 * self.reg * sum(np.sum(np.abs(each) - each**2) for each in weights), grads


@mistake("ThreeLayerConvNet.loss")
class network_reg_sum_not_squared(Reference):
    """The loss adds the weights instead of their squares: positive and negative weights must count alike."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        weights = [self.params[name] for name in ("W1", "W2", "W3")]
        return loss + 0.5 * self.reg * sum(np.sum(each) - np.sum(each**2) for each in weights), grads


@mistake("ThreeLayerConvNet.loss")
class network_reg_square_of_sum(Reference):
    """The regularisation squares the sum of the weights: square each weight first, then add up."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        weights = [self.params[name] for name in ("W1", "W2", "W3")]
        return loss + 0.5 * self.reg * sum(np.sum(each) ** 2 - np.sum(each**2) for each in weights), grads


@mistake("ThreeLayerConvNet.grads")
class network_reg_scales_gradients(Reference):
    """The gradients are multiplied because of the regularisation: it adds a share of the weights to them.

    "+= reg * gradient" for "+= reg * weights", which multiplies by one plus reg.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in ("W1", "W2", "W3"):
            grads[name] = (grads[name] - self.reg * self.params[name]) * (1 + self.reg)
        return loss, grads


# --- In place of what it is added to ---


@mistake("ThreeLayerConvNet.loss")
class network_reg_replaces_loss(Reference):
    """With regularisation the loss is the penalty of one weight matrix alone: each penalty is added to the
    loss, and assigning it throws away what was there.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        if self.reg:
            loss = 0.5 * self.reg * np.sum(self.params["W3"] ** 2)
        return loss, grads


@mistake("ThreeLayerConvNet.grads")
class network_reg_replaces_gradients(Reference):
    """With regularisation the gradients of the weights hold its share alone: it is added to what flowed back
    from the loss, and assigning it throws that away.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        if self.reg:
            grads |= {name: self.reg * self.params[name] for name in ("W1", "W2", "W3")}
        return loss, grads


@mistake("ThreeLayerConvNet.init_loss", "ThreeLayerConvNet.loss")
class network_reg_is_all_of_loss(Reference):
    """The loss is the regularisation alone: it is added to the loss of the scores, and assigning it throws
    that away.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        _, grads = super().loss(X, y)
        return 0.5 * self.reg * sum(np.sum(self.params[name] ** 2) for name in ("W1", "W2", "W3")), grads


@mistake("ThreeLayerConvNet.grads")
class network_reg_is_all_of_gradients(Reference):
    """The gradients of the weights are the regularisation's alone: it is added to what flowed back from the
    loss, and assigning it throws that away.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        grads |= {name: self.reg * self.params[name] for name in ("W1", "W2", "W3")}
        return loss, grads
