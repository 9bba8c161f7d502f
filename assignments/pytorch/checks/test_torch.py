"""Hidden checks of networks in PyTorch. Models, optimizers and parameters are made in the box and read there."""

import numpy as np
import pytest
import torch
from torch import nn

from grader.checking import (
    Failed,
    NotImplementedYet,
    as_array,
    assert_matches,
    beyond,
    part,
    require_written,
    witnessed,
)

SCORE_AXES = ("image", "class")
NAMES = ("w1", "b1", "w2", "b2", "w", "b")
SIZES = {"channels": 2, "channels_1": 4, "channels_2": 3, "size": 6, "num_classes": 5}

WITH_GRADIENTS = """
import torch
def with_gradients(*arrays):
    return [torch.tensor(each, requires_grad=True) for each in arrays]
"""
NUMBERS = """
def numbers(tensors):
    return [each.detach().numpy().copy() for each in tensors]
"""
PARAMETERS = """
def parameters(model):
    return {name: each.detach().numpy().copy() for name, each in model.state_dict().items()}
"""
LOADED = """
import torch
def loaded(model, values):
    model.double().load_state_dict({name: torch.tensor(each) for name, each in values.items()})
    return model
"""
SEED = "import torch\ndef seed(number):\n    torch.manual_seed(number)\n"
LINEAR = """
import torch
class Linear(torch.nn.Module):
    def __init__(self, weight):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.tensor(weight))
        self.drop = torch.nn.Dropout(0.8)
        self.tracked = None
    def forward(self, x):
        self.tracked = torch.is_grad_enabled()
        return self.drop(x @ self.weight)
"""
SGD = """
import torch
def sgd(model, rate):
    model.drop.p = 0.0
    return torch.optim.SGD(model.parameters(), lr=rate, momentum=0.5)
"""


def tensor(array):
    """Return an array as a tensor, which the box is given as one."""
    return torch.from_numpy(np.asarray(array))


def draw_params(rng):
    """Draw the parameters of three layers for two channels and images of six by six.

    Small enough that no softmax saturates and no ReLU dies, and the scores of the first class are negative.
    """
    shapes = (4, 2, 5, 5), (4,), (3, 4, 3, 3), (3,), (3 * 36, 5), (5,)
    inputs = 50, 9, 36, 9, 3 * 36, 9
    params = [rng.normal(size=shape) / np.sqrt(count) for shape, count in zip(shapes, inputs, strict=True)]
    params[-1][0] = -1 - abs(params[-1][0])
    return params


def draw_batch(rng, count=4):
    """Draw images and classes."""
    return rng.normal(size=(count, 2, 6, 6)), rng.integers(5, size=count)


# --- flatten and three_layers -------------------------------------------------------------------------------------


@part("flatten")
@pytest.mark.parametrize("shape", [(4, 6), (3, 2, 4, 5)], ids=["matrix", "images"])
def test_flatten(student, rng, shape):
    """A tensor of shape {shape} keeps its first axis."""
    x = rng.normal(size=shape)
    assert_matches(as_array(student.flatten(tensor(x))), x.reshape(shape[0], -1), axes=("image", "entry"))


@beyond("flatten")
def test_other_order(student, rng):
    """A tensor whose axes were exchanged, so that its entries lie in another order, is flattened as well."""
    x = rng.normal(size=(3, 4, 2))
    turned = student.define("lambda x: x.transpose(1, 2)")(tensor(x))
    right = np.swapaxes(x, 1, 2).reshape(3, -1)
    assert_matches(as_array(student.flatten(turned)), right, axes=("image", "entry"))


@part("three_layers")
def test_scores(student, reference, rng):
    """The scores are right."""
    (x, _), params = draw_batch(rng), draw_params(rng)
    actual = student.three_layers(tensor(x), list(map(tensor, params)))
    right = reference.three_layers(tensor(x), list(map(tensor, params)))
    assert_matches(as_array(actual), right.numpy(), "scores", SCORE_AXES)


# --- descend ------------------------------------------------------------------------------------------------------


