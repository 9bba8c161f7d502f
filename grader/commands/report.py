"""`numgrade report` and `numgrade export`: what a class learned as a static site, and its scores for a platform."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from grader.commands.terminal import command, watching
from grader.reporting.class_report import ReportOptions, report_class
from grader.reporting.exports.export import ExportOptions, export

ALL_WRITTEN = 0
SOMEONE_LEFT_OUT = 1


@command()
def run_report(console: Console, options: ReportOptions) -> int:
    """Write the site and say where; return the exit code."""
    with watching(console) as progress:
        index, notes = report_class(options, progress)
    for note in notes:
        console.print(Text(f"- {note}"))
    console.print(Text(f"Report: {index}"))
    return ALL_WRITTEN


@command()
def run_export(console: Console, options: ExportOptions) -> int:
    """Export and say what was written and who was left out; return the exit code."""
    exported = export(options)
    console.print(Text(exported.written))
    for note in exported.notes:
        console.print(Text(f"- {note}"))
    return SOMEONE_LEFT_OUT if exported.notes else ALL_WRITTEN
