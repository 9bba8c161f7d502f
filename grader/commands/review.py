"""`numgrade review`: say by which link the class is looked at, and serve it.

What draws tables and bars is not loaded here: who opened the review waits for its first page.
"""

from __future__ import annotations

import gc
import importlib.util
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.course.roles import logged_in
from grader.reporting.text import shown_name
from grader.results import Refusal

if TYPE_CHECKING:
    from rich.console import Console

    from grader.review.access import Reviewer

DONE = 0
NEEDED = ("starlette", "uvicorn")


class NotInstalled(Refusal):
    """What serves pages is not installed; the message says how to."""


def run_review(root: Path, **asked: Any) -> int:
    """Serve the review until it is interrupted; return the exit code."""
    gc.disable()  # what is imported and read to begin with stays: to look through it again and again is a fifth of it
    try:
        return _review(root, **asked)
    except (Refusal, KeyboardInterrupt) as ended:
        return _told(ended)
    finally:
        gc.enable()


def _told(ended: BaseException) -> int:
    """Say why it ended as all commands do."""
    from grader.commands.terminal import command  # noqa: PLC0415 - see above

    @command(interrupted="The review has ended. Everything that was entered is in the gradebook")
    def raised(_console: Console) -> int:
        raise ended

    return raised()


def _review(root: Path, **asked: Any) -> int:
    if missing := [each for each in NEEDED if importlib.util.find_spec(each) is None]:
        raise NotInstalled(
            f"the review needs {' and '.join(missing)}; install the extra: python -m pip install 'numgrade[review]'"
        )
    from grader.review.serve import ReviewOptions, serve_review  # noqa: PLC0415 - an extra

    options = ReviewOptions(root=root, **asked)
    serve_review(options if options.who else replace(options, who=logged_in()), _say)
    return DONE


def _say(links: Sequence[tuple[Reviewer, str]]) -> None:
    for reviewer, link in links:
        print(
            f"{shown_name(reviewer.name)} ({reviewer.role}): {link}"
        )  # a console would break a long link in two
    print("Each link lets one person in; end with Ctrl C", flush=True)
