"""Mistakes in the backward pass of spatial batch normalisation."""

from grader.bank import mistake
from nndl.conv_layers import spatial_batchnorm_backward as right_backward
from nndl.layers import batchnorm_backward

# --- Where the channels are ---


@mistake(
    "spatial_batchnorm_backward.dx", "spatial_batchnorm_backward.dgamma", "spatial_batchnorm_backward.dbeta"
)
def batchnorm_backward_flattened_without_moving_channels(dout, cache):
    """The backward pass of spatial batch normalisation mixes the channels: the upstream gradient has to be
    laid out as the forward pass laid out the images.

    The forward pass is right, so that a gradient check would have shown this one.
    """
    dx, dgamma, dbeta = batchnorm_backward(dout.reshape(-1, dout.shape[1]), cache)
    return dx.reshape(dout.shape), dgamma, dbeta


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_not_moved_back(dout, cache):
    """The gradient of batch normalisation's input is scrambled: after the channels were moved to the end,
    they have to move back.
    """
    pixels = dout.transpose(0, 2, 3, 1).reshape(-1, dout.shape[1])
    dx, dgamma, dbeta = batchnorm_backward(pixels, cache)
    return dx.reshape(dout.shape), dgamma, dbeta


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_channels_last(dout, cache):
    """The gradient of batch normalisation's input has its channels last: it must have the shape of the input,
    channels second.
    """
    dx, dgamma, dbeta = right_backward(dout, cache)
    return dx.transpose(0, 2, 3, 1), dgamma, dbeta


# --- What a sum or an average runs over ---


@mistake("spatial_batchnorm_backward.dbeta")
def batchnorm_dbeta_over_images_only(dout, cache):
    """The gradient of the shift still has a height and a width: a channel has one beta, so its gradient is
    summed over all places as well.
    """
    dx, dgamma, _ = right_backward(dout, cache)
    return dx, dgamma, dout.sum(axis=0)


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_averages_over_images_only(dout, cache):
    """The gradient of batch normalisation's input divides by the number of images: its averages run over all
    pixels of a channel, in all images.

    In a fully connected network the two numbers are the same.
    """
    N, C, _, _ = dout.shape
    _, dgamma, dbeta = right_backward(dout, cache)
    x_hat, gamma, inv_std = cache
    pixels = dout.transpose(0, 2, 3, 1).reshape(-1, C)
    dx = gamma * inv_std * (pixels - dbeta / N - x_hat * dgamma / N)
    return dx.reshape(dout.transpose(0, 2, 3, 1).shape).transpose(0, 3, 1, 2), dgamma, dbeta


@mistake("spatial_batchnorm_backward.dx")
def batchnorm_dx_averages_over_one_image(dout, cache):
    """The gradient of batch normalisation's input divides by the pixels of one image: its averages run over
    all images of the batch as well.
    """
    dx, dgamma, dbeta = right_backward(dout, cache)
    _, gamma, inv_std = cache
    scaled = dout * (gamma * inv_std)[:, None, None]
    return scaled - len(dout) * (scaled - dx), dgamma, dbeta
