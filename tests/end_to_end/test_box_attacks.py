"""Attacks on the box, in both tiers, by a grader that is root and by one that is not."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import time
from typing import Any

import pytest

from tests.sandbox.attack_run import running
from tests.sandbox.attacks import ATTACKS, Attack
from tests.sandbox.places import PLACES, Place


@pytest.fixture(params=PLACES, ids=str, scope="module")
def place(request: pytest.FixtureRequest) -> Place:
    """One place to test in, skipped where it cannot be had."""
    chosen: Place = request.param
    reason = chosen.impossible()
    if reason:
        pytest.skip(reason)
    return chosen


@pytest.fixture(scope="module")
def result(place: Place) -> dict[str, Any]:
    """What came of all attacks in that place, run once for all tests."""
    return place.run()


@pytest.mark.parametrize("attack", ATTACKS, ids=str)
def test_attack_comes_to_nothing(result: dict[str, Any], attack: Attack) -> None:
    """Each attack ends as it must: refused, killed or told apart, with the grader unharmed."""
    outcome = result["outcomes"][str(attack)]
    assert re.fullmatch(attack.wanted, outcome, re.DOTALL)


def test_closed_box_leaves_no_process(result: dict[str, Any]) -> None:
    """After all attacks, a closed box leaves no process behind, not even an orphan."""
    assert result["children"] == "none"
    assert result["running"] == []


def test_killed_grader_leaves_no_process(place: Place) -> None:
    """A grader killed outright while a worker loops takes every process of its box with it."""
    with subprocess.Popen(**place.command("--hold"), stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout is not None
        told = json.loads(grader.stdout.readline())
        assert running(told["trace"])
        grader.send_signal(signal.SIGKILL)
    gone = _gone(told["trace"])
    # Killed outright, the grader could not remove its folders.
    for folder in told.values():
        shutil.rmtree(folder)
    assert gone


def _gone(trace: str, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while running(trace):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
