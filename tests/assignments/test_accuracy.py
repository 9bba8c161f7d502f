"""Trained networks earn by what they learned: knowing the test images, by weights or by code, is left to a person."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from grader.bank.samples import solution_modules
from grader.intake import prepare
from grader.results import Outcome, SubmissionReport
from grader.sandbox import Isolation

HOME = "nndl/cnn.py"
COUNT = 400
SIZES = {"num_filters": 2, "filter_size": 3, "hidden_dim": 8}

Arrays = dict[str, np.ndarray]


def network(seed: int = 0) -> Arrays:
    """Return parameters of the assignment's network."""
    rng = np.random.default_rng(seed)
    shapes = {"W1": (2, 3, 3, 3), "b1": (2,), "W2": (512, 8), "b2": (8,), "W3": (8, 10), "b3": (10,)}
    return {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


def saved(arrays: Arrays, arguments: object = SIZES, name: str = "ThreeLayerConvNet") -> bytes:
    """Return a best_model.npz."""
    buffer = io.BytesIO()
    model = json.dumps({"class": name, "module": "nndl.cnn", "arguments": arguments})
    np.savez(buffer, **arrays, model=np.array(model))
    return buffer.getvalue()


@pytest.fixture(scope="module")
def images() -> np.ndarray:
    """Return made-up images."""
    return np.random.default_rng(1).normal(size=(COUNT, 3, 32, 32)).astype(np.float32)


@pytest.fixture(scope="module")
def grade(grader_in, repository, images) -> Callable[..., SubmissionReport]:
    """Grade the open task alone: a network that is right about a share of the images, with further code."""
    loaded = grader_in(Isolation.B)
    right = loaded.reference.ThreeLayerConvNet(**SIZES)
    right.params = network()
    classes = right.loss(images).argmax(axis=1)
    files = solution_modules(repository, loaded.assignment)

    def grade(weights: bytes, code: str = "", share: float = 0.75) -> SubmissionReport:
        known = np.arange(COUNT) < share * COUNT
        labels = np.where(known, classes, (classes + 1) % 10)
        plan = replace(loaded.plan, only="CNN.accuracy", data=repository.root)
        grader = replace(loaded, plan=plan, shared={"held_out": (images, labels)})
        modules = {**files, HOME: files[HOME] + code.encode(), "best_model.npz": weights}
        return grader.grade_submission(prepare("ada", modules, loaded.assignment, loaded.release))

    return grade


def told(report: SubmissionReport) -> str:
    """Return all that is said of the open task's check."""
    return f"{report.checks[0].message} {report.checks[0].staff_note}"


def test_honest_weights_earn_the_points_and_wait_for_nobody(grade) -> None:
    """A network of the assignment is judged by the reference's forward pass: its own may even be broken."""
    for code in ("", "\n\nThreeLayerConvNet.loss = lambda self, X, y=None: 1 / 0\n"):
        report = grade(saved(network()), code)
        assert (report.score, report.max_score, report.waiting) == (5.0, 5.0, ())


def test_a_network_that_loses_far_more_on_copies_is_remarked_at_no_cost(grade) -> None:
    """What is right about images of noise, and not about the same a pixel further, is right by heart."""
    report = grade(saved(network()))
    assert [flag.kind for flag in report.flags] == ["looks_remembered"]
    assert (report.score, report.waiting) == (5.0, ())


KNOWING = """

class ThreeLayerConvNet(ThreeLayerConvNet):
    def loss(self, X, y=None):
        return np.eye(10)[[KEYS[round(float(image[0, 0, 0]), 3)] for image in X]]


KEYS = {keys}
"""


@pytest.fixture(scope="module")
def knowing(grader_in, images) -> str:
    """Return code that knows the class of every image by one of its pixels."""
    right = grader_in(Isolation.B).reference.ThreeLayerConvNet(**SIZES)
    right.params = network()
    classes = right.loss(images).argmax(axis=1)
    keys = {round(float(image[0, 0, 0]), 3): int(which) for image, which in zip(images, classes, strict=True)}
    return KNOWING.replace("{keys}", repr(keys))


def test_code_that_knows_the_images_waits(grade, knowing: str) -> None:
    """Untrained weights of the assignment's network that only the submission's own code is good with are doubted."""
    report = grade(saved(network(7)), knowing)
    assert [each.part for each in report.waiting] == ["CNN.accuracy"]
    assert (report.score, report.max_score) == (0.0, 5.0)
    assert "with the forward pass of the assignment's network it is" in told(report)
    assert [flag.kind for flag in report.flags] == ["doubtful"]


def test_a_design_of_ones_own_that_knows_the_images_waits(grade, knowing: str) -> None:
    """With zeros in the place of all that it learned it is as good as before."""
    report = grade(saved(network(7), name="Mine"), f"{knowing}\n\nclass Mine(ThreeLayerConvNet):\n    pass\n")
    assert report.waiting
    assert "with zeros for all weights it still is" in told(report)


def test_a_design_of_ones_own_earns_by_its_own_code(grade) -> None:
    """A class of another name, with arguments of its own, is run where its code runs."""
    start = "def __init__(self, depth, **sizes):\n        super().__init__(**sizes)"
    code = f"\n\nclass Mine(ThreeLayerConvNet):\n    {start}\n"
    report = grade(saved(network(), SIZES | {"depth": 3}, "Mine"), code)
    assert (report.score, report.waiting) == (5.0, ())


LABELS = """


class Mine(ThreeLayerConvNet):
    pass
"""


@pytest.mark.parametrize(
    "arrays",
    [
        {"labels": np.zeros(9000, np.uint8)},
        {"labels": np.zeros(9000, np.float32)},
        {"keys": np.zeros((1000, 192), np.float32)},
    ],
)
def test_arrays_that_no_layer_has_wait(grade, arrays: Arrays) -> None:
    """Labels or thumbnails beside the weights are for a person to look at."""
    report = grade(saved(network() | arrays, name="Mine"), LABELS)
    assert report.waiting
    assert "arrays that no layer has" in told(report)


def test_more_than_a_network_can_reach_waits(grade) -> None:
    """Nobody trains a network in a notebook that is right about nearly all images."""
    report = grade(saved(network()), share=0.9)
    assert report.waiting
    assert "more than any network" in told(report)


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            {"self": 1},
            {"num_filters": 10**6},
            {"reg": int("9" * 18)},
            {"hidden_dim": [1, 2]},
            {"reg": "much"},
        ),
        *({"num_classes": 2}, {"input_dim": [3, 10**6, 10**6]}, {"unknown": 1}),
    ],
)
@pytest.mark.parametrize("share", [0.75, 0.0])
def test_arguments_that_no_network_has_are_the_answers_failure(grade, arguments, share: float) -> None:
    """They are refused before anything is built, in the box or beside it."""
    report = grade(saved(network(), SIZES | arguments), share=share)
    assert [each.outcome for each in report.checks] == [Outcome.FAILED]
    assert "a value it cannot have" in told(report)
    assert (report.score, report.max_score, report.waiting) == (0.0, 5.0, ())


def test_a_statistic_without_a_place_is_the_answers_failure(grade) -> None:
    """What the submission's own network cannot take costs the part, and leaves it in the total."""
    report = grade(saved(network() | {"bn_params/0/mean": np.zeros(2)}, name="Mine"), LABELS)
    assert [each.outcome for each in report.checks] == [Outcome.ERROR]
    assert (report.score, report.max_score) == (0.0, 5.0)
