"""Names that NumPy had when students wrote their answers, and has under others today."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from grader.sandbox import StudentError
from grader.sandbox.box.former_names import FORMER, FORMER_NOTE
from tests.sandbox.conftest import Student

Make = Callable[..., Student]


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("np.max([1.0, -np.Inf])", 1.0),
        ("np.NINF", -np.inf),
        ("np.product([2, 3])", 6),
        ("np.asfarray([1, 2]).sum()", 3.0),
        ("np.trapz([1, 1])", 1.0),
        ("np.in1d([[1, 2], [3, 4]], [4]).shape[0]", 4),
        ("np.msort([[2, 1], [1, 2]])[0, 0]", 1),
        ("np.zeros(2, np.float_).sum()", 0.0),
    ],
)
def test_a_former_name_is_understood(student: Make, expression: str, value: object) -> None:
    """An answer that was right with the NumPy that students may use is right here, and the name is told."""
    made = student(f"import numpy as np\ndef f(): return {expression}\n")
    assert made.call("f") == value
    told = [each for each in FORMER if FORMER_NOTE.format(name=each) in made.worker.flags]
    assert not told or all(f"np.{each}" in expression for each in told)


def test_from_numpy_import_a_former_name(student: Make) -> None:
    """It can be imported by name as well."""
    assert student("from numpy import Inf, NaN\ndef f(): return Inf\n").call("f") == np.inf


@pytest.mark.parametrize("name", ["float", "int", "nosuchname"])
def test_what_the_oldest_numpy_lacks_is_an_error(student: Make, name: str) -> None:
    """What students' own NumPy does not have either stays an error with its reason."""
    made = student(f"import numpy as np\ndef f(): return np.{name}\n")
    with pytest.raises(StudentError, match="AttributeError") as caught:
        made.call("f")
    assert caught.value.hint


@pytest.mark.parametrize(("former", "today"), FORMER.items())
def test_every_name_of_today_is_there(former: str, today: str) -> None:
    """The table leads nowhere else."""
    assert hasattr(np, today.rpartition(".")[2]), former
