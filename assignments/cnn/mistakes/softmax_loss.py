"""Mistakes in the softmax loss, which the network ends with."""

import numpy as np

from grader.bank import mistake
from nndl.layers import softmax_loss as right_loss, svm_loss

# --- The loss ---


@mistake("ThreeLayerConvNet.init_loss", "ThreeLayerConvNet.loss")
def network_loss_summed_gradient_averaged(x, y):
    """The loss grows with the size of the batch: it is the average over the images, as its gradient is
    already.
    """
    loss, dx = right_loss(x, y)
    return loss * len(x), dx


@mistake("ThreeLayerConvNet.init_loss", "ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads")
def network_loss_summed(x, y):
    """The loss grows with the size of the batch: it is the average over the images, and so are its gradients."""
    loss, dx = right_loss(x, y)
    return loss * len(x), dx * len(x)


@mistake("ThreeLayerConvNet.init_loss", "ThreeLayerConvNet.loss")
def network_loss_decimal_logarithm(x, y):
    """The loss uses the logarithm to base 10: it is the natural one, whose value for ten equal classes is
    about 2.3.
    """
    loss, dx = right_loss(x, y)
    return loss / np.log(10), dx


@mistake("ThreeLayerConvNet.init_loss", "ThreeLayerConvNet.loss")
def network_returns_loss_per_image(x, y):
    """The network returns a loss for each image: the loss of a batch is one number, their mean."""
    losses = [right_loss(x[n : n + 1], y[n : n + 1])[0] for n in range(len(x))]
    return np.array(losses), right_loss(x, y)[1]


@mistake("ThreeLayerConvNet.init_loss", "ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads")
def network_softmax_over_images(x, y):
    """The probabilities of an image do not add up to one: the softmax divides by the sum over the classes of
    one image, not over the images of one class.
    """
    rows = np.arange(len(y))
    exponentials = np.exp(x - x.max(axis=1, keepdims=True))
    probabilities = exponentials / exponentials.sum(axis=0, keepdims=True)
    loss = -np.log(probabilities[rows, y]).mean()
    probabilities[rows, y] -= 1
    return loss, probabilities / len(y)


@mistake("ThreeLayerConvNet.init_loss", "ThreeLayerConvNet.loss", "ThreeLayerConvNet.grads")
def network_loss_hinge(x, y):
    """The network ends with the hinge loss: this one is trained with softmax and cross-entropy."""
    return svm_loss(x, y)


# --- Its gradient ---


@mistake("ThreeLayerConvNet.grads")
def network_loss_gradient_summed(x, y):
    """The gradients grow with the size of the batch: the loss is an average over the images, so its gradient
    is divided by their number too.
    """
    loss, dx = right_loss(x, y)
    return loss, dx * len(x)


@mistake("ThreeLayerConvNet.grads")
def network_loss_gradient_without_label(x, y):
    """The gradients of the network do not know the right answer: in the gradient of the softmax loss one is
    subtracted from the right class's probability.
    """
    loss, dx = right_loss(x, y)
    dx[np.arange(len(x)), y] += 1 / len(x)
    return loss, dx
