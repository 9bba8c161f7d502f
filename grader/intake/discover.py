"""Find the submissions below a folder, whatever a course's download looks like.

What counts as one submission
-----------------------------
- An archive is one. Several archives in one folder are several, so that no attempt and no student is lost.
- A folder that holds a package of the homework (``nndl``, ``cs231n``), a Python file or a notebook is one,
  with all below it. Loose files beside two or more folders that hold a package or an archive are somebody's
  scripts.
- ``alice/assignment2/cs231n`` is alice's: folders whose names say what is in them (``assignment2``, ``code``,
  ``notebooks``, ``backup``) belong to the folder above them, and so does an only archive, ``alice/hw5.zip``.
  So does all that lies in the folders that Moodle and Gradescope make for each student.
- Directly below the folder of a class, a folder with nothing to grade is a submission too, and so is a link:
  reading it fails with a reason, which is better than a student missing from the results.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.intake.errors import NothingFound
from grader.intake.names import archive_suffix, unique_ids, without_archive_suffix
from grader.intake.whitelist import is_clutter_folder

PACKAGES = frozenset({"nndl", "cs231n"})
"""Folder names that only a submission of these homeworks has."""

DEEPEST = 12
"""Folders within folders that are looked into; sorting by year, term, section and student takes four."""

# fmt: off
_INSIDE_WORDS = PACKAGES | frozenset(
    {
        "answer", "answers", "archive", "assignment", "attempt", "backup", "bak", "classifiers",
        "code", "copy", "draft", "files", "final", "homework", "hw", "latest", "new", "notebook",
        "notebooks", "old", "project", "python", "source", "src", "submission", "submissions",
        "upload", "utils", "v", "version", "work",
    }
)
# fmt: on
"""Words that name a part of somebody's work and no person."""

_ONE_STUDENTS_FOLDER = re.compile(r"_assignsubmission_|^submission_\d+$")
"""What Moodle and Gradescope call the folder of one student in their downloads."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something that looks like a submission; `path` is a folder, an archive or a link to one."""

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder as far as it was listed: no file has been opened."""

    path: Path
    has_package: bool
    has_loose: bool
    archives: tuple[Path, ...]
    links: tuple[Path, ...]
    folders: tuple[_Folder, ...]

    @property
    def holds_a_submission(self) -> bool:
        return (
            self.has_package or bool(self.archives) or any(each.holds_a_submission for each in self.folders)
        )


@dataclass(frozen=True, slots=True)
class _Found:
    """`path` is what will be read, `owner` the file or folder it is called after."""

    path: Path
    owner: Path


def find_submissions(folder: Path) -> tuple[Candidate, ...]:
    """List the submissions below `folder`, or `folder` itself if it is one, sorted by path.

    Only names are looked at: a class of a thousand is listed in the time its folders take to list.

    Raises
    ------
    NothingFound
        There is no such folder, or nothing in it looks like a submission.
    """
    if folder.is_file() or (folder.is_symlink() and not folder.is_dir()):
        (only,) = unique_ids([(folder.name,)])
        return (Candidate(only, folder),)
    if not folder.is_dir():
        raise NothingFound(f"{folder} does not exist; name the folder that holds the submissions")
    root = _listed(folder, 0)
    found = list(_found_in_root(root))
    if not found:
        raise NothingFound(
            f"no submission below {folder}: looked for .zip, .tar.gz, .tgz and .tar archives and for folders "
            f"with an nndl or cs231n package, Python files or notebooks, down to {DEEPEST} folders deep"
        )
    found.sort(key=lambda each: each.path.parts)
    names = [each.owner.relative_to(folder).parts or (folder.resolve().name,) for each in found]
    return tuple(Candidate(id_, each.path) for id_, each in zip(unique_ids(names), found, strict=True))


def _listed(path: Path, depth: int) -> _Folder:
    archives, links, folders = [], [], []
    loose = package = False
    for entry in _entries(path):
        here = path / entry.name
        if entry.is_symlink():
            if archive_suffix(entry.name) or entry.is_dir():
                links.append(here)
        elif entry.is_dir(follow_symlinks=False):
            package = package or entry.name.lower() in PACKAGES
            if depth < DEEPEST:
                folders.append(_listed(here, depth + 1))
        elif archive_suffix(entry.name):
            archives.append(here)
        else:
            loose = loose or entry.name.lower().endswith((".py", ".ipynb"))
    return _Folder(path, package, loose, tuple(archives), tuple(links), tuple(folders))


def _entries(path: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            return [entry for entry in entries if not is_clutter_folder(entry.name)]
    except PermissionError:
        return []  # a folder with nothing to grade, as far as one can see; reading it says why


def _found_in_root(root: _Folder) -> Iterator[_Found]:
    found = list(_found_in(root, is_root=True))
    yield from found
    if not found or any(each.path == root.path for each in found):
        return
    holders = {path for each in found for path in (each.path, *each.path.parents)}
    for folder in root.folders:
        if folder.path not in holders:
            yield _Found(folder.path, folder.path)


def _found_in(folder: _Folder, *, is_root: bool = False) -> Iterator[_Found]:
    whole = _Found(folder.path, folder.path)
    if folder.has_package or (folder.has_loose and not _is_class(folder)):
        yield whole
        return
    found = [each for below in folder.folders for each in _found_in(below)]
    packed = [_Found(archive, archive) for archive in folder.archives]
    if found and not packed and _are_parts(folder, found, is_root=is_root):
        yield whole
    elif len(packed) == 1 and not found and not is_root and _belongs_above(folder, packed[0].path):
        yield _Found(packed[0].path, folder.path)
    else:
        yield from (*found, *packed)
        yield from (_Found(link, link) for link in folder.links)


def _is_class(folder: _Folder) -> bool:
    return sum(each.holds_a_submission for each in folder.folders) + len(folder.archives) > 1


def _are_parts(folder: _Folder, found: list[_Found], *, is_root: bool) -> bool:
    """Say whether what was found below `folder` is one student's work in several places."""
    if not is_root and _ONE_STUDENTS_FOLDER.search(folder.path.name):
        return all(each.path.is_dir() for each in found)
    return all(each.path.parent == folder.path and _names_a_part(each.path.name) for each in found)


def _belongs_above(folder: _Folder, archive: Path) -> bool:
    is_students = _ONE_STUDENTS_FOLDER.search(folder.path.name) is not None
    return is_students or _names_a_part(without_archive_suffix(archive.name))


def _names_a_part(name: str) -> bool:
    """Say whether a name is made of words like ``hw5`` or ``old code``; a mere number is a student's."""
    if _ONE_STUDENTS_FOLDER.search(name):
        return False
    words = re.findall(r"[^\W\d_]+", name.lower())
    return bool(words) and all(word in _INSIDE_WORDS for word in words)
