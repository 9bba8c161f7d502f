"""A network of three layers in PyTorch, with bare tensors and as a module, and how it learns.

Shapes: N images of C channels and of S rows and columns; C1 and C2 channels after the first and the second layer; K
classes.
"""

import torch
import torch.nn.functional as F
from torch import nn


def flatten(x):
    """Make one axis of all but the first.

    Parameters
    ----------
    x : tensor, shape (N, ...)

    Returns
    -------
    out : tensor, shape (N, D)
        What was in x for each n, row by row.
    """
    out = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the tensor in its new shape as "out".
    # ================================================================ #
    out = x.reshape(x.shape[0], -1)
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return out


def three_layers(x, params):
    """Compute the scores of images by two convolutions and an affine layer, with a ReLU behind each convolution.

    Both convolutions go one pixel at a time and pad with zeros, so that rows and columns stay as many as they are.

    Parameters
    ----------
    x : tensor, shape (N, C, S, S)
        The images.
    params : list of tensors
        w1 (C1, C, 5, 5) and b1 (C1,) of the first convolution, w2 (C2, C1, 3, 3) and b2 (C2,) of the second, w
        (C2 * S * S, K) and b (K,) of the affine layer, in this order.

    Returns
    -------
    scores : tensor, shape (N, K)
    """
    scores = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the scores as "scores". Use torch.nn.functional, which is
    #   F here, and no modules.
    #   Hint: how many zeros are needed at each side of a filter of five?
    # ================================================================ #
    w1, b1, w2, b2, w, b = params
    h = F.relu(F.conv2d(x, w1, b1, padding=2))
    h = F.relu(F.conv2d(h, w2, b2, padding=1))
    scores = flatten(h) @ w + b
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return scores


def descend(params, x, y, rate):
    """Take one step of gradient descent with bare tensors.

    Parameters
    ----------
    params : list of tensors
        As in three_layers; each has requires_grad set. They are changed in place, and afterwards none has a gradient
        that the next step would add to.
    x : tensor, shape (N, C, S, S)
        The images.
    y : tensor of ints, shape (N,)
        Their classes.
    rate : float
        How far to go against the gradient.

    Returns
    -------
    loss : float
        The cross entropy before the step, averaged over the images.
    """
    loss = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Compute the loss by three_layers, let PyTorch find the gradients,
    #   and move the parameters. Store the loss, a number, as "loss".
    #   Hint: should PyTorch keep track of the step itself?
    # ================================================================ #
    cost = F.cross_entropy(three_layers(x, params), y)
    cost.backward()
    with torch.no_grad():
        for each in params:
            each.sub_(rate * each.grad)
            each.grad = None
    loss = cost.item()
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return loss


class ThreeLayerNet(nn.Module):
    """The network of three_layers as a module.

    Its layers are called conv1, conv2 and fc. Weights are drawn by nn.init.kaiming_normal_, biases begin with zeros.
    """

    def __init__(self, channels, channels_1, channels_2, size, num_classes):
        super().__init__()

        # ================================================================ #
        # YOUR CODE HERE:
        #   Make the three layers, and initialise them.
        # ================================================================ #
        self.conv1 = nn.Conv2d(channels, channels_1, 5, padding=2)
        self.conv2 = nn.Conv2d(channels_1, channels_2, 3, padding=1)
        self.fc = nn.Linear(channels_2 * size * size, num_classes)
        for layer in (self.conv1, self.conv2, self.fc):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

    def forward(self, x):
        """Return the scores, shape (N, K), of images of shape (N, C, S, S)."""
        scores = None

        # ================================================================ #
        # YOUR CODE HERE:
        #   Send the images through the layers, and store "scores".
        # ================================================================ #
        h = F.relu(self.conv1(x))
        h = F.relu(self.conv2(h))
        scores = self.fc(flatten(h))
        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

        return scores


def train_step(model, optimizer, x, y):
    """Take one step of training with an optimizer.

    Parameters
    ----------
    model : nn.Module
        Makes scores of x.
    optimizer : torch.optim.Optimizer
        Holds the model's parameters, and perhaps gradients of a step before.
    x, y : tensors
        A batch, and its classes.

    Returns
    -------
    loss : float
        The cross entropy before the step, averaged over the batch.
    """
    loss = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Take the step, and store the loss, a number, as "loss".
    # ================================================================ #
    cost = F.cross_entropy(model(x), y)
    optimizer.zero_grad()
    cost.backward()
    optimizer.step()
    loss = cost.item()
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return loss


def accuracy(model, x, y):
    """Say which share of a batch gets its highest score for the right class.

    The model works as it does after training: modules that behave otherwise in training, such as dropout, do not. It is
    left in the mode in which it was found.

    Parameters
    ----------
    model : nn.Module
        Makes scores of x.
    x, y : tensors
        A batch, and its classes.

    Returns
    -------
    share : float
        From 0 to 1.
    """
    share = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Store the share, a number, as "share".
    #   Hint: model.training says in which mode a model is.
    # ================================================================ #
    mode = model.training
    model.eval()
    with torch.no_grad():
        share = (model(x).argmax(dim=1) == y).double().mean().item()
    model.train(mode)
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return share
