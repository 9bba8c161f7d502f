"""The loss grows with the size of the batch: it is the average over the images, and so are its gradients."""

from nndl.layers import softmax_loss as right_loss

PARTS = (
    "ThreeLayerConvNet.init_loss",
    "ThreeLayerConvNet.loss",
    "ThreeLayerConvNet.grads",
)
SCOPE = "homework"


def softmax_loss(x, y):
    loss, dx = right_loss(x, y)
    return loss * len(x), dx * len(x)
