"""`invoke report`: write what a class learned as a static site."""

from __future__ import annotations

from rich.text import Text

from grader.bank.bank_file import BankError
from grader.commands.terminal import open_console, watching
from grader.course.assignment import AssignmentError
from grader.intake import IntakeError
from grader.reporting import ReportError
from grader.reporting.class_report import ReportOptions, report_class
from grader.sandbox import BoxFailed

WRITTEN = 0
NOTHING_DONE = 2


def run_report(options: ReportOptions) -> int:
    """Write the site and say where; return the exit code."""
    console = open_console()
    try:
        with watching(console) as progress:
            index, notes = report_class(options, progress)
    except (AssignmentError, BankError, BoxFailed, IntakeError, ReportError) as error:
        console.print(Text(str(error), "red"))
        return NOTHING_DONE
    for note in notes:
        console.print(Text(f"- {note}"))
    console.print(Text(f"Report: {index}"))
    return WRITTEN
