"""Compile the given fast layers; where that fails, everything works on without them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from itertools import chain
from pathlib import Path

from grader.student.homework import Homework, HomeworkError

SETUP = "setup.py"
LOG = "build.log"
FAILED = "could not be compiled"
"""What the given setup.py says of a build that failed; for it that is no error, because NumPy stands in."""

LONGEST_REASON = 120
"""Characters of the last error that are shown; a compiler's whole command line is for the log."""

COMPILERS = {
    "win32": "the Build Tools for Visual Studio, with `Desktop development with C++`",
    "darwin": "the Xcode command line tools: xcode-select --install",
    "linux": "gcc; on Debian or Ubuntu: sudo apt install build-essential python3-dev",
}


@dataclass(frozen=True, slots=True)
class BuildResult:
    """What became of a build: whether it succeeded, and one message for a person."""

    done: bool
    message: str


def build_fast_layers(
    homework: Homework, python: str = sys.executable, platform: str = sys.platform
) -> BuildResult:
    """Compile the extension beside its source; keep the compiler's own words in a file.

    Raises
    ------
    HomeworkError
        There is nothing to build.
    """
    setup = next(iter(sorted(homework.root.glob(f"*/{SETUP}"))), None)
    if setup is None:
        raise HomeworkError(
            f"{homework.root} has no package with a {SETUP}. Either this homework has nothing to compile, which "
            "its README.md says, or it was not unpacked whole: then unpack it again."
        )
    folder = setup.parent
    done = subprocess.run(  # noqa: S603  # the homework's own build, with this Python
        [python, SETUP, "build_ext", "--inplace"],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0 and FAILED not in done.stdout and _compiled(folder):
        return BuildResult(True, f"The fast layers in {folder.name} are compiled. Restart running notebooks.")
    (folder / LOG).write_text(done.stdout, encoding="utf-8")
    return BuildResult(False, _failure(done.stdout, Path(folder.name) / LOG, platform))


def _compiled(folder: Path) -> bool:
    return any(path.name.endswith(tuple(EXTENSION_SUFFIXES)) for path in folder.iterdir())


def _failure(output: str, log: Path, platform: str) -> str:
    lines = [line.strip() for line in reversed(output.splitlines())]
    told = (line.partition(FAILED)[2].strip(": ") for line in lines if FAILED in line)
    reason = next(chain(told, (line for line in lines if "error" in line.lower())), "")
    # The end of a failed command says more than the beginning of its line.
    short = reason if len(reason) <= LONGEST_REASON else f"... {reason[-LONGEST_REASON:]}"
    said = f" ({short})" if short else ""
    compiler = COMPILERS.get(platform, "a C compiler")
    return (
        f"The fast layers could not be compiled{said}. Nothing else is affected: the homework works without "
        f"them, on slower NumPy code. What is usually missing is a C compiler: {compiler}. With one, run "
        f"`invoke build` again. All that was said is in {log.as_posix()}."
    )
