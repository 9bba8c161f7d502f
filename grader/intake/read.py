"""Read one candidate into memory, whitelisted and under caps."""

from __future__ import annotations

import io
import os
import stat
from pathlib import PurePosixPath

from grader.course.assignment import Assignment
from grader.intake.archives import read_archive
from grader.intake.collector import Collector
from grader.intake.contents import Contents, content_hash
from grader.intake.discover import Candidate
from grader.intake.folders import opened, read_folder, why_not_opened
from grader.intake.names import ARCHIVE_SUFFIXES, archive_suffix, printable, without_archive_suffix
from grader.intake.whitelist import DEFAULT_CAPS, Caps


def read_contents(candidate: Candidate, assignment: Assignment, caps: Caps = DEFAULT_CAPS) -> Contents:
    """Read the Python files, notebooks and weights of `candidate`; nothing is written and nothing is run.

    Links, special files and files of an implausible size are left out and flagged. An archive within is
    opened, one level deep, when it is the only one and no answer lies beside it.

    Raises
    ------
    SubmissionUnreadable
        It cannot be opened or unpacked, is encrypted, a bomb or too large, holds an unsafe name or one name
        twice, or holds nothing that counts.
    """
    collector = Collector(candidate.id, assignment.weights, _answer_names(assignment), caps)
    try:
        with opened(candidate.path) as descriptor:
            _read_opened(descriptor, collector)
    except OSError as error:
        collector.fail(f"{why_not_opened(error)}; put the folder or archive itself in its place")
    _read_archive_within(collector)
    _refuse_clashes(collector)
    files = dict(sorted(collector.files.items()))
    return Contents(candidate.id, content_hash(files), files, collector.flags)


def _answer_names(assignment: Assignment) -> frozenset[str]:
    return frozenset(
        PurePosixPath(path).name.lower()
        for layout in assignment.layouts
        for path in (*layout.answers, *layout.answers.values())
    )


def _read_opened(descriptor: int, collector: Collector) -> None:
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(mode):
        read_folder(descriptor, collector)
    elif stat.S_ISREG(mode):
        with open(descriptor, "rb", closefd=False) as file:
            read_archive(file, collector)
    else:
        collector.fail("is neither a folder nor an archive")


def _read_archive_within(collector: Collector) -> None:
    within, names = collector.archive, collector.archives
    if within is not None and not collector.has_answers:
        path, data = within
        read_archive(io.BytesIO(data), collector, f"{without_archive_suffix(path)}/")
        names = collector.archives[1:]
    if not collector.files:
        collector.fail(f"holds no Python file and no notebook{_only_archives(names)}")
    if names:
        listed = ", ".join(map(printable, names[:5]))
        collector.flag("nested_archive", f"not opened, because it is not the only work handed in: {listed}")


def _only_archives(names: list[str]) -> str:
    if not names:
        return "; hand in the folder with your modules and notebooks"
    if len(names) > 1:
        return f", but {len(names)} archives; hand in one of them, or unpack them first"
    if archive_suffix(names[0]) not in ARCHIVE_SUFFIXES:
        return f", but '{printable(names[0])}'; hand in a .zip or .tar.gz"
    return ", but archives in archives; hand in the innermost"


def _refuse_clashes(collector: Collector) -> None:
    """Refuse a file that is a folder too; note names that differ in case only: some disks mix them up."""
    lower: dict[str, str] = {}
    for path in sorted(collector.files):
        for folder in PurePosixPath(path).parents:
            if str(folder) in collector.files:
                collector.fail(f"holds '{printable(str(folder))}' both as a file and as a folder")
        other = lower.setdefault(path.casefold(), path)
        if other != path:
            collector.flag("case_clash", f"{printable(other)} and {printable(path)} differ in case only")
