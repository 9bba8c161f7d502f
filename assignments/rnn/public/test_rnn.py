"""Public checks of cells, word vectors, the loss and the network that writes captions."""

import numpy as np
import pytest

from grader.student.checks import Failed, assert_gradient_fits, assert_matches, part, results, run_backward

N, T, D, H = 2, 3, 4, 5
SHAPES = {"x": (N, D), "prev_h": (N, H), "prev_c": (N, H), "h0": (N, H)}
STEP, TIME = ("x", "prev_h", "Wx", "Wh", "b"), ("x", "h0", "Wx", "Wh", "b")
CELLS = {
    "rnn_step": (STEP, 1),
    "rnn": (TIME, 1),
    "lstm_step": (("x", "prev_h", "prev_c", "Wx", "Wh", "b"), 2),
    "lstm": (TIME, 1),
}
"""The arguments of each cell, and how many results come in front of its cache."""


def make(rng, cell):
    """Draw the arguments of a cell."""
    wide = 4 * H if "lstm" in cell else H
    shapes = SHAPES | {"Wx": (D, wide), "Wh": (H, wide), "b": (wide,)}
    if "step" not in cell:
        shapes["x"] = (N, T, D)
    return [rng.normal(size=shapes[name]) / 2 for name in CELLS[cell][0]]


# --- forward passes, by hand --------------------------------------------------------------------------------------

ONE, HALF = np.ones((1, 1)), np.full((1, 1), 0.5)


@part("rnn_step_forward")
def test_vanilla_step(student):
    """With weights of one and two, an input of 0.5 and a state of 0.25, the new state is tanh(0.5 + 0.5 - 1).

    Which three things are added before the tanh?
    """
    out = results(student.rnn_step_forward(HALF, HALF / 2, ONE, 2 * ONE, -ONE[0]), 2, "rnn_step_forward")[0]
    assert_matches(out, np.zeros((1, 1)), "next_h")


@part("rnn_forward")
def test_vanilla_cell_counts(student):
    """With small inputs and weights of one, states are nearly running sums.

    Which state does each step begin from?
    """
    x = 1e-4 * np.array([[[1.0], [2.0], [4.0]]])
    h = results(student.rnn_forward(x, 0 * ONE, ONE, ONE, np.zeros(1)), 2, "rnn_forward")[0]
    assert_matches(h, 1e-4 * np.array([[[1.0], [3.0], [7.0]]]), "h", ("sequence", "step", "unit"))


OPEN, SHUT = 50.0, -50.0


@pytest.mark.parametrize(
    ("gates", "state", "words"),
    [
        pytest.param((SHUT, OPEN, OPEN), 0.75, "keeps its state", id="keeps"),
        pytest.param((OPEN, SHUT, OPEN), np.tanh(0.3), "takes the candidate", id="takes"),
    ],
)
@part("lstm_step_forward.next_c")
def test_gates_of_cell_state(student, gates, state, words):
    """With its gates open or shut, the cell {words}.

    In which order do the four blocks of activations stand, and which of them has a tanh?
    """
    b = np.array([*gates, 0.3])
    out = student.lstm_step_forward(0 * ONE, 0 * ONE, 0.75 * ONE, np.zeros((1, 4)), np.zeros((1, 4)), b)
    assert_matches(results(out, 3, "lstm_step_forward")[1], state * ONE, f"next_c of a cell that {words}")


@part("lstm_step_forward.next_h")
def test_output_gate(student):
    """With its output gate half open, the hidden state is half of the tanh of the cell state.

    Is the tanh taken of the cell state before or after the step, and which gate is it multiplied with?
    """
    b = np.array([SHUT, OPEN, 0.0, 0.3])
    out = student.lstm_step_forward(0 * ONE, 0 * ONE, 0.75 * ONE, np.zeros((1, 4)), np.zeros((1, 4)), b)
    assert_matches(results(out, 3, "lstm_step_forward")[0], np.tanh(0.75) / 2 * ONE, "next_h")


@part("lstm_forward")
def test_lstm_counts(student):
    """With all gates open, cell states are running sums of the candidates, and hidden states their tanh.

    Which two states go on from step to step, and which one is returned?
    """
    Wx, b = np.array([[0.0, 0.0, 0.0, 1.0]]), np.array([OPEN, OPEN, OPEN, 0.0])
    h = results(
        student.lstm_forward(np.ones((1, 3, 1)), 0 * ONE, Wx, np.zeros((1, 4)), b), 2, "lstm_forward"
    )[0]
    assert_matches(
        h, np.tanh(np.tanh(1.0) * np.array([[[1.0], [2.0], [3.0]]])), "h", ("sequence", "step", "unit")
    )


# --- backward passes ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "place", "name"),
    [
        pytest.param(cell, place, f"d{name}", marks=part(f"{cell}_backward.d{name}"), id=f"{cell}-d{name}")
        for cell, (names, _) in CELLS.items()
        for place, name in enumerate(names)
    ],
)
def test_gradients(student, rng, cell, place, name):
    """The gradient {name} fits your forward pass.

    From how many places does a gradient come to this, and are all of them added up?
    """
    args, (names, count) = make(rng, cell), CELLS[cell]
    forward, backward = getattr(student, f"{cell}_forward"), getattr(student, f"{cell}_backward")
    shape = (N, H) if "step" in cell else (N, T, H)
    douts = [rng.normal(size=shape) for _ in range(count)]

    def outputs(value):
        moved = [value if each == place else other for each, other in enumerate(args)]
        found = results(forward(*moved), count + 1, f"{cell}_forward")[:count]
        return None if any(each is None for each in found) else np.stack(found)

    def run():
        found = results(forward(*args), count + 1, f"{cell}_forward")
        return found[0], found[-1]

    found = run_backward(run, lambda cache: backward(*douts, cache), len(names), needs=f"{cell}_forward")
    assert_gradient_fits(
        outputs, args[place], found[place], np.stack(douts), rng, what=name, needs=f"{cell}_forward"
    )


