"""What was read of one submission: the files that count, as bytes, and what staff should know about them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from grader.results import Flag


@dataclass(frozen=True, slots=True)
class Contents:
    """The files that one student handed in, after everything that does not count was left out.

    Attributes
    ----------
    id
        Unique in the class, safe in file names and tables.
    sha256
        Of the sorted paths and bytes in `files`: the same work has the same hash, whatever it was packed in.
    files
        Path, relative and with forward slashes, to bytes exactly as handed in.
    flags
        What was left out, renamed or guessed.
    """

    id: str
    sha256: str
    files: Mapping[str, bytes]
    flags: tuple[Flag, ...] = ()


def contents_of(
    id: str,
    files: Mapping[str, bytes | str],
    flags: tuple[Flag, ...] = (),
) -> Contents:
    """Return `files` as if they had been handed in, such as a solution with one function replaced.

    Parameters
    ----------
    files
        Path to content; text is encoded as UTF-8. Nothing is left out: pass what `read_contents` keeps.
    """
    encoded = {path: each.encode() if isinstance(each, str) else each for path, each in sorted(files.items())}
    return Contents(id, content_hash(encoded), encoded, flags)


def content_hash(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of `files`, each path and content preceded by its length."""
    digest = hashlib.sha256()
    for path in sorted(files):
        for each in (path.encode("utf-8", "surrogatepass"), files[path]):
            digest.update(len(each).to_bytes(8, "big"))
            digest.update(each)
    return digest.hexdigest()
