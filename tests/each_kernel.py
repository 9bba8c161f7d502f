"""`python -m tests.each_kernel [CHOICE ...]`: the gate of cnn and the notebooks with each kernel and way to convolve.

A box has an environment of its own, which no variable reaches. So each choice runs in a copy of this course, whose
cs231n makes it when it is imported, there and in the process that judges. It takes minutes for each.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.subjects import load_fast_layers

ROOT = Path(__file__).resolve().parent.parent
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "__pycache__", "build", "graded*", "site")


def main(choices: list[str]) -> int:
    """Run what is asked for, or all there is; return how many choices failed."""
    layers = load_fast_layers()
    choices = choices or [*layers.kernels_cython.kernels(), "numpy", *layers.ALGORITHMS]
    return sum(_fails(each, "CONVOLUTION" if each in layers.ALGORITHMS else "KERNEL") for each in choices)


def _fails(choice: str, what: str) -> bool:
    """Run everything with one choice; say how it went, and show the end of what failed."""
    commands = {
        "gate": ("grader", "validate", "--assignment", "cnn"),
        "notebooks": ("pytest", "-q", "-p", "no:cacheprovider", "tests/solutions"),
    }
    with TemporaryDirectory(prefix=f"{choice}-") as name:
        course = Path(name) / "course"
        shutil.copytree(ROOT, course, ignore=LEFT_OUT)
        with (course / "starter" / "cs231n" / "__init__.py").open("a", encoding="utf-8") as package:
            package.write(f'\nimport os\n\nos.environ.setdefault("FAST_LAYERS_{what}", "{choice}")\n')
        said = {
            each: subprocess.run(  # noqa: S603 - this course's own commands
                [sys.executable, "-m", *words],
                cwd=course,
                env={**os.environ, "PYTHONPATH": str(course)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            for each, words in commands.items()
        }
    failed = [each for each, done in said.items() if done.returncode]
    print(f"{choice}: {' and '.join(failed) + ' failed' if failed else 'passed'}", flush=True)
    for each in failed:
        print(said[each].stdout[-3000:])
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
