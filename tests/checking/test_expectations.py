"""What checks may demand of an answer."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from grader.checking import (
    Failed,
    as_array,
    assert_gradient_matches,
    assert_matches,
    assert_unchanged,
    cache_of,
    moved,
    results,
    run_backward,
    witnessed,
)
from tests.checking.conftest import student_of

TARGET = np.array([2.0, -3.0])
HALFWAY = TARGET / 2


@pytest.mark.parametrize("momentum", [0.1, 0.7, 0.9, 0.99])
def test_a_step_of_any_momentum_moves_a_statistic(momentum: float) -> None:
    """A running statistic that blends the past with the batch's own has moved, however far."""
    assert moved(HALFWAY, momentum * HALFWAY + (1 - momentum) * TARGET, TARGET)


@pytest.mark.parametrize(
    "after",
    [np.zeros(2), HALFWAY, 2 * TARGET, np.array([1.9, -1.0]), np.ones(3), np.ones(2, int), None, "trained"],
    ids=["zeros", "kept", "past", "one_alone", "shape", "kind", "nothing", "text"],
)
def test_what_did_not_move_is_told(after: object) -> None:
    """Zeros, what stayed, what went too far and what is no such array have not moved."""
    assert not moved(HALFWAY, after, TARGET)


@pytest.mark.parametrize("answer", ["x, [x]", "[x, [x]]"], ids=["tuple", "list"])
def test_results_may_come_in_a_list(answer: str) -> None:
    """Whatever unpacks into the results holds them; the cache among them may be a list as well."""
    double = student_of(f"def double(x):\n    return {answer}\n").double
    first, _ = results(double(2.0), 2, "double")
    assert first == 2.0
    assert cache_of(lambda: double(2.0), "documented").value() == [2.0]


@pytest.mark.parametrize("answer", ["[x]", "[x, x, x]", "[]", "{'out': x, 'cache': x}", "object()", "x"])
def test_another_number_of_results_is_told(answer: str) -> None:
    """A list of another length, or what has no elements, is no pair of results."""
    double = student_of(f"def double(x):\n    return {answer}\n").double
    with pytest.raises(Failed, match="must return 2 values"):
        results(double(2.0), 2, "double")


def test_a_cache_returned_before_the_output_is_found() -> None:
    """Results in the wrong order cost the forward pass, and the backward pass still gets its cache."""
    double = student_of("import numpy as np\ndef double(x):\n    return {'x': x}, np.ones(2)\n").double
    assert cache_of(lambda: double(2.0)).value() == {"x": 2.0}
    with pytest.raises(Failed, match="in which order"):
        assert_matches(results(double(2.0), 2, "double")[0], np.ones(2))


def test_nested_lists_of_numbers_are_an_array() -> None:
    """An answer in lists is judged like the array that they make, alone and among others."""
    double = "def double(x):\n    return [[1.0, 2.0], [3.0, x]], None\n"
    student = student_of(double + "def halve(dout, cache):\n    return [[1, 2]], [3, 4]\n")
    out, _ = results(student.double(4.0), 2, "double")
    assert_matches(out, np.array([[1.0, 2.0], [3.0, 4.0]]))
    first, second = results(run_backward(lambda: student.halve(1.0, None), None, "double"), 2, "halve")
    assert_matches(first, np.array([[1.0, 2.0]]))
    assert_matches(second, np.array([3.0, 4.0]))


@pytest.mark.parametrize(
    "answer", ["[[1.0], [2.0, 3.0]]", "['1.0', '2.0']", "{0: 1.0}", "[None]", "([x], None)"]
)
def test_other_lists_are_no_array(answer: str) -> None:
    """Lists of several lengths, of words or of nothing are refused with a reason, and so is a dictionary."""
    with pytest.raises(Failed, match="not an array"):
        assert_matches(student_of(f"def double(x):\n    return {answer}\n").double(1.0), np.ones(2))


BOMBS = {
    "texts": "['a' * 8_000] + [''] * 60_000",
    "texts_in_lists": "[['a' * 20_000, '']] * 60_000",
    "ragged_arrays": "[np.zeros((1_000, 1_000)), np.zeros((1_000, 999))] * 500",
    "one_array_many_times": "[np.zeros((1_000, 1_000))] * 500",
    "long_numbers": "[10 ** 100_000] + [0] * 100_000",
}

