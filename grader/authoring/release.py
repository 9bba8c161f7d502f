"""Write the student package: the stubs and notebooks of the starter and the archive that students download."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.archive import archive_name, pack
from grader.authoring.leak import leaks
from grader.authoring.secrets import read_secrets
from grader.authoring.student_tree import StudentTree, build_tree
from grader.course.assignment import Assignment
from grader.course.errors import ReleaseError
from grader.course.repository import Repository


@dataclass(frozen=True, slots=True)
class ReleaseSummary:
    """What a release wrote.

    Attributes
    ----------
    assignment, version
        The release's name.
    files
        Files in the archive, its manifest left out.
    stubs
        Answers removed, by file.
    written
        Paths in the starter that changed.
    starter
        Where the homework's starter stands.
    archive, sha256, size
        The archive, its checksum and its bytes.
    """

    assignment: str
    version: str
    files: int
    stubs: tuple[tuple[str, int], ...]
    written: tuple[str, ...]
    starter: str
    archive: Path
    sha256: str
    size: int

    def __str__(self) -> str:
        """Say it in a few lines for a person."""
        changed = [f"  {path}" for path in self.written] or ["  nothing: it was up to date"]
        return "\n".join(
            (
                f"Released {self.assignment} {self.version}: {self.files} files.",
                "Answers removed: " + ", ".join(f"{count} from {file}" for file, count in self.stubs) + ".",
                f"Changed in {self.starter}/:",
                *changed,
                f"{self.archive} ({self.size / 1024:.0f} KiB)",
                f"  sha256 {self.sha256}",
            )
        )


def release(assignment: Assignment, root: Path) -> ReleaseSummary:
    """Write the homework's stubs and notebooks into its starter and its archive into ``dist/``.

    Support packages are read and never written.

    Parameters
    ----------
    assignment
        The homework.
    root
        The repository's root.

    Raises
    ------
    ReleaseError
        The homework cannot be released, or would show students something hidden; nothing is written then.
    RegionError, StubError, NotebookError
        An answer cannot be removed from its source; nothing is written then.
    """
    repository = Repository(root)
    tree = build_tree(assignment, repository)
    found = leaks(tree.files, read_secrets(assignment, repository, tree))
    if found:
        raise ReleaseError("students would see what is hidden:\n" + "\n".join(f"  {leak}" for leak in found))
    starter = repository.starter(assignment)
    written = tuple(path for path in tree.generated if _write(starter / path, tree.files[path]))
    content = pack(assignment, tree.files)
    target = repository.dist / archive_name(assignment)
    _write(target, content)
    return ReleaseSummary(
        assignment=assignment.id,
        version=assignment.version,
        files=len(tree.files),
        stubs=_stub_counts(tree),
        written=written,
        starter=assignment.folders.starter,
        archive=target,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )


def _write(path: Path, content: bytes) -> bool:
    """Write the file unless it holds just that; return whether it was written."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return True


def _stub_counts(tree: StudentTree) -> tuple[tuple[str, int], ...]:
    """Count the answers of each file; a notebook's regions name the cell after the file."""
    files = [region.file.partition(",")[0] for region in tree.answers]
    return tuple((file, files.count(file)) for file in dict.fromkeys(files))
