"""Unusual networks."""

import numpy as np

from grader.bank import variant
from nndl.fc_net import FullyConnectedNet as RightDeepNet, TwoLayerNet as RightNet
from nndl.layers import (
    affine_backward,
    affine_forward,
    batchnorm_backward,
    batchnorm_forward,
    dropout_backward,
    dropout_forward,
    relu_backward,
    relu_forward,
    softmax_loss,
)


@variant()
class two_layers_written_out:
    """The two-layer network calls no layer but computes everything itself."""

    class TwoLayerNet:
        def __init__(self, input_dim=3 * 32 * 32, hidden_dim=100, num_classes=10, weight_scale=1e-3, reg=0.0):
            self.reg = reg
            self.params = {
                "b2": np.zeros(num_classes),
                "W2": weight_scale * np.random.randn(hidden_dim, num_classes),
                "b1": np.zeros((hidden_dim,)),
                "W1": weight_scale * np.random.randn(input_dim, hidden_dim),
            }

        def loss(self, X, y=None):
            W1, W2, N = self.params["W1"], self.params["W2"], X.shape[0]
            X = X.reshape(N, -1)
            hidden = np.maximum(X.dot(W1) + self.params["b1"], 0)
            scores = hidden.dot(W2) + self.params["b2"]
            if y is None:
                return scores
            p = np.exp(scores - scores.max(axis=1)[:, None])
            p /= p.sum(axis=1)[:, None]
            loss = -np.log(p[range(N), y]).sum() / N + self.reg / 2 * ((W1 * W1).sum() + (W2 * W2).sum())
            p[range(N), y] -= 1
            p /= N
            back = p.dot(W2.T) * (hidden > 0)
            grads = {"W2": hidden.T.dot(p) + self.reg * W2, "b2": p.sum(axis=0)}
            grads.update(W1=X.T.dot(back) + self.reg * W1, b1=back.sum(axis=0))
            return loss, grads


@variant(replaces="FullyConnectedNet")
class network_in_single_layers(RightDeepNet):
    """The network of any depth runs each layer on its own and regularises on the way back."""

    def loss(self, X, y=None):
        self._set_mode("test" if y is None else "train")
        out, tape = X.astype(self.dtype), []
        for i in range(1, self.num_layers + 1):
            out, cache = affine_forward(out, self.params[f"W{i}"], self.params[f"b{i}"])
            tape.append(("affine", i, cache))
            if i == self.num_layers:
                break
            if self.use_batchnorm:
                scale, shift = self.params[f"gamma{i}"], self.params[f"beta{i}"]
                out, cache = batchnorm_forward(out, scale, shift, self.bn_params[i - 1])
                tape.append(("batchnorm", i, cache))
            out, cache = relu_forward(out)
            tape.append(("relu", i, cache))
            if self.use_dropout:
                out, cache = dropout_forward(out, self.dropout_param)
                tape.append(("dropout", i, cache))
        return out if y is None else self._back(tape, *softmax_loss(out, y))

    def _back(self, tape, loss, dout):
        grads = {}
        while tape:
            kind, i, cache = tape.pop()
            if kind == "dropout":
                dout = dropout_backward(dout, cache)
            elif kind == "relu":
                dout = relu_backward(dout, cache)
            elif kind == "batchnorm":
                dout, grads[f"gamma{i}"], grads[f"beta{i}"] = batchnorm_backward(dout, cache)
            else:
                W = self.params[f"W{i}"]
                dout, dW, grads[f"b{i}"] = affine_backward(dout, cache)
                grads[f"W{i}"] = dW + self.reg * W
                loss = loss + np.vdot(W, W) * self.reg / 2
        return loss, grads


@variant()
class network_loss_is_an_array:
    """The losses of both networks are arrays without axes."""

    class TwoLayerNet(RightNet):
        def loss(self, X, y=None):
            result = super().loss(X, y)
            return result if y is None else (np.array(result[0]), result[1])

    class FullyConnectedNet(RightDeepNet):
        def loss(self, X, y=None):
            result = super().loss(X, y)
            return result if y is None else (np.array(result[0]), result[1])


@variant()
class network_is_talkative:
    """Both networks print what they do and keep more than they were asked for."""

    class TwoLayerNet(RightNet):
        def loss(self, X, y=None):
            self.seen = getattr(self, "seen", 0) + len(X)
            print("a batch of", X.shape, "so far", self.seen)
            return super().loss(X, y)

    class FullyConnectedNet(RightDeepNet):
        def loss(self, X, y=None):
            self.last_batch = X
            result = super().loss(X, y)
            if y is not None:
                print("loss", result[0])
                result[1]["x"] = 0 * X
            return result
