"""Hidden checks of ThreeLayerConvNet.

Loss and gradients are judged with parameters that the grader sets, so that a wrong initialisation costs its own
points only. Those parameters are large enough for every layer to matter.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from grader.checking import (
    Blocked,
    Derivation,
    Effort,
    Failed,
    Inconclusive,
    NotImplementedYet,
    Remote,
    Tampered,
    as_array,
    assert_matches,
    beyond,
    part,
    results,
    timed,
    witnessed,
)
from grader.instruments.compare import Grade, compare
from grader.instruments.timing import Speed, TimingPlan, measure
from grader.sandbox import NotTransportable

NAME = "ThreeLayerConvNet"
SMALL = {"input_dim": [3, 16, 16], "num_filters": 3, "filter_size": 3, "hidden_dim": 7}
PARAMETERS = ("W1", "b1", "W2", "b2", "W3", "b3")


def float64(student):
    """Return numpy.float64 in the box: a type cannot cross, but a value of it can."""
    return student.remembered("float64", lambda: student.put(np.zeros(1)).dtype.type)


def shapes(input_dim, num_filters, filter_size, hidden_dim, num_classes=10):
    """Return the shape of each parameter."""
    channels, height, width = input_dim
    return {
        "W1": (num_filters, channels, filter_size, filter_size),
        "b1": (num_filters,),
        "W2": (num_filters * (height // 2) * (width // 2), hidden_dim),
        "b2": (hidden_dim,),
        "W3": (hidden_dim, num_classes),
        "b3": (num_classes,),
    }


def draw_parameters(rng, arguments):
    """Draw parameters under which scores are of order one and about half of all units are active."""
    fan_in = {"W1": arguments["input_dim"][0] * arguments["filter_size"] ** 2}
    fan_in["W2"] = arguments["num_filters"] * arguments["input_dim"][1] * arguments["input_dim"][2] // 4
    fan_in["W3"] = arguments["hidden_dim"]
    return {
        name: rng.normal(size=shape) / np.sqrt(fan_in[name])
        if name in fan_in
        else rng.normal(0, 0.1, size=shape)
        for name, shape in shapes(**arguments).items()
    }


def networks(student, reference, rng, arguments, reg=0.0):
    """Return the student's and the reference's network with the same hidden parameters."""
    theirs = student.ThreeLayerConvNet(**arguments, reg=reg, dtype=float64(student))
    ours = reference.ThreeLayerConvNet(**{**arguments, "dtype": np.float64}, reg=reg)
    parameters = draw_parameters(rng, arguments)
    theirs.params = parameters
    ours.params = {name: value.copy() for name, value in parameters.items()}
    return theirs, ours


def draw_batch(rng, arguments, size=4, num_classes=10):
    """Draw images and labels."""
    return rng.normal(size=(size, *arguments["input_dim"])), rng.integers(num_classes, size=size)


def loss_of(network, *batch, in_order=False):
    """Return the student's loss and gradients on a batch.

    Gradients that come first and a loss that comes second are one mistake, which only costs who asks `in_order`.
    """
    loss, grads = results(network.method("loss")(*batch), 2, f"{NAME}.loss with labels")
    if isinstance(loss, Remote):
        if in_order or isinstance(grads, Remote):
            with witnessed(grads):
                raise Failed(
                    "With labels, loss returns the loss first, a number, and the dictionary of gradients second."
                )
        loss, grads = grads, loss
    untouched = loss is None or (np.ndim(loss) == 0 and loss == 0)
    if untouched and (not isinstance(grads, Remote) or not grads.keys()):
        raise NotImplementedYet("The loss is 0 and there are no gradients: this part is not written yet.")
    return loss, grads


# --- init ---------------------------------------------------------------------------------------------------------


def fresh_network(student, arguments):
    """Return a network with the parameters it was initialised with, and these."""
    make = student.ThreeLayerConvNet
    student.seed(5)
    network = make(**arguments)
    params = network.params
    if not isinstance(params, Remote) or not params.keys():
        raise NotImplementedYet("The network has no parameters: its initialisation is not written yet.")
    return network, params


def fresh_parameters(student, arguments):
    """Return the parameters of a fresh network."""
    params = whole(fresh_network(student, arguments)[1])
    missing = [name for name in PARAMETERS if params[name] is None]
    if missing:
        with witnessed(*params.values()):
            raise Failed(f"The network has no parameter {missing[0]}.")
    return params


@pytest.fixture(scope="module", params=[1e-3, 2e-2], ids=["scale1e-3", "scale2e-2"])
def fresh(request, student):
    """A fresh network's parameters, and the scale asked for."""
    arguments = {"input_dim": [3, 16, 16], "num_filters": 16, "filter_size": 7, "hidden_dim": 50}
    params = fresh_parameters(student, {**arguments, "weight_scale": request.param})
    return params, shapes(**arguments), request.param


