"""Mistakes in spatial batch normalisation: in its forward pass, or in both passes alike."""

import numpy as np

from grader.bank import mistake
from nndl.conv_layers import (
    spatial_batchnorm_backward as right_backward,
    spatial_batchnorm_forward as right_forward,
)
from nndl.layers import batchnorm_backward, batchnorm_forward

FORWARD = (
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
    "spatial_batchnorm_forward.test",
)
BACKWARD = (
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
    "spatial_batchnorm_backward.dbeta",
)


# --- Both passes alike ---


@mistake(*FORWARD, *BACKWARD)
class batchnorm_flattened_without_moving_channels:
    """Spatial batch normalisation mixes the channels: before the images are flattened to one row per pixel,
    the channel axis has to move to the end.

    The most common silent mistake of all: forward and backward agree with each other, so a gradient check
    passes.
    """

    def spatial_batchnorm_forward(x, gamma, beta, bn_param):
        out, cache = batchnorm_forward(x.reshape(-1, x.shape[1]), gamma, beta, bn_param)
        return out.reshape(x.shape), cache

    def spatial_batchnorm_backward(dout, cache):
        dx, dgamma, dbeta = batchnorm_backward(dout.reshape(-1, dout.shape[1]), cache)
        return dx.reshape(dout.shape), dgamma, dbeta


@mistake(*FORWARD, "spatial_batchnorm_backward.dx", "spatial_batchnorm_backward.dgamma")
class batchnorm_channels_moved_on_one_way_only:
    """Spatial batch normalisation moves the channels on one way only: the forward pass mixes them when it flattens,
    and the backward pass when it gives its result the shape of the images again.
    """

    def spatial_batchnorm_forward(x, gamma, beta, bn_param):
        N, C, H, W = x.shape
        flat, cache = batchnorm_forward(x.reshape(-1, C), gamma, beta, bn_param)
        return flat.T.reshape(C, N, H, W).transpose(1, 0, 2, 3), cache

    def spatial_batchnorm_backward(dout, cache):
        flat = dout.transpose(0, 2, 3, 1).reshape(-1, dout.shape[1])
        dx, dgamma, dbeta = batchnorm_backward(flat, cache)
        return dx.reshape(dout.shape), dgamma, dbeta


@mistake(*FORWARD, *BACKWARD)
class batchnorm_flattened_then_transposed:
    """Spatial batch normalisation takes pieces of images for channels: a reshape keeps the order of the
    numbers in memory, only a transpose moves an axis.

    Reshaped to one row per channel at once. With a single image it would be right.
    """

    def spatial_batchnorm_forward(x, gamma, beta, bn_param):
        out, cache = batchnorm_forward(x.reshape(x.shape[1], -1).T, gamma, beta, bn_param)
        return out.T.reshape(x.shape), cache

    def spatial_batchnorm_backward(dout, cache):
        dx, dgamma, dbeta = batchnorm_backward(dout.reshape(dout.shape[1], -1).T, cache)
        return dx.T.reshape(dout.shape), dgamma, dbeta


@mistake(
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.running_mean",
    "spatial_batchnorm_forward.running_var",
    *BACKWARD,
)
class batchnorm_each_pixel_by_itself:
    """Spatial batch normalisation keeps one mean for every pixel: pixels of a channel share their statistics,
    taken over the batch and over all places.

    The flattening of the affine layer, one row per image; gamma and beta are stretched to fit.
    """

    def spatial_batchnorm_forward(x, gamma, beta, bn_param):
        N, _, H, W = x.shape
        scale, shift = np.repeat(gamma, H * W), np.repeat(beta, H * W)
        for name in {"running_mean", "running_var"} & set(bn_param):
            bn_param[name] = np.resize(np.repeat(bn_param[name], H * W), scale.shape)
        out, cache = batchnorm_forward(x.reshape(N, -1), scale, shift, bn_param)
        return out.reshape(x.shape), cache

    def spatial_batchnorm_backward(dout, cache):
        dx, dgamma, dbeta = batchnorm_backward(dout.reshape(len(dout), -1), cache)
        return dx.reshape(dout.shape), dgamma, dbeta


@mistake("spatial_batchnorm_forward.train", "spatial_batchnorm_backward.dx", scope="beyond")
class batchnorm_drops_axes_of_one:
    """Spatial batch normalisation loses an axis for a single image: a batch of one image still has its first
    axis.
    """

    def spatial_batchnorm_forward(x, gamma, beta, bn_param):
        out, cache = right_forward(x, gamma, beta, bn_param)
        return np.squeeze(out), cache

    def spatial_batchnorm_backward(dout, cache):
        dx, dgamma, dbeta = right_backward(dout, cache)
        return np.squeeze(dx), dgamma, dbeta


@mistake("spatial_batchnorm_backward.dgamma")
class batchnorm_dgamma_from_shifted_output:
    """The gradient of the scale multiplies the layer's output: gamma multiplies the normalised values, before
    the shift.
    """

    def spatial_batchnorm_forward(x, gamma, beta, bn_param):
        out, cache = right_forward(x, gamma, beta, bn_param)
        return out, (out, cache)

    def spatial_batchnorm_backward(dout, cache):
        out, inner = cache
        dx, _, dbeta = right_backward(dout, inner)
        return dx, (dout * out).sum(axis=(0, 2, 3)), dbeta


# --- The forward pass: where the channels are ---


