"""Hidden checks of TwoLayerNet and FullyConnectedNet.

Loss and gradients are judged with parameters that the grader sets, so that a wrong initialisation costs its own
points only. Those parameters are large enough for every layer to matter.
"""

from itertools import pairwise

import numpy as np
import pytest

from grader.checking import (
    Derivation,
    Effort,
    Failed,
    NotImplementedYet,
    Remote,
    as_array,
    assert_matches,
    is_gradient_of,
    part,
    results,
    shape_words,
    timed,
    witnessed,
)
from grader.sandbox import NotTransportable

TWO = "TwoLayerNet"
FULL = "FullyConnectedNet"
SAMPLE = (3, 4, 2)
INPUTS = 24
CLASSES = 5
HIDDEN = [9, 7]


def shapes_of(*hidden):
    """Return the shape of each parameter of a network with such hidden layers."""
    sizes = [INPUTS, *hidden, CLASSES]
    pairs = enumerate(pairwise(sizes), 1)
    return {
        name: shape
        for each, (rows, columns) in pairs
        for name, shape in ((f"W{each}", (rows, columns)), (f"b{each}", (columns,)))
    }


TWO_SHAPES, FULL_SHAPES = shapes_of(8), shapes_of(*HIDDEN)
BATCHNORM_SHAPES = {"gamma1": (9,), "beta1": (9,), "gamma2": (7,), "beta2": (7,)}


def draw_parameters(rng, shapes):
    """Draw parameters under which scores are of order one and about half of all units are active.

    What is normalised afterwards hardly varies, so that the default eps shows, whatever the draw.
    """
    spreads = {name: 1 / np.sqrt(shape[0]) if len(shape) > 1 else 0.3 for name, shape in shapes.items()}
    spreads |= {f"W{name[5:]}": 0.05 * spreads[f"W{name[5:]}"] for name in shapes if name.startswith("gamma")}
    return {
        name: rng.normal(1.0 if name.startswith("gamma") else 0.0, spreads[name], size=shape)
        for name, shape in shapes.items()
    }


def draw_batch(rng, size=6):
    """Draw samples and labels."""
    return rng.normal(size=(size, *SAMPLE)), rng.integers(CLASSES, size=size)


def float64(student):
    """Return numpy.float64 in the box: a type cannot cross, but a value of it can."""
    return student.put(np.zeros(1)).dtype.type


def two_layers(student, reference, rng, reg=0.0, units=8):
    """Return the student's and the reference's two-layer network with the same hidden parameters."""
    arguments = {"input_dim": INPUTS, "hidden_dim": units, "num_classes": CLASSES, "reg": reg}
    return same(student.TwoLayerNet(**arguments), reference.TwoLayerNet(**arguments), rng, shapes_of(units))


def many_layers(student, reference, rng, reg=0.0, units=HIDDEN[0], *, batchnorm=False):
    """Return the student's and the reference's network of three layers with the same hidden parameters."""
    arguments = {"input_dim": INPUTS, "num_classes": CLASSES, "reg": reg, "use_batchnorm": batchnorm}
    hidden = [units, HIDDEN[1]]
    theirs = student.FullyConnectedNet(hidden, **arguments, dtype=float64(student))
    ours = reference.FullyConnectedNet(hidden, **arguments, dtype=np.float64)
    return same(theirs, ours, rng, {**shapes_of(*hidden), **(BATCHNORM_SHAPES if batchnorm else {})})


def same(theirs, ours, rng, shapes):
    """Give both networks the same parameters."""
    parameters = draw_parameters(rng, shapes)
    theirs.params = parameters
    ours.params = {name: value.copy() for name, value in parameters.items()}
    return theirs, ours


