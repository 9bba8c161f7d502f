"""The numbers of a sample reach the wrong weights: flattening goes through the last axis first, as numpy
does by itself.
"""

from nndl.layers import affine_forward as right_forward

PARTS = (
    "affine_forward",
    "TwoLayerNet.loss",
    "TwoLayerNet.grads",
    "FullyConnectedNet.loss",
    "FullyConnectedNet.grads",
    "FullyConnectedNet.batchnorm",
    "FullyConnectedNet.dropout",
)
SCOPE = "homework"


def affine_forward(x, w, b):
    return right_forward(x.reshape(len(x), -1, order="F"), w, b)[0], (x, w, b)
