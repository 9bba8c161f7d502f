"""Look at what lies there: what is as it was when it was registered last is not opened again."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from grader.classrun.unchanged import digest_of, statuses
from grader.course.limits import GIBIBYTE
from grader.gradebook import Content, Received
from grader.intake import Candidate, Reader, Submission, SubmissionUnreadable, decode_submission
from grader.intake.arrivals import Arrival
from grader.intake.collector import DEFAULT_CAPS
from grader.results import GRADER_FAILED, GRADER_FAULT, Flag

_MOST_KEPT = 2 * GIBIBYTE
"""Bytes of frames in the temporary folder; of a class that has more, some submissions are read twice."""


class Frames:
    """Submissions as the reader hands them over, each read once and kept in a file until it is graded.

    Parameters
    ----------
    folder
        An empty folder that goes with the run.
    engine
        Version of all that judges: another one may read the same file otherwise.
    """

    def __init__(self, reader: Reader, folder: Path, engine: str) -> None:
        self._reader = reader
        self._folder = folder
        self._engine = engine
        self._as_read: dict[str, str] = {}
        self._kept = 0

    def fingerprint(self, candidate: Candidate) -> str:
        """Return what tells, without opening anything, whether a candidate is still as it was."""
        return fingerprint_of(candidate.path, self._engine)

    def read(self, candidate: Candidate) -> Submission:
        """Read a candidate and keep its frame.

        Raises
        ------
        SubmissionUnreadable
            It cannot be read.
        BoxFailed
            The reader does not start, or has a fault.
        """
        fingerprint = self.fingerprint(candidate)
        frame = self._reader.read(candidate)
        submission = decode_submission(frame, candidate.id)
        if self._kept + len(frame) <= _MOST_KEPT:
            with suppress(OSError):  # a full disk costs a second reading, not a result
                self._file(submission.sha256).write_bytes(frame)
                self._kept += len(frame)
                self._as_read[candidate.id] = fingerprint
        return submission

    def frame(self, sha256: str, candidate: Candidate) -> Path | bytes | None:
        """Return the frame of a candidate, None when it is no longer what it was when it was registered."""
        kept = self._file(sha256)
        if kept.exists() and self._as_read.get(candidate.id) == self.fingerprint(candidate):
            return kept
        try:
            frame = self._reader.read(candidate)
        except SubmissionUnreadable:
            return None
        return frame if decode_submission(frame, candidate.id).sha256 == sha256 else None

    def drop(self, sha256: str) -> None:
        """Forget the frame of what has been graded."""
        self._file(sha256).unlink(missing_ok=True)

    def _file(self, sha256: str) -> Path:
        return self._folder / sha256


def scan(
    arrivals: Sequence[Arrival], known: Mapping[str, Content], frames: Frames, step: Callable[[str], None]
) -> tuple[Received, ...]:
    """Find out the content of each arrival.

    Parameters
    ----------
    known
        What was found at the last look, by candidate.
    frames
        Reads what is not as it was known.
    step
        Called with each name when it is done.
    """
    received = []
    for arrival in arrivals:
        fingerprint = frames.fingerprint(arrival.candidate)
        content = known.get(arrival.candidate.id)
        if content is None or content.fingerprint != fingerprint:
            content = _read(arrival.candidate, fingerprint, frames)
        received.append(Received(arrival, content))
        step(arrival.candidate.id)
    return tuple(received)


def _read(candidate: Candidate, fingerprint: str, frames: Frames) -> Content:
    try:
        submission = frames.read(candidate)
    except SubmissionUnreadable as error:
        return Content(fingerprint, None, error=str(error))
    except Exception:  # one submission that breaks the reader must not cost the others theirs
        fault = Flag(GRADER_FAULT, traceback.format_exc())
        # Under no fingerprint: the next run reads it again, whether or not it has changed.
        return Content("", None, (fault,), GRADER_FAILED)
    return Content(fingerprint, submission.sha256, submission.arrival_flags)


def fingerprint_of(path: Path, engine: str) -> str:
    """Return what tells whether what lies at `path` is as it was; of more entries than these reading takes none."""
    return digest_of(islice(statuses(path), DEFAULT_CAPS.entries), engine)
