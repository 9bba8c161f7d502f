"""The affine layer takes its input as a matrix, but a sample may have any shape: each is made one row first."""

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
    return x @ w + b, (x, w, b)
