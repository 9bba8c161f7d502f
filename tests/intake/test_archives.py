"""Members of archives, against the standard library's writers and against damage."""

from __future__ import annotations

import contextlib
import gzip
import io
import tarfile

import pytest
from hypothesis import given, strategies as st

from grader.intake.archives import BEGINNING, DAMAGE, FOLDER, archive_suffix, format_of, is_opened
from tests.intake.build import tar_link, tar_of, tar_of_members, zip_of

NAMES = st.text(st.sampled_from("ab/é漢"), min_size=1, max_size=300).filter(
    lambda name: name.strip("/") == name and "//" not in name
)
FILES = st.dictionaries(NAMES, st.binary(max_size=1500), max_size=4)
FORMATS = st.sampled_from([tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])


def members(data: bytes, *, read: bool = True) -> list[tuple[str, str, bytes]]:
    """Return name, what it is and content of everything in `data`."""
    format_ = format_of(data[:BEGINNING])
    assert format_ is not None
    assert format_.members is not None
    found = []
    for member in format_.members(io.BytesIO(data)):
        content = b""
        if read and not member.what:
            with member.open() as file:
                content = b"".join(iter(lambda: file.read(700), b""))
        found.append((member.name, member.what, content))
    return found


def unpacked(data: bytes) -> dict[str, bytes]:
    """Return name to content of the plain files in `data`."""
    return {name: content for name, what, content in members(data) if not what}


@given(FILES.filter(bool), FORMATS, st.sampled_from(["w", "w:gz"]))
def test_what_the_standard_library_writes_is_read_back(
    files: dict[str, bytes], format_: int, mode: str
) -> None:
    """Long and foreign names and contents of any length come out as they went in, in both formats."""
    assert unpacked(tar_of(files, mode, format_)) == files


@given(FILES.filter(bool), st.sampled_from([zip_of, tar_of]))
def test_members_that_are_not_read_are_skipped(files: dict[str, bytes], pack) -> None:
    """The next one is found whether or not anybody asked for the content before it."""
    assert [name for name, _, _ in members(pack(files), read=False)] == list(files)


def test_prefixes_of_old_headers_are_joined() -> None:
    """The split names of ustar come out whole."""
    name = f"{'folder/' * 20}cnn.py"
    assert unpacked(tar_of({name: b"x"}, "w", tarfile.USTAR_FORMAT)) == {name: b"x"}


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        (tarfile.SYMTYPE, "is a symbolic link"),
        (tarfile.LNKTYPE, "is a hard link"),
        (tarfile.DIRTYPE, FOLDER),
        (tarfile.FIFOTYPE, "is a special file"),
        (tarfile.BLKTYPE, "is a special file"),
        (b"Z", "is a special file"),
    ],
)
def test_what_is_no_plain_file_says_so(type_: bytes, expected: str) -> None:
    """Links, folders, devices and types nobody knows are told apart from files."""
    data = tar_of_members([tar_link("x", "y", type_)], "w")
    assert [what for _, what, _ in members(data)] == [expected]


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
    assert [what for _, what, _ in members(data)] == ["is a sparse file"]


@pytest.mark.parametrize("at", [0, 124, 148])
@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_a_damaged_header_is_noticed(at: int, mode: str) -> None:
    """A checksum that does not fit ends the reading, where the library would end the archive."""
    data = bytearray(tar_of({"a": b"", "b": b""}, "w"))
    data[512 + at] ^= 1
    if mode == "w:gz":
        data = bytearray(gzip.compress(bytes(data)))
    with pytest.raises(tarfile.TarError, match="damaged"):
        unpacked(bytes(data))


@pytest.mark.parametrize("size", [b"\xff" * 12, b"9" * 12])
def test_a_size_that_is_negative_or_no_number_is_noticed(size: bytes) -> None:
    """Sizes are octal digits or a positive binary number."""
    header = bytearray(tarfile.TarInfo("a").tobuf(tarfile.GNU_FORMAT))
    header[124:136] = size
    header[148:156] = b"        "
    header[148:156] = b"%06o\0 " % sum(header)
    for data in (bytes(header), tar_of({"b": b"x"}, "w")[:1024] + bytes(header)):
        if format_of(data[:BEGINNING]) is not None:
            with pytest.raises(DAMAGE):
                unpacked(data)


@pytest.mark.parametrize("record", [b"9 a=b", b"99 path=x\n", b"0 path=x\n", b"x path=x\n", b"path\n", b" "])
def test_a_damaged_extended_header_gives_no_other_name(record: bytes) -> None:
    """It is noticed, or passed over, or makes a name that is refused for its null character."""
    info = tarfile.TarInfo("x")
    info.type = tarfile.XHDTYPE
    info.size = len(record)
    data = info.tobuf(tarfile.USTAR_FORMAT) + record.ljust(512, b"\0")
    with contextlib.suppress(DAMAGE):
        (name,) = unpacked(data + tar_of({"a": b"1"}, "w"))
        assert name == "a" or "\0" in name
    with pytest.raises(DAMAGE):
        unpacked(data)


@given(st.integers(1, 2047))
def test_a_stream_cut_anywhere_is_noticed_or_ends_between_members(length: int) -> None:
    """What is lost at the end is never made up."""
    files = {"a": b"1" * 600, "b": b"2" * 100}
    data = tar_of(files, "w")[:length]
    if format_of(data[:BEGINNING]) is None:
        assert length < BEGINNING
        return
    try:
        got = unpacked(data)
    except DAMAGE:
        return
    assert length == 1536
    assert got == {"a": files["a"]}


def test_members_do_not_pile_up() -> None:
    """An archive of many members takes no more memory than one of few."""
    data = tar_of({f"{number}.txt": b"" for number in range(50)}, "w")
    format_ = format_of(data[:BEGINNING])
    assert format_ is not None
    assert format_.members is not None
    found = format_.members(io.BytesIO(data))
    archives = [each.open.args[0] for each in found]  # type: ignore[attr-defined]
    assert {len(each.members) for each in archives} <= {0, 1}


@pytest.mark.parametrize(
    ("name", "suffix", "opened"),
    [
        ("hw5.tar.gz", ".tar.gz", True),
        ("HW5.ZIP", ".zip", True),
        ("hw5.gz", ".gz", False),
        ("hw5.tar.bz2", ".tar.bz2", False),
        ("hw5.rar", ".rar", False),
        ("hw5.py", None, False),
    ],
)
def test_a_name_says_what_kind_of_archive_it_is(name: str, suffix: str | None, opened: bool) -> None:
    """The longest suffix counts, and of what is not opened the name is known, too."""
    assert (archive_suffix(name), is_opened(name)) == (suffix, opened)
