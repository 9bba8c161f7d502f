"""Find the submissions below a folder, whatever a course's download looks like, and whose they are.

`read_download` recognises the platform that a download is from by the names it gives to files. In a plain folder
this counts as one submission:

- An archive is one. Several archives in one folder are several, so that no attempt and no student is lost.
- A folder that holds a package of the assignment, a Python file or a notebook is one, with all below it.
- Where the answers are files in no package, such as ``hw1.ipynb``, loose files of other names, ``ada.ipynb`` and
  ``ben_hw1.ipynb``, are as many submissions: a class that was collected into one folder. Beside the folders and
  archives of a class only files like ``ben_hw1.ipynb`` are.
- Other loose files beside the submissions of a class, the course's scripts or somebody's work, are told and not read.
- ``alice/assignment2/code`` is alice's: folders whose names say what is in them (``assignment2``, ``code``,
  ``notebooks``, ``backup``) belong to the folder above them, and so does an only archive, ``alice/hw5.zip``.
  So does all that lies in the folders that platforms make for each student.
- Directly below the folder of a class, a folder with nothing to grade is a submission too, and so is a link:
  reading it fails with a reason, which is better than a student missing from the results.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.people import People
from grader.intake.archives import archive_suffix, without_archive_suffix
from grader.intake.arrivals import Arrival, Candidate, IntakeError, NothingFound, plain_arrivals
from grader.intake.collector import LOOSE, is_clutter_folder
from grader.intake.lms.github import GITHUB, with_logins
from grader.intake.lms.nbgrader import NBGRADER, of_assignment
from grader.intake.lms.pieces import NOBODYS, Download, Platform, entries
from grader.intake.lms.platforms import PLAIN, names_one_student, platforms
from grader.intake.names import clean_id, fingerprint, printable

NOBODY = People()

DEEPEST = 12
"""Folders within folders that are looked into; sorting by year, term, section and student takes four."""

_SEVERAL = 2

_DOCUMENTS = (".doc", ".docx", ".odt", ".pages", ".pdf", ".rtf")
"""What somebody may have handed in for code."""

# fmt: off
_INSIDE_WORDS = frozenset(
    {
        "answer", "answers", "archive", "assignment", "attempt", "backup", "bak", "classifiers",
        "code", "copy", "draft", "files", "final", "homework", "hw", "latest", "new", "notebook",
        "notebooks", "old", "project", "python", "source", "src", "submission", "submissions",
        "upload", "utils", "v", "version", "work",
    }
)
# fmt: on
"""Words that name a part of somebody's work and no person."""

_LISTED = 2**20
"""Bytes of the end of a zip archive, where the names of its members stand."""


def packages_of(assignment: Assignment) -> frozenset[str]:
    """Return the names, in lower case, that only a submission to `assignment` has at its top.

    They are the packages of its answers, and the modules and notebooks that are answers and stand in no package. Where
    no file is an answer, the answers are in the notebooks of the parts.
    """
    made = {place for layout in assignment.layouts for place in layout.answers.values()}
    places = assignment.answer_files & {*made, *assignment.release.cells}
    places = places or frozenset(filter(None, map(assignment.notebook_of, assignment.parts)))
    return frozenset(place.partition("/")[0].lower() for place in places)


def read_download(
    folder: Path,
    platform: Platform | None = None,
    *,
    workspace: Path,
    packages: Collection[str] = (),
    assignment: str = "",
    zone: tzinfo | None = None,
    people: People = NOBODY,
) -> Download:
    """Read every arrival below `folder`.

    Parameters
    ----------
    platform
        Whose download it is; None to recognise it by its names.
    workspace
        A folder of the caller's that outlives the grading. Loose files of one student are gathered there.
    packages
        See `find_submissions`.
    assignment
        Which assignment's submissions are wanted, where a download may hold those of several.
    zone
        Of times that a platform writes without one; None for UTC.
    people
        Who is in the course: what GitHub calls them tells where in a clone's name a login begins.

    Raises
    ------
    NothingFound
        There is no submission, or nothing that the named platform could have written.
    IntakeError
        The metadata cannot be read, or the download is still packed.
    """
    _refuse_packed(folder)
    if platform is None:
        platform = recognised(folder)
    if platform is PLAIN:
        found = find_submissions(folder, packages)
        return Download(platform, plain_arrivals(found), tuple(_left_beside(folder, found)))
    inner = folder_of_entries(folder)
    if not inner.is_dir():
        raise NothingFound(
            f"{inner} is no folder; unpack the download of {platform.title} and name its folder"
        )
    arrivals, notes = platform.read(inner, workspace)
    if not arrivals:
        raise NothingFound(f"no submission of {platform.title} in {inner}: looked for {platform.expected}")
    if platform is NBGRADER:
        arrivals = of_assignment(arrivals, assignment)
    if platform is GITHUB:
        known = {name for each in people.members for name in (each.platforms.get(GITHUB.name, ""), each.team)}
        arrivals, more = with_logins(arrivals, assignment, known)
        notes += more
    return Download(platform, tuple(_in_zone(each, zone or UTC) for each in arrivals), notes)


