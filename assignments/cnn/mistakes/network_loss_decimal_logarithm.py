"""The loss uses the logarithm to base 10: it is the natural one, whose value for ten equal classes is about
2.3.
"""

import numpy as np

from nndl.layers import softmax_loss as right_loss

PARTS = (
    "ThreeLayerConvNet.init_loss",
    "ThreeLayerConvNet.loss",
)
SCOPE = "homework"


def softmax_loss(x, y):
    loss, dx = right_loss(x, y)
    return loss / np.log(10), dx
