"""The two-layer network calls no layer but computes everything itself."""

import numpy as np


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
