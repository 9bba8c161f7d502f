"""Mistakes in the backward pass of the convolution."""

import numpy as np

from grader.bank import mistake
from nndl.conv_layers import conv_backward_naive as right_backward

# --- All three gradients ---


@mistake("conv_backward_naive.dx", "conv_backward_naive.dw")
def conv_backward_results_swapped(dout, cache):
    """The gradients of the images and of the filters are returned in each other's place: the order is that of
    the forward pass's arguments.
    """
    dx, dw, db = right_backward(dout, cache)
    return dw, dx, db


@mistake("conv_backward_naive.dx", "conv_backward_naive.dw", "conv_backward_naive.db")
def conv_backward_results_rotated(dout, cache):
    """The gradients of filters and biases are returned before that of the images: the order is that of the
    forward pass's arguments, images, filters, biases.
    """
    dx, dw, db = right_backward(dout, cache)
    return dw, db, dx


@mistake("conv_backward_naive.dx", "conv_backward_naive.db")
def conv_backward_results_reversed(dout, cache):
    """The gradients are returned last first: the order is that of the forward pass's arguments, images,
    filters, biases.
    """
    return right_backward(dout, cache)[::-1]


@mistake("conv_backward_naive.dx", "conv_backward_naive.dw")
def conv_backward_upstream_transposed(dout, cache):
    """The backward pass reads the upstream gradient with rows and columns exchanged: the first index of a
    place counts rows, as it did in the forward pass.
    """
    return right_backward(dout.transpose(0, 1, 3, 2), cache)


@mistake("conv_backward_naive.dx", "conv_backward_naive.dw", "conv_backward_naive.db")
def conv_backward_integer_arrays(dout, cache):
    """The backward pass of the convolution cannot add its shares up: the arrays it adds them to hold whole
    numbers.
    """
    x, w, b, conv_param = cache
    stride, pad, (_, _, H, W), (_, _, HH, WW) = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad, dw, db = (np.zeros(each.shape, dtype=int) for each in (x_pad, w, b))
    for n, f, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        dx_pad[window] += w[f] * dout[n, f, i, j]
        dw[f] += x_pad[window] * dout[n, f, i, j]
        db[f] += dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


@mistake("conv_backward_naive.dx", "conv_backward_naive.dw", "conv_backward_naive.db")
def conv_backward_undefined_name(dout, cache):
    """The backward pass of the convolution uses a name that it never defines: what it needs from the forward
    pass comes out of the cache.

    A notebook hides it, for there the name exists in another cell.
    """
    x, w, b, _ = cache
    return right_backward(dout, (x, w, b, conv_param))  # noqa: F821  # the undefined name is the mistake


@mistake("conv_backward_naive.dx", "conv_backward_naive.dw", scope="beyond")
def conv_backward_pads_by_one(dout, cache):
    """The backward pass of the convolution takes the padding to be one pixel: how much was padded stands in
    conv_param.

    Windows are cut to the image here, so that the result is wrong and not an error.
    """
    x, w, _, conv_param = cache
    stride, (_, _, H, W), (_, _, HH, WW) = conv_param["stride"], x.shape, w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    dx_pad, dw = np.zeros(x_pad.shape), np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        rows, columns = x_pad[window].shape[1:]
        dx_pad[window] += w[f, :, :rows, :columns] * dout[n, f, i, j]
        dw[f, :, :rows, :columns] += x_pad[window] * dout[n, f, i, j]
    return dx_pad[:, :, 1 : 1 + H, 1 : 1 + W], dw, dout.sum(axis=(0, 2, 3))


@mistake("conv_backward_naive.dx", "conv_backward_naive.dw", scope="beyond")
def conv_backward_square_filters(dout, cache):
    """The backward pass of the convolution fails for filters that are not square: height and width of a
    filter can differ.
    """
    x, w, _, conv_param = cache
    stride, pad, (_, _, H, W), HH = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape[2]
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad, dw = np.zeros(x_pad.shape), np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        window = np.s_[n, :, i * stride : i * stride + HH, j * stride : j * stride + HH]
        dx_pad[window] += w[f] * dout[n, f, i, j]
        dw[f] += x_pad[window] * dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))


