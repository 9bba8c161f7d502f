"""The ReLU is a product with a mask."""


def relu_forward(x):
    return x * (x > 0), x


def relu_backward(dout, cache):
    mask = 1.0 * (cache > 0)
    return mask * dout
