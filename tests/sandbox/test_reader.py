"""A child with limits: whatever a request does to it, that request alone has no answer."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.course.limits import MEBIBYTE
from grader.sandbox.box.lockdown import landlock_version
from grader.sandbox.errors import BoxFailed, WorkerDied, WorkerOutOfMemory, WorkerTimeout
from grader.sandbox.reader import LimitedChild, ReaderLimits

TARGET = "tests.sandbox.limited:works"
LIMITS = ReaderLimits(cpu_seconds=1, wall_seconds=3, used_up=100 * MEBIBYTE)


@pytest.fixture
def child() -> Iterator[LimitedChild]:
    """Return a child with little time."""
    made = LimitedChild(TARGET, [], LIMITS)
    yield made
    made.close()


def test_one_process_answers_all_requests(child: LimitedChild) -> None:
    """Starting it costs more than most requests."""
    first = child.ask(b"number")
    assert first != str(os.getpid()).encode()
    assert [child.ask(b"number") for _ in range(3)] == [first] * 3


def test_an_answer_of_any_size_arrives_whole(child: LimitedChild) -> None:
    """Sockets hold a fraction of it at once."""
    for size in (0, 1, 300_000, 5_000_000):
        request = b"echo " + os.urandom(1) * size
        assert child.ask(request) == request


@pytest.mark.parametrize(
    ("request_", "error", "words"),
    [
        (b"spin", WorkerTimeout, "processor"),
        (b"sleep", WorkerTimeout, "too long"),
        (b"grow", WorkerOutOfMemory, "memory"),
        (b"crash", WorkerDied, "SIGSEGV"),
        (b"leave", WorkerDied, "exit code 3"),
        (b"fail", BoxFailed, "a fault of the grader's"),
        (b"open", BoxFailed, "Too many open files"),
    ],
)
def test_what_ends_it_is_told_and_the_next_request_is_answered(
    request_: bytes, error: type[Exception], words: str, child: LimitedChild
) -> None:
    """A new child takes the place of one that was ended."""
    assert child.ask(b"echo 1") == b"echo 1"
    with pytest.raises(error, match=words):
        child.ask(request_)
    assert child.ask(b"echo 2") == b"echo 2"


def test_the_time_of_one_request_is_not_taken_from_the_next(child: LimitedChild) -> None:
    """The kernel counts a process's time from its beginning; each request is granted its own."""
    import_seconds = 0.3
    for _ in range(4):
        assert child.ask(b"echo " + b"x" * int(import_seconds * 10_000_000))


def test_one_that_has_grown_is_replaced(child: LimitedChild) -> None:
    """The next request finds as much room as the first."""
    assert child.ask(b"keep") != child.ask(b"number")


@pytest.mark.skipif(not landlock_version(), reason="this kernel has no Landlock")
def test_it_can_do_nothing_but_read_and_answer(child: LimitedChild, tmp_path: Path) -> None:
    """Not even what a parser with a hole in it would be made to do."""
    there = tmp_path / "file.there"
    there.touch()
    assert child.ask(b"reach " + os.fsencode(tmp_path / "file")) == b""
    assert list(tmp_path.iterdir()) == [there]


def test_one_that_cannot_start_says_why() -> None:
    """It is nobody's submission that is at fault."""
    child = LimitedChild(TARGET, ["broken"], LIMITS)
    with pytest.raises(BoxFailed, match="there is no such homework"):
        child.ask(b"echo")


def test_one_that_ends_at_once_says_what_it_printed() -> None:
    """As where the grader is not installed."""
    child = LimitedChild("tests.sandbox.limited:no_such_work", [], LIMITS)
    with pytest.raises(BoxFailed, match="no_such_work"):
        child.ask(b"echo")


def test_it_ends_with_its_owner(child: LimitedChild) -> None:
    """Nothing is left running."""
    number = int(child.ask(b"number"))
    child.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