@mistake("conv_backward_naive.dx", "conv_backward_naive.dw", scope="beyond")
def conv_backward_square_images(dout, cache):
    """The gradients of the convolution leave out part of an image that is wider than high: height and width
    each have their own number of places.
    """
    seen = dout.copy()
    seen[:, :, :, dout.shape[2] :] = 0
    dx, dw, _ = right_backward(seen, cache)
    return dx, dw, dout.sum(axis=(0, 2, 3))


# --- The gradient of the images ---


@mistake("conv_backward_naive.dx")
def conv_dx_by_filter_and_added(dout, cache):
    """Two mistakes in the gradient of the images: its first index is the filter's where the image's belongs, and
    filter and upstream gradient are added where they should be multiplied.

    Two mistakes in one line, as in a solution that is in circulation; its report prints a dx error of 1.0 and
    everything else right.
    """
    x, w, _, conv_param = cache
    stride, pad, (_, _, H, W), (_, _, HH, WW) = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape
    _, dw, db = right_backward(dout, cache)
    dx_pad = np.zeros(np.add(x.shape, (0, 0, 2 * pad, 2 * pad)))
    for n, f, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dx_pad[f, :, top : top + HH, left : left + WW] += w[f] + dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


@mistake("conv_backward_naive.dx")
def conv_dx_by_filter(dout, cache):
    """The first index of the gradient of the images is the filter's where the image's belongs: what a window adds
    goes to the image in which the window is.

    Half of the mistake in circulation; an index error as soon as there are more filters than images.
    """
    x, w, _, conv_param = cache
    stride, pad, (_, _, H, W), (_, _, HH, WW) = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape
    _, dw, db = right_backward(dout, cache)
    dx_pad = np.zeros(np.add(x.shape, (0, 0, 2 * pad, 2 * pad)))
    for n, f, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dx_pad[f, :, top : top + HH, left : left + WW] += w[f] * dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


@mistake("conv_backward_naive.dx")
def conv_dx_added_not_multiplied(dout, cache):
    """The gradient of the images adds the upstream gradient to the filter: by the chain rule the two are
    multiplied.

    The other half of the mistake in circulation.
    """
    x, w, _, conv_param = cache
    stride, pad, (_, _, H, W), (_, _, HH, WW) = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape
    _, dw, db = right_backward(dout, cache)
    dx_pad = np.zeros(np.add(x.shape, (0, 0, 2 * pad, 2 * pad)))
    for n, f, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dx_pad[n, :, top : top + HH, left : left + WW] += w[f] + dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


@mistake("conv_backward_naive.dx")
def conv_dx_without_upstream(dout, cache):
    """The gradient of the images does not depend on the upstream gradient: each filter is multiplied by the
    gradient of the output it made.
    """
    x, w, _, conv_param = cache
    stride, pad, (_, _, H, W), (_, _, HH, WW) = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape
    _, dw, db = right_backward(dout, cache)
    dx_pad = np.zeros(np.add(x.shape, (0, 0, 2 * pad, 2 * pad)))
    for n, f, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dx_pad[n, :, top : top + HH, left : left + WW] += w[f]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


@mistake("conv_backward_naive.dx")
def conv_dx_overwritten(dout, cache):
    """The gradient of the images keeps only the last window's share of each pixel: windows overlap, and a
    pixel's shares add up.
    """
    x, w, _, conv_param = cache
    stride, pad, (_, _, H, W), (_, _, HH, WW) = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape
    _, dw, db = right_backward(dout, cache)
    dx_pad = np.zeros(np.add(x.shape, (0, 0, 2 * pad, 2 * pad)))
    for n, f, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dx_pad[n, :, top : top + HH, left : left + WW] = w[f] * dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


@mistake("conv_backward_naive.dx")
def conv_dx_last_filter_only(dout, cache):
    """The gradient of the images holds the share of the last filter only: every filter looked at the image,
    so their shares add up.

    The array of zeros is made inside the loop over filters.
    """
    x, w, b, conv_param = cache
    _, dw, db = right_backward(dout, cache)
    dx, _, _ = right_backward(dout[:, -1:], (x, w[-1:], b[-1:], conv_param))
    return dx, dw, db


