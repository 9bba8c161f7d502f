"""What you can run in this folder; `invoke --list` shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from invoke.exceptions import Exit
from invoke.tasks import task

from grader.student import commands
from grader.student.session import CHECK_SECONDS

if TYPE_CHECKING:
    from invoke.context import Context


@task(
    help={
        "only": "a function or part, such as conv_forward_naive",
        "seconds": "how long one check may take before it is stopped",
        "json": "also write the results to this file",
        "ci": "also leave check-report/, and what GitHub, GitLab or Classroom 50 shows of it",
    }
)
def check(
    _context: Context, only: str = "", seconds: str = f"{CHECK_SECONDS:g}", json: str = "", ci: bool = False
) -> None:
    """Run the public checks on your code."""
    raise Exit(code=commands.check(only, seconds=seconds, json=json, ci=ci))


@task(help={"anyway": "pack also what is not finished or not saved"})
def submit(_context: Context, anyway: bool = False) -> None:
    """Run the public checks and pack the zip that you hand in."""
    raise Exit(code=commands.submit(anyway=anyway))


@task(
    positional=["release"],
    help={"release": "the new release: its zip, or the folder that it was unpacked into"},
)
def update(_context: Context, release: str) -> None:
    """Take a new release into your work: answers stay, a backup comes first."""
    raise Exit(code=commands.update(release))


@task
def build(_context: Context) -> None:
    """Compile the fast layers."""
    raise Exit(code=commands.build())