def assert_shapes(params, expected):
    """Demand that every parameter has its shape."""
    for name in PARAMETERS:
        if np.shape(params[name]) != expected[name]:
            with witnessed(*params.values()):
                raise Failed(
                    f"{name} has shape {np.shape(params[name])}; for these arguments it is {expected[name]}."
                )


@part(f"{NAME}.init")
def test_shapes(fresh):
    """Every parameter has its shape, with weight_scale = {fresh}."""
    params, expected, _ = fresh
    assert_shapes(params, expected)


@beyond(f"{NAME}.init")
def test_shapes_for_tall_images(student):
    """Every parameter has its shape for images that are higher than wide."""
    arguments = {"input_dim": [3, 12, 8], "num_filters": 4, "filter_size": 3, "hidden_dim": 5}
    assert_shapes(fresh_parameters(student, arguments), shapes(**arguments))


@beyond(f"{NAME}.init")
def test_shapes_for_wide_images(student):
    """Every parameter has its shape for images of two channels that are not square, and seven classes."""
    arguments = {
        "input_dim": [2, 8, 12],
        "num_filters": 4,
        "filter_size": 3,
        "hidden_dim": 5,
        "num_classes": 7,
    }
    assert_shapes(fresh_parameters(student, arguments), shapes(**arguments))


@part(f"{NAME}.init")
def test_biases(fresh):
    """The biases start at zero, with weight_scale = {fresh}."""
    params, expected, _ = fresh
    with witnessed(*params.values()):
        for name in ("b1", "b2", "b3"):
            assert_matches(params[name], np.zeros(expected[name]), name)


@part(f"{NAME}.init")
def test_weights(fresh):
    """The weights are drawn from a Gaussian with mean zero and standard deviation weight_scale = {fresh}."""
    params, _, scale = fresh
    for name in ("W1", "W2", "W3"):
        problem = unlike_gaussian(params[name], scale)
        if problem:
            with witnessed(*params.values()):
                raise Failed(f"The entries of {name} {problem}.")


def unlike_gaussian(values, scale, sigmas=6.0):
    """Say in which way values are no sample of a Gaussian with mean zero and deviation `scale`, or nothing.

    Mean, deviation and kurtosis of n such values have standard errors scale/sqrt(n), scale/sqrt(2n) and
    sqrt(24/n); six of them are crossed by chance less than once in 10^8 gradings.
    """
    values = np.asarray(values, dtype=float).ravel()
    count = values.size
    if not np.all(np.isfinite(values)):
        return "are not all finite"
    # Measured in the deviation found: values spread too far are off zero by more, and only spread too far.
    if abs(values.mean()) > sigmas * max(values.std(), scale) / np.sqrt(count):
        return "do not have mean zero"
    if values.std() == 0:
        return "are all the same"
    if abs(values.std() - scale) > sigmas * scale / np.sqrt(2 * count):
        return "do not have the standard deviation weight_scale"
    kurtosis = np.mean((values / values.std()) ** 4)
    if abs(kurtosis - 3) > sigmas * np.sqrt(24 / count):
        return "have the right mean and deviation but are not Gaussian"
    return None


# --- init_loss ----------------------------------------------------------------------------------------------------


@part(f"{NAME}.init_loss")
def test_fresh_loss(student, reference, rng):
    """A fresh network without regularisation has a loss of about ln 10: it knows nothing of ten classes."""
    batch = draw_batch(rng, {"input_dim": (3, 32, 32)}, size=2)
    loss, _ = loss_of(fresh_network(student, {})[0], *batch)
    if not (np.ndim(loss) == 0 and abs(float(loss) - np.log(10)) < 0.03):  # biases of one move it by 0.01
        with witnessed(loss):
            raise Failed("The loss of a fresh network is not about ln 10.")
    # Asked of networks with other parameters too: a constant knows nothing of ten classes either.
    losses = [
        loss_of(networks(student, reference, rng, SMALL)[0], *draw_batch(rng, SMALL))[0] for _ in range(2)
    ]
    if compare(*map(as_array, losses)).grade is Grade.RIGHT:
        raise Failed("The loss is the same whatever the parameters are.")


# --- loss ---------------------------------------------------------------------------------------------------------


