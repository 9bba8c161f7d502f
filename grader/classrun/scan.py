"""Look at what lies there: what is as it was when it was registered last is not opened again."""

from __future__ import annotations

import hashlib
import os
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from grader.course.assignment import Assignment
from grader.gradebook import Content, Received
from grader.intake import SubmissionUnreadable, read_contents
from grader.intake.arrivals import Arrival
from grader.intake.collector import DEFAULT_CAPS
from grader.results import GRADER_FAILED, GRADER_FAULT, Flag


def scan(
    arrivals: Sequence[Arrival],
    known: Mapping[str, Content],
    engine: str,
    assignment: Assignment,
    step: Callable[[str], None],
) -> tuple[Received, ...]:
    """Find out the content of each arrival.

    Parameters
    ----------
    known
        What was found at the last look, by candidate.
    engine
        Version of the engine: another one may read the same file otherwise.
    step
        Called with each name when it is done.
    """
    received = []
    for arrival in arrivals:
        fingerprint = fingerprint_of(arrival.candidate.path, engine)
        content = known.get(arrival.candidate.id)
        if content is None or content.fingerprint != fingerprint:
            content = _read(arrival, fingerprint, assignment)
        received.append(Received(arrival, content))
        step(arrival.candidate.id)
    return tuple(received)


def fingerprint_of(path: Path, engine: str) -> str:
    """Return a digest of names, sizes and times below `path`, as one can have it without opening anything."""
    digest = hashlib.sha256(engine.encode())
    for name, status in islice(_statuses(path), DEFAULT_CAPS.entries):  # reading refuses more
        facts = (name, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        digest.update(repr(facts).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _statuses(path: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Walk below `path` in a fixed order, however deep; links are looked at and not followed."""
    try:
        yield str(path), path.stat()
    except OSError:
        return  # reading it will say what is wrong
    folders = [str(path)] if path.is_dir() else []
    while folders:
        try:
            with os.scandir(folders.pop()) as entries:
                listed = sorted(entries, key=lambda each: each.name)
            for entry in listed:
                yield entry.path, entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
        except OSError:
            continue


def _read(arrival: Arrival, fingerprint: str, assignment: Assignment) -> Content:
    try:
        submission = read_contents(arrival.candidate, assignment)
    except SubmissionUnreadable as error:
        return Content(fingerprint, None, error=str(error))
    except Exception:  # one submission that breaks the reader must not cost the others theirs
        fault = Flag(GRADER_FAULT, traceback.format_exc())
        return Content(fingerprint, None, (fault,), GRADER_FAILED)
    return Content(fingerprint, submission.sha256, submission.flags)