@mistake(*FORWARD, "spatial_batchnorm_backward.dx", "spatial_batchnorm_backward.dgamma")
def batchnorm_forward_alone_mixes_channels(x, gamma, beta, bn_param):
    """The forward pass of spatial batch normalisation mixes the channels, and the backward pass does not:
    before the images are flattened to one row per pixel, the channel axis moves to the end in both.
    """
    out, cache = batchnorm_forward(x.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return out.reshape(x.shape), cache


@mistake("spatial_batchnorm_forward.train", "spatial_batchnorm_forward.test")
def batchnorm_unflattened_without_moving_channels(x, gamma, beta, bn_param):
    """The statistics of spatial batch normalisation are right, but its output is scrambled: after the
    channels were moved to the end, they have to move back.

    Flattened rightly, and then reshaped straight to the shape of x.
    """
    out, cache = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return out.reshape(x.shape), cache


@mistake("spatial_batchnorm_forward.train", "spatial_batchnorm_forward.test")
def batchnorm_height_and_width_exchanged(x, gamma, beta, bn_param):
    """The output of spatial batch normalisation has its rows and columns exchanged: the way back undoes the
    transpose of the way there, axis by axis.

    An error for images that are not square, unless the shape is forced, as here.
    """
    N, C, H, W = x.shape
    out, cache = batchnorm_forward(x.transpose(0, 2, 3, 1).reshape(-1, C), gamma, beta, bn_param)
    return out.reshape(N, H, W, C).transpose(0, 3, 2, 1).reshape(x.shape), cache


@mistake(
    "spatial_batchnorm_forward.train",
    "spatial_batchnorm_forward.running_var",
    "spatial_batchnorm_backward.dx",
    "spatial_batchnorm_backward.dgamma",
)
def batchnorm_each_image_by_itself(x, gamma, beta, bn_param):
    """Spatial batch normalisation normalises each image by itself: mean and variance of a channel are taken
    over the whole batch as well.

    That is instance normalisation, a layer in its own right.
    """
    if bn_param["mode"] == "test":
        return right_forward(x, gamma, beta, bn_param)
    momentum, by_image = bn_param.get("momentum", 0.9), {"mode": "train", "eps": bn_param.get("eps", 1e-5)}
    pairs = [right_forward(image[np.newaxis], gamma, beta, by_image) for image in x]
    for name, batch in (("running_mean", x.mean(axis=(2, 3))), ("running_var", x.var(axis=(2, 3)))):
        before = bn_param.get(name, np.zeros(x.shape[1]))
        bn_param[name] = momentum * before + (1 - momentum) * batch.mean(axis=0)
    x_hat = np.concatenate([cache[0] for _, cache in pairs])
    inv_std = np.mean([cache[2] for _, cache in pairs], axis=0)
    return np.concatenate([out for out, _ in pairs]), (x_hat, gamma, inv_std)


@mistake(*FORWARD)
def batchnorm_forward_cannot_broadcast(x, gamma, beta, bn_param):
    """The scale of spatial batch normalisation is laid along the columns of an image: it has one number per
    channel, so give it axes of length one for the others.

    Raises unless there are as many columns as channels, and costs the forward pass alone.
    """
    normalised = x - x.mean(axis=(0, 2, 3), keepdims=True)
    return gamma * normalised + beta, None


# --- The forward pass: what is returned and stored ---


@mistake(*FORWARD)
def batchnorm_forward_not_written(x, gamma, beta, bn_param):
    """The forward pass of spatial batch normalisation is not written yet: until it is, the backward pass is
    tried on what batchnorm_forward remembers.
    """
    return None, None


@mistake("spatial_batchnorm_forward.running_mean", "spatial_batchnorm_forward.running_var")
def batchnorm_statistics_keep_axes(x, gamma, beta, bn_param):
    """The running statistics have extra axes of length one: they hold one number for each channel.

    keepdims=True, with everything else broadcast to match.
    """
    names = ("running_mean", "running_var")
    bn_param.update({name: np.ravel(bn_param[name]) for name in names if name in bn_param})
    out, cache = right_forward(x, gamma, beta, bn_param)
    if bn_param["mode"] == "train":
        bn_param.update({name: bn_param[name].reshape(1, -1, 1, 1) for name in names})
    return out, cache


@mistake("spatial_batchnorm_forward.train", scope="beyond")
def batchnorm_normalises_in_place(x, gamma, beta, bn_param):
    """Batch normalisation changes the images it is given: "-=" and "/=" write into the array itself, which
    belongs to the caller.

    Wherever the layout makes no copy; in the assignment's own networks nobody looks at the input again.
    """
    column, momentum = np.s_[:, np.newaxis, np.newaxis], bn_param.get("momentum", 0.9)
    train = bn_param["mode"] == "train"
    mean = x.mean(axis=(0, 2, 3)) if train else bn_param["running_mean"]
    var = x.var(axis=(0, 2, 3)) if train else bn_param["running_var"]
    inv_std = 1 / np.sqrt(var + bn_param.get("eps", 1e-5))
    for name, batch in (("running_mean", mean), ("running_var", var)) if train else ():
        bn_param[name] = momentum * bn_param.get(name, np.zeros_like(batch)) + (1 - momentum) * batch
    x -= mean[column]
    x *= inv_std[column]
    x_hat = x.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    return gamma[column] * x + beta[column], (x_hat, gamma, inv_std)
