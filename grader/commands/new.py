"""`numgrade init` and `invoke new`: a course, and an assignment to be rewritten into the one that is wanted."""

from __future__ import annotations

import shlex
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.authoring.new import create_assignment, create_course
from grader.authoring.release import release
from grader.commands.terminal import command
from grader.course.regions import AuthoringError
from grader.course.repository import Course

NEXT = """\
Next: read docs/writing-a-homework.md, rewrite {folder}, and whenever you like:
  invoke release --assignment {id}     make what students receive
  invoke grade --assignment {id}       grade the sample class
  invoke validate --assignment {id}    see what is missing before it may be handed out"""


@command(refused=1)
def run_new(console: Console, root: Path, assignment_id: str) -> int:
    """Make an assignment and its first release; return the exit code."""
    repository = Course(root)
    files = create_assignment(repository, assignment_id)
    release(repository.load(assignment_id), root)
    folder = f"assignments/{assignment_id}"
    for path in files:
        console.print(Text(f"  {path.relative_to(root).as_posix()}"))
    console.print(Text(f"Made {folder}: {len(files)} files and its first release."))
    console.print(Text(NEXT.format(id=assignment_id, folder=folder)))
    return 0


@command(refused=1)
def run_init(console: Console, folder: Path) -> int:
    """Make a course in `folder`; return the exit code."""
    try:
        files = create_course(folder)
    except OSError as error:
        raise AuthoringError(f"no course can be made in {folder} ({error.strerror})") from error
    for path in files:
        console.print(Text(f"  {path.as_posix()}"))
    console.print(
        Text(f"Made a course in {folder}: {len(files)} files.\nNext: cd {shlex.quote(str(folder))}")
    )
    console.print(Text("  numgrade new hw1    make an assignment that passes every gate, to be rewritten"))
    return 0
