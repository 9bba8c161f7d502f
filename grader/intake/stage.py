"""Write the stage that a box is shown: complete roots to import from, and what grading needs to know about them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.course.assignment import Assignment
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
        each a folder that can be the first entry of ``sys.path``. The last stays empty until `carry` fills it.
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
    carry
        Fills the root ``"carried"``, for the few submissions that are graded in it. To be called once.
    """

    roots: Mapping[str, Path]
    modules: Mapping[str, str]
    sources: Mapping[str, str]
    notebooks: Mapping[str, bytes]
    weights: bytes | None
    layout: str
    flags: tuple[Flag, ...]
    carry: Callable[[], None]


def stage_submission(
    resolved: ResolvedLayout,
    submission: Submission,
    assignment: Assignment,
    release: ReleaseSource,
    destination: Path,
) -> Stage:
    """Write the roots of `submission` below `destination`, a new or empty folder.

    Raises
    ------
    FileExistsError
        `destination` holds a stage already.
    """
    placement = place_files(resolved, release)
    plan = plan_stage(resolved, placement, submission, assignment, release)
    roots = {name: destination / name for name in ("naive", "full", "carried")}
    for root in roots.values():
        root.mkdir(parents=True)
        root.chmod(FOLDER_MODE)
    full = with_bytecode(plan.full)
    write_files(roots["full"], full, plan.compiled)
    write_files(roots["naive"], with_bytecode(plan.naive), {}, Twin(roots["full"], full))

    def carry() -> None:
        write_files(roots["carried"], with_bytecode(plan.carried()), plan.compiled, Twin(roots["full"], full))

    matched = match_notebooks(
        submission.files, assignment.release.notebooks, release.notebooks, resolved.prefix
    )
    weights, weight_flags = _weights(submission, assignment.weights, resolved.prefix)
    return Stage(
        roots=roots,
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
        carry=carry,
    )


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
