"""`numgrade init` and `invoke new`: a course, and an assignment to be rewritten into the one that is wanted."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.text import Text

from grader.authoring.new import create_assignment, create_course
from grader.authoring.release import release
from grader.commands.terminal import open_console
from grader.course.assignment import AssignmentError
from grader.course.regions import AuthoringError
from grader.course.repository import Course

NEXT = """\
Next: read docs/writing-a-homework.md, rewrite {folder}, and whenever you like:
  invoke release --assignment {id}     make what students receive
  invoke grade --assignment {id}       grade the sample class
  invoke validate --assignment {id}    see what is missing before it may be handed out"""


def run_new(root: Path, homework_id: str) -> int:
    """Make the homework and its first release; return the exit code."""
    console = open_console()
    repository = Course(root)
    try:
        files = create_assignment(repository, homework_id)
        release(repository.load(homework_id), root)
    except (AuthoringError, AssignmentError) as error:
        console.print(Text(str(error), "red"))
        return 1
    folder = f"assignments/{homework_id}"
    for path in files:
        console.print(Text(f"  {path.relative_to(root).as_posix()}"))
    console.print(Text(f"Made {folder}: {len(files)} files and its first release."))
    console.print(Text(NEXT.format(id=homework_id, folder=folder)))
    return 0


def run_init(folder: Path) -> int:
    """Make a course in `folder`; return the exit code."""
    console = open_console()
    try:
        files = create_course(folder)
    except (AuthoringError, OSError) as error:
        console.print(Text(str(error), "red"))
        return 1
    for path in files:
        console.print(Text(f"  {path.as_posix()}"))
    console.print(
        Text(f"Made a course in {folder}: {len(files)} files.\nNext: cd {shlex.quote(str(folder))}")
    )
    console.print(Text("  numgrade new hw1    make an assignment that passes every gate, to be rewritten"))
    return 0
