"""What the fuzzers start from, and what they found before, is read as it should be."""

from __future__ import annotations

import importlib

import pytest

from tests.fuzz import TARGETS
from tests.fuzz.gate import fuzz


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_and_what_was_found_keep_the_properties(target: str) -> None:
    """No seed, and no input that once broke something, does."""
    harness = importlib.import_module(f"tests.fuzz.{target}")
    for data in (*harness.SEEDS, *harness.FOUND):
        harness.run(data)


def test_the_fuzzer_runs_and_finds_what_is_there() -> None:
    """A harness that holds is run many times; of one that does not, the input that breaks it is told."""
    pytest.importorskip("atheris", reason="atheris has no build for this Python or machine")
    figures, problems = fuzz("frames", seconds=1)
    assert (problems, len(figures)) == ([], 1)
    _, (said, given, *_) = fuzz("broken", seconds=20)
    assert "AssertionError" in said
    assert given.startswith("an input of broken: b'!")