def loss_of(network, *batch):
    """Return the student's loss and gradients on a batch."""
    loss, grads = results(network.method("loss")(*batch), 2, "loss with labels")
    if isinstance(loss, Remote):
        raise Failed(
            "With labels, loss returns the loss first, a number, and the dictionary of gradients second."
        )
    untouched = loss is None or (np.ndim(loss) == 0 and loss == 0)
    if untouched and (not isinstance(grads, Remote) or not grads.keys()):
        raise NotImplementedYet("The loss is 0 and there are no gradients: this part is not written yet.")
    if not isinstance(grads, Remote):
        raise Failed("The second result of loss is not a dictionary of gradients.")
    return loss, grads


# --- init ---------------------------------------------------------------------------------------------------------


def fresh(student, name, expected, arguments):
    """Return the parameters of a fresh network, each of its shape."""
    make = getattr(student, name)
    student.seed(5)
    params = make(**arguments).params
    if not isinstance(params, Remote) or not params.keys():
        raise NotImplementedYet("The network has no parameters: its initialisation is not written yet.")
    found = {each: params.get(each) for each in expected}
    for each, shape in expected.items():
        if found[each] is None:
            raise Failed(f"The network has no parameter {each}.")
        if np.shape(found[each]) != shape:
            raise Failed(f"{each} has shape {np.shape(found[each])}; for these arguments it is {shape}.")
    return found


def assert_fresh_values(params, scale):
    """Demand Gaussian weights, scales of one, and zeros for the rest."""
    with witnessed(*params.values()):
        for name, values in params.items():
            if name.startswith("W"):
                problem = unlike_gaussian(values, scale)
                if problem:
                    raise Failed(f"The entries of {name} {problem}.")
            else:
                assert_matches(values, np.full(np.shape(values), float(name.startswith("gamma"))), name)


def unlike_gaussian(values, scale, sigmas=6.0):
    """Say in which way values are no sample of a Gaussian with mean zero and deviation `scale`, or nothing.

    Mean, deviation and kurtosis of n such values have standard errors scale/sqrt(n), scale/sqrt(2n) and
    sqrt(24/n); six of them are crossed by chance less than once in 10^8 gradings.
    """
    values = np.asarray(values, dtype=float).ravel()
    count = values.size
    # Measured in the deviation found: values spread too far are off zero by more, and only spread too far.
    if abs(values.mean()) > sigmas * max(values.std(), scale) / np.sqrt(count):
        return "do not have mean zero"
    if not abs(values.std() - scale) <= sigmas * scale / np.sqrt(2 * count):
        return "do not have the standard deviation weight_scale"
    kurtosis = np.mean((values / values.std()) ** 4)
    if abs(kurtosis - 3) > sigmas * np.sqrt(24 / count):
        return "have the right mean and deviation but are not Gaussian"
    return None


@part(f"{TWO}.init")
@pytest.mark.parametrize("scale", [1e-3, 0.05])
def test_two_init(student, scale):
    """Parameters have their shapes; weights are Gaussian with weight_scale = {scale} and biases zero."""
    shapes = {"W1": (300, 40), "b1": (40,), "W2": (40, 30), "b2": (30,)}
    arguments = {"input_dim": 300, "hidden_dim": 40, "num_classes": 30, "weight_scale": scale}
    assert_fresh_values(fresh(student, TWO, shapes, arguments), scale)


@part(f"{FULL}.init")
@pytest.mark.parametrize("scale", [1e-2, 0.05])
@pytest.mark.parametrize("batchnorm", [False, True], ids=["plain", "batchnorm"])
def test_full_init(student, scale, batchnorm):
    """Parameters have their shapes and values, with weight_scale = {scale} and use_batchnorm = {batchnorm}."""
    shapes = {"W1": (300, 40), "b1": (40,), "W2": (40, 50), "b2": (50,), "W3": (50, 30), "b3": (30,)}
    if batchnorm:
        shapes |= {"gamma1": (40,), "beta1": (40,), "gamma2": (50,), "beta2": (50,)}
    arguments = {"input_dim": 300, "num_classes": 30, "weight_scale": scale, "use_batchnorm": batchnorm}
    assert_fresh_values(fresh(student, FULL, shapes, {"hidden_dims": [40, 50], **arguments}), scale)


# --- loss ---------------------------------------------------------------------------------------------------------

