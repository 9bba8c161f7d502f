"""Take a new release of the assignment into the folder where a student works: `invoke update NEW.zip`.

A backup comes first. Then every file is merged by what it is: answers stay, what was given becomes new, and where both
sides changed the same, the student's stays and the new text lies beside it as ``NAME.new``.
"""

from __future__ import annotations

import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO

from grader.intake.names import folders_above, safe_path
from grader.student.merge import merge_module, merge_notebook
from grader.student.workspace import DESCRIPTION, Workspace, WorkspaceError

MANIFEST = "MANIFEST.json"
EARLIER = "earlier_releases.json"
"""In the check package: of each earlier release, the texts that are others now."""

NEW = ".new"
BACKUP = "before-update-{version}"

UNKNOWN = "what {version} handed out is not known here; yours was kept, and the new one lies beside it."
OWN_NAME = "you have a file of this name, which the new release brings; yours was kept."
MOST_EXPANDED = 256 * 2**20
"""Bytes of a release's files together; a data set is fetched, and not in it."""

_UNREADABLE = (OSError, ValueError, LookupError, TypeError, AttributeError, RuntimeError, EOFError)
"""What reading an archive or a file of it that is not a release's ends in; damage surfaces as what sits there."""

DAMAGED = "what you have cannot be read as a notebook; it was kept."


@dataclass(slots=True)
class Update:
    """What an update did.

    Attributes
    ----------
    before, after
        Versions.
    backup
        The zip with every file as it was.
    written
        Files that are others now.
    worked_on
        Files that students work in.
    conflicts
        Files of which something was kept against the new release, and what.
    """

    before: str
    after: str
    backup: Path
    worked_on: frozenset[str] = frozenset()
    written: list[str] = field(default_factory=list)
    conflicts: dict[str, tuple[str, ...]] = field(default_factory=dict)


def update(workspace: Workspace, source: Path) -> Update:
    """Merge the release at `source`, an archive or an unpacked folder, into the workspace.

    Raises
    ------
    WorkspaceError
        `source` is no release of this assignment; nothing was changed.
    """
    files = _release(source)
    document = _described(files, workspace, source)
    plan = _Plan(workspace, files, document)
    done = Update(workspace.version, str(document["version"]), _backup(workspace, [*files, *plan.obsolete]))
    done.worked_on = frozenset((*workspace.answers, *workspace.notebooks))
    for path, content in files.items():
        became, conflicts = plan.becomes(path, content)
        if conflicts:
            done.conflicts[path] = conflicts
            _write(workspace.root / f"{path}{NEW}", content)
        if _write(workspace.root / path, became):
            done.written.append(path)
    for path in plan.obsolete:
        (workspace.root / path).unlink()
        done.written.append(path)
    return done


def _release(source: Path) -> dict[str, bytes]:
    """Return a release's files by path, from its archive or its folder; what its manifest does not list is not read."""
    if not source.exists():
        raise WorkspaceError(
            f"There is no {source}. Give the path of the new release's zip, as you received it."
        )
    try:
        with _opened(source) as there:
            manifests = (path for path in sorted(there, key=len) if path.endswith(MANIFEST))
            root = next((path.removesuffix(MANIFEST) for path in manifests), None)
            files = {} if root is None else dict(_read(there, root))
    except (*_UNREADABLE, zipfile.BadZipFile, zlib.error, struct.error) as error:
        raise WorkspaceError(
            f"{source} cannot be read as a release ({error}); give the zip as you received it."
        ) from None
    if root is None:
        raise WorkspaceError(
            f"{source} is no release: it has no {MANIFEST}. Give the zip as you received it."
        )
    if not files or any(folder in files for path in files for folder in folders_above(path)):
        raise WorkspaceError(f"{source} has a damaged {MANIFEST}; give the zip as you received it.")
    return files


@contextmanager
def _opened(source: Path) -> Iterator[Mapping[str, Callable[[], IO[bytes]]]]:
    """Yield what opens each file of an archive or a folder, by its path there."""
    if source.is_dir():
        found = (path for path in source.rglob("*") if path.is_file())
        yield {path.relative_to(source).as_posix(): partial(_to_read, path) for path in found}
        return
    with zipfile.ZipFile(source) as archive:
        members = (member for member in archive.infolist() if not member.is_dir())
        yield {safe_path(member.filename): partial(archive.open, member) for member in members}


def _to_read(path: Path) -> IO[bytes]:
    return path.open("rb")


