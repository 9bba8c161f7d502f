"""Public checks of networks in PyTorch."""

import numpy as np
import pytest
import torch
from torch import nn

from grader.student.checks import Failed, NotImplementedYet, assert_matches, part


def array(value):
    """Return a tensor's numbers."""
    return value.detach().numpy() if isinstance(value, torch.Tensor) else value


@part("flatten")
def test_rows(student):
    """Each image becomes a row, row by row and channel by channel.

    Which axis stays, and is anything moved before the others become one?
    """
    out = student.flatten(torch.arange(16.0).reshape(2, 2, 2, 2))
    assert_matches(array(out), np.arange(16.0).reshape(2, 8), axes=("image", "entry"))


def one_pixel(weight=1.0):
    """Return parameters for images of one pixel: each filter passes the pixel on, times a weight."""
    w1, w2 = torch.zeros(1, 1, 5, 5), torch.zeros(1, 1, 3, 3)
    w1[0, 0, 2, 2], w2[0, 0, 1, 1] = weight, 1.0
    return [w1, torch.zeros(1), w2, torch.zeros(1), torch.tensor([[1.0, -2.0]]), torch.tensor([0.5, 0.0])]


@part("three_layers")
@pytest.mark.parametrize(
    ("pixel", "scores"), [(3.0, (3.5, -6.0)), (-3.0, (0.5, 0.0))], ids=["bright", "dark"]
)
def test_one_pixel(student, pixel, scores):
    """An image of one pixel passes two filters that change nothing, unless it is negative: scores {scores}.

    How much padding keeps one pixel one pixel under each of the two filters, and where are the two ReLUs?
    """
    found = student.three_layers(torch.full((1, 1, 1, 1), pixel), one_pixel())
    assert_matches(array(found), np.array([scores], dtype=np.float32), "scores", ("image", "class"))


@pytest.mark.parametrize(
    "what",
    [pytest.param(each, marks=part(f"descend.{each}"), id=each) for each in ("loss", "params")],
)
def test_step_on_biases(student, what):
    """With weights of zero only the last biases move, by the difference of probabilities and classes: {what}.

    Does a parameter move by the rate times its gradient, and is the gradient of one step gone before the next?
    """
    params = [
        torch.zeros(shape, requires_grad=True)
        for shape in ((1, 1, 5, 5), (1,), (1, 1, 3, 3), (1,), (4, 2), (2,))
    ]
    loss = student.descend(params, torch.ones(3, 1, 2, 2), torch.tensor([0, 0, 1]), 0.6)
    if loss is None:
        raise NotImplementedYet("The loss is None: this part is not written yet.")
    if what == "loss":
        assert_matches(loss, np.asarray(np.log(2)), "loss")
    else:
        assert_matches(
            array(params[5]), np.array([0.1, -0.1], dtype=np.float32), "biases of the affine layer"
        )


@part("ThreeLayerNet.init")
def test_layers(student):
    """The module has conv1, conv2 and fc, and their biases are zero.

    Are the layers attributes of the module, so that it knows their parameters?
    """
    model = student.ThreeLayerNet(1, 4, 3, 6, 2)
    state = model.state_dict()
    if not state:
        raise NotImplementedYet("The module has no layers: this part is not written yet.")
    named = {"conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc.weight", "fc.bias"}
    if set(state) != named:
        raise Failed(f"The module has {', '.join(state)}; it should have {', '.join(sorted(named))}.")
    assert_matches(array(state["fc.bias"]), np.zeros(2, dtype=np.float32), "biases of fc")


@part("ThreeLayerNet.forward")
def test_like_bare_tensors(student):
    """The module's scores of one pixel are those of the same layers with bare tensors.

    Do both go through the same layers in the same order, with the same padding?
    """
    model = student.ThreeLayerNet(1, 1, 1, 1, 2)
    if not model.state_dict():
        raise NotImplementedYet("The module has no layers: this part is not written yet.")
    w1, b1, w2, b2, w, b = one_pixel(2.0)
    names = ("conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "fc.weight", "fc.bias")
    model.load_state_dict(dict(zip(names, (w1, b1, w2, b2, w.T, b), strict=True)))
    found = model(torch.full((1, 1, 1, 1), 1.5))
    assert_matches(array(found), np.array([[3.5, -6.0]], dtype=np.float32), "scores", ("image", "class"))


@pytest.mark.parametrize(
    "what",
    [pytest.param(each, marks=part(f"train_step.{each}"), id=each) for each in ("loss", "params")],
)
def test_two_classes(student, what):
    """A model that knows nothing learns from two samples, twice: {what}.

    In which order come the gradients of zero, the loss, backward and the step?
    """
    model = nn.Linear(2, 2, bias=False)
    nn.init.zeros_(model.weight)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    x, y = torch.eye(2), torch.tensor([0, 1])
    losses = [student.train_step(model, optimizer, x, y) for _ in range(2)]
    if losses[0] is None:
        raise NotImplementedYet("The loss is None: this part is not written yet.")
    if what == "loss":
        assert_matches(
            np.array(losses, dtype=np.float32), np.log1p(np.exp([0, -0.5])).astype(np.float32), "losses"
        )
    else:
        moved = 0.25 + 0.5 / (1 + np.exp(0.5))
        right = np.array([[moved, -moved], [-moved, moved]], dtype=np.float32)
        assert_matches(array(model.weight), right, "weights", ("class", "input"))


@part("accuracy")
def test_three_of_four(student):
    """Three of four are right, and a model that was in training goes on in training.

    Which axis holds the classes, and who sets the model's mode back?
    """
    model = nn.Sequential(nn.Linear(2, 2, bias=False), nn.Dropout(0.9))
    nn.init.eye_(model[0].weight)
    x, y = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0], [1.0, 2.0]]), torch.tensor([0, 1, 0, 0])
    assert_matches(student.accuracy(model, x, y), np.asarray(0.75), "share")
    if not model.training:
        raise Failed("The model was in training mode and is left in evaluation mode.")