@mistake("conv_backward_naive.dx")
def conv_dx_first_filter_only(dout, cache):
    """The gradient of the images goes through the first filter for every channel of the output: each channel
    goes back through the filter that it came from.
    """
    x, w, b, conv_param = cache
    _, dw, db = right_backward(dout, cache)
    dx, _, _ = right_backward(dout, (x, np.broadcast_to(w[:1], w.shape), b, conv_param))
    return dx, dw, db


@mistake("conv_backward_naive.dx")
def conv_dx_same_for_all_channels(dout, cache):
    """The gradient of the images is the same in all channels: each channel of an image gets its own channel
    of the filter.
    """
    x, w, _, conv_param = cache
    stride, pad, (_, _, H, W), (_, _, HH, WW) = conv_param["stride"], int(conv_param["pad"]), x.shape, w.shape
    _, dw, db = right_backward(dout, cache)
    dx_pad = np.zeros(np.add(x.shape, (0, 0, 2 * pad, 2 * pad)))
    for n, f, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dx_pad[n, :, top : top + HH, left : left + WW] += w[f].sum(axis=0) * dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


@mistake("conv_backward_naive.dx")
def conv_dx_filters_flipped(dout, cache):
    """The gradient of the images uses the filters turned by half a circle: where windows are scattered one by
    one, each filter is laid down as it is.

    The rule "convolve with the flipped filter" belongs to the other way of writing this, as a convolution of
    dout.
    """
    x, w, b, conv_param = cache
    dx, _, _ = right_backward(dout, (x, np.ascontiguousarray(w[:, :, ::-1, ::-1]), b, conv_param))
    _, dw, db = right_backward(dout, cache)
    return dx, dw, db


@mistake("conv_backward_naive.dx")
def conv_dx_filters_transposed(dout, cache):
    """The gradient of the images goes through filters whose rows and columns are exchanged: each weight goes
    back to the pixel that it was multiplied with.
    """
    x, w, b, conv_param = cache
    _, dw, db = right_backward(dout, cache)
    dx, _, _ = right_backward(dout, (x, w.transpose(0, 1, 3, 2), b, conv_param))
    return dx, dw, db


@mistake("conv_backward_naive.dx")
def conv_dx_ignores_stride(dout, cache):
    """The gradient of the images is right for stride 1 only: each output place sits stride pixels from the
    next, in the backward pass too.

    The place where a window's share is added is not multiplied by the stride. The notebook checks stride 1.
    """
    x, w, _, conv_param = cache
    pad, (_, _, H, W), (_, _, HH, WW) = int(conv_param["pad"]), x.shape, w.shape
    _, dw, db = right_backward(dout, cache)
    dx_pad = np.zeros(np.add(x.shape, (0, 0, 2 * pad, 2 * pad)))
    for n, f, i, j in np.ndindex(*dout.shape):
        dx_pad[n, :, i : i + HH, j : j + WW] += w[f] * dout[n, f, i, j]
    return dx_pad[:, :, pad : pad + H, pad : pad + W], dw, db


@mistake("conv_backward_naive.dx")
def conv_dx_divided_by_batch(dout, cache):
    """The gradient of the images is too small by the number of images: the loss has averaged over the batch
    already, and layers do not do it again.
    """
    dx, dw, db = right_backward(dout, cache)
    return dx / len(dx), dw, db


@mistake("conv_backward_naive.dx")
def conv_backward_dx_missing(dout, cache):
    """The gradient of the images is not there yet: the other two gradients are, and this one follows from the
    same windows.

    Half-finished work: dx is still None.
    """
    _, dw, db = right_backward(dout, cache)
    return None, dw, db


# --- The gradient of the images: its padding and its size ---


