"""Every task that a person or CI runs. `invoke --list` is the table of contents, `numgrade --help TASK` the manual."""

from __future__ import annotations

import importlib.util
import shlex
import sys
import tempfile
from contextlib import suppress
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from invoke import Exit, task as invoke_task

from numgrade import namespace

if TYPE_CHECKING:
    from invoke import Context

PYTHON = shlex.quote(sys.executable)  # goes through a shell, and a folder may have a space in its name

CONSTRAINTS = Path(__file__).parent / "grader" / "constraints.txt"
EXTRAS = "dev,docs,notebooks,cluster,review"

# Of this repository alone: the engine is developed here. Options have long names, as those of the engine's tasks.
task = partial(invoke_task, auto_shortflags=False)


@task(help={"only": "a folder or file below tests/"})
def test(c: Context, only: str = "") -> None:
    """Run the tests of numgrade."""
    c.run(f"{PYTHON} -m pytest -n auto {only or 'tests'}", pty=sys.stdout.isatty())


@task
def lint(c: Context) -> None:
    """Check the format, style and types of numgrade's own code."""
    c.run(f"{PYTHON} -m ruff format --check .")
    c.run(f"{PYTHON} -m ruff check .")
    c.run(f"{PYTHON} -m mypy")


@task(
    positional=["what"],
    help={
        "what": "what to measure: layers, scaling, train, grade, class, notebook, import, colab, review, start, peers",
        "json": "also write the figures to this file",
        "quick": "fewer rounds",
        "size": "how many submissions the made-up class has",
        "made": "for class: measure what surrounds grading, on made-up reports",
        "against": "for review: formgrader judges the same class, to compare",
    },
)
def bench(  # one per option
    c: Context,
    what: str,
    json: str = "",
    quick: bool = False,
    size: str = "",
    made: bool = False,
    against: str = "",
) -> None:
    """Measure how fast numgrade is: `invoke bench grade`, `invoke bench review` and others."""
    options = (
        f"{f' --json {json}' if json else ''}{' --quick' if quick else ''}{f' --size {size}' if size else ''}"
        f"{' --made' if made else ''}{f' --against {against}' if against else ''}"
    )
    c.run(f"{PYTHON} -m benchmarks {what}{options}", pty=sys.stdout.isatty())


@task(help={"write": "first run every command on the pages, and write down what it prints"})
def docs(c: Context, write: bool = False) -> None:
    """Build the manual as a web site in site/."""
    if write:
        c.run(f"{PYTHON} docs/keep.py")
    if importlib.util.find_spec("mkdocs") is None:
        raise Exit("mkdocs is not installed; install it with: python -m pip install -e '.[docs]'", code=1)
    c.run(f"{PYTHON} -m mkdocs build --strict --quiet", env={"NO_MKDOCS_2_WARNING": "1"})


@task
def lock(c: Context) -> None:
    """Write grader/constraints.txt anew: the version of each package to install."""
    with tempfile.TemporaryDirectory() as folder:
        python = f"{shlex.quote(folder)}/bin/python"
        c.run(f"{PYTHON} -m venv {shlex.quote(folder)}")
        c.run(f"{python} -m pip install --quiet '.[{EXTRAS}]'")
        frozen = c.run(f"{python} -m pip freeze --all", hide="out").stdout.splitlines()
    pins = sorted((each for each in frozen if not each.startswith(("pip==", "numgrade"))), key=str.lower)
    CONSTRAINTS.write_text("\n".join([*_locked(comments=True), *pins, ""]), encoding="utf-8")


@task
def audit(c: Context) -> None:
    """List known vulnerabilities of the packages in grader/constraints.txt; needs a network."""
    if importlib.util.find_spec("pip_audit") is None:
        raise Exit("pip-audit is not installed; install it with: python -m pip install pip-audit", code=1)
    c.run(f"{PYTHON} -m pip_audit --no-deps --disable-pip --requirement {shlex.quote(str(CONSTRAINTS))}")


@task
def licences(_c: Context) -> None:
    """List the licences of the packages in grader/constraints.txt."""
    for name in (pin.partition("==")[0] for pin in _locked(comments=False)):
        with suppress(metadata.PackageNotFoundError):
            told = metadata.metadata(name)
            classes = [
                each.rpartition(" :: ")[2] for each in told.get_all("Classifier", []) if "License" in each
            ]
            words = told.get("License-Expression") or ", ".join(classes) or told.get("License", "not told")
            print(f"{name:28} {metadata.version(name):14} {words.splitlines()[0]}")


def _locked(*, comments: bool) -> list[str]:
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("#") is comments]


for _each in (test, lint, bench, docs, lock, audit, licences):
    namespace.add_task(_each)
