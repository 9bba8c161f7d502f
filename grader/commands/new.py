"""`numgrade init`, `new` and `import`: a course, an assignment to be rewritten, and one of another grader."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from rich.console import Console
from rich.text import Text

from grader.authoring.from_nbgrader import read_nbgrader
from grader.authoring.from_otter import read_otter
from grader.authoring.imported import Imported, ImportRefused, write_imported
from grader.authoring.new import Form, create_assignment, create_course
from grader.authoring.release import release
from grader.classrun.machine import install, not_installed
from grader.commands.terminal import command
from grader.commands.validate import tell_rewritten
from grader.course.regions import AuthoringError, NewAssignmentError
from grader.course.repository import Course

NEXT = """\
Next: read "Writing an assignment" in numgrade's documentation, rewrite {folder}, and whenever you like:
  numgrade release --assignment {id}     make what students receive
  numgrade grade --assignment {id}       grade the sample class
  numgrade validate --assignment {id}    see what is missing before it may be handed out"""


@command(refused=1)
def run_new(
    console: Console,
    root: Path,
    assignment_id: str,
    *,
    notebook: bool = False,
    flat: bool = False,
    package: str = "",
) -> int:
    """Make an assignment and its first release; return the exit code."""
    repository = Course(root)
    if notebook + flat + bool(package) > 1:
        raise NewAssignmentError("say one of --notebook, --flat and --package: where the answers are")
    form = Form.NOTEBOOK if notebook else Form.FLAT if flat else Form.PACKAGE
    files = create_assignment(repository, assignment_id, form, package or "homework")
    release(repository.load(assignment_id), root)
    folder = f"assignments/{assignment_id}"
    for path in files:
        console.print(Text(f"  {path.relative_to(root).as_posix()}"))
    console.print(Text(f"Made {folder}: {len(files)} files and its first release."))
    console.print(Text(NEXT.format(id=assignment_id, folder=folder)))
    return 0


IMPORTED = """\
Next: read {folder}/assignment.toml, edit the tests in {folder}/inside, and:
  numgrade release --assignment {id}     make what students receive
  numgrade validate --assignment {id}    see that every test passes on the solution and none on what students receive"""

FORMATS: Mapping[str, Callable[[Path], Imported]] = MappingProxyType(
    {"nbgrader": read_nbgrader, "otter": read_otter}
)
"""Whose assignments can be imported."""


@command(refused=1)
def run_import(
    console: Console, root: Path, format: str, path: Path, assignment_id: str, *, rewrite: bool = False
) -> int:
    """Import an assignment of another grader; return the exit code."""
    if format not in FORMATS:
        raise ImportRefused(f"{format!r} is not known; what can be imported is of {' or '.join(FORMATS)}")
    if not path.exists():
        raise ImportRefused(f"{path} does not exist; name the folder or notebook to import")
    imported = FORMATS[format](path)
    for written in write_imported(imported, Course(root), assignment_id):
        console.print(Text(f"  {written.relative_to(root).as_posix()}"))
    assignment = Course(root).load(assignment_id)
    tests = sum(len(part.tests) for part in imported.parts)
    people = sum(not part.tests for part in imported.parts)
    console.print(
        Text(f"Imported {len(imported.parts)} questions: {tests} tests, {people} for people to judge.")
    )
    for note in imported.notes:
        console.print(Text(f"Not taken over: {note}", style="yellow"))
    lacking = not_installed(assignment)
    if lacking:
        console.print(
            Text(f"Its notebooks need {', '.join(lacking)} here. First {install(lacking)}", "yellow")
        )
    if rewrite and not lacking:
        tell_rewritten(console, root, assignment_id)
    console.print(Text(IMPORTED.format(id=assignment_id, folder=f"assignments/{assignment_id}")))
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
    console.print(Text("  numgrade new hw1    make a small assignment that works, to be rewritten"))
    return 0
