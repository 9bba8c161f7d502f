"""`invoke release`: make what students receive, or check that what is there may be handed out."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.authoring.check_release import check_release
from grader.authoring.release import release
from grader.commands.terminal import open_console
from grader.course.assignment import AssignmentError
from grader.course.regions import AuthoringError
from grader.course.repository import Course
from grader.reporting.text import counted


def run_release(root: Path, assignment_id: str, *, check: bool) -> int:
    """Release the assignment, or with `check` only say what stands in the way; return the exit code."""
    console = open_console()
    try:
        assignment = Course(root).load(assignment_id)
        if not check:
            console.print(Text(str(release(assignment, root))))
            return 0
        problems = check_release(assignment, root)
    except (AssignmentError, AuthoringError) as error:
        console.print(Text(str(error), "red"))
        return 1
    for problem in problems:
        _print(console, f"{problem.path}: {problem.message}", problem.detail)
    if problems:
        console.print(
            Text(
                f"{counted(len(problems), 'problem')}: {assignment.id} may not be handed out like this.",
                "red",
            )
        )
        return 1
    console.print(
        Text(
            f"{assignment.folders.starter}/ is up to date and nothing hidden is in what students of "
            f"{assignment.id} get."
        )
    )
    return 0


def _print(console: Console, headline: str, detail: str) -> None:
    console.print(Text(headline, "red"))
    if detail:
        console.print(Text(detail))
