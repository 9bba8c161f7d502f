"""Pack a student package into an archive whose bytes depend on its content alone."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

from grader.authoring.student_tree import Tree
from grader.course.assignment import Assignment

MANIFEST = "MANIFEST.json"
"""Names the assignment and the SHA-256 of every other file."""

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip can hold; a release has none of its own."""

_UNIX = 3
_READABLE_FILE = 0o100644 << 16
"""Where a zip keeps Unix permissions."""


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
