"""`invoke setup`: compile the course's fast layers where they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rich.text import Text

from grader.commands.terminal import open_console
from grader.course.assignment import AssignmentError
from grader.course.repository import Course

BUILD = "setup.py"


def run_setup(root: Path) -> int:
    """Build every support package that has something to build; return the exit code."""
    console, course = open_console(), Course(root)
    try:
        assignments = [course.load(each) for each in course.assignment_ids]
    except AssignmentError as error:
        console.print(Text(str(error), "red"))
        return 1
    packages = {course.support(each) / name for each in assignments for name in each.release.support}
    builds = sorted(each for each in packages if (each / BUILD).is_file())
    command = (sys.executable, BUILD, "--quiet", "build_ext", "--inplace")
    failed = [each for each in builds if subprocess.run(command, cwd=each, check=False).returncode]  # noqa: S603
    for package in failed:
        console.print(Text(f"{package.name} could not be built; see above", "red"))
    return 1 if failed else 0
