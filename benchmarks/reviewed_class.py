"""Make the gradebook of a class without grading: reports with the bank's diagnoses, code, and a part that waits."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

from grader.bank.entries import load_mistakes
from grader.course.assignment import Assignment
from grader.gradebook import (
    FILE,
    ClaimStore,
    Content,
    Gradebook,
    GradingRequest,
    PageRecord,
    Received,
    Section,
    finished,
    open_gradebook,
    publish,
    read_class,
    register,
)
from grader.intake import Candidate
from grader.intake.arrivals import Arrival, Person
from grader.results import (
    AnswerLines,
    CheckResult,
    CodeText,
    ErrorMap,
    Flag,
    NotebookPage,
    Outcome,
    Scope,
    SubmissionReport,
    WaitingPart,
)
from grader.scoring import part_totals, sums

SEED = 18
CHECKS = 3
LINES = 60
"""Checks of a part, and lines of an answer."""

MAP = ErrorMap(
    (2, 3, 4, 4), ("N", "C", "H", "W"), (1, 2, 3, 0), (1, 1), tuple((0, 1, 3, 5) for _ in range(4)), 24
)


def write_reviewed_class(
    out: Path,
    assignment: Assignment,
    size: int,
    *,
    key: str,
    hostile: Sequence[str] = (),
    book: Gradebook | None = None,
) -> None:
    """Write the gradebook that `numgrade grade --out` would leave of a class of `size`.

    Parameters
    ----------
    key
        The course key.
    hostile
        Texts that submissions put wherever they can.
    book
        Where it is written, such as a database; by default the file in `out`.
    """
    received = [
        Received(
            Arrival(
                Candidate(f"student-{at:04}", Path(f"student-{at:05}.zip")),
                Person(
                    f"student-{at:04}",
                    f"{_text(hostile, at)}Given{at:04} Family{at:04}",
                    f"s{at}@example.edu",
                ),
            ),
            Content(f"{at}", _sha256(at)),
        )
        for at in range(size)
    ]
    request = GradingRequest(assignment.version, "made", "{}")
    with nullcontext(book) if book else open_gradebook(out / FILE) as opened:
        entry = register(opened, Section(assignment.id, "made"), received, request, course_key=key)
        store = ClaimStore(opened)
        for report in made_reports(assignment, size, hostile):
            if claim := store.claim(report.sha256, entry.key):
                store.complete(claim, report)
        gradings = finished(opened, entry.key)
        with read_class(opened, entry.section_id, assignment) as state:
            standings = state.standings(gradings)
        publish(opened, entry.section_id, standings, PageRecord(str(out.resolve()), entry.section_id))


def made_reports(
    assignment: Assignment, size: int, hostile: Sequence[str] = ()
) -> Iterator[SubmissionReport]:
    """Yield reports: a third of the parts fail by one of few mistakes, and the last part waits for a person."""
    rng = random.Random(SEED)  # noqa: S311 - to repeat, not to keep secret
    sentences = [each.sentence for each in load_mistakes(assignment.folder)][:12]
    last = assignment.parts[-1]
    for at in range(size):
        text = _text(hostile, at)
        checks = tuple(
            check
            for part in assignment.parts[:-1]
            for check in _checks(part.id, part.points, rng, sentences, text)
        )
        waiting = (
            WaitingPart(
                last.id, last.points, written=f"{text}I *think* that it converges, since $x^2$ does."
            ),
        )
        score, most = sums(part_totals(checks, waiting=waiting))
        symbols = list(dict.fromkeys(part.symbol for part in assignment.parts))[:4]
        yield SubmissionReport(
            id="",
            sha256=_sha256(at),
            score=score,
            max_score=most,
            isolation="B",
            seconds=1.5,
            flags=(Flag("answer_elsewhere", f"{text}one answer was found in another file"),)
            if at % 7 == 0
            else (),
            checks=checks,
            waiting=waiting,
            code=(_code(symbols, at, text),),
            notebooks=(NotebookPage("report.ipynb", f"{text}ran", f"<p>{text}</p>"),) if hostile else (),
        )


def _sha256(at: int) -> str:
    return f"{at:064x}"


def _text(hostile: Sequence[str], at: int) -> str:
    return hostile[at % len(hostile)] if hostile else ""


def _checks(
    part: str, points: float, rng: random.Random, sentences: Sequence[str], text: str
) -> Iterator[CheckResult]:
    wrong = rng.random() < 1 / CHECKS
    sentence = rng.choice(sentences) if wrong else ""
    for number in range(CHECKS):
        fails = wrong and number > 0
        yield CheckResult(
            id=f"test_{part}_{number}",
            part=part,
            scope=Scope.HOMEWORK,
            outcome=Outcome.FAILED if fails else Outcome.PASSED,
            points=0.0 if fails else points / CHECKS,
            max_points=points / CHECKS,
            title=f"It is right for input {number}.",
            message=f"{text}Shape (2, 3, 4, 4): 24 of 96 entries differ; expected 0.25, got 0.75"
            if fails
            else "",
            diagnosis=sentence if fails else "",
            staff_note=f"{text}seen in the box" if fails else "",
            seconds=0.01,
            error_map=MAP if fails else None,
        )


def _code(symbols: Sequence[str], at: int, text: str) -> CodeText:
    lines, answers = [f"# handed in by {at}", f"# {text}".replace("\n", " "), "import numpy as np"], []
    for symbol in symbols:
        first = len(lines) + 1
        lines.append(f"def {symbol.rpartition('.')[2]}(x, w):")
        lines += (f"    x = x * {step} + w  # step" for step in range(LINES))
        answers.append(AnswerLines(symbol, first, len(lines)))
    return CodeText(
        "layers.py", "\n".join(lines), given=((3, 3),), answers=tuple(answers), places=("layers.py",)
    )
