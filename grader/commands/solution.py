"""`invoke solution`: print the solution as one page of the documentation."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from grader.authoring.solution_page import solution_page
from grader.commands.terminal import open_console
from grader.course.assignment import AssignmentError
from grader.course.regions import AuthoringError
from grader.course.repository import Course


def run_solution(root: Path, assignment_id: str, out: str) -> int:
    """Write the page to `out`, or to docs/solution-ID.md; return the exit code."""
    console = open_console()
    repository = Course(root)
    try:
        assignment = repository.load(assignment_id)
        path = Path(out) if out else root / "docs" / f"solution-{assignment.id}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(solution_page(repository, assignment), encoding="utf-8")
    except (AssignmentError, AuthoringError, OSError) as error:
        console.print(Text(str(error), "red"))
        return 1
    console.print(Text(f"Written: {path}"))
    return 0
