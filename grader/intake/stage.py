"""Write the stage that a box is opened on: three complete roots, and what grading needs to know about them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.assignment import Assignment
from grader.intake.bytecode import with_bytecode
from grader.intake.given import edited_given_files
from grader.intake.layout import ResolvedLayout
from grader.intake.names import folders_above, printable
from grader.intake.notebooks import match_notebooks
from grader.intake.placement import place_files
from grader.intake.plan import plan_stage
from grader.intake.release import ReleaseSource
from grader.intake.submission import Submission
from grader.intake.whitelist import Kind, kind_of
from grader.results import Flag

FILE_MODE = 0o644
FOLDER_MODE = 0o755
"""A box runs as another user, who must be able to read everything and change nothing."""

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


@dataclass(frozen=True, slots=True)
class Stage:
    """A submission as it is graded.

    Attributes
    ----------
    roots
        ``"naive"`` (stand-ins for the fast layers), ``"full"`` and ``"carried"`` (full, on the release's earlier work),
        each a folder that can be the first entry of ``sys.path``.
    modules
        Symbol to the module that defines it, the same in all roots. A symbol that the submission lacks is absent.
    sources
        Symbol to the file it was found in, as the student named it.
    notebooks
        Released name to the submitted notebook's bytes; one that is missing or is not JSON is absent.
    weights
        The trained weights, unread; None when none were handed in.
    layout
        Name of the layout.
    flags
        What staff should see, besides what `Submission.flags` says.
    """

    roots: Mapping[str, Path]
    modules: Mapping[str, str]
    sources: Mapping[str, str]
    notebooks: Mapping[str, bytes]
    weights: bytes | None
    layout: str
    flags: tuple[Flag, ...]


def stage_submission(
    resolved: ResolvedLayout,
    submission: Submission,
    assignment: Assignment,
    release: ReleaseSource,
    destination: Path,
) -> Stage:
    """Write the three roots of `submission` below `destination`, a new or empty folder.

    Raises
    ------
    FileExistsError
        `destination` holds a stage already.
    """
    placement = place_files(resolved, release)
    plan = plan_stage(resolved, placement, submission, assignment, release)
    for root, files in plan.files.items():
        write_files(destination / root, with_bytecode(files), plan.compiled[root])
    matched = match_notebooks(
        submission.files, assignment.release.notebooks, release.notebooks, resolved.prefix
    )
    weights, weight_flags = _weights(submission, assignment.weights, resolved.prefix)
    return Stage(
        roots={root: destination / root for root in plan.files},
        modules=placement.modules,
        sources=resolved.holders,
        notebooks=matched.notebooks,
        weights=weights,
        layout=resolved.layout.name,
        flags=(
            *resolved.flags,
            *placement.flags,
            *plan.flags,
            *edited_given_files(resolved, release),
            *matched.flags,
            *weight_flags,
        ),
    )


def write_files(root: Path, files: Mapping[str, bytes], copies: Mapping[str, Path]) -> None:
    """Write `files` and copy `copies` below the new folder `root`, readable by everybody.

    Compiled extensions are copied, not linked: without a sandbox a submission could write through a link.
    """
    folders = {folder for path in (*files, *copies) for folder in folders_above(path)}
    for folder in [root, *(root / each for each in sorted(folders))]:
        folder.mkdir(parents=folder == root)
        folder.chmod(FOLDER_MODE)
    for path, content in files.items():
        _write_file(f"{root}/{path}", content)
    for path, source in copies.items():
        shutil.copyfile(source, root / path)
        (root / path).chmod(FILE_MODE)


def _write_file(path: str, content: bytes) -> None:
    # By descriptor: a submission has many files, and a file object costs more than the file.
    descriptor = os.open(path, _CREATE, FILE_MODE)
    try:
        os.fchmod(descriptor, FILE_MODE)
        while content:
            content = content[os.write(descriptor, content) :]
    finally:
        os.close(descriptor)


def _weights(submission: Submission, name: str | None, prefix: str) -> tuple[bytes | None, tuple[Flag, ...]]:
    """Return the weights: the file of the asked name, beside the packages if there are several."""
    found = [path for path in submission.files if kind_of(path, name) is Kind.WEIGHTS]
    if not found:
        return None, ()

    def nearness(path: str) -> tuple[object, ...]:
        here = PurePosixPath(path)
        return (here.name != name, here.parent != PurePosixPath(prefix), path.count("/"), path)

    chosen, *others = sorted(found, key=nearness)
    listed = ", ".join(map(printable, others))
    flags = (Flag("several_weights", f"{printable(chosen)} was taken, and not {listed}"),) if others else ()
    return submission.files[chosen], flags
