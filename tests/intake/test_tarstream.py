"""The tar reader, against the standard library's writer and against damage."""

from __future__ import annotations

import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake.tarstream import LONGEST_HEADER, Member, TarError, Type, is_tar_header, tar_members
from tests.intake.build import tar_link, tar_of, tar_of_members

NAMES = st.text(st.sampled_from("ab/é漢"), min_size=1, max_size=300).filter(
    lambda name: name.strip("/") == name and "//" not in name
)
FILES = st.dictionaries(NAMES, st.binary(max_size=1500), max_size=4)
FORMATS = st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return name to content of the plain files in `data`."""
    members = tar_members(io.BytesIO(data).read)
    return {member.name: content_of(member) for member in members if member.type is Type.FILE}


def content_of(member: Member) -> bytes:
    """Read a member piece by piece."""
    return b"".join(iter(lambda: member.read(700), b""))


@given(FILES, FORMATS)
def test_what_the_standard_library_writes_is_read_back(files: dict[str, bytes], format_: int) -> None:
    """Long and foreign names and contents of any length come out as they went in, in both formats."""
    assert unpacked(tar_of(files, "w", format_)) == files


@given(FILES)
def test_members_that_are_not_read_are_skipped(files: dict[str, bytes]) -> None:
    """The next header is found whether or not anybody asked for the content before it."""
    data = tar_of(files, "w")
    assert [member.name for member in tar_members(io.BytesIO(data).read)] == list(files)


def test_prefixes_of_old_headers_are_joined() -> None:
    """The split names of ustar come out whole."""
    name = f"{'folder/' * 20}cnn.py"
    assert unpacked(tar_of({name: b"x"}, "w", tarfile.USTAR_FORMAT)) == {name: b"x"}


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (tarfile.SYMTYPE, Type.SYMBOLIC_LINK),
        (tarfile.LNKTYPE, Type.HARD_LINK),
        (tarfile.DIRTYPE, Type.FOLDER),
        (tarfile.FIFOTYPE, Type.SPECIAL),
        (tarfile.BLKTYPE, Type.SPECIAL),
        (b"Z", Type.SPECIAL),
    ],
)
def test_what_is_no_plain_file_says_so(type_: bytes, expected: Type) -> None:
    """Links, folders, devices and types nobody knows are told apart from files."""
    data = tar_of_members([tar_link("x", "y", type_)], "w")
    assert [member.type for member in tar_members(io.BytesIO(data).read)] == [expected]


def test_a_link_that_states_a_size_has_no_content() -> None:
    """Only files are followed by data, so a link's size cannot hide the next member."""
    link, _ = tar_link("x", "y")
    link.size = 512
    data = link.tobuf(tarfile.USTAR_FORMAT) + tar_of({"nndl/cnn.py": b"x"}, "w")
    assert unpacked(data) == {"nndl/cnn.py": b"x"}


def test_an_extended_header_may_state_the_size() -> None:
    """The size in a pax header is the one that counts, as for every other reader."""
    info = tarfile.TarInfo("nndl/cnn.py")
    info.pax_headers = {"size": "3"}
    info.size = 3
    assert unpacked(tar_of_members([(info, b"abc")], "w")) == {"nndl/cnn.py": b"abc"}


def test_sparse_files_are_told_apart() -> None:
    """A file whose content is a map of holes is not read as if it were its content."""
    info = tarfile.TarInfo("nndl/cnn.py")
    info.pax_headers = {"GNU.sparse.major": "1"}
    data = tar_of_members([(info, b"")], "w")
    assert [member.type for member in tar_members(io.BytesIO(data).read)] == [Type.SPARSE]


def test_a_header_of_any_announced_size_is_not_believed() -> None:
    """A long name of gigabytes is refused before a byte of it is read."""
    info = tarfile.TarInfo("././@LongLink")
    info.type = tarfile.GNUTYPE_LONGNAME
    info.size = LONGEST_HEADER + 1
    with pytest.raises(TarError, match="header of 65537 bytes"):
        unpacked(info.tobuf(tarfile.GNU_FORMAT))


@pytest.mark.parametrize("at", [0, 124, 148])
def test_a_damaged_header_is_noticed(at: int) -> None:
    """A checksum that does not fit ends the reading."""
    data = bytearray(tar_of({"a": b"", "b": b""}, "w"))
    data[512 + at] ^= 1
    with pytest.raises(TarError, match="damaged"):
        unpacked(bytes(data))


@pytest.mark.parametrize("size", [b"\xff" * 12, b"9" * 12])
def test_a_size_that_is_negative_or_no_number_is_noticed(size: bytes) -> None:
    """Sizes are octal digits or a positive binary number."""
    header = bytearray(tarfile.TarInfo("a").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = size
    header[148:156] = b"        "
    header[148:156] = b"%06o\0 " % sum(header)
    assert is_tar_header(bytes(header))
    with pytest.raises(TarError, match="size"):
        unpacked(bytes(header))


@pytest.mark.parametrize("record", [b"9 a=b", b"99 path=x\n", b"0 path=x\n", b"x path=x\n", b"path\n", b" "])
def test_a_damaged_extended_header_is_noticed(record: bytes) -> None:
    """A record's length must be a number and must end at a line's end."""
    info = tarfile.TarInfo("x")
    info.type = tarfile.XHDTYPE
    info.size = len(record)
    data = info.tobuf(tarfile.USTAR_FORMAT) + record.ljust(512, b"\0")
    with pytest.raises(TarError):
        unpacked(data)


@given(st.integers(1, 2047))
def test_a_stream_cut_anywhere_is_noticed_or_ends_between_members(length: int) -> None:
    """What is lost at the end is never made up."""
    files = {"a": b"1" * 600, "b": b"2" * 100}
    data = tar_of(files, "w")[:length]
    try:
        got = unpacked(data)
    except TarError:
        return
    assert length == 1536
    assert got == {"a": files["a"]}
