"""The command ``numgrade``, and the tasks that a course's tasks.py takes.

It stands beside the engine's package, so that it can tell when another package of that name is in the way.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path


def _another_grader() -> str | None:
    """Return the place of what is imported as ``grader`` where that is not the engine."""
    spec = find_spec("grader")
    if spec is None:
        return None
    where = spec.origin or next(iter(spec.submodule_search_locations or ()), "")
    engine = Path(__file__).resolve().parent / "grader"
    return None if Path(where).resolve().is_relative_to(engine) else where


if _found := _another_grader():
    sys.exit(
        f"Another package called grader is found before numgrade's: {_found}\n"
        "Rename it, or run from a folder and with a PYTHONPATH that does not reach it."
    )

from grader.tasks import main, namespace  # noqa: E402  # only now is it known whose grader this is

__all__ = ["main", "namespace"]
