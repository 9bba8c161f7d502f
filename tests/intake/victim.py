"""Read hostile hand-ins one after the other, each followed by a right one, and print what became of them.

Run as a program, under limits of its own: what it reads was made to take all the memory and time there is.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from itertools import count
from pathlib import Path

from grader.course.assignment import load_assignment
from grader.course.repository import Course
from grader.intake import (
    Candidate,
    Reader,
    ReleaseSource,
    SubmissionUnreadable,
    decode_submission,
    write_stage,
)


def main(root: Path, right: Path, hostile: Path, stages: Path) -> None:
    """Print a line of JSON for each hand-in: what was said, in which time, and the most memory so far."""
    release = ReleaseSource.of(Course(root), load_assignment(root / "assignments/cnn"))
    numbers = count()
    with Reader.open(root, "cnn") as reader:
        for path in (right, *(each for bad in sorted(hostile.iterdir()) for each in (bad, right))):
            started = time.perf_counter()
            try:
                submission = decode_submission(reader.read(Candidate("x", path)), "x")
            except SubmissionUnreadable as error:
                said = error.reason
            else:
                write_stage(submission, release, stages / str(next(numbers))).carry()
                flags = (*submission.arrival_flags, *submission.flags)
                said = " ".join(["read:", *sorted({flag.kind for flag in flags})])
            seconds = time.perf_counter() - started
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            print(json.dumps([path.stem, said, seconds, peak]), flush=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
