"""A harness that cannot bear one letter in front, for the fuzzer's own test."""

from __future__ import annotations

SEEDS = (b"all is well",)
FOUND: tuple[bytes, ...] = ()
WORDS = (b"!",)


def run(data: bytes) -> None:
    """Fail where the letter stands in front."""
    assert data[:1] != b"!"
