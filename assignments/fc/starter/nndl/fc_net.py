"""Fully connected networks of two layers and of any number of layers."""

from itertools import pairwise

import numpy as np

from nndl.layer_utils import (
    affine_batchnorm_relu_backward,
    affine_batchnorm_relu_forward,
    affine_relu_backward,
    affine_relu_forward,
)
from nndl.layers import affine_backward, affine_forward, dropout_backward, dropout_forward, softmax_loss


class TwoLayerNet:
    """A network with the architecture affine - relu - affine - softmax.

    Parameters
    ----------
    input_dim : int
        Numbers in one sample, D.
    hidden_dim : int
        Units of the hidden layer, H.
    num_classes : int
        Number of scores, C.
    weight_scale : float
        Standard deviation of the initial weights.
    reg : float
        Strength of the L2 regularisation.

    Attributes
    ----------
    params : dict
        'W1' (D, H), 'b1' (H,), 'W2' (H, C), 'b2' (C,).
    """

    def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
        self.reg = reg
        self.params = {}

        # ================================================================ #
        # YOUR CODE HERE:
        #   Initialise the network: Gaussian weights with mean zero and
        #   standard deviation weight_scale as self.params["W1"] and
        #   self.params["W2"], zeros as self.params["b1"] and
        #   self.params["b2"].
        # ================================================================ #

        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

    def loss(self, X, y=None):
        """Scores of a minibatch or, with labels, its loss and the gradients.

        Parameters
        ----------
        X : ndarray, shape (N, d_1, ..., d_k)
            Samples of D = d_1 * ... * d_k numbers.
        y : ndarray of int, shape (N,), optional
            The right class of each sample.

        Returns
        -------
        scores : ndarray, shape (N, C)
            Without y.
        loss : float
            With y: the softmax loss plus reg / 2 times the sum of the squares of all weights (not biases).
        grads : dict
            With y: the gradient of the loss with respect to each of the parameters, under the same names.
        """
        scores = None

        # ================================================================ #
        # YOUR CODE HERE:
        #   Implement the forward pass of the network, and store the
        #   score of each class as "scores".
        #   Hint: nndl/layer_utils.py has an affine layer with a ReLU.
        # ================================================================ #

        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

        if y is None:
            return scores

        loss, grads = 0, {}

        # ================================================================ #
        # YOUR CODE HERE:
        #   Implement the backward pass: store the softmax loss, with the
        #   regularisation of both weights, as "loss", and the gradient of
        #   self.params[name] as grads[name].
        #   Hint: run the layers backwards, each with its cache.
        # ================================================================ #

        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

        return loss, grads


class FullyConnectedNet:
    """A network of any depth: {affine - [batch norm] - relu - [dropout]} x (L - 1) - affine - softmax.

    Parameters
    ----------
    hidden_dims : list of int
        Units of each hidden layer.
    input_dim : int
        Numbers in one sample, D.
    num_classes : int
        Number of scores, C.
    dropout : float
        Probability to KEEP a unit during training; 0 means no dropout at all, and 1 keeps everything too.
    use_batchnorm : bool
        Whether each hidden layer normalises over the batch.
    reg : float
        Strength of the L2 regularisation.
    weight_scale : float
        Standard deviation of the initial weights.
    dtype : numpy dtype
        Type of the parameters, and of the computation.
    seed : int, optional
        Makes the dropout masks repeat, for a numerical gradient check.

    Attributes
    ----------
    params : dict
        'W1', 'b1', ..., 'WL', 'bL' and, with batch normalisation, 'gamma1', 'beta1', ... of hidden layers.
    bn_params : list of dict
        State of each batch normalisation, its running averages among it.
    """

    def __init__(
        self,
        hidden_dims,
        input_dim=3 * 32 * 32,
        num_classes=10,
        dropout=0,
        use_batchnorm=False,
        reg=0.0,
        weight_scale=1e-2,
        dtype=np.float32,
        seed=None,
    ):
        self.use_batchnorm = use_batchnorm
        self.use_dropout = dropout > 0
        self.reg = reg
        self.dtype = dtype
        self.num_layers = 1 + len(hidden_dims)
        self.params = {}

        # ================================================================ #
        # YOUR CODE HERE:
        #   Initialise the network: for layers 1 to self.num_layers
        #   Gaussian weights with mean zero and standard deviation
        #   weight_scale as self.params["W1"], ..., and zeros as
        #   self.params["b1"], .... With batch normalisation each hidden
        #   layer also has a scale of ones, self.params["gamma1"], ...,
        #   and a shift of zeros, self.params["beta1"], .... All are of
        #   type dtype.
        # ================================================================ #

        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

        self.bn_params = [{"mode": "train"} for _ in hidden_dims] if use_batchnorm else []
        self.dropout_param = {"mode": "train", "p": dropout} if self.use_dropout else {}
        if self.use_dropout and seed is not None:
            self.dropout_param["seed"] = seed

    def loss(self, X, y=None):
        """Scores of a minibatch or, with labels, its loss and the gradients.

        Parameters
        ----------
        X : ndarray, shape (N, d_1, ..., d_k)
            Samples of D = d_1 * ... * d_k numbers.
        y : ndarray of int, shape (N,), optional
            The right class of each sample. Without it the network runs in test mode.

        Returns
        -------
        scores : ndarray, shape (N, C)
            Without y.
        loss : float
            With y: the softmax loss plus reg / 2 times the sum of the squares of all weights W.
        grads : dict
            With y: the gradient of the loss with respect to each of the parameters, under the same names.
        """
        self._set_mode("test" if y is None else "train")
        X = X.astype(self.dtype, copy=False)
        scores = None

        # ================================================================ #
        # YOUR CODE HERE:
        #   Implement the forward pass of the network, and store the
        #   score of each class as "scores".
        #   Hint: keep the cache of every layer, say in a list. A hidden
        #   layer i uses self.bn_params[i - 1] if self.use_batchnorm and
        #   self.dropout_param if self.use_dropout.
        # ================================================================ #

        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

        if y is None:
            return scores

        loss, grads = 0, {}

        # ================================================================ #
        # YOUR CODE HERE:
        #   Implement the backward pass: store the softmax loss, with the
        #   regularisation of all weights, as "loss", and the gradient of
        #   self.params[name] as grads[name].
        # ================================================================ #

        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

        return loss, grads

    def _set_mode(self, mode):
        for state in self.bn_params:
            state["mode"] = mode
        if self.use_dropout:
            self.dropout_param["mode"] = mode

    # ================================================================ #
    # YOUR CODE HERE:
    #   Helper methods of your own, if you want any.
    # ================================================================ #

    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #
