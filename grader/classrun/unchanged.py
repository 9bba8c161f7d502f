"""Whether grading a class again would change anything: told by files alone, before what grades is loaded.

A run leaves a note beside its reports: a digest of what it had read, and one of what it left. While both are as they
were, nothing is to be done but to say the same again. In doubt there is no note, and the next run finds out by itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import grader
from grader.classrun.options import GradeOptions
from grader.course.assignment import Assignment
from grader.course.data_sets import data_sets_of
from grader.course.repository import BUILT_FOLDERS, KEY_VARIABLE, Course
from grader.progress import Notice, Progress, Step, Trainings
from grader.reporting.files import ReportPaths, write_atomically
from grader.results import GRADER_FAULT, ClassReport, SubmissionReport

NOTE = ".unchanged"
"""Name of the note in the folder of reports."""

_MOST_FILES = 1_000_000
"""Of more than these nothing is told."""

_INSTALLED = frozenset({".dist-info", ".egg-info", ".egg-link", ".pth"})
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many submissions are as they had been, how many were graded, and what is nobody's among what was read."""

    unchanged: int
    graded: int
    unowned: int = 0
    notes: tuple[str, ...] = ()


def kept(options: GradeOptions, assignment: Assignment) -> tuple[Counts, ClassReport] | None:
    """Return what a run would come to without running; None where it has something to do, or may have."""
    try:
        note = json.loads((options.out / NOTE).read_bytes())
        inputs, outputs, gradebook, submissions, unowned = map(
            note.get, ("inputs", "outputs", "gradebook", "submissions", "unowned")
        )
        if not inputs or inputs != _inputs(options, assignment):
            return None
        if outputs != _outputs(options.out, Path(gradebook)):
            return None
        from grader.reporting.grades_json import load  # noqa: PLC0415  # only now is it wanted

        report = load(ReportPaths(options.out).json)
    except (OSError, ValueError, TypeError, AttributeError):
        return None  # no note, or none of ours
    return Counts(submissions, 0, unowned, report.notes), report


def may_grade(options: GradeOptions, assignment: Assignment) -> bool:
    """Say whether a run with something to do has probably something to grade: a first one, or one of other files.

    Without a note, as beside a gradebook on a server, there may as well be nothing; to begin early would be in vain.
    """
    if options.fresh or not ReportPaths(options.out).json.exists():
        return True
    try:
        inputs = json.loads((options.out / NOTE).read_bytes())["inputs"]
    except (OSError, ValueError, TypeError, KeyError):
        return False
    return bool(inputs != _inputs(options, assignment))


class RunNote:
    """What is found out for the note while a run goes on.

    Make it before anything of the class is read: what changes while the run goes on is then seen by the next.
    """

    def __init__(self, options: GradeOptions, assignment: Assignment) -> None:
        self._out = options.out
        self._inputs = _inputs(options, assignment)
        self._heard: set[str] = set()
        self._certain = True

    def hearing(self, progress: Progress) -> Progress:
        """Return `progress`, listened to: what was to be told would not be told again."""

        def told(event: Step | Notice | Trainings) -> None:
            if isinstance(event, Notice):
                self._heard.add(event.text)
            progress(event)

        return told

    def seeing(self, seen: Callable[[SubmissionReport], None]) -> Callable[[SubmissionReport], None]:
        """Return `seen`, looked at as well: what the grader has not managed is tried again."""

        def looked_at(report: SubmissionReport) -> None:
            self._certain &= all(flag.kind != GRADER_FAULT for flag in report.flags)
            seen(report)

        return looked_at

    @contextmanager
    def showing(self, gradebook: str | Path) -> Iterator[None]:
        """Notice whether anybody else writes to the gradebook while the block shows what is in it."""
        before = _gradebook(gradebook)
        yield
        self._certain &= bool(before) and before == _gradebook(gradebook)

    def leave(self, gradebook: str | Path, counts: Counts) -> None:
        """Leave the note, the gradebook being closed."""
        told = self._heard - {f"- {each}" for each in counts.notes}
        if not (self._certain and self._inputs and isinstance(gradebook, Path)) or told:
            return
        outputs = _outputs(self._out, gradebook)
        if outputs:
            facts = {
                "inputs": self._inputs,
                "outputs": outputs,
                "gradebook": str(gradebook.resolve()),
                "submissions": counts.unchanged + counts.graded,
                "unowned": counts.unowned,
            }
            write_atomically(self._out / NOTE, json.dumps(facts))