MEASURE = """
import resource
import numpy as np
from grader.checking import as_array, cache_of, results, run_backward
resource.setrlimit(resource.RLIMIT_AS, (2**31, 2**31))
value = {value}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert as_array(value) is value
params, gradients = results((value, [value]), 2, "loss")
assert run_backward(lambda: (value, value), None, "forward") == (value, value)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize("value", BOMBS.values(), ids=BOMBS)
def test_lists_take_no_more_memory_than_they_came_with(value: str) -> None:
    """What would become a far larger array, or none of numbers, stays as it came; measured under a limit."""
    done = subprocess.run(  # noqa: S603 - this Python, on the code above
        [sys.executable, "-c", MEASURE.format(value=value)],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 40


@pytest.mark.parametrize(
    ("lists", "shape"),
    [
        ([1, 2.5, True], (3,)),
        ([], (0,)),
        ([[], []], (2, 0)),
        ([np.ones(3), [1, 2, 3]], (2, 3)),
        ([(1, 2), (3, 4)], (2, 2)),
        ([np.asarray(2.0), 1.0], (2,)),
        ([np.float64(2.0), np.float32(1.0), np.int64(3)], (3,)),
    ],
)
def test_lists_of_numbers_become_arrays(lists: list[object], shape: tuple[int, ...]) -> None:
    """Whatever makes an array of real numbers is one, with lists, tuples and arrays among each other."""
    array = as_array(lists)
    assert isinstance(array, np.ndarray)
    assert array.shape == shape


@pytest.mark.parametrize("answer", ["tuple(y)", "tuple(map(tuple, y))", "y.tolist()"])
def test_one_answer_may_come_in_a_tuple(answer: str) -> None:
    """A tuple that makes the array that is asked for is that array; several results in one are told as such."""
    right = np.arange(6.0).reshape(3, 2)
    double = student_of(f"def double(y):\n    return {answer}\n").double
    assert_matches(double(right), right)
    assert_gradient_matches(double(right), right, "dy")
    with pytest.raises(Failed, match="index"):
        assert_matches(double(right + np.eye(3, 2)), right)
    with pytest.raises(Failed, match="in which order"):
        assert_matches((right, right), right)


def test_a_failure_without_numbers_has_a_witness() -> None:
    """A mistake is recognised by what an author names, by shapes too; what a report draws stays as it was."""
    weights, biases = np.arange(6.0).reshape(2, 3) + 0.5, np.ones(3)
    with pytest.raises(Failed) as plain, witnessed(weights, biases, "text", None):
        raise Failed("They are not Gaussian.")
    with pytest.raises(Failed) as turned, witnessed(weights.reshape(3, 2), biases):
        raise Failed("They are not Gaussian.")
    with pytest.raises(Failed) as compared, witnessed(weights):
        assert_matches(biases, np.zeros(3), "b1")
    seen = [each.value.evidence for each in (plain, turned, compared)]
    assert all(each is not None for each in seen)
    assert not np.array_equal(seen[0].actual, seen[1].actual)
    assert seen[0].error_map() is None
    assert seen[2].error_map().wrong == 3
    assert np.array_equal(seen[2].actual[:6], weights.ravel())


def test_what_was_changed_is_a_witness() -> None:
    """Two ways to change an argument are told apart by what became of it; the report draws nothing."""
    with pytest.raises(Failed) as caught:
        assert_unchanged(np.array([1.0, 2.5]), np.ones(2), "x")
    assert np.array_equal(caught.value.evidence.actual, [1.0, 2.5])
    assert caught.value.evidence.error_map() is None


def test_wrong_counts_and_kinds_have_a_witness() -> None:
    """Results that are too few or packed otherwise are recognised by the numbers in them."""
    for failing in (
        lambda: results(np.array([0.5]), 2, "f"),
        lambda: assert_matches((np.array([0.5]),), np.ones(1)),
    ):
        with pytest.raises(Failed) as caught:
            failing()
        assert caught.value.evidence.actual[0] == 0.5


def test_a_seed_makes_what_is_drawn_repeat() -> None:
    """After the same seed the student's code draws the same numbers."""
    student = student_of("import numpy as np\n\ndef double(x):\n    return np.random.randn(4)\n")
    make = student.double
    drawn = []
    for _ in range(2):
        student.seed(5)
        drawn.append(make(1))
    assert np.array_equal(*drawn)


def test_a_number_or_lists_may_be_expected() -> None:
    """What is right may be written down as people write it; what is neither is the check's fault, whatever came."""
    assert_matches(2.0, 2)
    with pytest.raises(Failed, match="does not match"):
        assert_matches(3.0, 2.0)
    with pytest.raises(Failed, match="does not match"):
        assert_matches(np.arange(2.0), [0.0, 2.0])
    with pytest.raises(TypeError, match="use assert_same"):
        assert_matches(1.0, {"a": 1})
