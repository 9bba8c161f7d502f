"""Write the stage that a box is shown: complete roots to import from."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import cache_from_source
from pathlib import Path

from grader.intake.names import folders_above
from grader.intake.release import ReleaseSource
from grader.intake.submission import CARRIED, FULL, NAIVE, ROOTS, Submission

FILE_MODE = 0o644
FOLDER_MODE = 0o755
"""A box runs as another user, who must be able to read everything and change nothing."""

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Stage:
    """A submission as a box is shown it.

    Attributes
    ----------
    submission
        What is graded.
    roots
        ``"naive"`` (stand-ins for the fast layers), ``"full"`` and ``"carried"`` (full, on the release's earlier work),
        each a folder that can be the first entry of ``sys.path``. The last stays empty until `carry` fills it.
    carry
        Fills the root ``"carried"``, for the few submissions that are graded in it. To be called once.
    """

    submission: Submission
    roots: Mapping[str, Path]
    carry: Callable[[], None]


def write_stage(submission: Submission, release: ReleaseSource, destination: Path) -> Stage:
    """Write the roots of `submission` below `destination`, a new or empty folder.

    Raises
    ------
    FileExistsError
        `destination` holds a stage already.
    """
    roots = {name: destination / name for name in ROOTS}
    for root in roots.values():
        root.mkdir(parents=True)
        root.chmod(FOLDER_MODE)
    compiled = {
        **release.beside,
        **{
            f"{package}/{name}": path
            for package in submission.extensions
            for name, path in release.compiled.items()
        },
    }
    full = Twin(roots[FULL], _without(submission.roots[FULL], release.beside))
    write_files(full.root, full.files, compiled)
    write_files(roots[NAIVE], _without(submission.roots[NAIVE], release.beside), release.beside, full)
    carried = _without(submission.roots[CARRIED], release.beside)
    return Stage(submission, roots, lambda: write_files(roots[CARRIED], carried, compiled, full))


def _without(files: Mapping[str, bytes], given: Mapping[str, Path]) -> Mapping[str, bytes]:
    """Leave out what would take the place of a given file, or of a folder that one lies in."""
    if not given:
        return files
    compiled = (cache_from_source(path) for path in given if path.endswith(".py"))
    taken = {*given, *compiled, *(folder for path in given for folder in folders_above(path))}
    return {
        path: data
        for path, data in files.items()
        if path not in taken and not given.keys() & {path, *folders_above(path)}
    }


@dataclass(frozen=True, slots=True)
class Twin:
    """A folder that was written already, and what its files hold."""

    root: Path
    files: Mapping[str, bytes]


def write_files(
    root: Path, files: Mapping[str, bytes], copies: Mapping[str, Path], twin: Twin | None = None
) -> None:
    """Write `files` and copy `copies` below the folder `root`, readable by everybody.

    What is the same in `twin`, another root of the same submission, is linked, which costs less than a file.
    Compiled extensions are copied, not linked: without a sandbox a submission could write through a link, and
    these belong to all.
    """
    for folder in sorted({folder for path in (*files, *copies) for folder in folders_above(path)}):
        (root / folder).mkdir()
        (root / folder).chmod(FOLDER_MODE)
    for path, content in files.items():
        if twin is None or twin.files.get(path) != content or not _linked(twin.root / path, root / path):
            _write_file(f"{root}/{path}", content)
    for path, source in copies.items():
        shutil.copyfile(source, root / path)
        (root / path).chmod(FILE_MODE)


def _linked(source: Path, target: Path) -> bool:
    """Link `target` to `source`; say whether this file system knows links."""
    try:
        target.hardlink_to(source)
    except FileExistsError:
        raise
    except OSError:
        return False
    return True


def _write_file(path: str, content: bytes) -> None:
    # By descriptor: a submission has many files, and a file object costs more than the file.
    descriptor = os.open(path, _CREATE, FILE_MODE)
    try:
        os.fchmod(descriptor, FILE_MODE)
        while content:
            content = content[os.write(descriptor, content) :]
    finally:
        os.close(descriptor)