def _in_zone(arrival: Arrival, zone: tzinfo) -> Arrival:
    at = arrival.submitted_at
    return replace(arrival, submitted_at=at.replace(tzinfo=zone)) if at and at.tzinfo is None else arrival


def recognised(folder: Path) -> Platform:
    """Say which platform wrote what is in `folder`, plain where none did."""
    inner = folder_of_entries(folder)
    names = [path.name for path in entries(inner)] if inner.is_dir() else []
    return next((each for each in platforms() if each.wrote(names) or each.holds(inner)), PLAIN)


def _refuse_packed(path: Path) -> None:
    """Refuse a download that is still one archive: as a submission it would be graded as one student's.

    The archive is a stranger's, so it is not opened here: names stand in it as they are.
    """
    listed = names_packed(path)
    if any(each.packs(listed) for each in platforms()):
        raise IntakeError(f"{path} is a platform's whole download; unpack it and name the folder")


def names_packed(path: Path) -> bytes:
    """Return where a zip archive lists its members; nothing of what is none."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        if not file.read(4).startswith(b"PK"):
            return b""
        file.seek(max(0, file.seek(0, os.SEEK_END) - _LISTED))
        return file.read()


def folder_of_entries(folder: Path) -> Path:
    """Return the folder that holds the entries: archives often unpack into a single folder of their own."""
    found = entries(folder) if folder.is_dir() else []
    only = found[0] if len(found) == 1 else None
    if only is None or not only.is_dir() or only.is_symlink() or _is_marked(only.name):
        return folder
    inside = any(_is_marked(path.name) for path in entries(only)) or any(
        each.holds(only) for each in platforms()
    )
    return only if inside else folder


def _is_marked(name: str) -> bool:
    return any(each.marks(name) for each in platforms())


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder as far as it was listed: no file has been opened."""

    path: Path
    packages: frozenset[str]
    has_package: bool
    loose: tuple[Path, ...]
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


def find_submissions(folder: Path, packages: Collection[str]) -> tuple[Candidate, ...]:
    """List the submissions below `folder`, or `folder` itself if it is one, sorted by path.

    Only names are looked at: a class of a thousand is listed in the time its folders take to list.

    Parameters
    ----------
    packages
        Names of folders, in lower case, that only a submission to this assignment has; see `packages_of`.

    Raises
    ------
    NothingFound
        There is no such folder, or nothing in it looks like a submission.
    """
    if folder.is_file() or (folder.is_symlink() and not folder.is_dir()):
        (only,) = unique_ids([(_owner(folder, packages),)])
        return (Candidate(only, folder),)
    if not folder.is_dir():
        raise NothingFound(f"{folder} does not exist; name the folder that holds the submissions")
    root = _listed(folder, frozenset(packages), 0)
    found = list(_found_in_root(root))
    if not found:
        named = f"a package {' or '.join(sorted(packages))}, " if packages else ""
        raise NothingFound(
            f"no submission below {folder}: looked for .zip, .tar.gz, .tgz and .tar archives and for folders "
            f"with {named}Python files or notebooks, down to {DEEPEST} folders deep"
        )
    found.sort(key=lambda each: each.path.parts)
    names = [
        (*each.owner.relative_to(folder).parts[:-1], _owner(each.owner, packages))
        if each.owner != folder
        else (folder.resolve().name,)
        for each in found
    ]
    return tuple(Candidate(id_, each.path) for id_, each in zip(unique_ids(names), found, strict=True))


def _listed(path: Path, packages: frozenset[str], depth: int) -> _Folder:
    archives, links, folders, loose = [], [], [], []
    package = False
    for entry in _entries(path):
        here = path / entry.name
        if entry.is_symlink():
            if archive_suffix(entry.name) or entry.is_dir():
                links.append(here)
        elif entry.is_dir(follow_symlinks=False):
            package = package or entry.name.lower() in packages
            if depth < DEEPEST:
                folders.append(_listed(here, packages, depth + 1))
        elif archive_suffix(entry.name):
            archives.append(here)
        elif entry.name.lower().endswith(LOOSE):
            package = package or entry.name.lower() in packages
            loose.append(here)
    return _Folder(path, packages, package, tuple(loose), tuple(archives), tuple(links), tuple(folders))


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
    if is_root and (each_one := _collected(folder)):
        yield from (_Found(path, path) for path in each_one)
        return
    several = is_root and _is_a_class_of_folders(folder)
    if not several and (folder.has_package or (folder.loose and not _is_class(folder))):
        yield whole
        return
    found = [each for below in folder.folders for each in _found_in(below)]
    packed = [
        _Found(path, path) for path in (*folder.archives, *(_named_after_somebody(folder) if several else ()))
    ]
    if found and not packed and _are_parts(folder, found, is_root=is_root):
        yield whole
    elif len(packed) == 1 and not found and not is_root and _belongs_above(folder, packed[0].path):
        yield _Found(packed[0].path, folder.path)
    else:
        yield from (*found, *packed)
        yield from (_Found(link, link) for link in folder.links)