def _read(there: Mapping[str, Callable[[], IO[bytes]]], root: str) -> Iterator[tuple[str, bytes]]:
    """Yield the manifest and the files that it lists; nothing where it cannot be understood."""
    left = MOST_EXPANDED

    def content(path: str) -> bytes:
        nonlocal left
        with there[root + path]() as file:
            found = file.read(left + 1)
        left -= len(found)
        if left < 0:
            raise ValueError(f"its files come to more than {MOST_EXPANDED >> 20} MiB")
        return found

    manifest = content(MANIFEST)
    if listed := _listed(manifest):
        yield from ((path, content(path)) for path in listed if root + path in there)
        yield MANIFEST, manifest


def _listed(manifest: bytes) -> tuple[str, ...]:
    """Return the paths that a manifest lists, without its own; none of one that cannot be understood."""
    try:
        names = set(json.loads(manifest)["files"])
    except (*_UNREADABLE, RecursionError):
        return ()
    return tuple(sorted(names - {"", MANIFEST})) if all(isinstance(each, str) for each in names) else ()


def _described(files: Mapping[str, bytes], workspace: Workspace, source: Path) -> dict[str, object]:
    path = f"{workspace.package.name}/{DESCRIPTION}"
    try:
        document: dict[str, object] = json.loads(files[path])
        if document["id"] == workspace.id and isinstance(document["version"], str):
            return document
    except _UNREADABLE:
        pass
    raise WorkspaceError(f"{source} is no release of {workspace.title} ({workspace.id}).")


class _Plan:
    """What becomes of each file.

    Attributes
    ----------
    obsolete
        Public checks that the new release has no more.
    """

    def __init__(
        self, workspace: Workspace, files: Mapping[str, bytes], document: Mapping[str, object]
    ) -> None:
        self._workspace = workspace
        package = workspace.package.name
        earlier = _earlier(files.get(f"{package}/{EARLIER}", b"{}"))
        self._known = workspace.version == document["version"] or workspace.version in earlier
        self._earlier: Mapping[str, str | None] = earlier.get(workspace.version, {})
        self._given = (f"{package}/", *(f"{name}/" for name in workspace.support))
        self.obsolete = [
            path
            for each in sorted(workspace.package.glob("public/*.py"))
            if (path := each.relative_to(workspace.root).as_posix()) not in files
        ]

    def becomes(self, path: str, content: bytes) -> tuple[bytes, tuple[str, ...]]:
        """Return what a file becomes, and what of it was kept against the release."""
        place = self._workspace.root / path
        if not place.is_file() or self._replaced(path):
            return content, ()
        mine = place.read_bytes()
        if mine == content:
            return mine, ()
        if not self._known:
            return mine, (UNKNOWN.format(version=self._workspace.version),)
        base = self._earlier.get(path, _text(content))
        if base is None:
            return mine, (OWN_NAME,)
        try:
            if path.endswith(".ipynb"):
                merged = merge_notebook(base, mine.decode("utf-8"), _text(content))
            else:
                merged = merge_module(base, _text(mine), _text(content))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return mine, (DAMAGED,)
        return merged.text.encode("utf-8", "surrogateescape"), merged.conflicts

    def _replaced(self, path: str) -> bool:
        """Whether a file is nobody's work: the checks, given packages, and what only says something."""
        return path.startswith(self._given) or path == "tasks.py" or not path.endswith((".py", ".ipynb"))


def _earlier(content: bytes) -> Mapping[str, Mapping[str, str | None]]:
    """Return what earlier releases handed out; nothing where that cannot be read."""
    try:
        found = json.loads(content)
        return {version: dict(texts) for version, texts in found.items()}
    except _UNREADABLE:
        return {}


def _text(content: bytes) -> str:
    return content.decode("utf-8", "surrogateescape")


def _backup(workspace: Workspace, paths: list[str]) -> Path:
    """Write every file that may change into a zip beside them, before anything does."""
    name = BACKUP.format(version=workspace.version)
    numbers = (f"-{number}" if number else "" for number in range(1000))
    places = (workspace.root / f"{name}{number}.zip" for number in numbers)
    target = next(place for place in places if not place.exists())
    with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as archive:
        for path in dict.fromkeys(paths):
            if (here := workspace.root / path).is_file():
                archive.write(here, path)
    return target


def _write(path: Path, content: bytes) -> bool:
    """Write a file whole or not at all, unless it holds just that; return whether it was written."""
    if path.is_file() and path.read_bytes() == content:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(content)
    aside.replace(path)
    return True
