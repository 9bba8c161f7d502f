"""Reading one submission, and every input that is not one."""

from __future__ import annotations

import io
import os
import pickle
import socket
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from grader.course.assignment import Assignment
from grader.intake.arrivals import SubmissionUnreadable
from grader.intake.collector import DEFAULT_CAPS, Caps, Kind
from grader.intake.contents import Contents, read_contents
from grader.intake.discover import Candidate
from grader.results import NOT_WHOLE
from tests.intake.build import (
    folder_of,
    in_a_file,
    tar_link,
    tar_of,
    tar_of_members,
    zip_link,
    zip_of,
)

WORK = {"nndl/conv_layers.py": "x = 1\r\n", "CNN.ipynb": "{}", "best_model.npz": b"PK\0weights"}
CLUTTER = {
    "nndl/__pycache__/cnn.pyc": b"\0",
    "cs231n/im2col_cython.so": b"\x7fELF",
    ".git/config": "",
    ".DS_Store": b"\0",
    ".ipynb_checkpoints/CNN-checkpoint.ipynb": "{}",
    "cs231n/datasets/cifar-10-batches-py/data_batch_1": b"\0" * 99,
    "__MACOSX/nndl/._conv_layers.py": b"\0",
    "venv/lib/site-packages/numpy/x.py": "",
    "report.pdf": b"%PDF",
}
Packer = Callable[[Mapping[str, str | bytes]], bytes]
PACKERS = {
    "alice.zip": zip_of,
    "alice.tar.gz": tar_of,
    "alice.tgz": lambda files: tar_of(files, format_=tarfile.GNU_FORMAT),
    "alice.tar": lambda files: tar_of(files, "w", tarfile.USTAR_FORMAT),
}


@pytest.fixture
def read(assignment: Assignment, tmp_path: Path) -> Callable[..., Contents]:
    """Return a function that reads bytes as the archive `name`, or the folder `path`."""

    def reader(data: bytes | Path, name: str = "alice.zip", caps: Caps = DEFAULT_CAPS) -> Contents:
        path = data
        if isinstance(path, bytes):
            path = tmp_path / name
            path.write_bytes(data)
        return read_contents(Candidate("alice", path), assignment, caps)

    return reader


def kinds(submission: Contents) -> set[str]:
    """Return the kinds of the submission's flags."""
    return {each.kind for each in submission.flags}


@pytest.mark.parametrize("name", PACKERS)
def test_an_archive_and_its_folder_are_the_same_submission(
    name: str, read: Callable[..., Contents], tmp_path: Path
) -> None:
    """Exactly the files that count are read, byte for byte, and their hash does not depend on the packing."""
    packed = read(PACKERS[name]({**WORK, **CLUTTER}), name)
    unpacked = read(folder_of(tmp_path / "folder", {**WORK, **CLUTTER}))
    assert dict(packed.files) == {
        path: each.encode() if isinstance(each, str) else each for path, each in WORK.items()
    }
    assert (packed.sha256, packed.files) == (unpacked.sha256, unpacked.files)
    assert packed.flags == unpacked.flags == ()


@pytest.mark.parametrize("name", ["alice.zip", "alice.tar.gz"])
def test_an_archive_is_known_by_its_content(name: str, read: Callable[..., Contents]) -> None:
    """A tar that is called .zip, a tar.gz that is not compressed and the like are read all the same."""
    for pack in PACKERS.values():
        assert set(read(pack(WORK), name).files) == set(WORK)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"Rar!\x1a\x07", "RAR"),
        (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
        (b"\n<!DOCTYPE html>", "web page"),
        (b"nothing known", "not an archive"),
        (b"PK\3\4 and then nothing", "damaged"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\3 no deflate", "damaged"),
    ],
)
def test_a_file_that_is_no_archive_says_what_it_is(
    data: bytes, reason: str, read: Callable[..., Contents]
) -> None:
    """The error names the submission, what was found and what to hand in."""
    with pytest.raises(SubmissionUnreadable, match=f"alice: .*{reason}") as caught:
        read(data)
    assert caught.value.id == "alice"


