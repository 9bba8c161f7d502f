"""The probabilities of an image do not add up to one: the softmax divides by the sum over the classes of one image, not
over the images of one class.
"""

import numpy as np

PARTS = (
    "ThreeLayerConvNet.init_loss",
    "ThreeLayerConvNet.loss",
    "ThreeLayerConvNet.grads",
)
SCOPE = "homework"


def softmax_loss(x, y):
    rows = np.arange(len(y))
    exponentials = np.exp(x - x.max(axis=1, keepdims=True))
    probabilities = exponentials / exponentials.sum(axis=0, keepdims=True)
    loss = -np.log(probabilities[rows, y]).mean()
    probabilities[rows, y] -= 1
    return loss, probabilities / len(y)
