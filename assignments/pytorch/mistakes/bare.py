"""Mistakes with bare tensors."""

import torch
import torch.nn.functional as F

from grader.bank import mistake
from nets.torch_nets import three_layers

LAYERS = ("three_layers", "descend.loss", "descend.params")


def scores_of(x, params, paddings=(2, 1), first=F.relu, second=F.relu):
    """Run three layers."""
    w1, b1, w2, b2, w, b = params
    h = first(F.conv2d(x, w1, b1, padding=paddings[0]))
    h = second(F.conv2d(h, w2, b2, padding=paddings[1]))
    return h.flatten(1) @ w + b


@mistake(
    "flatten", "three_layers", "descend.loss", "descend.params", "ThreeLayerNet.forward", replaces="flatten"
)
def flatten_everything(x):
    """All axes became one: the first one, of the images, stays."""
    return x.reshape(-1)


@mistake(
    "flatten", "three_layers", "descend.loss", "descend.params", "ThreeLayerNet.forward", replaces="flatten"
)
def flatten_images_into_columns(x):
    """The images are columns: each has a row."""
    return x.reshape(x.shape[0], -1).T


@mistake("flatten", scope="beyond", replaces="flatten")
def flatten_by_view(x):
    """It fails where the entries of a tensor lie in another order: a view cannot change the shape then, and a copy
    must be made.
    """
    return x.view(x.shape[0], -1)


@mistake("three_layers", "descend.loss", "descend.params", replaces="three_layers")
def layers_without_second_relu(x, params):
    """Behind the second convolution there is no ReLU: it and the affine layer are then one affine function."""
    return scores_of(x, params, second=lambda h: h)


@mistake("three_layers", "descend.loss", "descend.params", replaces="three_layers")
def layers_without_first_relu(x, params):
    """Behind the first convolution there is no ReLU: both convolutions are then one affine function."""
    return scores_of(x, params, first=lambda h: h)


@mistake("three_layers", "descend.loss", "descend.params", replaces="three_layers")
def layers_relu_around_scores(x, params):
    """The scores went through a ReLU: a score may be negative."""
    return F.relu(scores_of(x, params))


@mistake("three_layers", "descend.loss", "descend.params", replaces="three_layers")
def layers_without_biases(x, params):
    """The biases of the convolutions are not added."""
    w1, b1, w2, b2, w, b = params
    return scores_of(x, [w1, 0 * b1, w2, 0 * b2, w, b])


@mistake("three_layers", "descend.loss", "descend.params", replaces="three_layers")
def layers_softmax_around_scores(x, params):
    """The scores went through a softmax: the loss takes scores as they are, and has a softmax of its own."""
    return scores_of(x, params).softmax(dim=1)


def stepped(params, x, y, rate, reduction="mean", clear=True):
    """Take a step."""
    cost = F.cross_entropy(three_layers(x, params), y, reduction=reduction)
    cost.backward()
    with torch.no_grad():
        for each in params:
            each.sub_(rate * each.grad)
            each.grad = None if clear else each.grad
    return cost.item()


@mistake("descend.params", replaces="descend")
def descend_gradients_pile_up(params, x, y, rate):
    """The gradients are not taken away after the step: PyTorch adds those of the next step to them."""
    return stepped(params, x, y, rate, clear=False)


@mistake("descend.params", replaces="descend")
def descend_uphill(params, x, y, rate):
    """The step goes along the gradient, in which direction the loss grows: it goes against it."""
    return stepped(params, x, y, -rate)


@mistake("descend.loss", "descend.params", replaces="descend")
def descend_summed(params, x, y, rate):
    """The loss is the sum over the images: it is their average."""
    return stepped(params, x, y, rate, reduction="sum")


@mistake("descend.loss", replaces="descend")
def descend_loss_after_step(params, x, y, rate):
    """The loss is that after the step: that before it is asked for."""
    stepped(params, x, y, rate)
    with torch.no_grad():
        return F.cross_entropy(three_layers(x, params), y).item()


@mistake("descend.params", replaces="descend")
def descend_weights_alone(params, x, y, rate):
    """The biases stay as they are: they are parameters like any other."""
    kept = [each.detach().clone() for each in params]
    loss = stepped(params, x, y, rate)
    with torch.no_grad():
        for each, start in zip(params[1::2], kept[1::2], strict=True):
            each.copy_(start)
    return loss
