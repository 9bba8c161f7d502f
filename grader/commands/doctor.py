"""`invoke doctor`: what this machine can do for grading, what it cannot, and what to install."""

from __future__ import annotations

from pathlib import Path

from rich.table import Table
from rich.text import Text

from grader.classrun.machine import Health, course_findings, isolation_findings, machine_findings
from grader.commands.terminal import open_console
from grader.course.repository import Course
from grader.sandbox import Isolation, diagnose_isolation


def run_doctor(root: Path) -> int:
    """Print what was found; return non-zero where submissions could not be graded in isolation."""
    console = open_console()
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
