"""What a plug-in has to keep to, as tests that its own test suite runs; the engine's own pass the same ones."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from grader.intake.archives import BEGINNING, Format
from grader.intake.discover import read_download, recognised
from grader.intake.lms.pieces import Platform
from grader.intake.lms.platforms import PLAIN, platform_named, student_named
from grader.reporting.exports.export import Exported, ExportOptions
from grader.reporting.returning import Feedback, ReturnOptions, Target


class NotConforming(AssertionError):
    """A plug-in does not keep to its contract; the message says in what."""


def check_platform(platform: Platform, download: Path, students: Collection[str], workspace: Path) -> None:
    """See that a platform's downloads are recognised and read, and that its scores find their way back.

    Parameters
    ----------
    download
        One of its downloads, unpacked; the plug-in's package is installed.
    students
        The ids of who handed something in there.
    workspace
        An empty folder.

    Raises
    ------
    NotConforming
        It does not keep to the contract.
    """
    _require(
        platform.name.isidentifier() and platform.name.islower(), "a platform's name is one lower-case word"
    )
    _require(
        bool(platform.expected), "a platform says what it looks for, for the error that nothing was found"
    )
    _require(platform_named(platform.name) is platform, f"--from {platform.name} names another platform")
    _require(recognised(download) is platform, f"{download} is not recognised as what {platform.title} wrote")
    first, again = (
        read_download(download, workspace=_folder(workspace, name)) for name in ("first", "again")
    )
    ids = [each.student.id for each in first.arrivals]
    _require(set(ids) == set(students), f"read are {sorted(set(ids))}, and handed in had {sorted(students)}")
    _require(ids == [each.student.id for each in again.arrivals], "the same download is read in another way")
    _require(first.notes == again.notes, "the same download has other notes when it is read again")
    for each in first.arrivals:
        _require(
            each.candidate.path.exists(), f"what {each.student.id} handed in is not where it is said to be"
        )
        _require(
            student_named(each.candidate.id) is not None, f"an export does not find {each.candidate.id} again"
        )
    plain = _folder(workspace, "plain")
    for name in ("ada", "blaise", "carl"):
        _folder(plain, name)
    _require(recognised(plain) is PLAIN, "a plain folder of submissions is taken for a download")


def check_format(kind: Format, archive: bytes, members: Mapping[str, bytes]) -> None:
    """See that a kind of archive is known by its bytes and names, and that its members are read as they are.

    Raises
    ------
    NotConforming
        It does not keep to the contract.
    """
    _require(kind.begins(archive[:BEGINNING]), f"a {kind.name} is not known by its first bytes")
    _require(not kind.begins(b"def answer():\n"), f"a Python file is taken for a {kind.name}")
    fine = all(each.startswith(".") and each == each.lower() for each in kind.suffixes)
    _require(fine, "suffixes begin with a dot and are in lower case")
    if kind.members is None:
        return
    found = {}
    for each in kind.members(io.BytesIO(archive)):
        if not each.what:
            with each.open() as content:
                found[each.name] = content.read()
            _require(len(found[each.name]) == each.size, f"{each.name} has another size than is said of it")
    _require(found == dict(members), f"its members are read as {sorted(found)}, and are {sorted(members)}")


def check_export(write: Callable[[ExportOptions], Exported], options: ExportOptions) -> None:
    """See that an export writes the file or folder that ``options.out`` names, and the same again for the same class.

    Raises
    ------
    NotConforming
        It does not keep to the contract.
    """
    if options.out is None or options.out.exists():
        raise ValueError("name a place by out where nothing is yet")
    texts = []
    for _ in range(2):
        exported = write(options)
        _require(isinstance(exported, Exported) and bool(exported.written), "an export says what it wrote")
        _require(options.out.exists(), f"{options.out} is not there after the export")
        files = [options.out] if options.out.is_file() else sorted(options.out.rglob("*"))
        texts.append([each.read_bytes() for each in files if each.is_file()])
    _require(texts[0] == texts[1] != [], "the same class is not exported as the same bytes")


def check_place(
    make: Callable[[ReturnOptions], Target], options: ReturnOptions, items: Sequence[Feedback]
) -> None:
    """See that a place that was given nothing yet takes feedback, and says later that it has it or cannot tell.

    Raises
    ------
    NotConforming
        It does not keep to the contract.
    """
    target = make(options)
    _require(target.place == make(options).place != "", "a place is called the same each time")
    for each in items:
        known = target.identity(each.person, each.member)
        _require(known == each.to, f"{each.shown} is {known!r} there, and not {each.to!r}")
    with target.connect(items) as sender:
        _require(not any(map(sender.has, items)), "a place has something before it was given anything")
        for group in [items] if target.together else [[each] for each in items]:
            _require(not sender.send(group), "a place refuses what it should take")
    if not target.together:
        with make(options).connect(items) as sender:
            told = [sender.has(replace(each, unsure=True)) for each in items]
        _require(
            False not in told, "a place that has something says that it has not, and would be given it twice"
        )


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise NotConforming(otherwise)


def _folder(parent: Path, name: str) -> Path:
    (parent / name).mkdir(parents=True)
    return parent / name
