"""`numgrade review`: say by which link the class is looked at, and serve it."""

from __future__ import annotations

import gc
import importlib.util
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from grader.commands.terminal import command, logged_in
from grader.results import Refusal

if TYPE_CHECKING:
    from grader.review.access import Reviewer

DONE = 0
NEEDED = ("starlette", "uvicorn")


class NotInstalled(Refusal):
    """What serves pages is not installed; the message says how to."""


@command(interrupted="The review has ended. Everything that was entered is in the gradebook")
def run_review(console: Console, /, root: Path, **asked: Any) -> int:
    """Serve the review until it is interrupted; return the exit code."""
    if missing := [each for each in NEEDED if importlib.util.find_spec(each) is None]:
        raise NotInstalled(
            f"the review needs {' and '.join(missing)}; install the extra: python -m pip install 'numgrade[review]'"
        )
    gc.disable()  # what is imported and read to begin with stays: to look through it again and again is a fifth of it
    try:
        return _review(console, root, **asked)
    finally:
        gc.enable()


def _review(console: Console, root: Path, **asked: Any) -> int:
    from grader.review.serve import ReviewOptions, serve_review  # noqa: PLC0415 - an extra

    options = ReviewOptions(root=root, **asked)
    options = options if options.who else replace(options, who=logged_in())

    def say(links: Sequence[tuple[Reviewer, str]]) -> None:
        for reviewer, link in links:
            console.print(Text(f"{reviewer.name} ({reviewer.role}): {link}"))
        console.print(Text("Each link lets one person in; end with Ctrl C"))

    serve_review(options, say)
    return DONE
