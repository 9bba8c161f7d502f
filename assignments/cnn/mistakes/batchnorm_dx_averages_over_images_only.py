"""The gradient of batch normalisation's input divides by the number of images: its averages run over all
pixels of a channel, in all images.

In a fully connected network the two numbers are the same.
"""

from nndl.conv_layers import spatial_batchnorm_backward as right_backward

PARTS = ("spatial_batchnorm_backward.dx",)
SCOPE = "homework"


def spatial_batchnorm_backward(dout, cache):
    N, C, _, _ = dout.shape
    _, dgamma, dbeta = right_backward(dout, cache)
    x_hat, gamma, inv_std = cache
    pixels = dout.transpose(0, 2, 3, 1).reshape(-1, C)
    dx = gamma * inv_std * (pixels - dbeta / N - x_hat * dgamma / N)
    return dx.reshape(dout.transpose(0, 2, 3, 1).shape).transpose(0, 3, 1, 2), dgamma, dbeta