PLAIN = [pytest.param(two_layers, marks=part(f"{TWO}.loss"), id=TWO)]
PLAIN += [pytest.param(many_layers, marks=part(f"{FULL}.loss"), id=FULL)]


@pytest.mark.parametrize("make", PLAIN)
@pytest.mark.parametrize("reg", [0.0, 0.8])
def test_loss(student, reference, rng, make, reg):
    """The loss is right with reg = {reg}."""
    theirs, ours = make(student, reference, rng, reg)
    batch = draw_batch(rng)
    assert_matches(loss_of(theirs, *batch)[0], np.asarray(ours.loss(*batch)[0]), "loss")


@pytest.mark.parametrize("make", PLAIN)
def test_scores(student, reference, rng, make):
    """Without labels the network returns the score of each class for each sample."""
    theirs, ours = make(student, reference, rng)
    samples, _ = draw_batch(rng)
    assert_matches(theirs.method("loss")(samples), ours.loss(samples), "array of scores")


# --- grads --------------------------------------------------------------------------------------------------------


def gradients_of(make, student, reference, rng, reg):
    """Return the gradients of both sides on one batch, and say of which network they are."""
    theirs, ours = make(student, reference, rng, reg)
    batch = draw_batch(rng)
    _, grads = loss_of(theirs, *batch)
    expected = ours.loss(*batch)[1]
    return {name: grads.get(name) for name in expected}, expected


def assert_gradient(found, name):
    """Compare one gradient."""
    actual, expected = found
    if actual[name] is None:
        with witnessed(*actual.values()):
            raise Failed(f"There is no gradient of {name}.")
    assert_matches(actual[name], expected[name], f"gradient of {name}")


@pytest.fixture(scope="module", params=[0.0, 0.7], ids=["reg0", "reg0.7"])
def two_gradients(request, student, reference, draw):
    """The gradients of the two-layer network."""
    return gradients_of(two_layers, student, reference, draw(TWO, request.param), request.param)


@pytest.fixture(scope="module", params=[0.0, 0.7], ids=["reg0", "reg0.7"])
def full_gradients(request, student, reference, draw):
    """The gradients of the network of three layers."""
    return gradients_of(many_layers, student, reference, draw(FULL, request.param), request.param)


def derivation_of(make, student, reference, draw):
    """Return how a network's gradients come about: trying every parameter out would give them, too."""

    def at_size(units, look):
        rng = draw(make.__name__, units, look)
        theirs, ours = make(student, reference, rng, units=units)
        batch = draw_batch(rng, 4)
        actual, their_seconds = timed(
            student.cpu_seconds, lambda: whole(loss_of(theirs, *batch)[1], ours.params)
        )
        _, expected = ours.loss(*batch)
        answers = {name: (actual[name], expected[name]) for name in expected}
        return answers, Effort(student=their_seconds, entries=INPUTS * units)

    return Derivation(dict, at_size, sizes=(16, 32, 64, 128, 256, 512, 1024))


def whole(grads, names):
    """Return the gradients by name, all at once where they may leave the box together: what is left to do counts."""
    try:
        found = grads.value()
    except NotTransportable:
        return {name: grads.get(name) for name in names}
    return {name: as_array(found.get(name)) for name in names}


@pytest.fixture(scope="module")
def two_derivation(student, reference, draw):
    """How the two-layer network's gradients come about."""
    return derivation_of(two_layers, student, reference, draw)


@pytest.fixture(scope="module")
def full_derivation(student, reference, draw):
    """How the gradients of the network of any depth come about."""
    return derivation_of(many_layers, student, reference, draw)


@part(f"{TWO}.grads")
@pytest.mark.parametrize("name", TWO_SHAPES)
def test_two_gradient(two_gradients, two_derivation, name):
    """The gradient of {name} is right, with and without regularisation."""
    assert_gradient(two_gradients, name)
    two_derivation.demand(name)


