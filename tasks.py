"""Every task that a person or CI runs. `invoke --list` is the table of contents, `numgrade --help TASK` the manual."""

from __future__ import annotations

import shlex
import sys
from functools import partial
from typing import TYPE_CHECKING

from invoke import task as invoke_task

from numgrade import namespace

if TYPE_CHECKING:
    from invoke import Context

PYTHON = shlex.quote(sys.executable)  # goes through a shell, and a folder may have a space in its name

# Of this repository alone: the engine is developed here. Options have long names, as those of the engine's tasks.
task = partial(invoke_task, auto_shortflags=False)


@task(help={"only": "a folder or file below tests/"})
def test(c: Context, only: str = "") -> None:
    """Run the test suite."""
    c.run(f"{PYTHON} -m pytest {only or 'tests'}", pty=sys.stdout.isatty())


@task
def lint(c: Context) -> None:
    """Check format, style and types."""
    c.run(f"{PYTHON} -m ruff format --check .")
    c.run(f"{PYTHON} -m ruff check .")
    c.run(f"{PYTHON} -m mypy")


@task(
    positional=["what"],
    help={
        "what": "layers, scaling, train, grade, class or notebook",
        "json": "also write the figures to this file",
        "quick": "fewer rounds",
        "size": "how many submissions the class has",
    },
)
def bench(c: Context, what: str, json: str = "", quick: bool = False, size: str = "") -> None:
    """Measure: the fast layers, one training step, or what grading costs beside the student's own code."""
    options = (
        f"{f' --json {json}' if json else ''}{' --quick' if quick else ''}{f' --size {size}' if size else ''}"
    )
    c.run(f"{PYTHON} -m benchmarks {what}{options}", pty=sys.stdout.isatty())


for _each in (test, lint, bench):
    namespace.add_task(_each)