@part(f"{NAME}.loss")
@pytest.mark.parametrize("reg", [0.0, 0.5, 2.0])
def test_loss(student, reference, rng, reg):
    """The loss is right with reg = {reg}."""
    theirs, ours = networks(student, reference, rng, SMALL, reg)
    batch = draw_batch(rng, SMALL)
    loss, _ = loss_of(theirs, *batch, in_order=True)
    assert_matches(loss, np.asarray(ours.loss(*batch)[0]), "loss")


@part(f"{NAME}.loss")
def test_loss_with_reg_changed(student, reference, rng):
    """The loss is right with reg = 0.5 set after the network was made, as the notebook does."""
    theirs, ours = networks(student, reference, rng, SMALL)
    theirs.reg = ours.reg = 0.5
    batch = draw_batch(rng, SMALL)
    loss, _ = loss_of(theirs, *batch, in_order=True)
    assert_matches(loss, np.asarray(ours.loss(*batch)[0]), "loss")


@part(f"{NAME}.loss")
def test_scores(student, reference, rng):
    """Without labels the network returns the score of each class for each image."""
    theirs, ours = networks(student, reference, rng, SMALL)
    images, _ = draw_batch(rng, SMALL)
    assert_matches(theirs.method("loss")(images), ours.loss(images), "array of scores")


@beyond(f"{NAME}.loss")
@pytest.mark.parametrize("size", [(8, 12), (12, 8)], ids=["wide", "tall"])
def test_oblong_images(student, reference, rng, size):
    """The scores are right for images of {size} pixels."""
    arguments = {**SMALL, "input_dim": [3, *size]}
    theirs, ours = networks(student, reference, rng, arguments)
    images, _ = draw_batch(rng, arguments)
    assert_matches(theirs.method("loss")(images), ours.loss(images), "array of scores")


# --- grads --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Strength:
    """A strength of the regularisation and its words in a title."""

    reg: float

    def __str__(self):
        return f"reg = {self.reg:g}"


@pytest.fixture(scope="module")
def answers(student, reference, draw):
    """Return what both networks answer on small images for a strength; asked once for each."""

    @cache
    def answers(reg):
        rng = draw(NAME, "grads", reg)
        theirs, ours = networks(student, reference, rng, SMALL, reg)
        batch = draw_batch(rng, SMALL)
        return answer(theirs, batch), ours.loss(*batch)

    return answers


@pytest.fixture(scope="module", params=[Strength(0.0), Strength(0.7)], ids=["reg0", "reg0.7"])
def gradients(request, answers):
    """The gradients of the student's and of the reference's network."""
    (_, actual), (_, expected) = answers(request.param.reg)
    if actual is None:
        raise Failed("The second result of loss is not a dictionary of gradients.")
    return actual, expected


@pytest.fixture(scope="module")
def derivation(student, reference, draw):
    """How the gradients come about: trying every parameter out would give them, too."""

    def at_size(units, look):
        arguments = {"input_dim": [3, 8, 8], "num_filters": units, "filter_size": 3, "hidden_dim": units}
        rng = draw(NAME, "grads", units, look)
        theirs, ours = networks(student, reference, rng, arguments)
        batch = draw_batch(rng, arguments, size=2)
        (_, found), their_seconds = timed(student.cpu_seconds, lambda: answer(theirs, batch))
        (_, expected), our_seconds = timed(time.thread_time, lambda: ours.loss(*batch))
        answers = {name: ((found or {}).get(name), expected[name]) for name in PARAMETERS}
        # The reference works on whole arrays: no loss is much faster than its share of this.
        trial, weights = our_seconds / 4, [expected[name] for name in ("W1", "W2", "W3")]
        products = weights[0].size * 8 * 8 + weights[1].size + weights[2].size
        return answers, Effort(student=their_seconds, entries=weights[0].size, trial=trial, work=products)

    return Derivation(dict, at_size, sizes=(4, 7, 12, 20))


def answer(network, batch):
    """Return the student's loss and all gradients: what is worked out only when asked for counts as well."""
    loss, grads = loss_of(network, *batch)
    try:
        return loss, whole(grads) if isinstance(grads, Remote) else None
    except Failed:  # gradients that are in no dictionary are for their own part to judge
        return loss, None


def whole(arrays):
    """Return the arrays of a dictionary in the box by name, None for those that are not there.

    They come all at once, since asking for each takes half as long as the network itself. Another kind of
    dictionary, or one that holds more than may leave the box, is asked for each all the same.
    """
    try:
        found = arrays.value()
    except NotTransportable:
        return {name: arrays.get(name) for name in PARAMETERS}
    if not isinstance(found, Mapping):
        raise Failed("Parameters and gradients belong in dictionaries, under the names W1 to b3.")
    return {name: as_array(found.get(name)) for name in PARAMETERS}