@part(f"{FULL}.grads")
@pytest.mark.parametrize("name", FULL_SHAPES)
def test_full_gradient(full_gradients, full_derivation, name):
    """The gradient of {name} is right, with and without regularisation."""
    assert_gradient(full_gradients, name)
    full_derivation.demand(name)


# --- batch normalisation and dropout ------------------------------------------------------------------------------


@part(f"{FULL}.batchnorm")
def test_batchnorm_loss(student, reference, rng):
    """The loss is right with batch normalisation and regularisation: of the weights, not of scales and shifts."""
    theirs, ours = many_layers(student, reference, rng, 0.7, batchnorm=True)
    batch = draw_batch(rng)
    assert_matches(loss_of(theirs, *batch)[0], np.asarray(ours.loss(*batch)[0]), "loss")


@part(f"{FULL}.batchnorm")
@pytest.mark.parametrize("name", ["W1", "gamma1", "beta2"])
def test_batchnorm_gradient(student, reference, draw, name):
    """With batch normalisation the gradient of {name} is right."""

    def make(*args):
        return many_layers(*args, batchnorm=True)

    assert_gradient(gradients_of(make, student, reference, draw(FULL, "batchnorm"), 0.7), name)


@part(f"{FULL}.batchnorm")
def test_batchnorm_scores(student, reference, rng):
    """After two steps of training the scores without labels come from the running averages."""
    theirs, ours = many_layers(student, reference, rng, batchnorm=True)
    for _ in range(2):
        batch = draw_batch(rng)
        loss_of(theirs, *batch)
        ours.loss(*batch)
    samples, _ = draw_batch(rng)
    assert_matches(theirs.method("loss")(samples), ours.loss(samples), "array of scores")


def with_dropout(student, reference, rng, **options):
    """Return the student's network with dropout and the reference's without, of the same parameters."""
    arguments = {"input_dim": INPUTS, "num_classes": CLASSES}
    theirs = student.FullyConnectedNet(HIDDEN, **arguments, dropout=0.6, dtype=float64(student), **options)
    ours = reference.FullyConnectedNet(HIDDEN, **arguments, dtype=np.float64)
    return same(theirs, ours, rng, FULL_SHAPES)


@part(f"{FULL}.dropout")
def test_dropout_drops(student, reference, rng):
    """In training two calls on the same samples drop different units, so that their losses differ."""
    theirs, _ = with_dropout(student, reference, rng)
    batch = draw_batch(rng)
    first, second = (loss_of(theirs, *batch)[0] for _ in range(2))
    if np.ndim(first) == 0 and np.ndim(second) == 0 and float(first) == float(second):
        with witnessed(first):
            raise Failed("Two losses on the same samples are the same: nothing is dropped.")


@part(f"{FULL}.dropout")
def test_dropout_scores(student, reference, rng):
    """Without labels nothing is dropped, and the scores are those of a network without dropout."""
    theirs, ours = with_dropout(student, reference, rng, seed=5)
    samples, _ = draw_batch(rng)
    assert_matches(theirs.method("loss")(samples), ours.loss(samples), "array of scores")


@part(f"{FULL}.dropout")
@pytest.mark.parametrize("name", ["W1", "W2", "b2"])
def test_dropout_gradient(student, reference, rng, name):
    """With dropout, and a seed that makes the masks repeat, the gradient of {name} is that of your own loss."""
    theirs, ours = with_dropout(student, reference, rng, seed=5)
    batch = draw_batch(rng)
    gradient, start = loss_of(theirs, *batch)[1].get(name), ours.params[name].copy()
    if np.shape(gradient) != start.shape:
        shape = shape_words(np.shape(gradient), start.shape)
        raise Failed(f"The gradient of {name} has {shape} instead of {start.shape}.")

    def loss(value):
        theirs.params[name] = value
        return np.asarray(loss_of(theirs, *batch)[0], dtype=float)

    if not is_gradient_of(loss, start, gradient, np.ones(()), rng):
        with witnessed(gradient):
            raise Failed(f"The gradient of {name} is not that of the loss with the same units dropped.")
