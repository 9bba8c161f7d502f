"""Unusual layers of the earlier assignment."""

import numpy as np

from grader.bank import variant


@variant()
class layers_caches_otherwise:
    """The earlier layers keep what they like in their caches: a mask, a dictionary, flattened samples."""

    def relu_forward(x):
        mask = x > 0
        return np.where(mask, x, 0), {"mask": mask}

    def relu_backward(dout, cache):
        return np.where(cache["mask"], dout, 0.0)

    def affine_forward(x, w, b):
        flat = x.reshape(x.shape[0], np.prod(x.shape[1:]))
        return np.dot(flat, w) + b.reshape(1, -1), [flat, w, x.shape]

    def affine_backward(dout, cache):
        flat, w, shape = cache
        return np.dot(dout, w.T).reshape(shape), np.dot(flat.T, dout), np.sum(dout, axis=0)


@variant(replaces="relu_backward")
def layers_relu_backward_in_place(dout, cache):
    """In the earlier layers the ReLU's backward pass changes the upstream gradient it is given, as one in six
    submissions does.
    """
    dout[cache <= 0] = 0
    return dout


@variant()
class layers_dropout_drops:
    """In the earlier layers p is the probability to drop an element, not to keep it."""

    def dropout_forward(x, dropout_param):
        p, mode = dropout_param["p"], dropout_param["mode"]
        if "seed" in dropout_param:
            np.random.seed(dropout_param["seed"])
        if mode == "test":
            return x, (dropout_param, None)
        mask = (np.random.rand(*x.shape) >= p) / (1 - p)
        return x * mask, (dropout_param, mask)

    def dropout_backward(dout, cache):
        dropout_param, mask = cache
        return dout * mask if dropout_param["mode"] == "train" else dout


@variant(replaces="softmax_loss")
def layers_loss_sample_by_sample(x, y):
    """In the earlier layers the softmax loss is computed sample by sample, with logarithms of sums."""
    loss, dx = 0.0, np.zeros(x.shape)
    for n, (scores, label) in enumerate(zip(x, y, strict=True)):
        shifted = scores - max(scores)
        total = np.log(sum(np.exp(each) for each in shifted))
        loss -= (shifted[label] - total) / len(x)
        for c, each in enumerate(shifted):
            dx[n, c] = (np.exp(each - total) - (c == label)) / len(x)
    return loss, dx
