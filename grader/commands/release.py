"""`numgrade release` and `numgrade solution`: what students receive, and the solution as a page."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.authoring.check_release import check_release, leftovers
from grader.authoring.git import write_git
from grader.authoring.release import release
from grader.authoring.solution_page import solution_page
from grader.commands.terminal import command
from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.reporting.files import ReportError
from grader.reporting.text import counted


@command(refused=1)
def run_release(
    console: Console, root: Path, assignment_id: str, *, check: bool, to: str = "", folder: Path | None = None
) -> int:
    """Release the assignment, or with `check` only say what stands in the way; return the exit code."""
    assignment = Course(root).load(assignment_id)
    if to not in {"", "git"}:
        raise ReportError(
            f"--to is {to}; a release goes to dist/, and with `--to git` into a repository as well"
        )
    if not check:
        console.print(Text(str(release(assignment, root))))
        for each in leftovers(assignment, Course(root)):
            console.print(Text(str(each), "yellow"))
        if to:
            _release_to_git(console, assignment, Course(root), folder)
        return 0
    problems = check_release(assignment, root)
    for problem in problems:
        console.print(Text(f"{problem.path}: {problem.message}", "red"))
        if problem.detail:
            console.print(Text(problem.detail))
    if problems:
        verdict = f"{counted(len(problems), 'problem')}: {assignment.id} may not be handed out like this."
        console.print(Text(verdict, "red"))
        return 1
    starter = f"{assignment.folders.starter}/"
    console.print(
        Text(f"{starter} is up to date and nothing hidden is in what students of {assignment.id} get.")
    )
    return 0


def _release_to_git(console: Console, assignment: Assignment, course: Course, folder: Path | None) -> None:
    target = folder or course.dist / f"{assignment.id}-git"
    changed = write_git(assignment, course, target)
    said = (
        f"{target}: {counted(len(changed), 'file')} changed. Commit it and push it as a template repository."
    )
    console.print(Text(said), soft_wrap=True)


@command(refused=1)
def run_solution(console: Console, root: Path, assignment_id: str, out: str) -> int:
    """Print the solution as a page of the documentation, to `out` or docs/solution-ID.md; return the exit code."""
    repository = Course(root)
    assignment = repository.load(assignment_id)
    path = Path(out) if out else root / "docs" / f"solution-{assignment.id}.md"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(solution_page(repository, assignment), encoding="utf-8")
    except OSError as error:
        raise ReportError(
            f"{path} cannot be written ({error.strerror}); name another file with --out"
        ) from error
    console.print(Text(f"Written: {path}"))
    return 0
