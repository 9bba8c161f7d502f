"""The gradient passes the ReLU where the upstream gradient is positive: it passes where the ReLU's input
was.
"""

PARTS = ("ThreeLayerConvNet.grads",)
SCOPE = "homework"


def relu_backward(dout, cache):
    return dout * (dout > 0)
