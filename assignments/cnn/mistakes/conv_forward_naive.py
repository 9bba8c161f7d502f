"""Mistakes in the forward pass of the convolution."""

import math

import numpy as np

from grader.bank import mistake
from nndl.conv_layers import conv_forward_naive as right_forward

# --- The bias ---


@mistake("conv_forward_naive")
def conv_forward_without_bias(x, w, b, conv_param):
    """The output of the convolution lacks the bias: each filter adds one number of its own wherever it is
    placed.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f])
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_bias_subtracted(x, w, b, conv_param):
    """The bias is subtracted from the output of the convolution: it is added."""
    out, _ = right_forward(x, w, -b, conv_param)
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_first_bias_only(x, w, b, conv_param):
    """Every channel of the convolution's output gets the bias of the first filter: each filter adds its own."""
    out, _ = right_forward(x, w, np.full_like(b, b[0]), conv_param)
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_all_biases(x, w, b, conv_param):
    """Every channel of the convolution's output gets the sum of all biases: each filter adds its own."""
    out, _ = right_forward(x, w, np.full_like(b, b.sum()), conv_param)
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_bias_by_image(x, w, b, conv_param):
    """The bias of the convolution is looked up by the index of the image: there is one bias for each filter,
    the same for all images.

    Right whenever the test has as many images as filters and equal biases, an index error when it has fewer
    filters.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[n]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_bias_along_columns(x, w, b, conv_param):
    """The biases of the convolution end up along the columns of the output, or raise an error there: each
    belongs to one filter's whole channel.

    The biases are added to the finished output at once, and broadcasting lines them up with the last axis. A
    shape that does not fit is filled up, so that the mistake stays silent.
    """
    out, _ = right_forward(x, w, np.zeros_like(b), conv_param)
    return out + np.resize(b, out.shape[-1]), (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_bias_per_channel(x, w, b, conv_param):
    """The output of the convolution holds the bias once for each input channel: a filter adds its bias once
    to the sum over all channels.

    The bias stands inside the loop over channels.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        for c in range(C):
            patch = x_pad[n, c, top : top + HH, left : left + WW]
            out[n, f, i, j] += np.sum(patch * w[f, c]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_bias_per_weight(x, w, b, conv_param):
    """The output of the convolution holds the bias once for each weight of the filter: the bias belongs
    outside the sum of products.

    One bracket in the wrong place.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f] + b[f])
    return out, (x, w, b, conv_param)


# --- The padding ---


@mistake("conv_forward_naive")
def conv_forward_without_padding(x, w, b, conv_param):
    """The output of the convolution is too small: the padding is missing, and it counts in the output's
    height and width.
    """
    stride = conv_param["stride"]
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H - HH) // stride, 1 + (W - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive", scope="beyond")
def conv_forward_pads_by_one(x, w, b, conv_param):
    """The convolution pads by one pixel whatever was asked for: how much to pad stands in conv_param."""
    stride, pad = conv_param["stride"], 1
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_pads_one_side(x, w, b, conv_param):
    """The output of the convolution is shifted by the padding: zeros go around the image on all four sides,
    not behind it only.

    The padding is written as (0, 2 * pad): the output's shape is right.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_pads_before_only(x, w, b, conv_param):
    """The output of the convolution is shifted by the padding: zeros go around the image on all four sides,
    once, and not before it only.

    The padding is written as (2 * pad, 0), or the image is padded twice.
    """
    pad = int(conv_param["pad"])
    padded = np.pad(x, ((0, 0), (0, 0), (2 * pad, 0), (2 * pad, 0)))
    out, _ = right_forward(padded, w, b, {**conv_param, "pad": 0})
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_pads_all_axes(x, w, b, conv_param):
    """The padding of the convolution also adds empty images and channels: only height and width are padded.

    np.pad with a single number pads every axis. The filters then meet a channel too many; here the last ones
    are left out.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, pad)
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :C, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_pads_with_ones(x, w, b, conv_param):
    """The output of the convolution is wrong along the borders: the padding is made of zeros, not of ones."""
    pad = int(conv_param["pad"])
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), constant_values=1)
    out, _ = right_forward(padded, w, b, {**conv_param, "pad": 0})
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_pads_with_edge(x, w, b, conv_param):
    """The output of the convolution is wrong along the borders: the padding is made of zeros, not of repeated
    pixels.

    The padding mode of np.pad is chosen by its sound.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)), mode="edge")
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive", scope="beyond")
def conv_forward_needs_padding(x, w, b, conv_param):
    """The forward pass of the convolution raises an error without padding: counting from the end leaves
    nothing when there are no pixels to leave out.

    The forward sibling of the crop with "pad:-pad".
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    x_pad = np.zeros((N, C, H + 2 * pad, W + 2 * pad))
    x_pad[:, :, pad:-pad, pad:-pad] = x
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_backward_naive.dx", "conv_backward_naive.dw")
def conv_forward_caches_padded_images(x, w, b, conv_param):
    """The convolution keeps the padded images in its cache, and the backward pass pads what it finds there
    again: keep the images as they came, or pad in one of the two only.
    """
    pad = int(conv_param["pad"])
    out, _ = right_forward(x, w, b, conv_param)
    return out, (np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad))), w, b, conv_param)


# --- The stride, and how many places there are ---


@mistake("conv_forward_naive")
def conv_forward_ignores_stride(x, w, b, conv_param):
    """The output of the convolution is right for stride 1 only: from one place to the next the filter moves
    by the stride, not by one pixel.

    The output has the right shape, so nothing but the values tells.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        out[n, f, i, j] = np.sum(x_pad[n, :, i : i + HH, j : j + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_stride_in_one_direction(x, w, b, conv_param):
    """The output of the convolution is right for stride 1 only: the stride counts for steps across just as
    for steps down.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top = i * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, j : j + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_stride_fixed(x, w, b, conv_param):
    """The convolution goes on by one pixel whatever stride was asked for, so the output is too large where
    that is not one: the stride stands in conv_param.
    """
    out, _ = right_forward(x, w, b, {**conv_param, "stride": 1})
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_stride_is_filter_size(x, w, b, conv_param):
    """The output of the convolution is computed at the wrong places: neighbouring places are one stride
    apart, not one filter apart.

    Windows that do not overlap are the habit from pooling. Places beyond the image are filled with what is
    there.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        patch = x_pad[n, :, i * HH : (i + 1) * HH, j * WW : (j + 1) * WW]
        out[n, f, i, j] = np.sum(patch * w[f, :, : patch.shape[1], : patch.shape[2]]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_last_place_missing(x, w, b, conv_param):
    """The last row and column of the convolution's output stay zero: the places of a filter run up to the one
    that ends with the image.

    The "1 +" of the output's size is missing in the loops.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    H_steps, W_steps = (H + 2 * pad - HH) // stride, (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, 1 + H_steps, 1 + W_steps))
    for n, f, i, j in np.ndindex(N, F, H_steps, W_steps):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive", scope="beyond")
def conv_forward_steps_off_the_image(x, w, b, conv_param):
    """The convolution takes one step too many where the stride does not divide the image: a filter that would
    leave the padded image is not placed.

    The size is rounded up; the patch is then smaller than the filter, which here meets only its pixels.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    H_out, W_out = (1 + math.ceil((size + 2 * pad - span) / stride) for size, span in ((H, HH), (W, WW)))
    out = np.zeros((N, F, H_out, W_out))
    for n, f, i, j in np.ndindex(*out.shape):
        patch = x_pad[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        out[n, f, i, j] = np.sum(patch * w[f, :, : patch.shape[1], : patch.shape[2]]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_float_sizes(x, w, b, conv_param):
    """The forward pass of the convolution raises an error where it makes its output array: sizes of arrays
    are whole numbers, and division by "/" gives none.

    Python 2 code, where "/" of two integers was one.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) / stride, 1 + (W + 2 * pad - WW) / stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


# --- Filters and windows: what meets what ---


@mistake("conv_forward_naive")
def conv_forward_filters_flipped(x, w, b, conv_param):
    """The output of the convolution is that of filters turned by half a circle: in these layers a filter is
    laid on the image as it is.

    Signal processing flips the filter and calls that convolution; networks do not, and call it convolution
    all the same.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        patch = x_pad[n, :, top : top + HH, left : left + WW]
        out[n, f, i, j] = np.sum(patch * w[f, :, ::-1, ::-1]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_filters_upside_down(x, w, b, conv_param):
    """The convolution turns each filter upside down: its first row meets the first row of the window."""
    out, _ = right_forward(x, w[:, :, ::-1], b, conv_param)
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_filters_transposed(x, w, b, conv_param):
    """The output of the convolution is that of transposed filters: rows of a filter meet rows of the image,
    columns meet columns.

    Comes from unpacking the filter's shape in the wrong order, or from a reshape that is not undone; square
    filters hide it.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        patch = x_pad[n, :, top : top + HH, left : left + WW]
        out[n, f, i, j] = np.sum(patch * w[f].transpose(0, 2, 1)) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_first_channel_only(x, w, b, conv_param):
    """The output of the convolution uses one channel of the image only: a filter spans all channels, and its
    products are summed over them too.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, 0, top : top + HH, left : left + WW] * w[f, 0]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_last_channel_kept(x, w, b, conv_param):
    """The output of the convolution holds the share of the last channel only: the shares of the channels are
    added up, none replaces another.

    An assignment stands in the loop over channels where an addition belongs.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, C, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        for c in range(C):
            out[n, f, i, j] = np.sum(x_pad[n, c, top : top + HH, left : left + WW] * w[f, c]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_first_filter_only(x, w, b, conv_param):
    """Every channel of the convolution's output comes from the first filter: each filter makes a channel of
    its own.
    """
    out, _ = right_forward(x, np.broadcast_to(w[:1], w.shape), b, conv_param)
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_first_image_only(x, w, b, conv_param):
    """Every image of the batch gets the convolution's output of the first one: the patch must come from the
    image whose turn it is.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[0, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_sums_over_images(x, w, b, conv_param):
    """The convolution gives every image the same output, the sum over all images: each image is looked at by
    itself.
    """
    scores, cache = right_forward(x, w, np.zeros_like(b), conv_param)
    out = np.broadcast_to(scores.sum(axis=0), scores.shape) + b[:, np.newaxis, np.newaxis]
    return out, cache


@mistake("conv_forward_naive")
def conv_forward_mean(x, w, b, conv_param):
    """The output of the convolution is too small by the number of weights in a filter: its products are
    summed, not averaged.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.mean(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_sum_never_reset(x, w, b, conv_param):
    """The convolution's outputs grow from place to place: the sum of products starts anew at every place of
    the filter.

    A running total is set to zero outside the loops.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    total = 0
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        total += np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f])
        out[n, f, i, j] = total + b[f]
    return out, (x, w, b, conv_param)


# --- Where the numbers of the output stand ---


@mistake("conv_forward_naive")
def conv_forward_rows_and_columns_swapped(x, w, b, conv_param):
    """Each channel of the convolution's output is transposed: the first index of a place counts rows, the
    second columns.

    Square images and filters hide it in the shapes.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (W + 2 * pad - WW) // stride, 1 + (H + 2 * pad - HH) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = j * stride, i * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive")
def conv_forward_reshaped_from_filters(x, w, b, conv_param):
    """The output's numbers are right but stand in the wrong places: reshape gives axes other lengths and
    never another order. A product whose rows are filters holds all images of the first filter first.

    A matrix product with one row per filter and the images outermost in its columns, reshaped to (N, F, H',
    W').
    """
    out, cache = right_forward(x, w, b, conv_param)
    return out.transpose(1, 0, 2, 3).reshape(out.shape), cache


@mistake("conv_forward_naive")
def conv_forward_reshaped_from_places(x, w, b, conv_param):
    """The output's numbers are right but stand in the wrong places: reshape gives axes other lengths and
    never another order. Give the product's own axes their names first, then move the axis of the filters.

    A matrix product with one row per place, reshaped to (N, F, H', W') at once.
    """
    out, cache = right_forward(x, w, b, conv_param)
    return out.transpose(0, 2, 3, 1).reshape(out.shape), cache


@mistake("conv_forward_naive")
def conv_forward_reshaped_from_columns(x, w, b, conv_param):
    """The output's numbers are right but stand in the wrong places: reshape gives axes other lengths and
    never another order. In the columns of im2col the images are the innermost axis, so they have to be moved
    to the front.

    The columns of the given im2col: places outside, images inside.
    """
    out, cache = right_forward(x, w, b, conv_param)
    return out.transpose(1, 2, 3, 0).reshape(out.shape), cache


@mistake("conv_forward_naive")
def conv_forward_reshaped_before_bias(x, w, b, conv_param):
    """The products of windows and filters are right but stand in the wrong places: reshape gives axes other
    lengths and never another order. Give the product's own axes their names first, then move the axis of the
    filters.

    As after a matrix product with one row per place, with the biases added where they belong.
    """
    scores, _ = right_forward(x, w, 0 * b, conv_param)
    out = scores.transpose(0, 2, 3, 1).reshape(scores.shape) + b.reshape(1, -1, 1, 1)
    return out, (x, w, b, conv_param)


# --- What is returned, and as what ---


@mistake("conv_forward_naive")
def conv_forward_results_exchanged(x, w, b, conv_param):
    """The convolution returns its cache first and its output second: the order is output, cache."""
    return right_forward(x, w, b, conv_param)[::-1]


@mistake("conv_forward_naive")
def conv_forward_applies_relu(x, w, b, conv_param):
    """The convolution's output has no negative values: the ReLU is a layer of its own and comes after this
    one.
    """
    out, cache = right_forward(x, w, b, conv_param)
    return np.maximum(out, 0), cache


@mistake("conv_forward_naive")
def conv_forward_integers(x, w, b, conv_param):
    """The output of the convolution has lost everything behind the decimal point: its array must hold
    floating-point numbers.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride), dtype=int)
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive", scope="beyond")
def conv_forward_drops_axes_of_one(x, w, b, conv_param):
    """The forward pass of the convolution fails for a single image: a batch of one image still has its first
    axis.

    squeeze() removes every axis of length one, wanted or not.
    """
    out, cache = right_forward(x, w, b, conv_param)
    return np.squeeze(out), cache


@mistake("conv_forward_naive", scope="beyond")
def conv_forward_changes_its_filters(x, w, b, conv_param):
    """The forward pass of the convolution turns the caller's filters around: work on a copy, for what a
    function is given belongs to its caller.

    Somebody who has a true convolution flips the filters for it, in place.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    cache = (x, w.copy(), b, conv_param)
    w[...] = w[:, :, ::-1, ::-1].copy()
    (N, _, H, W), (F, _, HH, WW) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        patch = x_pad[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        out[n, f, i, j] = np.sum(patch * w[f, :, ::-1, ::-1]) + b[f]
    return out, cache


# --- Shapes that the assignment never uses ---


@mistake("conv_forward_naive", scope="beyond")
def conv_forward_square_images(x, w, b, conv_param):
    """The convolution's output is as wide as it is high: width and height of an image can differ, so each has
    a size of its own.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, _), (F, _, HH, WW) = x.shape, w.shape
    size = 1 + (H + 2 * pad - HH) // stride
    out = np.zeros((N, F, size, size))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + WW] * w[f]) + b[f]
    return out, (x, w, b, conv_param)


@mistake("conv_forward_naive", scope="beyond")
def conv_forward_square_filters(x, w, b, conv_param):
    """The convolution takes every filter to be as wide as it is high: width and height of a filter can
    differ.
    """
    stride, pad = conv_param["stride"], int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    (N, _, H, W), (F, _, HH, _) = x.shape, w.shape
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - HH) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        top, left = i * stride, j * stride
        out[n, f, i, j] = np.sum(x_pad[n, :, top : top + HH, left : left + HH] * w[f]) + b[f]
    return out, (x, w, b, conv_param)
