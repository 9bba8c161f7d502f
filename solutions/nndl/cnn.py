"""A small convolutional network, built from the layers of this package."""

import numpy as np

from nndl.conv_layer_utils import conv_relu_pool_backward, conv_relu_pool_forward
from nndl.layer_utils import affine_relu_backward, affine_relu_forward
from nndl.layers import affine_backward, affine_forward, softmax_loss


class ThreeLayerConvNet:
    """A network with the architecture conv - relu - 2x2 max pool - affine - relu - affine - softmax.

    It works on minibatches of shape (N, C, H, W): N images of height H and width W with C channels. The
    convolution has stride 1 and the padding that keeps height and width.

    Parameters
    ----------
    input_dim : tuple of int
        (C, H, W), the shape of one image.
    num_filters : int
        Number of filters of the convolutional layer.
    filter_size : int
        Height and width of a filter in pixels, an odd number.
    hidden_dim : int
        Number of units of the hidden affine layer.
    num_classes : int
        Number of scores that the last layer gives.
    weight_scale : float
        Standard deviation of the initial weights.
    reg : float
        Strength of the L2 regularisation.
    dtype : numpy dtype
        Type of the parameters, and of the computation: np.float64 for a numerical gradient check.
    use_batchnorm : bool
        Kept in the signature for networks that you build from this one; this one has no batch normalisation.

    Attributes
    ----------
    params : dict
        Parameter arrays of type dtype:
        'W1' (num_filters, C, filter_size, filter_size), 'b1' (num_filters,);
        'W2' (num_filters * (H // 2) * (W // 2), hidden_dim), 'b2' (hidden_dim,);
        'W3' (hidden_dim, num_classes), 'b3' (num_classes,).
    reg : float
        May be changed at any time.
    """

    def __init__(
        self,
        input_dim=(3, 32, 32),
        num_filters=32,
        filter_size=7,
        hidden_dim=100,
        num_classes=10,
        weight_scale=1e-3,
        reg=0.0,
        dtype=np.float32,
        use_batchnorm=False,
    ):
        self.params = {}
        self.reg = reg
        self.dtype = dtype
        self.use_batchnorm = use_batchnorm
        C, H, W = input_dim

        # ================================================================ #
        # YOUR CODE HERE:
        #   Initialise the parameters of the three layers in self.params:
        #     - biases are zeros;
        #     - weights are drawn from a Gaussian with mean zero and
        #       standard deviation weight_scale.
        #   Hint: follow the shape of one image through the network, then
        #   compare with the shapes in the class's docstring.
        # ================================================================ #
        pooled = num_filters * (H // 2) * (W // 2)
        self.params["W1"] = np.random.normal(0, weight_scale, (num_filters, C, filter_size, filter_size))
        self.params["b1"] = np.zeros(num_filters)
        self.params["W2"] = np.random.normal(0, weight_scale, (pooled, hidden_dim))
        self.params["b2"] = np.zeros(hidden_dim)
        self.params["W3"] = np.random.normal(0, weight_scale, (hidden_dim, num_classes))
        self.params["b3"] = np.zeros(num_classes)
        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

        for name, values in self.params.items():
            self.params[name] = values.astype(dtype)

    def loss(self, X, y=None):
        """Scores of a minibatch or, with labels, its loss and the gradients.

        Parameters
        ----------
        X : ndarray, shape (N, C, H, W)
            Images.
        y : ndarray of int, shape (N,), optional
            The right class of each image.

        Returns
        -------
        scores : ndarray, shape (N, num_classes)
            Without y: the score of each class for each image.
        loss : float
            With y: the softmax loss plus reg / 2 times the sum of the squares of all weights (not biases).
        grads : dict
            With y: the gradient of the loss with respect to each of the parameters, under the same names.
        """
        X = X.astype(self.dtype, copy=False)
        W1, b1 = self.params["W1"], self.params["b1"]
        W2, b2 = self.params["W2"], self.params["b2"]
        W3, b3 = self.params["W3"], self.params["b3"]

        filter_size = W1.shape[2]
        conv_param = {"stride": 1, "pad": (filter_size - 1) // 2}
        pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
        scores = None

        # ================================================================ #
        # YOUR CODE HERE:
        #   Implement the forward pass of the network, and store the scores
        #   as "scores".
        #   Hint: conv_relu_pool_forward and affine_relu_forward run several
        #   layers at once, the convolution on the fast layers.
        # ================================================================ #
        pooled, conv_cache = conv_relu_pool_forward(X, W1, b1, conv_param, pool_param)
        hidden, hidden_cache = affine_relu_forward(pooled, W2, b2)
        scores, scores_cache = affine_forward(hidden, W3, b3)
        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

        if y is None:
            return scores

        loss, grads = 0, {}

        # ================================================================ #
        # YOUR CODE HERE:
        #   Implement the backward pass of the network. Store the loss as
        #   "loss", and the gradient of self.params[name] as grads[name].
        #   Hint: the regularisation acts on ALL weight matrices, in the
        #   loss and in the gradients; its factor 1/2 spares you a 2 there.
        # ================================================================ #
        loss, dscores = softmax_loss(scores, y)
        dhidden, grads["W3"], grads["b3"] = affine_backward(dscores, scores_cache)
        dpooled, grads["W2"], grads["b2"] = affine_relu_backward(dhidden, hidden_cache)
        _, grads["W1"], grads["b1"] = conv_relu_pool_backward(dpooled, conv_cache)
        if self.reg:  # without it, spare the passes over millions of weights
            for name in ("W1", "W2", "W3"):
                weights = self.params[name]
                loss += 0.5 * self.reg * np.sum(weights**2)
                grads[name] += self.reg * weights
        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

        return loss, grads
