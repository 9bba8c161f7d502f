"""Write the student package: the stubs and notebooks of the starter and the archive that students download."""

from __future__ import annotations

import hashlib
import io
import json
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

from grader.authoring.kit import TEXTS
from grader.authoring.leak import leaks, not_allowed
from grader.authoring.secrets import read_secrets
from grader.authoring.student_tree import PROJECT, StudentTree, Tree, build_tree, generated_paths
from grader.course.assignment import Assignment
from grader.course.regions import ReleaseError
from grader.course.releases import keep_release
from grader.course.repository import Course

MANIFEST = "MANIFEST.json"
"""Names the assignment and the SHA-256 of every other file."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold; a release has none of its own."""

_UNIX = 3
_READABLE_FILE = 0o100644 << 16
"""Where a zip keeps Unix permissions."""


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
        Where the assignment's starter stands.
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
    """Write the assignment's stubs and notebooks into its starter and its archive into ``dist/``.

    Support packages are read and never written.

    Parameters
    ----------
    assignment
        The assignment.
    root
        The repository's root.

    Raises
    ------
    ReleaseError
        The assignment cannot be released, or would show students something hidden; nothing is written then.
    RegionError, StubError, NotebookError
        An answer cannot be removed from its source; nothing is written then.
    """
    repository = Course(root)
    starter = repository.starter(assignment)
    _keep_outgoing(assignment, starter)
    tree = build_tree(assignment, repository)
    found = not_allowed(leaks(tree.files, read_secrets(assignment, repository, tree)), assignment)
    if found:
        raise ReleaseError("students would see what is hidden:\n" + "\n".join(f"  {leak}" for leak in found))
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


def _keep_outgoing(assignment: Assignment, starter: Path) -> None:
    """Keep what the starter hands out where this release is another version: students may have begun from it."""
    try:
        version = tomllib.loads((starter / PROJECT).read_text(encoding="utf-8"))["project"]["version"]
    except (OSError, ValueError, KeyError):
        return
    if version != assignment.version:
        there = (
            path
            for path in generated_paths(assignment)
            if path.endswith(TEXTS) and (starter / path).is_file()
        )
        keep_release(
            assignment, version, {path: (starter / path).read_text(encoding="utf-8") for path in there}
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


def archive_name(assignment: Assignment) -> str:
    """Return the file name of the assignment's release."""
    return f"{assignment.id}-{assignment.version}.zip"


def manifest(assignment: Assignment, files: Tree) -> bytes:
    """Return the manifest of `files` as JSON."""
    document = {
        "schema": 1,
        "assignment": assignment.id,
        "version": assignment.version,
        "files": {path: hashlib.sha256(content).hexdigest() for path, content in files.items()},
    }
    return (json.dumps(document, indent=2, sort_keys=True) + "\n").encode()


def pack(assignment: Assignment, files: Tree) -> bytes:
    """Return a zip of `files` and their manifest, all in one folder named after the release.

    The members are stored, not compressed: what a compressor writes depends on its library and version, and
    then the same release would have another checksum on another machine.
    """
    folder = archive_name(assignment).removesuffix(".zip")
    whole = {**files, MANIFEST: manifest(assignment, files)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, content in sorted(whole.items()):
            archive.writestr(_member(f"{folder}/{path}"), content)
    return buffer.getvalue()


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, date_time=_EPOCH)
    # Both default to what the machine at hand is.
    member.create_system = _UNIX
    member.external_attr = _READABLE_FILE
    return member
