"""`invoke adjust`: give or take points by hand, with the reason, and bring the class's files up to date."""

from __future__ import annotations

import getpass
import math
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.classrun.open import gradebook_at
from grader.classrun.run import show_again
from grader.commands.terminal import command, signed, watching
from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.gradebook import decide, open_gradebook
from grader.reporting.text import one_line
from grader.results import WHOLE, Decision, DecisionKind, Refusal

DONE = 0

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class AdjustOptions:
    """What the command line asked for; `who` empty means whoever is logged in."""

    root: Path
    student: str
    part: str
    points: str
    why: str
    who: str = ""
    assignment: str = ""
    out: Path = Path("grades")
    gradebook: str = ""


class AdjustmentRefused(Refusal):
    """The adjustment cannot be entered as asked; the message says what to do."""


@command()
def run_adjust(console: Console, options: AdjustOptions) -> int:
    """Enter the adjustment and say what it comes to; return the exit code."""
    assignment = Course(options.root).load(options.assignment)
    adjustment = _adjustment(options, assignment)
    with open_gradebook(_gradebook(options)) as book, watching(console) as progress:
        (given,) = decide(book, assignment.id, [(options.student, adjustment)])
        shown = show_again(book, assignment, options.out, progress)
    if not shown:
        where = f"{options.out} shows no class of {assignment.id}; the next `invoke grade` counts it in"
        console.print(Text(where))
    # Under the name that was asked for: who gave an anonymous one is not to learn another.
    student, who, why = (one_line(each, _LONGEST) for each in (options.student, given.who, given.why))
    console.print(Text(f"{student}: {signed(given.points)} in {given.part} by {who} at {given.when}: {why}"))
    return DONE


def _gradebook(options: AdjustOptions) -> str | Path:
    """Return where the gradebook is; what is entered into a new one would count for nobody."""
    where = gradebook_at(options.gradebook, options.out)
    if isinstance(where, Path) and not where.exists():
        raise AdjustmentRefused(
            f"there is no gradebook {where}; name the folder of reports with --out, or the gradebook with --gradebook"
        )
    return where


def _adjustment(options: AdjustOptions, assignment: Assignment) -> Decision:
    if options.part != WHOLE:
        assignment.part(options.part)
    try:
        points = float(options.points)
    except ValueError:
        points = math.nan
    if not math.isfinite(points) or not points:
        raise AdjustmentRefused(
            f"{options.points!r} is no number of points; write 2 to give two, --points=-2 to take two"
        )
    if not options.why.strip():
        raise AdjustmentRefused('say why with --why "..."; the student reads it')
    return Decision(options.part, DecisionKind.ADD, points, options.why.strip(), options.who or _logged_in())


def _logged_in() -> str:
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # a container may have no name for its user
        raise AdjustmentRefused("nobody is logged in under a name; say who decides it with --who") from None
