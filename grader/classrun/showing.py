"""Write what a class is shown from the gradebook: pages that changed, then grades.json, grades.csv and the index."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from grader import __version__
from grader.classrun.classwork import LONG
from grader.commands.terminal import GradeTable, progress
from grader.course.assignment import Assignment
from grader.course.version import presentation_version
from grader.gradebook import (
    Gradebook,
    Standing,
    counting,
    final_reports,
    notebooks_of,
    published,
    source_of_section,
)
from grader.reporting import write_submission_page, writing_class
from grader.reporting.stamps import PageStamps
from grader.results import SCHEMA, ClassReport, SubmissionReport


def show_class(
    book: Gradebook, section_id: int, assignment: Assignment, out: Path, console: Console
) -> GradeTable:
    """Bring the files in `out` to the published state; return the table that says it all in the terminal.

    A few reports at a time are in memory. What would come out the same is not written again.
    """
    standings = sorted(
        counting(book, published(book, section_id, assignment), assignment), key=lambda each: each.shown
    )
    source = source_of_section(book, section_id)
    stamps = PageStamps(out, presentation_version(assignment), source)
    current = {each.arrival_id for each in standings if stamps.is_current(each.shown, each.digest)}
    table = GradeTable(assignment)
    with ExitStack() as stack:
        writers: list[Callable[[SubmissionReport], None]] = [table.add]
        if not stamps.covers_class():
            header = ClassReport(SCHEMA, assignment.id, assignment.version, __version__, ())
            writers.append(stack.enter_context(writing_class(header, assignment, out)))
        step = stack.enter_context(progress(console, len(standings) - len(current), "Writing", LONG))
        reports = final_reports(book, standings, assignment)
        for standing, report in zip(standings, reports, strict=True):
            if standing.arrival_id not in current:
                write_submission_page(_with_notebooks(book, standing, report), assignment, out)
                step(standing.shown)
            for write in writers:
                write(report)
    stamps.save()
    return table


def _with_notebooks(book: Gradebook, standing: Standing, report: SubmissionReport) -> SubmissionReport:
    if standing.grading_id is None:
        return report
    return replace(report, notebooks=notebooks_of(book, standing.grading_id))
