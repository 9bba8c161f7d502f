"""Replay one check: run it again on a submission, and write the same calls as a program that needs no grader."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

from grader.checking.run import CheckRecord, run_checks
from grader.checking.transcript import Transcript
from grader.grading import Grader, context_of, stage_of, student_in
from grader.intake import Submission
from grader.intake.submission import FULL, NAIVE
from grader.results import Refusal

PROGRAM = "replay.py"

_ROW = "# {}"


class NothingToReplay(Refusal):
    """There is no such check, or no such submission; the message says so."""


def replay(grader: Grader, submission: Submission, check: str, folder: Path) -> CheckRecord:
    """Run a check once more and write ``replay.py`` into a folder, with the files that it imports beside it.

    Inputs are those of every grading of the same content: they hang on the course key, the assignment's version, the
    submission and the check.

    Raises
    ------
    NothingToReplay
        The assignment has no check of that name.
    """
    transcript = Transcript()
    with stage_of(submission, grader) as stage, grader.box.showing(stage.roots) as box:
        followed = SimpleNamespace(worker=transcript.following(box.worker))
        student = student_in(followed, stage, grader.assignment)  # type: ignore[arg-type]  # all it asks a box for
        found = run_checks(context_of(submission, student, grader), lambda _mark, id: id == check)
        if not found:
            raise NothingToReplay(
                f"{grader.assignment.id} has no check {check!r}; the staff's page names each"
            )
        naive = grader.assignment.part(found[0].mark.part).naive
        _copy(stage.roots[NAIVE if naive else FULL], folder / "files")
    verdict = found[0].verdict
    said = "\n".join(
        _ROW.format(line) for line in (*verdict.message.split("\n"), *verdict.staff_note.split("\n"))
    )
    program = transcript.program(f"What check {check} asks of {submission.id}. It was {verdict.outcome}.")
    (folder / PROGRAM).write_text(f"{program}\n{said}\n", encoding="utf-8", errors="backslashreplace")
    return found[0]


def _copy(root: Path, folder: Path) -> None:
    """Copy what a box was shown, without bytecode, readable by nobody else."""
    for path in sorted(root.rglob("*")):
        where = folder / path.relative_to(root)
        if path.is_file() and "__pycache__" not in path.parts:
            where.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            where.write_bytes(path.read_bytes())
