"""A check that does not end is stopped wherever Python runs it, and nothing is left behind of the one that does."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress

import pytest

from grader.results import Outcome
from grader.student import timelimit
from grader.student.session import STRIKES, run_public_checks
from grader.student.timelimit import TimeUp, time_limit
from tests.student.workspaces import edit, make_workspace


@pytest.fixture(autouse=True)
def untraced():
    """Run without a tracer, such as that of coverage: an exception raised inside it would be lost with it."""
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


def test_a_loop_that_never_ends_is_stopped():
    """The exception comes out of the block, through handlers of ordinary exceptions."""
    with pytest.raises(TimeUp), time_limit(0.05, "a loop"):
        while True:
            try:
                sum(range(10))
            except Exception:
                raise AssertionError from None


def test_a_loop_that_catches_everything_is_stopped_in_the_end():
    """It is raised again and again, until it is let through."""
    caught = 0
    with pytest.raises(TimeUp), time_limit(0.05, "a loop"):
        while True:
            try:
                while True:
                    sum(range(10))
            except BaseException:
                caught += 1
                if caught > 1:
                    raise


def wait_for_watches(before: int) -> None:
    """Wait until no more threads run than before; a watch that stays would go on for a minute."""
    while threading.active_count() > before:
        time.sleep(0.005)


def test_what_ends_in_time_is_left_alone():
    """No thread stays."""
    before = threading.active_count()
    for _ in range(20):
        with time_limit(60.0, "short work"):
            pass
    wait_for_watches(before)


def test_an_exception_that_comes_too_late_is_taken_back(monkeypatch):
    """Between the last instruction of the block and its end, time may run out: what follows goes on undisturbed."""
    raised = []
    monkeypatch.setattr(timelimit, "_raise_in", lambda _thread, error: raised.append(error))
    with time_limit(0.01, "work"):
        time.sleep(0.1)
    assert raised[0] is TimeUp
    assert raised[-1] is None


def test_no_time_at_all_disturbs_nothing_that_follows():
    """Time that is up while the watch begins or ends is told in the block, or not at all."""
    before = threading.active_count()
    for _ in range(200):
        with suppress(TimeUp), time_limit(0.0, "nothing"):
            pass
    wait_for_watches(before)


def test_what_cannot_be_stopped_is_said(monkeypatch, capsys):
    """Compiled code sees no exception; the person at the keyboard is told what to do."""
    monkeypatch.setattr(timelimit, "AGAIN_SECONDS", 0.01)
    monkeypatch.setattr(timelimit, "_raise_in", lambda _thread, _error: None)
    monkeypatch.setattr(timelimit.sys, "__stderr__", timelimit.sys.stderr)
    with time_limit(0.01, "conv_forward_naive:biases"):
        time.sleep(0.6)
    assert "conv_forward_naive:biases is still running" in capsys.readouterr().err


def test_checks_go_on_after_one_that_does_not_end(tmp_path):
    """Each check has its time; after two of a function its others are not tried, and other functions are."""
    workspace = make_workspace(tmp_path, solved=True)
    edit(
        workspace,
        "nndl/conv_layers.py",
        "def max_pool_forward_naive(x, pool_param):",
        "def max_pool_forward_naive(x, pool_param):\n    while True:\n        x = x\n\n\ndef unused(x, pool_param):",
    )
    run = run_public_checks(workspace, ("max_pool_forward_naive", "conv_forward_naive"), seconds=1.0)
    pools = [each for each in run.results if each.family == "max_pool_forward_naive"]
    assert {each.outcome for each in pools} == {Outcome.TIMEOUT}
    assert len(pools) > STRIKES
    for each in pools[:STRIKES]:
        assert "stopped in nndl/conv_layers.py, line" in each.judgement.message
    assert all("not tried" in each.judgement.message for each in pools[STRIKES:])
    assert {each.outcome for each in run.results if each not in pools} == {Outcome.PASSED}
    assert not run.interrupted