# --- words --------------------------------------------------------------------------------------------------------

VECTORS = np.array([[0.0, 1.0], [10.0, 11.0], [20.0, 21.0], [30.0, 31.0]])


@part("word_embedding_forward")
def test_words_have_their_vectors(student):
    """Each word number becomes the row of its vector.

    What does NumPy give for an array that is indexed by an array?
    """
    out = results(
        student.word_embedding_forward(np.array([[2, 0, 2]]), VECTORS), 2, "word_embedding_forward"
    )[0]
    assert_matches(out, np.array([[[20.0, 21.0], [0.0, 1.0], [20.0, 21.0]]]))


@part("word_embedding_backward")
def test_words_add_up(student):
    """A word that comes twice has both of its gradients added up, and one that does not come has zeros.

    What becomes of `dW[x] += dout` where a number comes twice in `x`?
    """
    dout = np.array([[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]])
    (dW,) = run_backward(
        lambda: student.word_embedding_forward(np.array([[2, 0, 2]]), VECTORS),
        lambda cache: student.word_embedding_backward(dout, cache),
        1,
        needs="word_embedding_forward",
    )
    assert_matches(dW, np.array([[3.0, 4.0], [0.0, 0.0], [6.0, 8.0], [0.0, 0.0]]), "dW", ("word", "entry"))


@part("temporal_softmax_loss.loss")
def test_equal_scores(student):
    """With equal scores each word that counts costs the logarithm of how many words there are.

    By how many is the sum divided: by words, or by captions?
    """
    mask = np.array([[True, True, False], [True, False, False]])
    loss = results(student.temporal_softmax_loss(np.zeros((2, 3, 5)), np.zeros((2, 3), int), mask), 2, "it")[
        0
    ]
    assert_matches(loss, np.asarray(1.5 * np.log(5)), "loss")


@part("temporal_softmax_loss.dx")
def test_gradient_of_scores(student, rng):
    """The gradient fits your loss.

    Which steps count, and what is the gradient at one that does not?
    """
    x, y, mask = (
        rng.normal(size=(3, 2, 4)),
        rng.integers(4, size=(3, 2)),
        np.array([[1, 1], [1, 0], [0, 1]], bool),
    )
    dx = results(student.temporal_softmax_loss(x, y, mask), 2, "temporal_softmax_loss")[1]

    def loss(value):
        return results(student.temporal_softmax_loss(value, y, mask), 2, "temporal_softmax_loss")[0]

    assert_gradient_fits(loss, x, dx, None, rng, what="dx", needs="temporal_softmax_loss")


# --- captions -----------------------------------------------------------------------------------------------------

CAPTIONS = np.array([[1, 3, 4, 2], [1, 5, 2, 0]])


def small(student, cell="rnn"):
    """Make a small network."""
    return student.CaptionNet(6, feature_dim=3, word_dim=4, hidden_dim=5, cell=cell, seed=1)


@part("CaptionNet.loss")
def test_loss_without_knowledge(student, rng):
    """If all scores are equal, each of the five words asked for costs log(6), on average over two captions.

    Which words does the network read, and which ones is it asked for?
    """
    network = small(student)
    network.params["W_vocab"] = 0 * network.params["W_vocab"]
    loss = results(network.loss(rng.normal(size=(2, 3)), CAPTIONS), 2, "loss")[0]
    assert_matches(loss or None, np.asarray(2.5 * np.log(6)), "loss")


@part("CaptionNet.grads")
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_network_gradients(student, rng, cell):
    """Every gradient fits your loss with cell = {cell}.

    In which order do you go back through the layers, and which gradient has two sources?
    """
    network, features = small(student, cell), rng.normal(size=(2, 3))
    grads = results(network.loss(features, CAPTIONS), 2, "loss")[1]
    for name, start in network.params.items():

        def loss(value, name=name):
            network.params[name] = value
            return results(network.loss(features, CAPTIONS), 2, "loss")[0] or None

        found = grads.get(name)
        assert_gradient_fits(
            loss, start, found, None, rng, what=f"gradient of {name}", needs="CaptionNet.loss"
        )
        network.params[name] = start


@part("CaptionNet.sample")
def test_likes_one_word(student, rng):
    """A network that likes one word above all writes it every time.

    Which word is read first, and which one after that?
    """
    network = small(student, "lstm")
    network.params["b_vocab"] = 1e3 * np.eye(6)[4]
    captions = network.sample(rng.normal(size=(2, 3)), 4)
    if captions is not None and np.shape(captions) != (2, 4):
        raise Failed(f"The captions have shape {np.shape(captions)}; two of four words have (2, 4).")
    assert_matches(captions, np.full((2, 4), 4), "captions", ("caption", "word"))
