"""Attacks fail, in every tier and for every user; what would succeed without isolation is seen to succeed."""

from __future__ import annotations

import json
import os
import subprocess
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from grader.course.repository import Course
from grader.sandbox import Isolation
from tests.sandbox.places import as_user, interpreter

ORDINARY_USER = 54321
"""Owns nothing on this machine."""

SAMPLE = (
    *("answer_zeros", "bomb_forks", "cheat_fast_layers", "end_one_function", "equal_array_subclass"),
    *("escape_by_signals", "escape_by_tcp", "feign_faults_by_name", "memory_between_rounds"),
    *(
        "numeric_conv_by_given_check",
        "pack_tar_outside",
        "patch_reply_text",
        "read_solution",
        "report_markup",
    ),
    *("report_hidden_inputs_in_places", "wire_forged_answer"),
)
"""One of each family and the most telling ones. `numgrade validate` runs them all."""


def run(repository: Course, isolation: Isolation, user: int | None, names: tuple[str, ...]) -> dict[str, Any]:
    """Run attacks in a process of their own, as another user if need be; return their results by name."""
    program = interpreter(user)
    if not program:
        pytest.skip("an ordinary user can start no Python of this version here, or not read the checkout")
    command = [program, "-m", "tests.attack_runner", str(repository.root)]
    command += ["--isolation", isolation.value, "--only", ",".join(names), "--jobs", "2"]
    setting = as_user(user)
    # Not pytest's own folder: that is closed to other users, and another session may tidy it away while this one runs.
    with TemporaryDirectory(prefix="attacks-") as home:
        if user is not None:
            os.chown(home, user, user)
        setting["env"] |= {"HOME": home, "TMPDIR": home}
        done = subprocess.run(  # noqa: S603  # our own program
            command, **setting, capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stderr
    return {each["name"]: each for each in json.loads(done.stdout)}


@pytest.mark.parametrize("tier", [Isolation.A, Isolation.B])
def test_attacks_fail(repository: Course, tiers: frozenset[Isolation], tier: Isolation) -> None:
    """An ordinary user's grader withstands as root's: points for honest work alone, no harm, nothing left behind.

    `numgrade validate` runs the whole corpus as the user it is started by.
    """
    if tier not in tiers:
        pytest.skip(f"isolation tier {tier} does not work on this machine")
    user = ORDINARY_USER if os.geteuid() == 0 else None
    results = run(repository, tier, user, SAMPLE)
    assert {name: each["problems"] for name, each in results.items() if each["problems"]} == {}
    assert results.keys() == set(SAMPLE)


def test_the_watch_is_awake(repository: Course) -> None:
    """Without isolation the same attacks are seen to succeed."""
    names = ("read_solution", "escape_by_tcp", "escape_by_daemon", "read_folders_above")
    results = run(repository, Isolation.NONE, None, names)
    problems = {name: " ".join(each["problems"]) for name, each in results.items()}
    assert "though the work is not done" in problems["read_solution"]
    assert "somebody reached" in problems["escape_by_tcp"]
    assert "left running" in problems["escape_by_daemon"]
    assert "BREACH" in problems["read_folders_above"]
    assert results["read_solution"]["score"] > 0