@part(f"{NAME}.grads")
@pytest.mark.parametrize("name", PARAMETERS)
def test_grads(gradients, derivation, name):
    """The gradient of {name} is right with {gradients}."""
    actual, expected = gradients
    if actual[name] is None:
        with witnessed(*actual.values()):
            raise Failed(f"There is no gradient of {name}.")
    assert_matches(actual[name], expected[name], f"gradient of {name}")
    derivation.demand(name)


# --- speed --------------------------------------------------------------------------------------------------------

TIMED = {"input_dim": [3, 16, 16], "num_filters": 8, "filter_size": 7, "hidden_dim": 20}
PLAN = TimingPlan(allowed=8.0)
"""Eight times the reference: a NumPy im2col needs two to five times as long, plain loops over a hundred times."""


def scores_agree(actual, expected):
    """Whether the student's scores are right, so that a fast wrong answer earns nothing."""
    return isinstance(actual, np.ndarray) and compare(actual, expected).grade is Grade.RIGHT


def right_ones(actual, expected):
    """Return which of loss and gradients are right."""
    (loss, grads), (right_loss, right_grads) = actual, expected
    found = grads if isinstance(grads, dict) else {}
    pairs = {name: (found.get(name), right_grads[name]) for name in PARAMETERS}
    pairs["loss"] = (loss, np.asarray(right_loss))
    return {name for name, pair in pairs.items() if compare(*pair).grade is Grade.RIGHT}


@part(f"{NAME}.speed")
def test_speed(student, reference, draw, answers):
    """Loss and gradients come at the speed of the fast layers."""
    # What must be right here is what was right where it earned points, so that being wrong there costs more than
    # being quick here brings; the rest is for other parts to judge.
    sound = right_ones(*answers(0.0))
    theirs, ours = networks(student, reference, draw(NAME, "speed"), TIMED)
    images, _ = draw_batch(draw(NAME, "speed", "warm"), TIMED)
    # A right loss comes from right scores. Where it is wrong, these must come as well while the time is taken.
    if "loss" not in sound and not scores_agree(theirs.method("loss")(images), ours.loss(images)):
        raise Blocked("The speed counts once the scores are right.")

    def asked(loss, network, batch):
        return loss(network, batch), None if "loss" in sound else network.loss(batch[0])

    @cache
    def right(round_number):
        batch = draw_batch(draw(NAME, "speed", round_number), TIMED)
        return batch, *timed(
            time.thread_time, lambda: asked(lambda each, some: each.loss(*some), ours, batch)
        )

    def student_seconds(round_number):
        batch, (expected, right_scores), _ = right(round_number)
        (actual, scores), seconds = timed(student.cpu_seconds, lambda: asked(answer, theirs, batch))
        in_time = right_scores is None or scores_agree(scores, right_scores)
        if not (in_time and sound <= right_ones(actual, expected)):
            refuse_changed_parameters(theirs, ours)
            refuse_wrong(student, reference, draw, batch, sound)
        return seconds

    def reference_seconds(round_number):
        return right(round_number)[2]

    verdict = measure(student_seconds, reference_seconds, PLAN).verdict
    if verdict.speed is Speed.SLOW:
        raise Failed("Far slower than the fast layers: use those of the given fast_layers module.")
    if verdict.speed is Speed.INCONCLUSIVE:
        raise Inconclusive("The time was too close to the limit to tell; this costs nothing.")


def refuse_changed_parameters(theirs, ours):
    """Refuse a network that changes itself whenever it is asked for its loss: a mistake, and no memory of answers."""
    for name, values in whole(theirs.params).items():
        if not isinstance(values, np.ndarray) or compare(values, ours.params[name]).grade is not Grade.RIGHT:
            raise Failed(f"The call of loss changes the parameter {name}: only the optimiser does that.")


def refuse_wrong(student, reference, draw, batch, sound):
    """Refuse an answer that was quick and wrong; one that is right in a process without a past was remembered."""
    student.begin("full")
    theirs, ours = networks(student, reference, draw(NAME, "speed"), TIMED)
    if sound <= right_ones(answer(theirs, batch), ours.loss(*batch)):
        raise Tampered("Loss and gradients were right at first and no longer when their time was taken.")
    raise Failed("Loss and gradients are right for small images and wrong for larger ones.")
