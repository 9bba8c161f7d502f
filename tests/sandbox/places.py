"""Where the sandbox can be tested: as which user, with which interpreter, in which tier."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]

# An ordinary user nobody else on the machine is.
_ORDINARY = 65533


@dataclass(frozen=True)
class Place:
    """One combination to test.

    Attributes
    ----------
    isolation
        The tier.
    root
        Whether the grader runs as root, else as an ordinary user.
    """

    isolation: str
    root: bool

    def __str__(self) -> str:
        return f"{self.isolation}-{'root' if self.root else 'user'}"

    def impossible(self) -> str:
        """Return why this cannot be tested here, or ''."""
        if not sys.platform.startswith("linux"):
            return "only Linux isolates"
        if self.isolation == "A" and not shutil.which("bwrap"):
            return "bubblewrap is not installed"
        if self.root and os.geteuid() != 0:
            return "the tests do not run as root"
        if not self.root and not interpreter(self._user()):
            return "an ordinary user can start no Python of this version here, or not read the checkout"
        return ""

    def _user(self) -> int | None:
        return _ORDINARY if os.geteuid() == 0 and not self.root else None

    def command(self, *arguments: str) -> dict[str, Any]:
        """Return the arguments of `subprocess.Popen` that start `attack_run` in this place."""
        user = self._user()
        program = [interpreter(user), "-m", "tests.sandbox.attack_run", "--isolation", self.isolation]
        return {"args": [*program, *arguments], **as_user(user)}

    def run(self) -> dict[str, Any]:
        """Run all attacks here; return what the program printed."""
        done = subprocess.run(**self.command(), capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr
        result: dict[str, Any] = json.loads(done.stdout)
        return result


PLACES = tuple(Place(isolation, root) for root in (True, False) for isolation in ("A", "B"))


def as_user(user: int | None) -> dict[str, Any]:
    """Return the arguments of `subprocess.Popen` that run a program as `user`, with the grader to import."""
    packages = str(Path(np.__file__).resolve().parents[1])
    path = os.pathsep.join([str(ROOT), packages])
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    other = {"user": user, "group": user, "extra_groups": []} if user is not None else {}
    return {"cwd": ROOT, "env": environment, **other}


def interpreter(user: int | None) -> str:
    """Return an interpreter of this version that `user` can start with the grader and NumPy, or ''."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    test = f"import sys, numpy, grader.sandbox; assert sys.version.startswith({version!r})"
    for program in (sys.executable, f"/usr/bin/python{version}", "/usr/bin/python3"):
        try:
            command = [program, "-c", test]
            done = subprocess.run(command, **as_user(user), capture_output=True, check=False)  # noqa: S603
        except OSError:
            continue
        if done.returncode == 0:
            return program
    return ""
