"""Fully connected layers that usually come together, run as one."""

from nndl.layers import (
    affine_backward,
    affine_forward,
    batchnorm_backward,
    batchnorm_forward,
    relu_backward,
    relu_forward,
)


def affine_relu_forward(x, w, b):
    """Affine layer, then ReLU.

    Parameters
    ----------
    x : ndarray, shape (N, d_1, ..., d_k)
        Input; each sample holds D = d_1 * ... * d_k numbers.
    w : ndarray, shape (D, M)
        Weights.
    b : ndarray, shape (M,)
        Biases.

    Returns
    -------
    out : ndarray, shape (N, M)
        Output of the ReLU.
    cache : tuple
        The caches of both layers, for the backward pass.
    """
    scores, affine_cache = affine_forward(x, w, b)
    out, relu_cache = relu_forward(scores)
    return out, (affine_cache, relu_cache)


def affine_relu_backward(dout, cache):
    """Gradients of an affine layer followed by a ReLU.

    Parameters
    ----------
    dout : ndarray, shape (N, M)
        Gradient of the loss with respect to the output.
    cache : tuple
        From `affine_relu_forward`.

    Returns
    -------
    dx, dw, db : ndarray
        Gradients with respect to x, w and b, each of its shape.
    """
    affine_cache, relu_cache = cache
    return affine_backward(relu_backward(dout, relu_cache), affine_cache)


def affine_batchnorm_relu_forward(x, w, b, gamma, beta, bn_param):
    """Affine layer, batch normalisation, then ReLU.

    Parameters
    ----------
    x : ndarray, shape (N, d_1, ..., d_k)
        Input; each sample holds D = d_1 * ... * d_k numbers.
    w : ndarray, shape (D, M)
        Weights.
    b, gamma, beta : ndarray, shape (M,)
        Biases, and the scale and shift of the normalisation.
    bn_param : dict
        As for `nndl.layers.batchnorm_forward`.

    Returns
    -------
    out : ndarray, shape (N, M)
        Output of the ReLU.
    cache : tuple
        The caches of the three layers, for the backward pass.
    """
    scores, affine_cache = affine_forward(x, w, b)
    normalised, bn_cache = batchnorm_forward(scores, gamma, beta, bn_param)
    out, relu_cache = relu_forward(normalised)
    return out, (affine_cache, bn_cache, relu_cache)


def affine_batchnorm_relu_backward(dout, cache):
    """Gradients of an affine layer, batch normalisation and a ReLU.

    Parameters
    ----------
    dout : ndarray, shape (N, M)
        Gradient of the loss with respect to the output.
    cache : tuple
        From `affine_batchnorm_relu_forward` in train mode.

    Returns
    -------
    dx, dw, db, dgamma, dbeta : ndarray
        Gradients with respect to x, w, b, gamma and beta, each of its shape.
    """
    affine_cache, bn_cache, relu_cache = cache
    dnormalised = relu_backward(dout, relu_cache)
    dscores, dgamma, dbeta = batchnorm_backward(dnormalised, bn_cache)
    dx, dw, db = affine_backward(dscores, affine_cache)
    return dx, dw, db, dgamma, dbeta