@pytest.mark.parametrize("name", PACKERS)
def test_a_truncated_archive_is_unreadable(name: str, read: Callable[..., Contents]) -> None:
    """An interrupted upload is an error, not a shorter submission."""
    data = PACKERS[name]({"nndl/conv_layers.py": os.urandom(3000), "nndl/cnn.py": os.urandom(3000)})
    with pytest.raises(SubmissionUnreadable, match="damaged"):
        read(data[: len(data) // 2], name)


def test_a_flipped_bit_in_a_zip_is_noticed(read: Callable[..., Contents]) -> None:
    """A file whose checksum is wrong is not graded as if it were the student's."""
    data = bytearray(zip_of({"nndl/cnn.py": "x = 1\n" * 50}))
    data[50] ^= 4
    with pytest.raises(SubmissionUnreadable, match="damaged"):
        read(bytes(data))


@pytest.mark.parametrize(
    "name",
    ["../../cnn.py", "nndl/../../cnn.py", "/nndl/cnn.py", "C:/nndl/cnn.py", "..\\cnn.py", "../.git/x"],
)
@pytest.mark.parametrize("pack", [zip_of, tar_of])
def test_a_name_that_leaves_its_folder_ends_the_submission(
    pack: Packer, name: str, read: Callable[..., Contents], tmp_path: Path
) -> None:
    """Traversal is refused with its reason, also in what would be left out, and nothing is written."""
    with pytest.raises(SubmissionUnreadable, match="the entry"):
        read(pack({"nndl/conv_layers.py": "", name: "slip"}))
    assert [path.name for path in tmp_path.iterdir()] == ["alice.zip"]


@pytest.mark.parametrize("pack", [zip_of, tar_of])
def test_an_archive_of_a_windows_tool_is_read(pack: Packer, read: Callable[..., Contents]) -> None:
    """Backslashes between folders are slashes, and a folder's own entry is no file."""
    files = read(pack({"nndl\\": "", "nndl\\cnn.py": "x = 1", "nndl\\conv_layers.py": ""})).files
    assert sorted(files) == ["nndl/cnn.py", "nndl/conv_layers.py"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", ["nndl/cnn.py", "./nndl/cnn.py", "nndl//cnn.py", "nndl\\cnn.py"])
def test_two_members_of_one_name_end_the_submission(other: str, read: Callable[..., Contents]) -> None:
    """Which of two files would count depends on the tool that unpacks, so neither does."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("nndl/cnn.py", "honest")
        archive.writestr(other, "other")
    twice = [(tarfile.TarInfo("nndl/cnn.py"), b""), (tarfile.TarInfo(other), b"")]
    for data in (buffer.getvalue(), tar_of_members(twice)):
        with pytest.raises(SubmissionUnreadable, match="two files named 'nndl/cnn"):
            read(data)


def test_a_file_that_is_a_folder_too_ends_the_submission(read: Callable[..., Contents]) -> None:
    """No disk could hold what the archive claims to."""
    with pytest.raises(SubmissionUnreadable, match="both as a file and as a folder"):
        read(zip_of({"nndl.py": "", "nndl.py/cnn.py": ""}))


def test_names_that_differ_in_case_only_are_kept_and_flagged(read: Callable[..., Contents]) -> None:
    """They are two files on Linux and one on macOS."""
    submission = read(zip_of({"nndl/CNN.py": "a", "nndl/cnn.py": "b"}))
    assert set(submission.files) == {"nndl/CNN.py", "nndl/cnn.py"}
    assert kinds(submission) == {"case_clash"}


def test_a_zip_bomb_is_refused_and_named(read: Callable[..., Contents]) -> None:
    """A module that packs 200 MB into 200 KB is a bomb whatever its name says."""
    with pytest.raises(SubmissionUnreadable, match="zip bomb"):
        read(zip_of({"nndl/cnn.py": b"\0" * 50_000_000}))


def test_a_compressed_tar_that_expands_without_end_is_refused(read: Callable[..., Contents]) -> None:
    """What is skipped counts as well: it has to be expanded to be skipped."""
    caps = replace(DEFAULT_CAPS, ratio_from=2**20)
    with pytest.raises(SubmissionUnreadable, match="compression bomb"):
        read(tar_of({"data.bin": b"\0" * 8_000_000, "nndl/cnn.py": ""}), caps=caps)
    with pytest.raises(SubmissionUnreadable, match="expands to more than 1 MiB"):
        read(tar_of({"data.bin": os.urandom(2_000_000)}), caps=replace(caps, expanded=2**20))


def test_a_lying_size_does_not_get_more_read(read: Callable[..., Contents]) -> None:
    """A zip that claims one byte for a large module fails its checksum instead of growing."""
    honest = zip_of({"nndl/cnn.py": b"x" * 5000})
    lying = honest.replace(struct.pack("<L", 5000), struct.pack("<L", 1))
    with pytest.raises(SubmissionUnreadable, match="damaged"):
        read(lying)


@pytest.mark.parametrize("pack", [zip_of, tar_of])
def test_a_file_of_an_implausible_size_is_left_out(pack: Packer, read: Callable[..., Contents]) -> None:
    """A huge module is flagged by name, and the rest is graded."""
    submission = read(pack({"nndl/cnn.py": os.urandom(2**20 + 1), "nndl/conv_layers.py": ""}))
    assert set(submission.files) == {"nndl/conv_layers.py"}
    (flag,) = submission.flags
    assert flag.kind == "too_large"
    assert "nndl/cnn.py" in flag.message


@pytest.mark.parametrize(
    ("caps", "reason"),
    [
        ({"files": 2}, "more than 2 Python files"),
        ({"entries": 2}, "more than 2 files and folders"),
        ({"total": 2}, "its files are larger than"),
        ({"python": 2}, "Python files are larger than"),
        ({"depth": 2}, "nested deeper"),
    ],
)
def test_more_than_the_caps_ends_the_submission(
    caps: dict[str, int], reason: str, read: Callable[..., Contents], tmp_path: Path
) -> None:
    """Files, names, bytes and depth are counted, in archives and in folders."""
    files = {"a/b/c/d.py": "123", "e.py": "", "f.py": ""}
    small = replace(DEFAULT_CAPS, **caps)  # type: ignore[arg-type]
    with pytest.raises(SubmissionUnreadable, match=reason):
        read(zip_of(files), caps=small)
    for other in (tar_of(files), folder_of(tmp_path / "folder", files)):
        with pytest.raises(SubmissionUnreadable, match=reason):
            read(other, caps=small)


def test_a_zip_that_announces_an_endless_table_of_contents_is_refused(
    read: Callable[..., Contents],
) -> None:
    """Nothing of that size is allocated, also where it is announced in the 64-bit form."""
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 2**31, 0, 0)
    record = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, 2**40, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    short = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 0, 0, 0)
    for tail in (end, record + locator + short):
        with pytest.raises(SubmissionUnreadable, match="damaged"):
            read(b"PK\3\4" + b"\0" * 200 + tail)


def test_links_in_a_tar_are_left_out(read: Callable[..., Contents]) -> None:
    """Symbolic and hard links, devices and pipes are flagged by name; plain files stay."""
    members = [
        tar_link("nndl/cnn.py", "/etc/passwd"),
        tar_link("nndl/layers.py", "../../other/layers.py", tarfile.LNKTYPE),
        tar_link("nndl/pipe.py", "", tarfile.FIFOTYPE),
        tar_link("nndl/null.py", "", tarfile.CHRTYPE),
        (tarfile.TarInfo("nndl/conv_layers.py"), b""),
    ]
    submission = read(tar_of_members(members))
    assert set(submission.files) == {"nndl/conv_layers.py"}
    assert [each.message.split()[0] for each in submission.flags] == [each.name for each, _ in members[:4]]


def test_a_link_in_a_zip_is_not_followed(read: Callable[..., Contents]) -> None:
    """A zip with nothing but a link has nothing to grade."""
    with pytest.raises(SubmissionUnreadable, match="no Python file"):
        read(zip_link("nndl/cnn.py", "/etc/passwd"))


def test_links_in_a_folder_are_left_out(read: Callable[..., Contents], tmp_path: Path) -> None:
    """Links to files and folders, inside and out, are flagged and never opened; so are pipes and sockets."""
    folder_of(tmp_path, {"secret.py": "secret", "outside/nndl/layers.py": "secret"})
    root = folder_of(tmp_path / "alice", {"nndl/conv_layers.py": "x = 1"})
    (root / "nndl/cnn.py").symlink_to(tmp_path / "secret.py")
    (root / "nndl/again.py").symlink_to("conv_layers.py")
    (root / "other").symlink_to(tmp_path / "outside")
    os.mkfifo(root / "nndl/pipe.py")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(root / "nndl/socket.py"))
        submission = read(root)
    assert dict(submission.files) == {"nndl/conv_layers.py": b"x = 1"}
    assert sorted(each.message.split()[0] for each in submission.flags) == [
        "nndl/again.py",
        "nndl/cnn.py",
        "nndl/pipe.py",
        "nndl/socket.py",
        "other",
    ]


def test_a_link_in_the_place_of_a_submission_is_refused(
    read: Callable[..., Contents], tmp_path: Path
) -> None:
    """What a candidate's link points to is not read."""
    folder_of(tmp_path, {"outside/nndl/cnn.py": ""})
    link = tmp_path / "bob"
    link.symlink_to(tmp_path / "outside")
    with pytest.raises(SubmissionUnreadable, match="symbolic link"):
        read(link)


def test_many_left_out_entries_are_counted_not_listed(read: Callable[..., Contents]) -> None:
    """A hundred links make twenty flags and one that counts the rest."""
    members = [tar_link(f"link{number}", "/etc/passwd") for number in range(100)]
    submission = read(tar_of_members([*members, (tarfile.TarInfo("cnn.py"), b"")]))
    assert len(submission.flags) == 21
    assert "80 more" in submission.flags[-1].message


def test_a_zip_with_a_password_says_so(read: Callable[..., Contents]) -> None:
    """The bit that marks encryption is read before anything is unpacked."""
    data = bytearray(zip_of({"nndl/cnn.py": "x = 1"}))
    data[data.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(SubmissionUnreadable, match="password"):
        read(bytes(data))


def test_a_rare_compression_says_so(read: Callable[..., Contents]) -> None:
    """Only what every tool writes is unpacked."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("nndl/cnn.py", "x = 1")
    with pytest.raises(SubmissionUnreadable, match="rare way of compression"):
        read(buffer.getvalue())


def test_a_name_in_an_old_encoding_is_kept(read: Callable[..., Contents], tmp_path: Path) -> None:
    """Latin-1 is readable, in a tar and on disk, and so is macOS's unmarked UTF-8 in a zip."""
    raw = "José".encode("latin-1").decode("utf-8", "surrogateescape")
    (tmp_path / raw / "nndl").mkdir(parents=True)
    (tmp_path / raw / "nndl/cnn.py").touch()
    unmarked = zip_of({"Jos__/nndl/cnn.py": ""}).replace(b"Jos__", "José".encode())
    assert set(read(tmp_path / raw / "..").files) == {"José/nndl/cnn.py"}
    assert set(read(tar_of({f"{raw}/nndl/cnn.py": ""})).files) == {"José/nndl/cnn.py"}
    assert set(read(unmarked).files) == {"José/nndl/cnn.py"}


def test_control_characters_in_a_name_leave_the_file_out(read: Callable[..., Contents]) -> None:
    """Terminal codes reach neither a path nor a message."""
    submission = read(zip_of({"nndl/\x1b[31m.py": "", "nndl/cnn.py": ""}))
    assert set(submission.files) == {"nndl/cnn.py"}
    assert "\x1b" not in submission.flags[0].message


@pytest.mark.parametrize("outer", [zip_of, tar_of])
@pytest.mark.parametrize("inner", [zip_of, tar_of])
def test_an_only_archive_within_is_opened(
    outer: Packer, inner: Packer, read: Callable[..., Contents]
) -> None:
    """What a student zipped twice is found one level down, below the name of the inner archive."""
    submission = read(outer({"readme.txt": "", "upload/hw5.zip": inner(WORK)}))
    assert set(submission.files) == {f"upload/hw5/{path}" for path in WORK}
    assert submission.flags == ()


def test_an_archive_beside_the_answers_stays_closed(read: Callable[..., Contents], tmp_path: Path) -> None:
    """A backup does not compete with what was handed in; staff are told."""
    submission = read(folder_of(tmp_path / "alice", {**WORK, "backup.zip": zip_of({"nndl/cnn.py": "old"})}))
    assert set(submission.files) == set(WORK)
    assert kinds(submission) == {"nested_archive"}


def test_a_few_archives_of_one_student_are_opened(read: Callable[..., Contents]) -> None:
    """Modules in one and notebooks in the other are one work, as long as no answer lies beside them."""
    two = {"code.zip": zip_of({"nndl/cnn.py": "x = 1"}), "notebooks.zip": zip_of({"CNN.ipynb": "{}"})}
    contents = read(zip_of(two))
    assert set(contents.files) == {"code/nndl/cnn.py", "notebooks/CNN.ipynb"}
    assert [each.kind for each in contents.flags] == ["several_archives"]
    contents = read(zip_of({**two, "nndl/cnn.py": "x = 2"}))
    assert set(contents.files) == {"nndl/cnn.py"}
    assert [each.kind for each in contents.flags] == ["nested_archive"]


@pytest.mark.parametrize("name", ["CNN.ipynb", "nndl/cnn.py", "notes.PY"])
@pytest.mark.parametrize("suffix", [".txt", ".json", ".TXT"])
def test_a_suffix_that_a_browser_added_is_taken_off(
    name: str, suffix: str, read: Callable[..., Contents]
) -> None:
    """What a download or an editor called otherwise is what it was, unless that is there, too."""
    contents = read(zip_of({f"{name}{suffix}": "x = 1"}))
    assert list(contents.files) == [name]
    assert [each.kind for each in contents.flags] == [NOT_WHOLE]
    contents = read(zip_of({f"{name}{suffix}": "x = 1", name: "x = 2"}))
    assert contents.files == {name: b"x = 2"}
    assert [each.kind for each in contents.flags] == ["left_out"]


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"readme.txt": "later"}, "no Python file and no notebook"),
        ({f"{each}.zip": zip_of(WORK) for each in "abcde"}, "but 5 archives"),
        ({"a.rar": b"Rar!"}, "but 'a.rar'"),
        ({"a.zip": zip_of({"b.zip": zip_of(WORK)})}, "archives in archives"),
        ({"a.zip": b"PK\3\4"}, "damaged"),
        ({}, "no Python file and no notebook"),
    ],
)
def test_a_submission_without_work_says_what_to_hand_in(
    files: dict[str, bytes], reason: str, read: Callable[..., Contents]
) -> None:
    """Nothing to grade is an error with a reason, not a zero."""
    with pytest.raises(SubmissionUnreadable, match=reason):
        read(zip_of(files))


