"""Unusual word vectors, losses and captions."""

import numpy as np

from grader.bank import variant
from recurrent.captioning import CaptionNet as RightNet
from recurrent.rnn_layers import lstm_step_forward, rnn_step_forward


@variant()
class words_as_unit_vectors:
    """Words are rows of an identity matrix, and both passes a product with them."""

    def word_embedding_forward(x, W):
        chosen = np.eye(len(W))[x]
        return chosen @ W, chosen

    def word_embedding_backward(dout, cache):
        return np.tensordot(cache, dout, axes=([0, 1], [0, 1]))


@variant(replaces="word_embedding_backward")
def words_one_by_one(dout, cache):
    """The gradient is added up word by word."""
    x, shape = cache
    dW = np.zeros(shape)
    for n, t in np.ndindex(*x.shape):
        dW[x[n, t]] += dout[n, t]
    return dW


@variant(replaces="temporal_softmax_loss")
def softmax_word_by_word(x, y, mask):
    """The loss loops over sequences and steps and passes over words that do not count."""
    loss, dx = 0.0, np.zeros_like(x)
    for n in range(x.shape[0]):
        for t in range(x.shape[1]):
            if not mask[n, t]:
                continue
            e = np.exp(x[n, t] - max(x[n, t]))
            p = e / e.sum()
            loss += -np.log(p[y[n, t]]) / x.shape[0]
            p[y[n, t]] -= 1
            dx[n, t] = p / x.shape[0]
    return loss, dx


@variant(replaces="temporal_softmax_loss")
def softmax_flattened(x, y, mask):
    """All steps of all sequences are rows of one matrix."""
    N, T, V = x.shape
    rows, right, counts = x.reshape(N * T, V), y.reshape(-1), mask.reshape(-1)
    rows = rows - np.amax(rows, axis=1)[:, None]
    sums = np.log(np.sum(np.exp(rows), axis=1))
    chosen = rows[np.arange(N * T), right]
    dx = np.exp(rows - sums[:, None])
    dx[np.arange(N * T), right] -= 1
    return np.sum(counts * (sums - chosen)) / N, (dx * counts[:, None] / N).reshape(N, T, V)


@variant(replaces="CaptionNet")
class captions_written_one_at_a_time(RightNet):
    """Each caption is written by itself, word by word, into a list."""

    def sample(self, features, length=10):
        p, captions = self.params, []
        for each in features:
            h, word, caption = (each @ p["W_proj"] + p["b_proj"])[None], 1, []
            c = np.zeros(h.shape)
            while len(caption) < length:
                x = p["W_embed"][[word]]
                if self.cell == "lstm":
                    h, c, _ = lstm_step_forward(x, h, c, p["Wx"], p["Wh"], p["b"])
                else:
                    h = rnn_step_forward(x, h, p["Wx"], p["Wh"], p["b"])[0]
                word = int(np.argmax(h @ p["W_vocab"] + p["b_vocab"]))
                caption.append(word)
            captions.append(caption)
        return np.array(captions)
