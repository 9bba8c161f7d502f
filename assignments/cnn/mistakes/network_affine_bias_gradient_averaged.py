"""The gradients of the affine layers' biases are averages: the loss has averaged over the batch already, so
they are summed.
"""

from nndl.layers import affine_backward as right_backward

PARTS = ("ThreeLayerConvNet.grads",)
SCOPE = "homework"


def affine_backward(dout, cache):
    dx, dw, db = right_backward(dout, cache)
    return dx, dw, db / len(dout)
