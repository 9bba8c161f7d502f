"""A network that says in words what the features of a picture say in numbers."""

import numpy as np

from recurrent.rnn_layers import (
    lstm_backward,
    lstm_forward,
    lstm_step_forward,
    rnn_backward,
    rnn_forward,
    rnn_step_forward,
    temporal_affine_backward,
    temporal_affine_forward,
    temporal_softmax_loss,
    word_embedding_backward,
    word_embedding_forward,
)
from recurrent.scenes import NULL, START


class CaptionNet:
    """Features make the first hidden state; then each word makes the next one.

    Attributes
    ----------
    params : dict
        W_proj (F, H) and b_proj (H,) make the state before the first step of the features, by an affine function.
        W_embed (V, D) has the vectors of words. Wx, Wh and b are the cell's. W_vocab (H, V) and b_vocab (V,) make the
        scores of all words of each hidden state.
    cell : str
        "rnn" or "lstm".
    """

    def __init__(self, num_words, feature_dim=24, word_dim=16, hidden_dim=32, cell="rnn", seed=0):
        if cell not in ("rnn", "lstm"):
            raise ValueError(f"cell is {cell!r}; it must be 'rnn' or 'lstm'")
        self.cell = cell
        rng = np.random.default_rng(seed)
        width = {"rnn": 1, "lstm": 4}[cell] * hidden_dim
        self.params = {
            "W_proj": rng.normal(size=(feature_dim, hidden_dim)) / np.sqrt(feature_dim),
            "b_proj": np.zeros(hidden_dim),
            "W_embed": rng.normal(size=(num_words, word_dim)) / 10,
            "Wx": rng.normal(size=(word_dim, width)) / np.sqrt(word_dim),
            "Wh": rng.normal(size=(hidden_dim, width)) / np.sqrt(hidden_dim),
            "b": np.zeros(width),
            "W_vocab": rng.normal(size=(hidden_dim, num_words)) / np.sqrt(hidden_dim),
            "b_vocab": np.zeros(num_words),
        }

    def loss(self, features, captions):
        """Compute the loss of captions, and its gradients.

        At each step the network reads a word of the caption and is asked for the one after it. So it reads all words
        but the last, and is asked for all but the first. Where it is asked for <null>, nothing counts.

        Parameters
        ----------
        features : ndarray, shape (N, F)
            What there is to say something about.
        captions : ndarray of ints, shape (N, T)
            What is said, from <start> on.

        Returns
        -------
        loss : float
            By temporal_softmax_loss.
        grads : dict
            The gradient of each parameter, under its name.
        """
        loss, grads = 0.0, {}

        # ================================================================ #
        # YOUR CODE HERE:
        #   Go forwards through projection, embedding, cell, affine layer
        #   and loss, then back. Store "loss", and each gradient in "grads".
        #   Both cells have the same arguments and results.
        # ================================================================ #

        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

        return loss, grads

    def sample(self, features, length=10):
        """Write captions: the first word read is <start>, and after it each word that the network likes best itself.

        Parameters
        ----------
        features : ndarray, shape (N, F)
            What there is to say something about.
        length : int
            How many words are written for each; it goes on behind <end>.

        Returns
        -------
        captions : ndarray of ints, shape (N, length)
            The words written, without the <start> that was read first.
        """
        captions = None

        # ================================================================ #
        # YOUR CODE HERE:
        #   Store the words as "captions". One step of the cell makes one
        #   word; the words before are in its state.
        # ================================================================ #

        # ================================================================ #
        # END YOUR CODE HERE
        # ================================================================ #

        return captions
