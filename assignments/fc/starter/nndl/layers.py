"""The layers of fully connected networks: forward functions, and backward ones that use their caches."""

import numpy as np


def affine_forward(x, w, b):
    """Multiply each sample by the weights and add the biases.

    Parameters
    ----------
    x : ndarray, shape (N, d_1, ..., d_k)
        N samples of any shape; each is flattened to D = d_1 * ... * d_k numbers.
    w : ndarray, shape (D, M)
        Weights.
    b : ndarray, shape (M,)
        Biases.

    Returns
    -------
    out : ndarray, shape (N, M)
        The scores of each sample.
    cache : tuple
        (x, w, b), for the backward pass.
    """
    out = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the forward pass of an affine layer, and store the
    #   output as "out".
    #   Hint: x may have any number of axes. Make each sample one row
    #   first.
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    cache = (x, w, b)
    return out, cache


def affine_backward(dout, cache):
    """Gradients of an affine layer.

    Parameters
    ----------
    dout : ndarray, shape (N, M)
        Gradient of the loss with respect to the layer's output.
    cache : tuple
        (x, w, b) from `affine_forward`.

    Returns
    -------
    dx : ndarray, shape (N, d_1, ..., d_k)
        Gradient with respect to x.
    dw : ndarray, shape (D, M)
        Gradient with respect to w.
    db : ndarray, shape (M,)
        Gradient with respect to b.
    """
    dx, dw, db = None, None, None
    x, w, _ = cache

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the backward pass of an affine layer, and store the
    #   gradients as "dx", "dw" and "db".
    #   Hint: each has the shape of what it is the gradient of. Only
    #   one way of multiplying two of the arrays gives that shape.
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dx, dw, db


def relu_forward(x):
    """Replace what is negative by zero.

    Parameters
    ----------
    x : ndarray, any shape
        Input.

    Returns
    -------
    out : ndarray, shape of x
        max(x, 0), element by element.
    cache : ndarray
        x, for the backward pass.
    """
    out = None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the forward pass of the ReLU, and store the output
    #   as "out".
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    cache = x
    return out, cache


def relu_backward(dout, cache):
    """Gradient of the ReLU; at exactly zero it is taken as zero.

    Parameters
    ----------
    dout : ndarray, any shape
        Gradient of the loss with respect to the layer's output; left as it is.
    cache : ndarray, shape of dout
        x from `relu_forward`.

    Returns
    -------
    dx : ndarray, shape of dout
        Gradient with respect to x.
    """
    dx = None
    x = cache

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the backward pass of the ReLU, and store the
    #   gradient as "dx".
    #   Hint: where does a small change of x change the output?
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dx


def batchnorm_forward(x, gamma, beta, bn_param):
    """Normalise each feature over the batch, then scale and shift it.

    In train mode the batch's own mean and (biased) variance normalise, and the running averages move towards
    them: running = momentum * running + (1 - momentum) * batch. In test mode the running averages normalise,
    and stay as they are.

    Parameters
    ----------
    x : ndarray, shape (N, D)
        Input.
    gamma : ndarray, shape (D,)
        Scale.
    beta : ndarray, shape (D,)
        Shift.
    bn_param : dict
        'mode': 'train' or 'test', required. 'eps': added to the variance, default 1e-5. 'momentum': share of
        the running averages that a step keeps, default 0.9. 'running_mean', 'running_var': shape (D,), zeros
        where absent; both are stored back here.

    Returns
    -------
    out : ndarray, shape (N, D)
        The normalised, scaled and shifted input.
    cache : anything
        What the backward pass needs; None in test mode.

    Raises
    ------
    ValueError
        When the mode is neither 'train' nor 'test'.
    """
    mode = bn_param["mode"]
    eps = bn_param.get("eps", 1e-5)
    momentum = bn_param.get("momentum", 0.9)
    features = x.shape[1]
    running_mean = bn_param.get("running_mean", np.zeros(features, dtype=x.dtype))
    running_var = bn_param.get("running_var", np.zeros(features, dtype=x.dtype))
    out, cache = None, None

    if mode == "train":
        # ================================================================ #
        # YOUR CODE HERE:
        #   Implement batch normalisation in train mode:
        #   (1) the mean and the variance of each feature in the batch;
        #   (2) normalise with them, eps under the root;
        #   (3) scale by gamma and shift by beta, and store it as "out";
        #   (4) move "running_mean" and "running_var" towards the batch;
        #   (5) put into "cache" what the backward pass will need.
        # ================================================================ #
        pass
        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #
    elif mode == "test":
        # ================================================================ #
        # YOUR CODE HERE:
        #   Implement batch normalisation in test mode: normalise with the
        #   running averages, then scale and shift. Store it as "out".
        # ================================================================ #
        pass
        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #
    else:
        raise ValueError(f"bn_param['mode'] must be 'train' or 'test', not {mode!r}")

    bn_param["running_mean"] = running_mean
    bn_param["running_var"] = running_var
    return out, cache


