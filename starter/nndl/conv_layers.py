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

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dx, dgamma, dbeta
