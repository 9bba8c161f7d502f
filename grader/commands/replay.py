"""`numgrade replay`: run one check again on one submission, and leave a program that makes the same calls."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.classrun.open import downloaded, prepare
from grader.classrun.options import GradeOptions
from grader.commands.terminal import command, watching
from grader.gradebook import open_gradebook, source_shown_in
from grader.gradebook.database import gradebook_at, is_there
from grader.gradebook.decisions import did_you_mean, student_named
from grader.gradebook.errors import UnknownStudent
from grader.grading import load_grader
from grader.intake import Candidate, decode_submission
from grader.intake.arrivals import Arrival
from grader.replay import PROGRAM, NothingToReplay, replay
from grader.reporting.files import page_name
from grader.reporting.text import one_line

DONE = 0

_LONGEST = 2_000


@command()
def run_replay(console: Console, options: GradeOptions, *, student: str, check: str) -> int:
    """Replay, and say where the program is; return the exit code."""
    options, who = _as_shown(options, student)
    assignment, plan = prepare(options)
    grader = load_grader(plan)
    folder = (
        options.out
        / "replay"
        / f"{page_name(student).removesuffix('.html')}-{page_name(check).removesuffix('.html')}"
    )
    with watching(console) as progress, downloaded(options, assignment, progress) as download:
        theirs = {each.candidate.id: each.candidate for each in download.arrivals if who in _names(each)}
        if not theirs:
            known = [each.candidate.id for each in download.arrivals]
            raise NothingToReplay(
                f"nobody called {student!r} is in {options.source}{did_you_mean(student, known)}"
            )
        candidate: Candidate = list(theirs.values())[-1]
        submission = decode_submission(grader.reader.read(candidate), student)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        record = replay(grader, submission, check, folder)
    console.print(
        Text(f"{record.verdict.outcome}: {one_line(record.verdict.message, _LONGEST)}".rstrip(": "))
    )
    console.print(
        Text(
            f"The same calls outside of any box, with hidden inputs, for staff alone: python {folder / PROGRAM}"
        )
    )
    return DONE


def _names(arrival: Arrival) -> set[str]:
    return {arrival.candidate.id, arrival.student.id}


def _as_shown(options: GradeOptions, student: str) -> tuple[GradeOptions, str]:
    """Return the options with the folder that `out` shows, and who an anonymous id stands for."""
    place = gradebook_at(options.gradebook, options.out)
    if not is_there(place):
        return options, student
    with open_gradebook(place) as book:
        shown = source_shown_in(book, options.out)
        if shown and options.submissions is None:
            source = Path(shown[1])
            options = replace(options, assignment=shown[0], submissions=source if source.exists() else None)
        with book.reading() as session:
            try:
                assignment = shown[0] if shown else options.assignment
                return options, student_named(session, assignment, student).id
            except UnknownStudent:
                return options, student
