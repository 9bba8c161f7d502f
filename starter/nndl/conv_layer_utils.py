"""Convolutional layers that usually come together, run as one, on the fast layers."""

from cs231n.fast_layers import (
    conv_backward_fast,
    conv_forward_fast,
    max_pool_backward_fast,
    max_pool_forward_fast,
)
from nndl.layers import relu_backward, relu_forward


def conv_relu_forward(x, w, b, conv_param):
    """Convolution, then ReLU.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Input.
    w : ndarray, shape (F, C, HH, WW)
        Filters.
    b : ndarray, shape (F,)
        Biases.
    conv_param : dict
        'stride' and 'pad', as for `nndl.conv_layers.conv_forward_naive`.

    Returns
    -------
    out : ndarray, shape (N, F, H', W')
        Output of the ReLU.
    cache : tuple
        The caches of both layers, for the backward pass.
    """
    scores, conv_cache = conv_forward_fast(x, w, b, conv_param)
    out, relu_cache = relu_forward(scores)
    return out, (conv_cache, relu_cache)


def conv_relu_backward(dout, cache):
    """Gradients of a convolution followed by a ReLU.

    Parameters
    ----------
    dout : ndarray, shape (N, F, H', W')
        Gradient of the loss with respect to the output.
    cache : tuple
        From `conv_relu_forward`.

    Returns
    -------
    dx, dw, db : ndarray
        Gradients with respect to x, w and b, each of its shape.
    """
    conv_cache, relu_cache = cache
    return conv_backward_fast(relu_backward(dout, relu_cache), conv_cache)


def conv_relu_pool_forward(x, w, b, conv_param, pool_param):
    """Convolution, ReLU, then max pooling.

    Parameters
    ----------
    x : ndarray, shape (N, C, H, W)
        Input.
    w : ndarray, shape (F, C, HH, WW)
        Filters.
    b : ndarray, shape (F,)
        Biases.
    conv_param : dict
        'stride' and 'pad', as for `nndl.conv_layers.conv_forward_naive`.
    pool_param : dict
        'pool_height', 'pool_width' and 'stride', as for `nndl.conv_layers.max_pool_forward_naive`.

    Returns
    -------
    out : ndarray, shape (N, F, H', W')
        Output of the pooling.
    cache : tuple
        The caches of the three layers, for the backward pass.
    """
    scores, conv_cache = conv_forward_fast(x, w, b, conv_param)
    active, relu_cache = relu_forward(scores)
    out, pool_cache = max_pool_forward_fast(active, pool_param)
    return out, (conv_cache, relu_cache, pool_cache)


def conv_relu_pool_backward(dout, cache):
    """Gradients of a convolution, a ReLU and max pooling.

    Parameters
    ----------
    dout : ndarray, shape (N, F, H', W')
        Gradient of the loss with respect to the output.
    cache : tuple
        From `conv_relu_pool_forward`.

    Returns
    -------
    dx, dw, db : ndarray
        Gradients with respect to x, w and b, each of its shape.
    """
    conv_cache, relu_cache, pool_cache = cache
    dactive = max_pool_backward_fast(dout, pool_cache)
    return conv_backward_fast(relu_backward(dactive, relu_cache), conv_cache)
