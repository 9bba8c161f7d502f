"""The softmax loss is the sum over the batch: it is the average."""

from nndl.layers import softmax_loss as right_loss

PARTS = (
    "softmax_loss.loss",
    "TwoLayerNet.loss",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def softmax_loss(x, y):
    loss, dx = right_loss(x, y)
    return loss * len(x), dx