def statuses(path: Path) -> Iterator[tuple[str, os.stat_result]]:
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


def digest_of(found: Iterable[tuple[str, os.stat_result]], *more: str) -> str:
    """Return a digest of names, sizes and times, as one can have it without opening anything."""
    digest = hashlib.sha256()
    for each in more:
        digest.update(each.encode("utf-8", "backslashreplace"))
    for name, status in found:
        facts = (name, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)
        digest.update(repr(facts).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()


def _inputs(options: GradeOptions, assignment: Assignment) -> str:
    """Return a digest of all that a run reads but the gradebook; empty for one that always has something to do."""
    if options.fresh or options.retrain or not options.files:
        return ""
    course, rules = Course(options.root), assignment.notebooks
    variable = os.environ.get(rules.data_variable, "") if rules.data_variable else ""
    written = (
        *sorted(path for path in course.root.iterdir() if path.is_file()),
        *(
            course.assignments,
            course.solution(assignment),
            course.starter(assignment),
            course.support(assignment),
        ),
        Path(grader.__file__).parent,
    )
    named = data_sets_of(assignment)
    whole = (
        options.submissions,
        options.data or (Path(variable) if variable else None),
        *(named[name] for name in sorted(named)),
    )
    found = [each for path in written for each in statuses(path) if _is_written(*each)]
    for path in whole:
        found += islice(statuses(path.resolve()) if path else (), _MOST_FILES)
    if len(found) >= _MOST_FILES or any(stat.S_ISLNK(status.st_mode) for _, status in found):
        return ""
    asked = replace(options, jobs="", scheduler="", cluster="")
    # The key's file is among those of the root. It is not opened: what reads submissions is forked after this.
    key = os.environ.get(KEY_VARIABLE, "")
    return digest_of(found, repr(asked), variable, *sorted(named), key, *_machine())


def _machine() -> Iterator[str]:
    """Yield what of this machine decides about verdicts, and how strongly submissions can be isolated here."""
    yield sys.version
    yield _BOOT.read_text(encoding="ascii") if _BOOT.exists() else ""
    bubblewrap = shutil.which("bwrap")
    yield digest_of(statuses(Path(bubblewrap))) if bubblewrap else ""
    for folder in sys.path:
        try:
            names = [path.name for path in Path(folder).iterdir() if path.suffix in _INSTALLED]
        except OSError:
            continue  # an archive, or not there
        yield from sorted(names)


def _outputs(out: Path, gradebook: Path) -> str:
    """Return a digest of what a run leaves; empty while somebody else has the gradebook open."""
    book = _gradebook(gradebook)
    beside = {gradebook.resolve(), (out / NOTE).resolve()}
    found = [each for each in statuses(out.resolve()) if _is_written(*each) and Path(each[0]) not in beside]
    return digest_of(found, book) if book and not _log_of(gradebook).exists() else ""


def _gradebook(where: str | Path) -> str:
    """Return what tells whether anything was written to a gradebook; empty where only the database could say."""
    if not isinstance(where, Path) or not where.exists():
        return ""
    return digest_of(each for path in (where.resolve(), _log_of(where)) for each in statuses(path))


def _log_of(gradebook: Path) -> Path:
    """Return where SQLite keeps what is not yet in the file itself, for as long as anybody has it open."""
    return gradebook.resolve().with_name(f"{gradebook.name}-wal")


def _is_written(name: str, status: os.stat_result) -> bool:
    """Say whether it is a file that somebody wrote: a folder's own times change with bytecode, too."""
    return not stat.S_ISDIR(status.st_mode) and BUILT_FOLDERS.isdisjoint(Path(name).parts)