def descended(student, reference, rng, steps):
    """Return losses and parameters of both sides after some steps."""
    params, rate = draw_params(rng), rng.uniform(0.2, 0.4)
    theirs = student.define(WITH_GRADIENTS)(*params)
    ours = [torch.tensor(each, requires_grad=True) for each in params]
    for _ in range(steps):
        x, y = map(tensor, draw_batch(rng))
        loss, right = student.descend(theirs, x, y, rate), reference.descend(ours, x, y, rate)
    found = student.define(NUMBERS)(theirs).value()
    if loss is None and all(np.array_equal(each, start) for each, start in zip(found, params, strict=True)):
        raise NotImplementedYet(
            "There is no loss, and the parameters are as they were: this part is not written yet."
        )
    return loss, right, found, [each.detach().numpy() for each in ours]


@part("descend.loss")
def test_loss_of_step(student, reference, rng):
    """The loss is right, and a number."""
    loss, right, _, _ = descended(student, reference, rng, 1)
    assert_matches(loss, np.asarray(right), "loss")


STEPS = {"one step": 1, "two steps": 2}


@pytest.fixture(scope="module")
def after_steps(student, reference, draw):
    """The parameters of both sides after one step, and after two."""
    return {
        words: descended(student, reference, draw("descend", words), steps)[2:]
        for words, steps in STEPS.items()
    }


@part("descend.params")
@pytest.mark.parametrize("steps", STEPS)
@pytest.mark.parametrize(("place", "name"), [*enumerate(NAMES)], ids=NAMES)
def test_params_after_step(after_steps, steps, place, name):
    """The parameter {name} is right after {steps}."""
    actual, right = after_steps[steps]
    assert_matches(actual[place], right[place], name)


# --- ThreeLayerNet ------------------------------------------------------------------------------------------------


def shapes_of(channels, channels_1, channels_2, size, num_classes):
    """Return the shape of each parameter."""
    return {
        "conv1.weight": (channels_1, channels, 5, 5),
        "conv1.bias": (channels_1,),
        "conv2.weight": (channels_2, channels_1, 3, 3),
        "conv2.bias": (channels_2,),
        "fc.weight": (num_classes, channels_2 * size * size),
        "fc.bias": (num_classes,),
    }


def fresh(student, sizes):
    """Return a new network of the student's, and its parameters, all of them in their shapes."""
    make = student.ThreeLayerNet
    student.define(SEED)(5)
    model = make(*sizes.values())
    found = student.define(PARAMETERS)(model).value()
    if not found:
        raise NotImplementedYet("The module has no layers: this part is not written yet.")
    for name, shape in shapes_of(**sizes).items():
        if name not in found:
            raise Failed(f"The module has no {name}; it has {', '.join(sorted(found))}.")
        if np.shape(found[name]) != shape:
            with witnessed(np.asarray(np.shape(found[name]), float)):
                raise Failed(f"{name} has shape {np.shape(found[name])}; for these arguments it is {shape}.")
    return model, found


@part("ThreeLayerNet.init")
@pytest.mark.parametrize("layer", ["conv1", "conv2", "fc"])
def test_fresh_layer(student, layer):
    """The layer {layer} begins with Kaiming's normal weights, and with biases of zero."""
    sizes = {"channels": 3, "channels_1": 40, "channels_2": 30, "size": 6, "num_classes": 20}
    _, found = fresh(student, sizes)
    weight, bias = found[f"{layer}.weight"], found[f"{layer}.bias"]
    scale = np.sqrt(2 / np.prod(weight.shape[1:]))
    with witnessed(weight):
        # Six standard errors of a mean, of a deviation and of a kurtosis: crossed by chance once in 10^8 gradings.
        if abs(weight.mean()) > 6 * scale / np.sqrt(weight.size):
            raise Failed(f"The weights of {layer} do not have mean zero.")
        if abs(weight.std() - scale) > 6 * scale / np.sqrt(2 * weight.size):
            raise Failed(
                f"The weights of {layer} have deviation {weight.std():.4f}; Kaiming's is {scale:.4f}."
            )
        if abs(np.mean((weight / weight.std()) ** 4) - 3) > 6 * np.sqrt(24 / weight.size):
            raise Failed(
                f"The weights of {layer} have the right deviation but are not from a normal distribution."
            )
    assert_matches(bias, np.zeros(bias.shape), f"biases of {layer}")