def test_the_error_survives_a_process_boundary() -> None:
    """A pool of graders hands it back whole."""
    error = pickle.loads(pickle.dumps(SubmissionUnreadable("alice", "is empty")))  # noqa: S301 - our own
    assert (error.id, error.reason, str(error)) == ("alice", "is empty", "alice: is empty")


@given(st.data())
def test_a_damaged_archive_is_read_or_refused(assignment: Assignment, data: st.DataObject) -> None:
    """Any bytes changed, lost or added end in a submission or in the one error there is for it."""
    pack = data.draw(st.sampled_from([zip_of, tar_of, PACKERS["alice.tar"], PACKERS["alice.tgz"]]))
    content = bytearray(pack({"nndl/cnn.py": "x = 1", "a" * 120 + "/é/nndl/cnn.py": "x = 2"}))
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.binary(max_size=3)))):
        content[at : at + len(value)] = value
    with in_a_file(bytes(content)) as path:
        try:
            submission = read_contents(Candidate("alice", path), assignment, SMALL)
        except SubmissionUnreadable:
            return
    assert all(not path.startswith("/") and ".." not in path.split("/") for path in submission.files)


SMALL = replace(DEFAULT_CAPS, largest=dict.fromkeys(Kind, 4096), total=2**16, expanded=2**20)


@given(st.lists(st.text(st.sampled_from("ab./\\:é\0\n"), min_size=1, max_size=12), max_size=4, unique=True))
def test_whatever_members_are_called_only_plain_paths_come_out(
    assignment: Assignment, names: list[str]
) -> None:
    """A tar may call its members anything; what comes out stays inside and is one of them."""
    data = tar_of({f"{name}.py": "" for name in names}, "w")
    with in_a_file(data) as path:
        try:
            submission = read_contents(Candidate("alice", path), assignment, SMALL)
        except SubmissionUnreadable:
            return
    assert all(not path.startswith(("/", ".")) and "\\" not in path for path in submission.files)
    assert len(submission.files) <= len(names)
