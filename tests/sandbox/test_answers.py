"""Results and exceptions that are hard to carry, from the shared attacking submission."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.sandbox import Box, BoxSpec, Isolation, NotTransportable, StudentError, Worker
from tests.sandbox.conftest import LIMITS

ATTACKER = Path(__file__).resolve().parent / "attacker"


@pytest.fixture(scope="module")
def worker(isolation: Isolation) -> Iterator[Worker]:
    """A worker on the submission with the odd answers."""
    with Box.open(BoxSpec({"attacker": ATTACKER}), isolation, LIMITS) as box, box.worker("attacker") as made:
        made.load("answering")
        yield made


def answer(worker: Worker, function: str) -> Any:
    """Return what a function of the submission gives."""
    return worker.call(worker.resolve("answering", function), [{"reply_bytes": LIMITS.reply_bytes}])


def test_numbers_arrive_exactly(worker: Worker) -> None:
    """Every layout and dtype, NaN, infinities and signed zero arrive bit by bit, in C order and native."""
    got = answer(worker, "numbers")
    assert got[0].tobytes() == np.array([np.nan, np.inf, -np.inf, -0.0]).tobytes()
    assert got[1].dtype == np.dtype("<f8")
    assert np.array_equal(got[1], np.arange(6).reshape(2, 3))
    assert np.array_equal(got[2], got[1])
    assert got[3].tolist() == [5.0, 3.0, 1.0]
    assert [(each.dtype.name, each.shape) for each in got[4:10]] == [
        ("int16", ()),
        ("float32", (0, 3)),
        ("complex64", (1,)),
        ("bool", (2,)),
        ("float16", ()),
        ("bool", ()),
    ]
    assert str(got[10]) == "-0.0"
    assert np.isnan(got[11])
    assert got[12] == 10**400


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("records", "holds no plain numbers"),
        ("long_integer", "too long"),
        ("broadcast", "may cross"),
        ("too_large", "may cross"),
    ],
)
def test_what_cannot_cross_says_why(worker: Worker, function: str, reason: str) -> None:
    """A result that cannot cross is an error with the reason."""
    with pytest.raises(NotTransportable, match=reason):
        answer(worker, function)


@pytest.mark.parametrize(
    ("function", "reason"),
    [("recursive", "holds itself"), ("object_inside", "Decimal"), ("unfolding", "as an array")],
)
def test_container_that_cannot_cross_says_why(worker: Worker, function: str, reason: str) -> None:
    """A container stays in the box behind a handle, and fetching it says why it cannot cross."""
    handle = answer(worker, function)
    with pytest.raises(NotTransportable, match=reason):
        worker.fetch(handle)


@pytest.mark.parametrize("function", ["texts", "dates"])
def test_arrays_that_hold_no_numbers_are_fetched(worker: Worker, function: str) -> None:
    """They stay behind a handle, since whoever computes expects numbers, and cross when they are asked for."""
    assert worker.fetch(answer(worker, function)).dtype.kind in "UM"


def test_mixed_container_is_fetched_whole(worker: Worker) -> None:
    """A container of plain values is fetched with all it holds."""
    got = worker.fetch(answer(worker, "mixture"))
    assert got[:3] == [1, "a", None]
    assert got[3][1]["k"][0].tolist() == [0, 1, 2]


def test_generator_stays_in_the_box(worker: Worker) -> None:
    """A generator comes as a handle that names its type."""
    assert answer(worker, "generator").type_name == "generator"


def test_extended_precision_is_rounded_and_flagged(worker: Worker) -> None:
    """Long doubles arrive as doubles, and staff can see that they were rounded."""
    real, imaginary = answer(worker, "precise")
    assert (real.dtype, imaginary.dtype) == (np.float64, np.complex128)
    assert any("rounded" in flag for flag in worker.flags)


@pytest.mark.parametrize(("function", "wanted"), [("agreeable", [0.0, 1.0, 2.0]), ("masked", [1.0, 2.0])])
def test_subclass_arrives_as_what_it_holds(worker: Worker, function: str, wanted: list[float]) -> None:
    """An array that lies about itself arrives as the plain array it holds."""
    got = answer(worker, function)
    assert type(got) is np.ndarray
    assert got.tolist() == wanted


def test_number_that_equals_everything_is_a_number_here(worker: Worker) -> None:
    """A float with its own idea of equality arrives as the float it is underneath."""
    got = answer(worker, "equal")
    assert type(got) is float
    assert got == 2.5


def test_text_arrives_without_surrogates(worker: Worker) -> None:
    """A string that no file could hold arrives cleaned."""
    assert answer(worker, "surrogate") == "a?b"


@pytest.mark.parametrize(
    ("function", "name"),
    [
        ("exit_now", "SystemExit"),
        ("interrupt", "KeyboardInterrupt"),
        ("mute", "Mute"),
        ("nameless", "Nameless"),
    ],
)
def test_odd_exceptions_are_student_errors(worker: Worker, function: str, name: str) -> None:
    """Exits, interrupts and exceptions that hide their text or name are errors of the student's code."""
    with pytest.raises(StudentError) as caught:
        answer(worker, function)
    assert caught.value.type_name == name


def test_exception_text_is_cleaned(worker: Worker) -> None:
    """Terminal codes and direction marks are gone from an exception's text; markup is the reader's to escape."""
    with pytest.raises(StudentError) as caught:
        answer(worker, "coloured")
    assert caught.value.text == "\ufffd[31mred\ufffd <b>bold</b> =1+1 \ufffd"


def test_closed_streams_do_not_matter(worker: Worker) -> None:
    """A submission that closes its standard streams is still answered for."""
    assert answer(worker, "quiet_stream") == 1
    assert answer(worker, "equal") == 2.5