@mistake("conv_backward_naive.dx")
def conv_dx_not_cropped(dout, cache):
    """The gradient of the images is larger than the images: the padding is no part of them, so its gradient
    is cut off.
    """
    x, w, b, conv_param = cache
    pad = int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    return right_backward(dout, (x_pad, w, b, {**conv_param, "pad": 0}))


@mistake("conv_backward_naive.dx")
def conv_dx_cropped_from_corner(dout, cache):
    """The gradient of the images is shifted by the padding: what belongs to the image starts behind the
    padding on the top and on the left.
    """
    x, w, b, conv_param = cache
    pad, (_, _, H, W) = int(conv_param["pad"]), x.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad, dw, db = right_backward(dout, (x_pad, w, b, {**conv_param, "pad": 0}))
    return dx_pad[:, :, :H, :W], dw, db


@mistake("conv_backward_naive.dx", scope="beyond")
def conv_dx_cropped_from_both_ends(dout, cache):
    """The gradient of the images is empty without padding: counting from the end leaves nothing when there is
    no padding to cut off.

    The crop is written "pad:-pad". By far the most common mistake of this layer.
    """
    x, w, b, conv_param = cache
    pad = int(conv_param["pad"])
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad, dw, db = right_backward(dout, (x_pad, w, b, {**conv_param, "pad": 0}))
    return dx_pad[:, :, pad:-pad, pad:-pad], dw, db


@mistake("conv_backward_naive.dx", scope="beyond")
def conv_dx_size_from_output(dout, cache):
    """The gradient of the images is too small where the stride does not divide the image: pixels that no
    window reached have a gradient too, and it is zero.

    The size of dx is worked out backwards from the output instead of being that of x.
    """
    _, w, _, conv_param = cache
    stride, pad, (H_out, W_out) = conv_param["stride"], int(conv_param["pad"]), dout.shape[2:]
    height = (H_out - 1) * stride + w.shape[2] - 2 * pad
    width = (W_out - 1) * stride + w.shape[3] - 2 * pad
    dx, dw, db = right_backward(dout, cache)
    return dx[:, :, :height, :width], dw, db


# --- The gradient of the filters ---


@mistake("conv_backward_naive.dw")
def conv_dw_overwritten(dout, cache):
    """The gradient of the filters keeps the share of the last window only: a filter is used at every place of
    every image, and all shares add up.
    """
    x, w, _, conv_param = cache
    stride, pad, (_, _, HH, WW) = conv_param["stride"], int(conv_param["pad"]), w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx, _, db = right_backward(dout, cache)
    dw = np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        top, left = i * stride, j * stride
        dw[f] = x_pad[n, :, top : top + HH, left : left + WW] * dout[n, f, i, j]
    return dx, dw, db


@mistake("conv_backward_naive.dw")
def conv_dw_last_image_only(dout, cache):
    """The gradient of the filters holds the share of the last image only: the filters are shared by the whole
    batch, so the images' shares add up.
    """
    x, w, b, conv_param = cache
    dx, _, db = right_backward(dout, cache)
    _, dw, _ = right_backward(dout[-1:], (x[-1:], w, b, conv_param))
    return dx, dw, db


@mistake("conv_backward_naive.dw")
def conv_dw_first_image_only(dout, cache):
    """The gradient of the filters takes its windows from the first image for all of them: each image's
    upstream gradient meets the windows of that image.
    """
    x, w, b, conv_param = cache
    dx, _, db = right_backward(dout, cache)
    _, dw, _ = right_backward(dout, (np.broadcast_to(x[:1], x.shape), w, b, conv_param))
    return dx, dw, db


@mistake("conv_backward_naive.dw")
def conv_dw_averaged(dout, cache):
    """The gradient of the filters is too small by the number of images: the shares of the batch are added up,
    not averaged.
    """
    dx, dw, db = right_backward(dout, cache)
    return dx, dw / len(dout), db


@mistake("conv_backward_naive.dw")
def conv_dw_without_upstream(dout, cache):
    """The gradient of the filters does not depend on the upstream gradient: each window is multiplied by the
    gradient of the output it led to.
    """
    dx, _, db = right_backward(dout, cache)
    _, dw, _ = right_backward(np.ones(dout.shape), cache)
    return dx, dw, db


