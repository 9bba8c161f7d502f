"""The kinds of archives: what each is known by, and what its members are if it is one that is opened.

The standard library unpacks. Its readers believe what an archive says of itself, so they run only where memory and
time are limited: in the reader's child.
"""

from __future__ import annotations

import gzip
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import IO, BinaryIO

ASK = "hand in a .zip or .tar.gz"

BEGINNING = tarfile.BLOCKSIZE
"""Bytes that an archive is known by."""

FOLDER = "is a folder"

# As what damage surfaces as depends on where it sits.
DAMAGE = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    LookupError,
)

_ENCRYPTED = 0x1
_UTF8_NAME = 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of an archive or a folder.

    Attributes
    ----------
    name
        As it is written there.
    size
        As it is claimed there.
    open
        Opens its content; may be called until the next member is asked for.
    what
        What it is instead of a plain file, as the end of a sentence; empty for a plain file.
    packed
        Its size in the archive, where it is compressed by itself.
    end
        How much of the archive has to be expanded to come to its end, where that is compressed as a whole.
    problem
        Why its content cannot be read; empty where it can.
    """

    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    what: str = ""
    packed: int | None = None
    end: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file that is handed in as an archive.

    Attributes
    ----------
    name
        What it is called in a sentence.
    suffixes
        What names of such files end in.
    beginnings
        What their first bytes may be.
    members
        Reads the members from an open file; None for what is not opened.
    """

    name: str
    suffixes: tuple[str, ...] = ()
    beginnings: tuple[bytes, ...] = ()
    members: Callable[[BinaryIO], Iterator[Member]] | None = None

    def begins(self, data: bytes) -> bool:
        """Say whether a file that begins with `data` is of this kind."""
        if self.members is _tar_members:
            return _is_tar_header(data)
        return data.startswith(self.beginnings) or (
            not self.members and data.lstrip().startswith(self.beginnings)
        )


def _zip_members(file: BinaryIO) -> Iterator[Member]:
    with zipfile.ZipFile(file) as archive:
        for info in archive.infolist():
            yield Member(
                name=_zip_name(info),
                size=info.file_size,
                open=partial(archive.open, info),
                what=_what_in_zip(info),
                packed=info.compress_size,
                problem=_zip_problem(info),
            )


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return the member's name; macOS writes UTF-8 without saying so, which then reads as code page 437."""
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _what_in_zip(info: zipfile.ZipInfo) -> str:
    if info.orig_filename.endswith(("/", "\\")):
        return FOLDER
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) in (0, stat.S_IFREG):
        return ""
    return "is a symbolic link" if stat.S_ISLNK(mode) else "is a special file"


def _zip_problem(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return "is protected with a password; hand it in without one"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"uses a rare way of compression; {ASK} made with the system's own tool"
    return ""


def _tar_members(file: BinaryIO) -> Iterator[Member]:
    with tarfile.open(fileobj=file, mode="r:", encoding="utf-8", errors="surrogateescape") as archive:
        while (info := archive.next()) is not None:
            if info.size < 0:  # then the next header would be this one again
                raise tarfile.ReadError("it holds a negative size")
            archive.members = []  # type: ignore[attr-defined]  # it would keep all of them until the end
            content = partial(tarfile.ExFileObject, archive, info)
            yield Member(info.name, info.size, content, _what_in_tar(info), end=archive.offset)
        # tarfile takes a damaged header behind the first for the end, which would make a shorter submission of it.
        file.seek(archive.offset)
        if any(file.read(tarfile.BLOCKSIZE)):
            raise tarfile.ReadError("it holds a header that is damaged")


def _what_in_tar(info: tarfile.TarInfo) -> str:
    if info.isdir():
        return FOLDER
    if info.issparse() or any(key.startswith("GNU.sparse.") for key in info.pax_headers):
        return "is a sparse file"
    if info.isreg():
        return ""
    links = {tarfile.LNKTYPE: "is a hard link", tarfile.SYMTYPE: "is a symbolic link"}
    return links.get(info.type, "is a special file")


def _is_tar_header(data: bytes) -> bool:
    try:
        tarfile.TarInfo.frombuf(data[:BEGINNING], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _compressed_tar_members(file: BinaryIO) -> Iterator[Member]:
    with gzip.GzipFile(fileobj=file) as expanded:
        yield from _tar_members(expanded)  # type: ignore[arg-type]  # it has all that is asked of it


FORMATS = (
    Format("zip archive", (".zip",), (b"PK\3\4", b"PK\5\6", b"PK\7\x08"), _zip_members),
    Format("tar archive", (".tar.gz", ".tgz"), (b"\x1f\x8b",), _compressed_tar_members),
    Format("tar archive", (".tar",), (), _tar_members),
    Format("RAR archive", (".rar",), (b"Rar!",)),
    Format("7-Zip archive", (".7z",), (b"7z\xbc\xaf",)),
    Format("bzip2 archive", (".tar.bz2", ".tbz2", ".bz2"), (b"BZh",)),
    Format("xz archive", (".tar.xz", ".txz", ".xz"), (b"\xfd7zXZ",)),
    Format("Zstandard archive", (".zst",), (b"\x28\xb5\x2f\xfd",)),
    Format("compressed file", (".gz",)),
    Format("archive of WinZip's", (".zipx",)),
    Format("PDF document", (), (b"%PDF",)),
    Format("web page: the download failed", (), (b"<",)),
)
"""All that is known of archives: to open another kind, give its row a reader of members."""

_SUFFIXES = sorted((each for format_ in FORMATS for each in format_.suffixes), key=len, reverse=True)
_OPENED = frozenset(each for format_ in FORMATS if format_.members for each in format_.suffixes)


def format_of(beginning: bytes) -> Format | None:
    """Return which kind of file begins so, whatever its name claims; None for what is no archive."""
    return next((each for each in FORMATS if each.begins(beginning)), None)


def archive_suffix(name: str) -> str | None:
    """Return the suffix that makes `name` an archive, or None; the longest one that fits."""
    lower = name.lower()
    return next((suffix for suffix in _SUFFIXES if lower.endswith(suffix)), None)


def is_opened(name: str) -> bool:
    """Say whether an archive called `name` is of a kind that is opened."""
    return archive_suffix(name) in _OPENED


def without_archive_suffix(name: str) -> str:
    """Return `name` without the suffix of an archive."""
    return name[: len(name) - len(archive_suffix(name) or "")] or name
