"""Trusted code answers through `LocalWorker` as a submission does through a worker of the box."""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from grader.checking.student import Student
from grader.checking.trusted import LocalWorker
from grader.sandbox import StudentError


class Net:
    """A network of one number."""

    def __init__(self, size: float) -> None:
        self.params = {"W": np.float64(size)}

    def loss(self, x: float, *, scale: float = 1.0) -> tuple[float, dict[str, np.float64]]:
        """Return a loss, and its gradients in a dictionary."""
        return scale * x * float(self.params["W"]), {"W": np.float64(x)}


@pytest.fixture
def student() -> Student:
    """A submission that holds `Net`."""
    module = ModuleType("answers")
    vars(module).update(Net=Net)
    return Student(lambda _root: LocalWorker({"answers": module}), {"Net": "answers"})


def test_a_method_is_called_in_one_request(student: Student) -> None:
    """Arguments arrive, plain results come back, and others stay behind a `Remote`."""
    loss, grads = student.Net(2.0).method("loss")(3.0, scale=0.5)
    assert loss == 3.0
    assert grads.get("W") == 3.0
    assert grads.get("b") is None


def test_a_number_of_numpy_comes_as_an_array(student: Student) -> None:
    """As from the box, where a scalar crosses as an array without axes."""
    assert isinstance(student.Net(2.0).params.get("W"), np.ndarray)


def test_what_a_method_raises_is_the_students(student: Student) -> None:
    """An exception comes as `StudentError`, with its name."""
    with pytest.raises(StudentError) as caught:
        student.Net(2.0).method("loss")("text", scale="text")
    assert caught.value.type_name == "TypeError"