@mistake("conv_backward_naive.dw")
def conv_dw_from_output_filters(dout, cache):
    """The gradient of the filters multiplies the upstream gradient by the filter instead of by the image:
    what a weight was multiplied with is the pixel under it.

    The lines of dx are copied and only the left side is changed.
    """
    _, w, _, _ = cache
    dx, _, db = right_backward(dout, cache)
    dw = np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        dw[f] += w[f] * dout[n, f, i, j]
    return dx, dw, db


@mistake("conv_backward_naive.dw")
def conv_dw_sums_over_filters(dout, cache):
    """The gradient of the filters sums the upstream gradient over all filters: each filter gets its share
    from its own channel of the output only.
    """
    dx, _, db = right_backward(dout, cache)
    together = np.broadcast_to(dout.sum(axis=1, keepdims=True), dout.shape)
    _, dw, _ = right_backward(together, cache)
    return dx, dw, db


@mistake("conv_backward_naive.dw")
def conv_dw_channels_summed(dout, cache):
    """The gradient of a filter is the same in all its channels: each channel of the filter meets one channel
    of the window, and they are not summed.
    """
    dx, dw, db = right_backward(dout, cache)
    return dx, np.repeat(dw.sum(axis=1, keepdims=True), dw.shape[1], axis=1), db


@mistake("conv_backward_naive.dw")
def conv_dw_flipped(dout, cache):
    """The gradient of the filters is turned by half a circle: the first weight of a filter meets the first
    pixel of a window.
    """
    dx, dw, db = right_backward(dout, cache)
    return dx, dw[:, :, ::-1, ::-1], db


@mistake("conv_backward_naive.dw")
def conv_dw_rows_and_columns_swapped(dout, cache):
    """The gradient of each filter is transposed: its rows belong to the rows of the window.

    Square filters hide it in the shapes.
    """
    dx, dw, db = right_backward(dout, cache)
    return dx, dw.transpose(0, 1, 3, 2), db


@mistake("conv_backward_naive.dw")
def conv_dw_ignores_stride(dout, cache):
    """The gradient of the filters is right for stride 1 only: its windows are those of the forward pass, one
    stride apart.
    """
    x, w, _, conv_param = cache
    pad, (_, _, HH, WW) = int(conv_param["pad"]), w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx, _, db = right_backward(dout, cache)
    dw = np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        dw[f] += x_pad[n, :, i : i + HH, j : j + WW] * dout[n, f, i, j]
    return dx, dw, db


