"""The documentation shows what commands print."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_what_commands_print_is_what_is_shown() -> None:
    """Every command of the pages is run again, in a course made for it; `invoke docs --write` writes what changed."""
    done = subprocess.run(
        [sys.executable, "docs/keep.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
