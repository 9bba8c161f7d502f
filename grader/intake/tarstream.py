"""Read a tar archive from a stream, forwards only, with bounded memory.

The standard library's reader is not used on archives from outside. On the Pythons that courses run (Debian 12
has 3.11.2) it lacks extraction filters, holds a header of any announced size in memory and has a header that
keeps it busy for hours. What a submission needs of the format fits on this page: plain files of ustar, pax
and GNU tar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

BLOCK = 512
LONGEST_HEADER = 64 * 1024
"""Bytes of one pax header or GNU long name; paths end at 4096, extended attributes may add some."""

_SKIP = 1024 * 1024
_CHECKSUM = slice(148, 156)
_BINARY = 0x80
"""First bit of a number field that holds a binary number instead of octal digits."""


class TarError(ValueError):
    """Not a tar archive, or one that ends too early or contradicts itself."""


class Type(StrEnum):
    """What a member is."""

    FILE = "file"
    FOLDER = "folder"
    HARD_LINK = "hard link"
    SYMBOLIC_LINK = "symbolic link"
    SPECIAL = "special file"
    SPARSE = "sparse file"


_TYPES = {
    b"0": Type.FILE,
    b"\0": Type.FILE,
    b"7": Type.FILE,
    b"1": Type.HARD_LINK,
    b"2": Type.SYMBOLIC_LINK,
    b"5": Type.FOLDER,
}


@dataclass(frozen=True, slots=True)
class Member:
    """One entry; `read` gives its content and works until the next member is asked for."""

    name: str
    type: Type
    size: int
    read: Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class _Header:
    name: bytes
    size: int
    flag: bytes
    extended: bool


class _Content:
    """The bytes of one member within the stream."""

    def __init__(self, read: Callable[[int], bytes], size: int) -> None:
        self._read = read
        self._left = size
        self._padding = -size % BLOCK

    def read(self, most: int) -> bytes:
        data = self._read(min(most, self._left)) if self._left else b""
        if self._left and not data:
            raise TarError("it ends in the middle of a file")
        self._left -= len(data)
        return data

    def finish(self) -> None:
        self._left += self._padding
        self._padding = 0
        while self._left:
            self.read(_SKIP)


def is_tar_header(block: bytes) -> bool:
    """Say whether `block` starts with a tar header whose checksum is right."""
    return len(block) >= BLOCK and any(block[:BLOCK]) and _checksum_fits(block[:BLOCK])


def tar_members(read: Callable[[int], bytes]) -> Iterator[Member]:
    """Yield the members of the tar archive that `read` gives the bytes of.

    Raises
    ------
    TarError
        The stream is no tar archive, is cut short, or has a header that cannot be right.
    """
    long_name: bytes | None = None
    pax: dict[bytes, bytes] = {}
    while (header := _next_header(read)) is not None:
        if header.flag == b"L":
            long_name = _small(read, header.size).rstrip(b"\0")
        elif header.flag == b"x":
            pax = _pax_records(_small(read, header.size))
        elif header.flag in b"Kg":
            _small(read, header.size)
        else:
            content = _Content(read, _size(header, pax))
            yield _member(header, long_name, pax, content)
            content.finish()
            long_name, pax = None, {}


def _member(header: _Header, long_name: bytes | None, pax: dict[bytes, bytes], content: _Content) -> Member:
    name = pax.get(b"path", long_name or header.name)
    type_ = _TYPES.get(header.flag, Type.SPECIAL)
    if header.flag == b"S" or any(key.startswith(b"GNU.sparse.") for key in pax):
        type_ = Type.SPARSE
    if type_ is Type.FILE and name.endswith(b"/"):
        type_ = Type.FOLDER
    return Member(name.decode("utf-8", "surrogateescape"), type_, _size(header, pax), content.read)


def _size(header: _Header, pax: dict[bytes, bytes]) -> int:
    """Return how many bytes follow the header: none after links, folders and devices, whatever they state."""
    if header.flag in b"123456":
        return 0
    return _number(pax[b"size"]) if b"size" in pax else header.size


def _next_header(read: Callable[[int], bytes]) -> _Header | None:
    """Return the next header; None at the end, which is a block of zeros or, with old tools, nothing."""
    block = _exactly(read, BLOCK, allow_end=True)
    if not any(block):
        return None
    if not _checksum_fits(block):
        raise TarError("it holds a header that is damaged")
    name = block[:100].partition(b"\0")[0]
    prefix = block[345:500].partition(b"\0")[0]
    if block[257:263] == b"ustar\0" and prefix:
        name = prefix + b"/" + name
    header = _Header(name, _field(block[124:136]), block[156:157], bool(block[482]))
    if header.flag == b"S":
        _skip_sparse_map(read, header.extended)
    return header


def _skip_sparse_map(read: Callable[[int], bytes], more: bool) -> None:
    while more:
        more = bool(_exactly(read, BLOCK)[504])


def _small(read: Callable[[int], bytes], size: int) -> bytes:
    if size > LONGEST_HEADER:
        raise TarError(f"it holds a header of {size} bytes")
    return _exactly(read, size + -size % BLOCK)[:size]


def _exactly(read: Callable[[int], bytes], size: int, *, allow_end: bool = False) -> bytes:
    data = b""
    while len(data) < size:
        part = read(size - len(data))
        if not part:
            if allow_end and not data:
                return b""
            raise TarError("it is cut short")
        data += part
    return data


def _checksum_fits(block: bytes) -> bool:
    """Compare with the sum of all bytes, the checksum itself taken as blanks."""
    try:
        stated = _field(block[_CHECKSUM])
    except TarError:
        return False
    return stated == sum(block) - sum(block[_CHECKSUM]) + 8 * ord(" ")


def _field(raw: bytes) -> int:
    if raw[0] & _BINARY:
        if raw[0] != _BINARY:
            raise TarError("it holds a negative size")
        return int.from_bytes(raw[1:], "big")
    digits = raw.partition(b"\0")[0].strip() or b"0"
    if not all(byte in b"01234567" for byte in digits):
        raise TarError("it holds a size that is no number")
    return int(digits, 8)


def _number(raw: bytes) -> int:
    if not raw.isdigit() or len(raw) > 20:  # noqa: PLR2004 - digits of 2**64
        raise TarError("it holds a size that is no number")
    return int(raw)


def _pax_records(data: bytes) -> dict[bytes, bytes]:
    r"""Parse ``b"<length> <key>=<value>\n"`` again and again; the length counts the whole record."""
    records = {}
    at = 0
    while at < len(data):
        blank = data.find(b" ", at, at + 8)
        length = _number(data[at:blank]) if blank > at else 0
        record = data[blank + 1 : at + length]
        if length <= blank + 1 - at or not record.endswith(b"\n") or at + length > len(data):
            raise TarError("it holds a damaged header")
        key, _, value = record[:-1].partition(b"=")
        records[key] = value
        at += length
    return records
