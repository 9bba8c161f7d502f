"""`invoke export`: write the scores for Canvas, Moodle, Gradescope, JUnit or a spreadsheet."""

from __future__ import annotations

from rich.text import Text

from grader.commands.terminal import open_console
from grader.course.assignment import AssignmentError
from grader.course.repository import CourseKeyError
from grader.intake import IntakeError
from grader.reporting import ReportError
from grader.reporting.exports.export import ExportOptions, ExportRefused, export

ALL_WRITTEN = 0
SOMEONE_LEFT_OUT = 1
NOTHING_DONE = 2


def run_export(options: ExportOptions) -> int:
    """Export and say what was written and who was left out; return the exit code."""
    console = open_console()
    try:
        exported = export(options)
    except (AssignmentError, CourseKeyError, ExportRefused, IntakeError, ReportError) as error:
        console.print(Text(str(error), "red"))
        return NOTHING_DONE
    console.print(Text(exported.written))
    for note in exported.notes:
        console.print(Text(f"- {note}"))
    return SOMEONE_LEFT_OUT if exported.notes else ALL_WRITTEN
