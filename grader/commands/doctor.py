"""`numgrade doctor` and `numgrade setup`: what this machine can do, and compiling the course's fast layers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.classrun.machine import Health, course_findings, isolation_findings, machine_findings
from grader.commands.terminal import command
from grader.course.repository import Course
from grader.sandbox import Isolation, diagnose_isolation

BUILD = "setup.py"


@command()
def run_doctor(console: Console, root: Path) -> int:
    """Print what was found; return non-zero where submissions could not be graded in isolation."""
    reports = diagnose_isolation()
    findings = (*isolation_findings(reports), *machine_findings(), *course_findings(Course(root)))
    table = Table(box=None, pad_edge=False)
    for heading in ("", "", "", "what to do"):
        table.add_column(heading, overflow="fold")
    styles = {Health.GOOD: "green", Health.LIMITED: "yellow", Health.MISSING: "red"}
    for each in findings:
        state = Text(each.state.value, styles[each.state])
        table.add_row(Text(each.subject), state, Text(each.detail), Text(each.advice))
    console.print(table)
    isolated = any(each.works for each in reports if each.isolation is not Isolation.NONE)
    return 0 if isolated else 1


@command(refused=1)
def run_setup(console: Console, root: Path) -> int:
    """Build every support package that has something to build; return the exit code."""
    course = Course(root)
    assignments = [course.load(each) for each in course.assignment_ids]
    packages = {course.support(each) / name for each in assignments for name in each.release.support}
    builds = sorted(each for each in packages if (each / BUILD).is_file())
    build = (sys.executable, BUILD, "--quiet", "build_ext", "--inplace")
    failed = [each for each in builds if subprocess.run(build, cwd=each, check=False).returncode]  # noqa: S603
    for package in failed:
        console.print(Text(f"{package.name} could not be built; see above", "red"))
    return 1 if failed else 0
