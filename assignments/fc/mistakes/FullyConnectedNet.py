"""Mistakes in the network of any depth."""

import numpy as np

from grader.bank import mistake
from nndl.fc_net import FullyConnectedNet as RightNet

# --- Initialisation ---


@mistake("FullyConnectedNet.init")
class network_ignores_weight_scale(RightNet):
    """The network of any depth draws its weights with a deviation of its own: it is given as weight_scale."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        scale = options.get("weight_scale", 1e-3)
        for name in self.params:
            if name.startswith("W"):
                self.params[name] *= 0.03 / scale


@mistake("FullyConnectedNet.init")
class network_uniform_weights(RightNet):
    """The network of any depth draws its weights evenly from an interval: they are Gaussian."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name, values in self.params.items():
            if name.startswith("W"):
                spread = np.sqrt(3) * options.get("weight_scale", 1e-3)
                self.params[name] = np.random.uniform(-spread, spread, values.shape).astype(values.dtype)


@mistake("FullyConnectedNet.init")
class network_biases_of_one(RightNet):
    """The biases of the network of any depth start at one: they start at zero."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in self.params:
            if name.startswith("b") and name[1:].isdigit():
                self.params[name] += 1


@mistake("FullyConnectedNet.init")
class network_scale_starts_at_zero(RightNet):
    """The scales of batch normalisation start at zero, so that nothing comes through: they start at one."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        for name in self.params:
            if name.startswith("gamma"):
                self.params[name] *= 0


# --- Its layers ---


@mistake(
    "FullyConnectedNet.init",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
class network_of_one_hidden_layer(RightNet):
    """The network of any depth runs its first hidden layer and the last one only."""

    def __init__(self, hidden_dims, *args, **options):
        super().__init__(hidden_dims[:1], *args, **options)


@mistake("FullyConnectedNet.loss", "FullyConnectedNet.batchnorm", "FullyConnectedNet.dropout")
class network_scores_through_relu(RightNet):
    """The scores of the network of any depth go through a ReLU: the last layer is affine alone."""

    def loss(self, X, y=None):
        scores = super().loss(X)
        return np.maximum(scores, 0) if y is None else super().loss(X, y)


# --- Regularisation ---


@mistake("FullyConnectedNet.loss", "FullyConnectedNet.grads", "FullyConnectedNet.batchnorm")
class network_without_regularisation(RightNet):
    """The network of any depth does not regularise."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        reg, self.reg = self.reg, 0.0
        result = super().loss(X, y)
        self.reg = reg
        return result


@mistake("FullyConnectedNet.grads", "FullyConnectedNet.batchnorm")
class network_reg_in_loss_only(RightNet):
    """The network of any depth regularises its loss and not its gradients: each weight's gradient has its
    share.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in grads:
            if name.startswith("W"):
                grads[name] -= self.reg * self.params[name]
        return loss, grads


@mistake("FullyConnectedNet.loss", "FullyConnectedNet.batchnorm")
class network_reg_without_half(RightNet):
    """The network of any depth regularises by the whole sum of squares: the loss takes half of it, so that
    the gradient is reg times the weight.
    """

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in self.params:
            if name.startswith("W"):
                loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
        return loss, grads


@mistake("FullyConnectedNet.loss", "FullyConnectedNet.grads", "FullyConnectedNet.batchnorm")
class network_regularises_biases(RightNet):
    """The network of any depth regularises its biases as well: only the weights are."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in self.params:
            if name.startswith("b") and name[1:].isdigit():
                loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
                grads[name] += self.reg * self.params[name]
        return loss, grads


@mistake("FullyConnectedNet.batchnorm")
class network_regularises_scales(RightNet):
    """The network of any depth regularises the scales of batch normalisation: only the weights are."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        for name in self.params:
            if name.startswith("gamma"):
                loss += 0.5 * self.reg * np.sum(self.params[name] ** 2)
                grads[name] += self.reg * self.params[name]
        return loss, grads


@mistake("FullyConnectedNet.loss", "FullyConnectedNet.grads", "FullyConnectedNet.batchnorm")
class network_last_layer_not_regularised(RightNet):
    """The network of any depth does not regularise its last layer."""

    def loss(self, X, y=None):
        if y is None:
            return super().loss(X)
        loss, grads = super().loss(X, y)
        last = self.params[f"W{self.num_layers}"]
        grads[f"W{self.num_layers}"] -= self.reg * last
        return loss - 0.5 * self.reg * (last**2).sum(), grads


# --- Batch normalisation ---


@mistake("FullyConnectedNet.batchnorm")
class network_without_batchnorm(RightNet):
    """The network of any depth leaves out batch normalisation where it is asked for."""

    def loss(self, X, y=None):
        used, self.use_batchnorm = self.use_batchnorm, False
        result = super().loss(X, y)
        self.use_batchnorm = used
        if y is not None and used:
            scales = (name for name in self.params if name.startswith(("gamma", "beta")))
            result[1].update({name: np.zeros_like(self.params[name]) for name in scales})
        return result


@mistake("FullyConnectedNet.batchnorm")
class network_batchnorm_always_trains(RightNet):
    """Without labels batch normalisation stays in train mode: the network is in use then, and its running
    averages count.
    """

    def _set_mode(self, mode):
        super()._set_mode(mode)
        for state in self.bn_params:
            state["mode"] = "train"


# --- Dropout ---


@mistake("FullyConnectedNet.dropout")
class network_without_dropout(RightNet):
    """The network of any depth leaves out dropout where it is asked for."""

    def loss(self, X, y=None):
        used, self.use_dropout = self.use_dropout, False
        result = super().loss(X, y)
        self.use_dropout = used
        return result


@mistake("FullyConnectedNet.dropout")
class network_dropout_always_trains(RightNet):
    """Without labels units are dropped: the network is in use then, and dropout in test mode."""

    def _set_mode(self, mode):
        super()._set_mode(mode)
        if self.use_dropout:
            self.dropout_param["mode"] = "train"


@mistake("FullyConnectedNet.dropout")
class network_gradient_past_dropout(RightNet):
    """The backward pass of the network goes past dropout: what was dropped in the forward pass has no
    gradient.
    """

    def _hidden_backward(self, dout, caches, layer, grads):
        used, self.use_dropout = self.use_dropout, False
        dx = super()._hidden_backward(dout, caches, layer, grads)
        self.use_dropout = used
        return dx
