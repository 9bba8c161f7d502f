"""The network of any depth runs each layer on its own and regularises on the way back."""

import numpy as np

from nndl.fc_net import FullyConnectedNet as RightNet
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


class FullyConnectedNet(RightNet):
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