@part("ThreeLayerNet.forward")
def test_scores_of_module(student, reference, rng):
    """The scores are those of the module's parameters."""
    model, found = fresh(student, SIZES)
    values = {name: rng.normal(size=each.shape) / max(1, each[0].size) ** 0.3 for name, each in found.items()}
    ours = reference.ThreeLayerNet(*SIZES.values()).double()
    ours.load_state_dict({name: torch.tensor(values[name]) for name in shapes_of(**SIZES)})
    x = tensor(rng.normal(size=(3, 2, 6, 6)))
    actual = student.define(LOADED)(model, values)(x)
    right = ours(x).detach().numpy()
    assert_matches(actual if actual is None else detached(student, actual), right, "scores", SCORE_AXES)


def detached(student, value):
    """Return the numbers of a tensor that may have a gradient."""
    return student.define("lambda x: x.detach().numpy() if hasattr(x, 'detach') else x")(value)


# --- train_step and accuracy --------------------------------------------------------------------------------------


def linear(student, rng):
    """Return a linear model in the box, and the same here."""
    weight = rng.normal(size=(6, 4))
    ours = nn.Linear(6, 4, bias=False).double()
    ours.weight.data = torch.tensor(weight.T.copy())
    return student.define(LINEAR)(weight), ours, weight


@pytest.fixture(scope="module")
def trained(student, reference, draw):
    """Losses and weights of both sides after each of two steps with momentum."""
    rng = draw("train_step")
    theirs, ours, start = linear(student, rng)
    optimizer = student.define(SGD)(theirs, 0.3)
    own = torch.optim.SGD(ours.parameters(), lr=0.3, momentum=0.5)
    steps = []
    for _ in range(2):
        x, y = tensor(rng.normal(size=(7, 6))), tensor(rng.integers(4, size=7))
        loss, right = student.train_step(theirs, optimizer, x, y), reference.train_step(ours, own, x, y)
        weight = student.define(PARAMETERS)(theirs).value()["weight"]
        steps.append((loss, right, weight, ours.weight.detach().numpy().T.copy()))
    if steps[0][0] is None and np.array_equal(steps[1][2], start):
        raise NotImplementedYet(
            "There is no loss, and the parameters are as they were: this part is not written yet."
        )
    return steps


@part("train_step.loss")
def test_loss_of_training(trained):
    """The loss is right, and a number."""
    loss, right, _, _ = trained[0]
    assert_matches(loss, np.asarray(right), "loss")


@part("train_step.params")
@pytest.mark.parametrize("step", ["first", "second"])
def test_weights_after_training(trained, step):
    """The weights are right after the {step} step."""
    _, _, weight, right = trained[("first", "second").index(step)]
    assert_matches(weight, right, "weights", ("input", "class"))


def measured(student, rng, mode):
    """Return the student's accuracy of a model found in some mode, the right one, and the model."""
    theirs, _, weight = linear(student, rng)
    theirs.method("train")(mode)
    x, y = rng.normal(size=(40, 6)), rng.integers(4, size=40)
    right = (x @ weight).argmax(axis=1)
    y[:23] = right[:23]
    student.define(SEED)(5)
    return student.accuracy(theirs, tensor(x), tensor(y)), np.mean(right == y), theirs


@part("accuracy")
@pytest.mark.parametrize("mode", [True, False], ids=["training", "evaluation"])
def test_share(student, rng, mode):
    """The share is right, a number, and without dropout; the model was found with training = {mode} and is left so."""
    share, right, model = measured(student, rng, mode)
    assert_matches(share, np.asarray(right), "share")
    if bool(model.training) is not mode:
        with witnessed(share):
            raise Failed(
                f"The model was found with training = {mode} and is left with training = {not mode}."
            )


@beyond("accuracy")
def test_untracked(student, rng):
    """PyTorch keeps no track of what only measures."""
    share, _, model = measured(student, rng, False)
    require_written(share)
    if model.tracked:
        with witnessed(share):
            raise Failed(
                "The model ran with gradients enabled: PyTorch kept all that a backward pass would need."
            )
