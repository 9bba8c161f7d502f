"""Coverage-guided fuzzing of what reads strangers' bytes: one module per target, each with a harness and its seeds.

A harness takes any bytes and returns, or fails where a property does not hold: nothing but the documented refusal is
raised, what is read comes back the same way, and nothing leaves its folder. Time and memory are the fuzzer's to watch.
`python -m tests.fuzz TARGET --seconds 1200` looks for such bytes; `numgrade validate --certify` does it for
a minute each. What is found becomes an entry of the target's ``FOUND`` once it is mended, and a test from then on.
"""

from __future__ import annotations

TARGETS = ("frames", "archives", "notebooks", "layouts", "sheets")
"""The modules of this package that hold a harness ``run``, its ``SEEDS``, what was ``FOUND``, and ``WORDS`` to try."""
