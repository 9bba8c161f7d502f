"""Hand-ins that were made to hang, crash or starve the grader cost their own submission at most."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.intake.build import folder_of
from tests.intake.homework import SOLVED, SUPPORT, write_release
from tests.intake.hostile import HOSTILE, write

ROOT = Path(__file__).parents[2]
RIGHT = {**SOLVED, "cs231n/fast_layers.py": SUPPORT["cs231n/fast_layers.py"]}

MEBIBYTE = 2**20
TOO_MUCH = "takes more than"

REFUSED = {
    "archive_of_archives": "is a zip bomb",
    "tar_backwards": "negative size",
    "tar_header_of_gigabytes": "takes more than 1024 MiB of memory to read",
    "zip_of_many_members": "more than 200000 files and folders",
}
"""What has nothing in it to be graded, or cannot be told from what has not, and why."""

STARVING = {"source_of_statements", "notebook_of_empty_lists", "notebook_endless_program"}
"""What may be read where there is enough of everything, or be refused for taking too much."""

DAMAGED = {"tar_endless_pax"}
"""What tarfile reads over, or calls damaged since the correction of its extended headers that came to each Python."""


@dataclass(frozen=True)
class Outcome:
    """What became of a hand-in, and of the right one after it."""

    said: str
    seconds: float
    after: str


@dataclass(frozen=True)
class Run:
    """What a process saw that read all of them."""

    outcomes: Mapping[str, Outcome]
    right: str
    grown: int


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Read every hostile hand-in in a process with limits."""
    folder = tmp_path_factory.mktemp("hostile")
    root = write_release(folder / "repository")
    (root / "assignments").mkdir()
    (root / "assignments/cnn").symlink_to(ROOT / "assignments/cnn")
    right, bad = folder_of(folder / "right", RIGHT), folder / "bad"
    bad.mkdir()
    for name in HOSTILE:
        write(name, RIGHT, bad)
    done = subprocess.run(  # noqa: S603 - this repository's own program
        [sys.executable, "-m", "tests.intake.victim", *map(str, (root, right, bad, folder / "stages"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (4 * 2**30, 4 * 2**30)),
    )
    first, *lines = [json.loads(line) for line in done.stdout.splitlines()]
    pairs = zip(lines[::2], lines[1::2], strict=True)
    outcomes = {name: Outcome(said, seconds, after) for (name, said, seconds, _), (_, after, _, _) in pairs}
    return Run(outcomes, first[1], max(line[3] for line in lines) - first[3])


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_read_or_refused_with_a_reason(name: str, run: Run) -> None:
    """A student can act on the reason, and what does no harm is read with what was left out."""
    said = run.outcomes[name].said
    if name in REFUSED:
        assert REFUSED[name] in said
    else:
        told = (name in STARVING and said.startswith(TOO_MUCH)) or (name in DAMAGED and "is damaged" in said)
        assert said.startswith("read:") or told


@pytest.mark.parametrize("name", HOSTILE)
def test_the_next_submission_is_read_as_if_nothing_had_been(name: str, run: Run) -> None:
    """What one hand-in does to the reader is not the next one's matter."""
    assert run.outcomes[name].after == run.right


def test_none_takes_memory_of_the_process_that_asks(run: Run) -> None:
    """Only the child with limits takes what they ask for."""
    assert run.grown < 200 * MEBIBYTE


@pytest.mark.parametrize("name", ["path_too_long", "name_too_long", "tar_names_of_accents"])
def test_names_that_no_file_can_have_are_left_out_and_flagged(name: str, run: Run) -> None:
    """Before anything is asked of them that takes long."""
    assert "left_out" in run.outcomes[name].said
