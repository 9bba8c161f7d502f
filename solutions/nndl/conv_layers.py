"""Convolution, max pooling and spatial batch normalisation, as plain loops to read and understand."""

import numpy as np

from nndl.layers import batchnorm_backward, batchnorm_forward


def conv_forward_naive(x, w, b, conv_param):
    """Forward pass of a convolutional layer.

    Each of the F filters spans all C channels. It slides over the zero-padded image in steps of the stride,
    and at each place gives the sum of its products with the pixels under it, plus its bias.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        N images with C channels, height H and width W.
    w : ndarray, shape (F, C, HH, WW)
        F filters of height HH and width WW.
    b : ndarray, shape (F,)
        One bias per filter.
    conv_param : dict
        'stride': pixels between neighbouring places of a filter, in both directions.
        'pad': pixels of zeros added on each of the four sides; 1.0 is as good as 1.

    Returns
    -------
    out : ndarray, shape (N, F, H', W')
        H' = 1 + (H + 2 * pad - HH) // stride and W' = 1 + (W + 2 * pad - WW) // stride.
    cache : tuple
        (x, w, b, conv_param), for the backward pass.
    """
    out = None
    stride, pad = conv_param["stride"], int(conv_param["pad"])

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the forward pass of a convolutional layer, and store
    #   the output as "out".
    #   Hint: np.pad pads an array.
    # ================================================================ #
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    H_out = 1 + (H + 2 * pad - HH) // stride
    W_out = 1 + (W + 2 * pad - WW) // stride
    out = np.zeros((N, F, H_out, W_out), dtype=np.result_type(x, w, b))
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    top, left = i * stride, j * stride
                    patch = x_pad[n, :, top : top + HH, left : left + WW]
                    out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    cache = (x, w, b, conv_param)
    return out, cache


def conv_backward_naive(dout, cache):
    """Backward pass of a convolutional layer.

    Parameters
    ----------
    dout : ndarray, shape (N, F, H', W')
        Gradient of the loss with respect to the layer's output.
    cache : tuple
        (x, w, b, conv_param) as in `conv_forward_naive`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
        Gradient with respect to x.
    dw : ndarray, shape (F, C, HH, WW)
        Gradient with respect to w.
    db : ndarray, shape (F,)
        Gradient with respect to b.
    """
    dx, dw, db = None, None, None
    x, w, b, conv_param = cache
    stride, pad = conv_param["stride"], int(conv_param["pad"])

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the backward pass of a convolutional layer, and store
    #   the gradients as "dx", "dw" and "db".
    #   Hint: each output is a sum of products. Ask of each output which
    #   pixels and which weights went into it, and with what factor.
    # ================================================================ #
    N, F, H_out, W_out = dout.shape
    _, _, H, W = x.shape
    _, _, HH, WW = w.shape
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dx_pad = np.zeros(x_pad.shape, dtype=dout.dtype)
    dw = np.zeros(w.shape, dtype=dout.dtype)
    db = dout.sum(axis=(0, 2, 3)).reshape(b.shape)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    top, left = i * stride, j * stride
                    patch = x_pad[n, :, top : top + HH, left : left + WW]
                    dw[f] += patch * dout[n, f, i, j]
                    dx_pad[n, :, top : top + HH, left : left + WW] += w[f] * dout[n, f, i, j]
    # Counting from the front: with "pad:-pad" nothing would be left when pad is 0.
    dx = dx_pad[:, :, pad : pad + H, pad : pad + W]
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dx, dw, db


