"""The gradients grow with the size of the batch: the loss is an average over the images, so its gradient is
divided by their number too.
"""

from nndl.layers import softmax_loss as right_loss

PARTS = ("ThreeLayerConvNet.grads",)
SCOPE = "homework"


def softmax_loss(x, y):
    loss, dx = right_loss(x, y)
    return loss, dx * len(x)
