"""Feed the members of a zip or tar archive to a collector."""

from __future__ import annotations

import gzip
import stat
import struct
import zipfile
import zlib
from typing import BinaryIO

from grader.course.limits import MEBIBYTE
from grader.intake.collector import Collector
from grader.intake.tarstream import BLOCK, Member, TarError, Type, is_tar_header, tar_members

_FOREIGN_BEGINNINGS = (
    (b"Rar!", "is a RAR archive"),
    (b"7z\xbc\xaf", "is a 7-Zip archive"),
    (b"BZh", "is a bzip2 archive"),
    (b"\xfd7zXZ", "is an xz archive"),
    (b"\x28\xb5\x2f\xfd", "is a Zstandard archive"),
    (b"%PDF", "is a PDF document"),
    (b"<", "is a web page: the download failed"),
)
_ASK = "hand in a .zip or .tar.gz"

# As what damage to a zip archive surfaces depends on where it sits.
_DAMAGE = (
    zipfile.BadZipFile,
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
_END_OF_DIRECTORY = b"PK\5\6"
_END_OF_DIRECTORY_SIZE = 22
_ZIP64_LOCATOR_SIZE = 20
_ZIP64_RECORD_SIZE = 56
_LONGEST_COMMENT = 2**16


def read_archive(file: BinaryIO, collector: Collector, prefix: str = "") -> None:
    """Take in what counts of the archive in `file`, whatever its name claims to be.

    Parameters
    ----------
    file
        Open for reading, and seekable.
    prefix
        Folder, ending in a slash, that the members are put below.

    Raises
    ------
    SubmissionUnreadable
        It is no archive, is damaged or encrypted, holds a name that is unsafe, or is larger than the caps.
    """
    beginning = file.read(BLOCK)
    packed = file.seek(0, 2)
    file.seek(0)
    if beginning.startswith((b"PK\3\4", b"PK\5\6", b"PK\7\x08")):
        _read_zip(file, collector, prefix)
    elif beginning.startswith(b"\x1f\x8b"):
        with gzip.GzipFile(fileobj=file) as expanded:
            _read_tar(expanded, packed, collector, prefix)
    elif is_tar_header(beginning):
        _read_tar(file, packed, collector, prefix)
    else:
        collector.fail(_why_unknown(beginning))


def _why_unknown(beginning: bytes) -> str:
    if not beginning:
        return f"is empty (0 bytes); {_ASK}"
    for start, what in _FOREIGN_BEGINNINGS:
        if beginning.lstrip().startswith(start):
            return f"{what}; {_ASK}"
    return f"is not an archive, or is damaged from its first byte on; {_ASK}"


def _read_zip(file: BinaryIO, collector: Collector, prefix: str) -> None:
    if _directory_size(file) > collector.caps.directory:
        collector.fail(
            "has a table of contents too large to be homework; hand in the homework's own files only"
        )
    try:
        with zipfile.ZipFile(file) as archive:
            for info in archive.infolist():
                _take_zip_member(archive, info, collector, prefix)
    except _DAMAGE as error:
        collector.fail(f"cannot be unpacked: the zip archive is damaged or cut short ({_first_line(error)})")


def _take_zip_member(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, collector: Collector, prefix: str
) -> None:
    collector.count_entry()
    path = collector.path_of(_zip_name(info))
    if info.orig_filename.endswith(("/", "\\")) or not path:
        return
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        collector.leave_out(
            prefix + path, f"is a {'symbolic link' if stat.S_ISLNK(mode) else 'special file'}"
        )
        return
    kind = collector.wants(prefix + path)
    if kind is None:
        return
    if info.flag_bits & _ENCRYPTED:
        collector.fail("is protected with a password; hand it in without one")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        collector.fail(f"uses a rare way of compression; {_ASK} made with the system's own tool")
    with archive.open(info) as content:
        collector.keep(prefix + path, kind, content.read, info.file_size, info.compress_size)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return the member's name; macOS writes UTF-8 without saying so, which then reads as code page 437."""
    name = info.orig_filename
    if info.flag_bits & _UTF8_NAME:
        return name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _directory_size(file: BinaryIO) -> int:
    """Return the announced size of a zip's table of contents, the largest where it is announced twice.

    The standard library reads the table as a whole before anything can be checked.
    """
    size = file.seek(0, 2)
    reach = _END_OF_DIRECTORY_SIZE + _LONGEST_COMMENT + _ZIP64_LOCATOR_SIZE + _ZIP64_RECORD_SIZE
    file.seek(max(0, size - reach))
    tail = file.read(reach)
    file.seek(0)
    ends = {tail.rfind(_END_OF_DIRECTORY), len(tail) - _END_OF_DIRECTORY_SIZE}
    found = [0]
    for end in ends:
        zip64 = end - _ZIP64_LOCATOR_SIZE - _ZIP64_RECORD_SIZE
        if end >= 0 and tail.startswith(_END_OF_DIRECTORY, end):
            found.append(int.from_bytes(tail[end + 12 : end + 16], "little"))
        if zip64 >= 0 and tail.startswith(b"PK\6\6", zip64):
            found[-1] = int.from_bytes(tail[zip64 + 40 : zip64 + 48], "little")
    return max(found)


class _Metered:
    """A stream that counts what a compressed archive expands to, skipped parts included."""

    def __init__(self, file: BinaryIO | gzip.GzipFile, packed: int, collector: Collector) -> None:
        self._file = file
        self._packed = packed
        self._collector = collector
        self._expanded = 0

    def read(self, most: int) -> bytes:
        data = self._file.read(most)
        self._expanded += len(data)
        caps = self._collector.caps
        if self._expanded > caps.expanded:
            self._collector.fail(f"expands to more than {caps.expanded // MEBIBYTE} MiB")
        if self._expanded > max(caps.ratio_from, caps.ratio * self._packed):
            self._collector.fail(
                f"is a compression bomb: {self._packed} bytes expand to more than {caps.ratio_from}; "
                "nothing was unpacked"
            )
        return data


def _read_tar(file: BinaryIO | gzip.GzipFile, packed: int, collector: Collector, prefix: str) -> None:
    try:
        for member in tar_members(_Metered(file, packed, collector).read):
            _take_tar_member(member, collector, prefix)
    except (TarError, EOFError, OSError, zlib.error) as error:
        collector.fail(f"cannot be unpacked: the tar archive is damaged ({_first_line(error)}); {_ASK} again")


def _take_tar_member(member: Member, collector: Collector, prefix: str) -> None:
    collector.count_entry()
    path = collector.path_of(member.name)
    if member.type is Type.FOLDER or not path:
        return
    if member.type is not Type.FILE:
        collector.leave_out(prefix + path, f"is a {member.type}")
        return
    kind = collector.wants(prefix + path)
    if kind is not None:
        collector.keep(prefix + path, kind, member.read, member.size)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