def batchnorm_backward(dout, cache):
    """Gradients of batch normalisation in train mode.

    The mean and the variance depend on x too, so the gradient reaches x along three paths.

    Parameters
    ----------
    dout : ndarray, shape (N, D)
        Gradient of the loss with respect to the layer's output.
    cache : tuple
        From `batchnorm_forward`.

    Returns
    -------
    dx : ndarray, shape (N, D)
        Gradient with respect to x.
    dgamma : ndarray, shape (D,)
        Gradient with respect to gamma.
    dbeta : ndarray, shape (D,)
        Gradient with respect to beta.
    """
    dx, dgamma, dbeta = None, None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the backward pass of batch normalisation in train
    #   mode, and store the gradients as "dx", "dgamma" and "dbeta".
    #   Hint: draw the graph from x to the output. The mean and the
    #   variance are nodes of it that every sample goes into.
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return dx, dgamma, dbeta


def dropout_forward(x, dropout_param):
    """Keep each element with probability p, and divide what is kept by p (inverted dropout).

    Parameters
    ----------
    x : ndarray, any shape
        Input.
    dropout_param : dict
        'p': probability to KEEP an element, 0 < p <= 1. 'mode': 'train' drops, 'test' returns x. 'seed':
        optional; the same seed gives the same mask, which a numerical gradient needs.

    Returns
    -------
    out : ndarray, shape and dtype of x
        x * mask in train mode, x in test mode.
    cache : tuple
        (dropout_param, mask); the mask is None in test mode.

    Raises
    ------
    ValueError
        When the mode is neither 'train' nor 'test'.
    """
    mode, keep = dropout_param["mode"], dropout_param["p"]
    if "seed" in dropout_param:
        np.random.seed(dropout_param["seed"])
    out, mask = None, None

    if mode == "train":
        # ================================================================ #
        # YOUR CODE HERE:
        #   Implement inverted dropout in train mode: store the output as
        #   "out", and the mask that x is multiplied by as "mask".
        #   Hint: draw with np.random, which the seed was given to.
        # ================================================================ #
        pass
        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #
    elif mode == "test":
        # ================================================================ #
        # YOUR CODE HERE:
        #   Implement dropout in test mode: store the output as "out".
        # ================================================================ #
        pass
        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #
    else:
        raise ValueError(f"dropout_param['mode'] must be 'train' or 'test', not {mode!r}")

    cache = (dropout_param, mask)
    return out, cache


def dropout_backward(dout, cache):
    """Gradient of dropout.

    Parameters
    ----------
    dout : ndarray, any shape
        Gradient of the loss with respect to the layer's output.
    cache : tuple
        (dropout_param, mask) from `dropout_forward`.

    Returns
    -------
    dx : ndarray, shape of dout
        Gradient with respect to x.
    """
    dx = None
    dropout_param, mask = cache

    if dropout_param["mode"] == "train":
        # ================================================================ #
        # YOUR CODE HERE:
        #   Implement the backward pass of dropout in train mode, and
        #   store the gradient as "dx".
        # ================================================================ #
        pass
        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #
    elif dropout_param["mode"] == "test":
        dx = dout
    return dx


def svm_loss(x, y):
    """Multi-class hinge loss with margin 1, averaged over the batch.

    Parameters
    ----------
    x : ndarray, shape (N, C)
        Score of each class for each sample.
    y : ndarray of int, shape (N,)
        The right class of each sample, 0 <= y < C.

    Returns
    -------
    loss : float
        Mean over the samples of the sum of max(0, score - right score + 1) over the wrong classes.
    dx : ndarray, shape (N, C)
        Gradient with respect to x.
    """
    loss, dx = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the multi-class hinge loss, averaged over the batch,
    #   and store it as "loss" and its gradient as "dx".
    #   Hint: the right class has no margin of its own, but its score
    #   is part of all the others.
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return loss, dx


def softmax_loss(x, y):
    """Cross-entropy of the softmax of the scores, averaged over the batch.

    Scores may be large: a thousand must not overflow.

    Parameters
    ----------
    x : ndarray, shape (N, C)
        Score of each class for each sample.
    y : ndarray of int, shape (N,)
        The right class of each sample, 0 <= y < C.

    Returns
    -------
    loss : float
        Mean of -log(probability of the right class).
    dx : ndarray, shape (N, C)
        Gradient with respect to x.
    """
    loss, dx = None, None

    # ================================================================ #
    # YOUR CODE HERE:
    #   Implement the softmax loss, averaged over the batch, and store
    #   it as "loss" and its gradient as "dx".
    #   Hint: adding a number to all scores of a sample changes none
    #   of its probabilities. Which number keeps np.exp small?
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #

    return loss, dx
