"""Read strangers' submissions in a child with limits, one candidate at a time, each into one frame."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from grader.course.repository import Course
from grader.intake.arrivals import Candidate, SubmissionUnreadable
from grader.intake.contents import read_contents
from grader.intake.frames import BOUNDS, frame_of, read_frame
from grader.intake.prepare import prepare_contents
from grader.intake.release import ReleaseSource
from grader.intake.submission import REFUSAL, encode_submission
from grader.sandbox.box.codec import Buffer, Malformed, Unsendable, parse_prefix
from grader.sandbox.errors import ProtocolViolation, WorkerDied, WorkerOutOfMemory, WorkerTimeout
from grader.sandbox.reader import LimitedChild, ReaderLimits, Work

_OWN_FILES = "hand in the assignment's own files only, as Jupyter and your editor saved them"

_NO_LIMITS = ReaderLimits()


class Reader:
    """Reads submissions to one assignment. Use it from one thread, which must live as long.

    ::

        with Reader.open(root, "hw5") as reader:
            for candidate in find_submissions(folder, packages):
                submission = decode_submission(reader.read(candidate), candidate.id)    # or SubmissionUnreadable
    """

    def __init__(self, child: LimitedChild, limits: ReaderLimits) -> None:
        self._child = child
        self._limits = limits

    @classmethod
    def open(
        cls,
        root: Path,
        assignment_id: str,
        *,
        answers: bool = False,
        at_once: bool = True,
        forked: bool = False,
        limits: ReaderLimits = _NO_LIMITS,
    ) -> Self:
        """Start the child, without waiting until it is ready.

        Parameters
        ----------
        root
            The course's repository.
        answers
            Whether the texts of the answers are wanted, too, which takes longer than all else.
        at_once
            Whether the child starts now; else when there is something to read.
        forked
            Whether it is forked from this process, if that can be.
        """
        arguments = [str(root), assignment_id, *(["answers"] if answers else [])]
        child = LimitedChild("grader.intake.reader:reading", arguments, limits)
        if at_once:
            child.start(forked=forked)
        return cls(child, limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        """Process number of the present child, 0 when there is none."""
        return self._child.pid

    def read(self, candidate: Candidate) -> bytes:
        """Return the frame of one submission, for `decode_submission`.

        Raises
        ------
        SubmissionUnreadable
            It cannot be read, with a reason for the student. Where it took too much or ended the child, the next
            candidate gets a new one.
        BoxFailed
            The child does not start, or has a fault.
        """
        try:
            frame = self._child.ask(os.fsencode(candidate.path))
            if parse_prefix(frame, BOUNDS)[0] != REFUSAL:
                return frame
            reason = read_frame(frame, str)
        except WorkerTimeout:
            reason = f"takes more than {self._limits.cpu_seconds} seconds to read; {_OWN_FILES}"
        except WorkerOutOfMemory:
            size = self._limits.address_space // 2**20
            reason = f"takes more than {size} MiB of memory to read; {_OWN_FILES}"
        except (WorkerDied, ProtocolViolation, Malformed) as error:
            reason = f"cannot be read: {error}; {_OWN_FILES}"
        raise SubmissionUnreadable(candidate.id, reason)

    def close(self) -> None:
        """End the child."""
        self._child.close()


def reading(root: str, assignment_id: str, *wanted: str) -> Work:
    """Return what the child does with the path of a candidate."""
    repository = Course(Path(root))
    assignment = repository.load(assignment_id)
    release = ReleaseSource.of(repository, assignment)

    def work(request: bytes) -> Sequence[Buffer]:
        try:
            contents = read_contents(Candidate("", Path(os.fsdecode(request))), assignment)
            submission = prepare_contents(
                contents, assignment, release, answers=bool(wanted), code=not wanted
            )
            return encode_submission(submission)
        except SubmissionUnreadable as error:
            return frame_of(error.reason, REFUSAL)
        except RecursionError:
            return frame_of(f"is nested too deeply to be read; {_OWN_FILES}", REFUSAL)
        except Unsendable as error:
            return frame_of(f"is too large to be a submission: {error}; {_OWN_FILES}", REFUSAL)

    return work