@mistake("conv_backward_naive.dw")
def conv_dw_from_unpadded_images(dout, cache):
    """The gradient of the filters is taken from the images without their padding: the windows must be those
    that the forward pass saw.

    Windows that reach beyond the unpadded image are left out here; many solutions raise an error there.
    """
    x, w, _, conv_param = cache
    stride, (_, _, HH, WW) = conv_param["stride"], w.shape
    dx, _, db = right_backward(dout, cache)
    dw = np.zeros(w.shape)
    for n, f, i, j in np.ndindex(*dout.shape):
        patch = x[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        if patch.shape == w[f].shape:
            dw[f] += patch * dout[n, f, i, j]
    return dx, dw, db


@mistake("conv_backward_naive.dw")
def conv_dw_pads_one_side(dout, cache):
    """The gradient of the filters is that of images padded on one side only: zeros go around the image on all
    four sides, in the backward pass as in the forward pass.
    """
    x, w, b, conv_param = cache
    pad = int(conv_param["pad"])
    dx, _, db = right_backward(dout, cache)
    padded = np.pad(x, ((0, 0), (0, 0), (0, 2 * pad), (0, 2 * pad)))
    _, dw, _ = right_backward(dout, (padded, w, b, {**conv_param, "pad": 0}))
    return dx, dw, db


# --- The gradient of the biases: what is summed ---


@mistake("conv_backward_naive.db")
def conv_db_batch_only(dout, cache):
    """The gradient of the biases still has a height and a width: a bias is added at all places, so its
    gradient is summed over them and not over the batch alone.

    The habit from the affine layer, where the batch is the only axis to sum over.
    """
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, dout.sum(axis=0)


@mistake("conv_backward_naive.db")
def conv_db_by_image(dout, cache):
    """The gradient of the biases has one number for each image: there is one bias for each filter, so the
    axis of the filters is the one that stays.
    """
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, dout.sum(axis=(1, 2, 3))


@mistake("conv_backward_naive.db")
def conv_db_averaged(dout, cache):
    """The gradient of the biases is an average: a bias is added at every place of every image, so it gets the
    sum of all their gradients.
    """
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, dout.mean(axis=(0, 2, 3))


@mistake("conv_backward_naive.db")
def conv_db_averaged_over_places(dout, cache):
    """The gradient of the biases is an average over the places of an image: a bias is added at every place,
    so it gets the sum of their gradients.
    """
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, dout.mean(axis=(2, 3)).sum(axis=0)


@mistake("conv_backward_naive.db")
def conv_db_divided_by_batch(dout, cache):
    """The gradient of the biases is too small by the number of images: the shares of the batch are added up,
    not averaged.
    """
    dx, dw, db = right_backward(dout, cache)
    return dx, dw, db / len(dout)


@mistake("conv_backward_naive.db")
def conv_db_counted_per_image(dout, cache):
    """The gradient of the biases is too large by the number of images: a sum over the whole batch stands
    inside a loop over the batch.
    """
    dx, dw, _ = right_backward(dout, cache)
    db = np.zeros(dout.shape[1])
    for _, f in np.ndindex(*dout.shape[:2]):
        db[f] += np.sum(dout[:, f])
    return dx, dw, db


@mistake("conv_backward_naive.db")
def conv_db_first_image_only(dout, cache):
    """The gradient of the biases counts the first image only: a bias is added in every image, so their shares
    add up.
    """
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, dout[0].sum(axis=(1, 2))


@mistake("conv_backward_naive.db")
def conv_db_last_image_only(dout, cache):
    """The gradient of the biases holds the share of the last image only: the biases are shared by the whole
    batch, so the images' shares add up.
    """
    dx, dw, _ = right_backward(dout, cache)
    db = np.zeros(dout.shape[1])
    for n, f in np.ndindex(*dout.shape[:2]):
        db[f] = np.sum(dout[n, f])
    return dx, dw, db


@mistake("conv_backward_naive.db")
def conv_db_same_for_all_filters(dout, cache):
    """The gradient of the biases is the same for all filters: each bias gets the gradients of its own
    filter's channel only.
    """
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, np.full(dout.shape[1], dout.sum())


@mistake("conv_backward_naive.db")
def conv_db_keeps_axes(dout, cache):
    """The gradient of the biases has extra axes of length one: a gradient has the shape of what it belongs
    to.
    """
    dx, dw, _ = right_backward(dout, cache)
    return dx, dw, dout.sum(axis=(0, 2, 3), keepdims=True)


# --- The gradient of the biases: what it starts from, and its factor ---


@mistake("conv_backward_naive.db")
def conv_db_starts_with_bias(dout, cache):
    """The gradient of the biases is added on top of the biases themselves: a sum of gradients starts at zero."""
    dx, dw, db = right_backward(dout, cache)
    return dx, dw, db + cache[2]


@mistake("conv_backward_naive.db")
def conv_db_times_bias(dout, cache):
    """The gradient of the biases is multiplied by the biases: the output grows by exactly what its bias
    grows, so the factor is one.
    """
    dx, dw, db = right_backward(dout, cache)
    return dx, dw, db * cache[2]


# --- What belongs to the caller ---


@mistake("conv_backward_naive.dx", scope="beyond")
def conv_backward_adds_into_upstream(dout, cache):
    """The backward pass of the convolution changes the upstream gradient: a slice of an array is a view, and
    adding to it in place adds to the array.

    The gradient of the biases is summed up in the first image's slice.
    """
    dx, dw, _ = right_backward(dout, cache)
    total = dout[0]
    for image in dout[1:]:
        total += image
    return dx, dw, total.sum(axis=(1, 2))
