"""The gradient of the softmax loss is as large as the batch: the loss is an average, so its gradient is
divided too.
"""

from nndl.layers import softmax_loss as right_loss

PARTS = (
    "softmax_loss.dx",
    "TwoLayerNet.grads",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def softmax_loss(x, y):
    loss, dx = right_loss(x, y)
    return loss, dx * len(x)