def _collected(folder: _Folder) -> list[Path]:
    """Return the loose files of a class that was collected into one folder, each the whole of one student's work."""
    files = _like_answers(folder)
    below = any(each.loose for each in folder.folders)
    if folder.has_package or below or _is_class(folder) or len(files) < _SEVERAL:
        return []
    return files


def _is_a_class_of_folders(folder: _Folder) -> bool:
    """Say whether the folder of submissions holds those of several, whatever the files beside them."""
    of_students = [
        each
        for each in folder.folders
        if each.holds_a_submission
        and each.path.name.lower() not in folder.packages
        and not _names_a_part(each.path.name, folder.packages)
    ]
    loose = _named_after_somebody(folder)
    return bool(of_students) and len(of_students) + len(folder.archives) + len(loose) >= _SEVERAL


def _like_answers(folder: _Folder) -> list[Path]:
    """Return the loose files of the kind that an answer in no package has."""
    kinds = {Path(name).suffix for name in folder.packages} & set(LOOSE)
    return [path for path in sorted(folder.loose) if path.suffix.lower() in kinds]


def _named_after_somebody(folder: _Folder) -> list[Path]:
    """Return those of them whose names hold more than the answer's."""
    return [path for path in _like_answers(folder) if _owner(path, folder.packages) != path.stem]


def _left_beside(folder: Path, found: Sequence[Candidate]) -> Iterator[str]:
    """Tell of files that lie where the submissions of several lie, and are none."""
    taken = {each.path for each in found}
    holders = {path for path, number in Counter(each.path.parent for each in found).items() if number > 1}
    for holder in sorted(holders if folder not in taken else ()):
        for path in sorted(holder.iterdir()):
            suffix = path.suffix.lower()
            if (
                suffix in {*LOOSE, *_DOCUMENTS}
                and path not in taken
                and path.is_file()
                and path.name[0] != "."
            ):
                told = printable(path.relative_to(folder).as_posix())
                yield f"{told} lies beside the submissions and was not graded; it {NOBODYS}"


def _owner(path: Path, packages: Collection[str]) -> str:
    """Return whose loose file it is: ``ada`` of ``ada_hw1.py``, where the answer is ``hw1.py``."""
    stems = sorted(
        (re.escape(Path(name).stem) for name in packages if Path(name).suffix), key=len, reverse=True
    )
    if not stems or path.suffix.lower() not in LOOSE:
        return path.name
    named = re.compile(rf"(?:^|[\W_]+)(?:{'|'.join(stems)})(?:[\W_]+|$)", re.IGNORECASE)
    return named.sub(" ", path.stem).strip() or path.stem


def _is_class(folder: _Folder) -> bool:
    return sum(each.holds_a_submission for each in folder.folders) + len(folder.archives) > 1


def _are_parts(folder: _Folder, found: list[_Found], *, is_root: bool) -> bool:
    """Say whether what was found below `folder` is one student's work in several places."""
    if not is_root and names_one_student(folder.path.name):
        return all(each.path.is_dir() for each in found)
    return all(
        each.path.parent == folder.path and _names_a_part(each.path.name, folder.packages) for each in found
    )


def _belongs_above(folder: _Folder, archive: Path) -> bool:
    return names_one_student(folder.path.name) or _names_a_part(
        without_archive_suffix(archive.name), folder.packages
    )


def _names_a_part(name: str, packages: frozenset[str]) -> bool:
    """Say whether a name is made of words like ``hw5`` or ``old code``; a mere number is a student's."""
    if names_one_student(name):
        return False
    words = re.findall(r"[^\W\d_]+", name.lower())
    parts = {word for package in packages for word in re.findall(r"[^\W\d_]+", package)}
    return bool(words) and all(word in _INSIDE_WORDS or word in parts for word in words)


def unique_ids(names: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield an id for each of `names`, distinct also where upper and lower case are the same.

    Where ids clash the archives among them are called by their full names, and what still clashes gets a
    fingerprint of its path: an id never depends on how many others clash, or in which order they were found.
    """
    short = [clean_id((*parts[:-1], without_archive_suffix(parts[-1]))) for parts in names]
    full = [clean_id(parts) for parts in names]
    once = Counter(each.casefold() for each in short)
    chosen = [
        first if once[first.casefold()] == 1 else second for first, second in zip(short, full, strict=True)
    ]
    again = Counter(each.casefold() for each in chosen)
    for id_, parts in zip(chosen, names, strict=True):
        yield id_ if again[id_.casefold()] == 1 else f"{id_}-{fingerprint('/'.join(parts))}"
