"""What several harnesses make of bytes, and the assignment that they read for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.intake import ReleaseSource
from grader.intake.arrivals import SubmissionUnreadable
from grader.intake.contents import Contents
from grader.intake.prepare import prepare_contents
from grader.intake.submission import Submission, decode_submission, encode_submission
from grader.sandbox.box.codec import Unsendable

ROOT = Path(__file__).resolve().parents[2]

CUT = b"\xff"
"""Parts the pieces of an input: in no UTF-8."""


@cache
def assignment() -> Assignment:
    """Return the assignment that is read for."""
    return Course(ROOT).load("cnn")


@cache
def release() -> ReleaseSource:
    """Return what its students received."""
    return ReleaseSource.of(Course(ROOT), assignment())


def pairs(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return the pieces of some bytes, two by two; a name and what belongs to it."""
    pieces = data.split(CUT)
    return list(zip(pieces[::2], [*pieces[1::2], b""], strict=False))


def prepared(contents: Contents) -> Submission | None:
    """Read a submission as the reader's child does, and hold it to come back the same from its frame."""
    try:
        submission = prepare_contents(contents, assignment(), release(), answers=True)
        frame = b"".join(map(bytes, encode_submission(submission)))
    except (SubmissionUnreadable, RecursionError, Unsendable):
        return None  # refusals, of which the child tells
    again = decode_submission(frame, submission.id)
    told = (again.sha256, again.modules, again.sources, again.roots, again.flags, again.notebooks)
    assert told == (
        submission.sha256,
        submission.modules,
        submission.sources,
        submission.roots,
        submission.flags,
        submission.notebooks,
    )
    return submission
