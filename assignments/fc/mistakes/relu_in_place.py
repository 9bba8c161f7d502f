"""The forward pass of the ReLU overwrites its input, which belongs to the caller: work on a new array."""

PARTS = ("relu_forward",)
SCOPE = "beyond"


def relu_forward(x):
    x[x < 0] = 0
    return x, x