def max_pool_forward_naive(x, pool_param):
    """Forward pass of max pooling: the largest value of each window, channel by channel.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Input.
    pool_param : dict
        'pool_height', 'pool_width': size of a window in pixels.
        'stride': pixels between neighbouring windows, in both directions; windows overlap where it is smaller
        than their size.

    Returns
    -------
    out : ndarray, shape (N, C, H', W')
        H' = 1 + (H - pool_height) // stride and W' = 1 + (W - pool_width) // stride.
    cache : tuple
        (x, pool_param), for the backward pass.
    """
    out = None
    pool_height, pool_width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the forward pass of max pooling, and store the output
    #   as "out".
    #   Hint: the loops are those of the convolution, but a channel
    #   never meets another one.
    # ================================================================ #
    N, C, H, W = x.shape
    H_out = 1 + (H - pool_height) // stride
    W_out = 1 + (W - pool_width) // stride
    out = np.zeros((N, C, H_out, W_out), dtype=x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    top, left = i * stride, j * stride
                    out[n, c, i, j] = np.max(x[n, c, top : top + pool_height, left : left + pool_width])
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    cache = (x, pool_param)
    return out, cache


def max_pool_backward_naive(dout, cache):
    """Backward pass of max pooling: each window's gradient goes to the pixel that was its maximum.

    A pixel that is the maximum of several windows gets the sum of their gradients. Where a window has more
    than one maximum, its gradient may go to the first, to all, or be shared between them; here the first
    gets it.

    Parameters
    ----------
    dout : ndarray, shape (N, C, H', W')
        Gradient of the loss with respect to the layer's output.
    cache : tuple
        (x, pool_param) as in `max_pool_forward_naive`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
        Gradient with respect to x.
    """
    dx = None
    x, pool_param = cache
    pool_height, pool_width = pool_param["pool_height"], pool_param["pool_width"]
    stride = pool_param["stride"]

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the backward pass of max pooling, and store the
    #   gradient as "dx".
    #   Hint: np.argmax and np.unravel_index find where a maximum is.
    # ================================================================ #
    N, C, H_out, W_out = dout.shape
    dx = np.zeros(x.shape, dtype=dout.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    top, left = i * stride, j * stride
                    window = x[n, c, top : top + pool_height, left : left + pool_width]
                    row, column = np.unravel_index(np.argmax(window), window.shape)
                    dx[n, c, top + row, left + column] += dout[n, c, i, j]
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dx


def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    """Forward pass of spatial batch normalisation: one mean and one variance per channel.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Input.
    gamma : ndarray, shape (C,)
        Scale of each channel.
    beta : ndarray, shape (C,)
        Shift of each channel.
    bn_param : dict
        'mode': 'train' or 'test', required. 'eps': added to the variance, default 1e-5. 'momentum': share of
        the running averages that a step keeps, default 0.9: with 0 the past is forgotten at each step, with 1
        nothing new is learnt. 'running_mean', 'running_var': shape (C,), zeros where absent; train mode
        updates them and stores them back here.

    Returns
    -------
    out : ndarray, shape (N, C, H, W)
        The normalised, scaled and shifted input.
    cache : object
        What the backward pass needs.
    """
    out, cache = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the forward pass of spatial batch normalisation, and
    #   store the output as "out" and the cache as "cache".
    #   Hint: batchnorm_forward normalises the columns of a matrix. Lay
    #   the pixels out so that each channel is one column.
    # ================================================================ #
    N, C, H, W = x.shape
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, C)
    out, cache = batchnorm_forward(pixels, gamma, beta, bn_param)
    out = out.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return out, cache


def spatial_batchnorm_backward(dout, cache):
    """Backward pass of spatial batch normalisation in train mode.

    Parameters
    ----------
    dout : ndarray, shape (N, C, H, W)
        Gradient of the loss with respect to the layer's output.
    cache : object
        From `spatial_batchnorm_forward`.

    Returns
    -------
    dx : ndarray, shape (N, C, H, W)
        Gradient with respect to x.
    dgamma : ndarray, shape (C,)
        Gradient with respect to gamma.
    dbeta : ndarray, shape (C,)
        Gradient with respect to beta.
    """
    dx, dgamma, dbeta = None, None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the backward pass of spatial batch normalisation, and
    #   store the gradients as "dx", "dgamma" and "dbeta".
    #   Hint: batchnorm_backward does the work, on the same layout.
    # ================================================================ #
    N, C, H, W = dout.shape
    pixels = dout.transpose(0, 2, 3, 1).reshape(-1, C)
    dx, dgamma, dbeta = batchnorm_backward(pixels, cache)
    dx = dx.reshape(N, H, W, C).transpose(0, 3, 1, 2)
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dx, dgamma, dbeta
