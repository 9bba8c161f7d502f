"""Build archives that no honest student would hand in."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

Files = Mapping[str, bytes]
Facts = Mapping[str, str]
Builder = Callable[[Files, Path, Facts], Path]

ANSWERS = "nndl/conv_layers.py"
MEGABYTE = 10**6


def tar_of(
    members: Mapping[str, bytes | tarfile.TarInfo], folder: Path, mode: Literal["w", "w:gz"] = "w:gz"
) -> Path:
    """Write a tar archive of contents and of ready-made headers."""
    path = folder / f"handed-in.{'tar' if mode == 'w' else 'tar.gz'}"
    with tarfile.open(path, mode) as archive:
        for name, member in members.items():
            info = member if isinstance(member, tarfile.TarInfo) else tarfile.TarInfo(name)
            content = b"" if isinstance(member, tarfile.TarInfo) else member
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def _special(name: str, kind: bytes, target: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    info.devmajor, info.devminor = 1, 5  # /dev/zero
    return info


def tar_special(kind: bytes, target: str) -> Builder:
    """Make a builder of archives in which the answers are a link or a device."""

    def build(files: Files, folder: Path, facts: Facts) -> Path:
        aim = target.format(**facts)
        return tar_of({**files, ANSWERS: _special(ANSWERS, kind, aim)}, folder)

    return build


def tar_outside(files: Files, folder: Path, facts: Facts) -> Path:
    """Name a file outside the archive, by way of its parents and by its whole path."""
    up = "../" * 12 + facts["WATCHED"].lstrip("/") + "/climbed.py"
    return tar_of(
        {**files, up: b"climbed = 1\n", f"{facts['WATCHED']}/absolute.py": b"absolute = 1\n"}, folder
    )


def tar_through_link(files: Files, folder: Path, facts: Facts) -> Path:
    """Link a folder to the outside, then write a file into it."""
    link = _special("nndl/out", tarfile.SYMTYPE, facts["WATCHED"])
    return tar_of({**files, "nndl/out": link, "nndl/out/written.py": b"written = 1\n"}, folder)


def tar_claims_too_much(files: Files, folder: Path, _facts: Facts) -> Path:
    """Claim a member of a thousand terabytes."""
    path = tar_of(files, folder, "w")
    info = tarfile.TarInfo("nndl/large.py")
    info.size = 10**15
    members = path.read_bytes().rstrip(b"\0")
    padding = b"\0" * (-len(members) % tarfile.BLOCKSIZE)
    path.write_bytes(members + padding + info.tobuf(tarfile.GNU_FORMAT) + b"#" * tarfile.BLOCKSIZE)
    return path


def zip_of(files: Files, folder: Path, name: str = "handed-in.zip") -> Path:
    """Write a zip archive."""
    with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return folder / name


def zip_outside(files: Files, folder: Path, facts: Facts) -> Path:
    """Name a file outside the archive."""
    up = "../" * 12 + facts["WATCHED"].lstrip("/") + "/climbed.py"
    return zip_of({**files, up: b"climbed = 1\n"}, folder)


def zip_absolute(files: Files, folder: Path, facts: Facts) -> Path:
    """Name a file by its whole path."""
    return zip_of({**files, f"{facts['WATCHED']}/absolute.py": b"absolute = 1\n"}, folder)


def zip_link(files: Files, folder: Path, facts: Facts) -> Path:
    """Link to the solution where the answers belong."""
    path = zip_of({name: content for name, content in files.items() if name != ANSWERS}, folder)
    info = zipfile.ZipInfo(ANSWERS)
    info.create_system, info.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(info, f"{facts['REPO']}/solutions/{ANSWERS}")
    return path


def zip_bomb(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold a notebook that is a thousand times larger unpacked."""
    return zip_of({**files, "CNN.ipynb": bytes(150 * MEGABYTE)}, folder)


def zip_overlapping(files: Files, folder: Path, _facts: Facts) -> Path:
    """Let a thousand names share one compressed megabyte."""
    path = zip_of({**files, "nndl/large.py": b"#" * (MEGABYTE - 1) + b"\n"}, folder)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        start, shared = archive.start_dir, archive.infolist()[-1]
    end = data.rindex(b"PK\x05\x06")
    entry = data[data.rindex(b"PK\x01\x02", start, end) : end]
    name = shared.filename.encode()
    more = b"".join(entry.replace(name, b"nndl/%05d.py" % number) for number in range(1000))
    count = len(files) + 1 + 1000
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, end - start + len(more), start, 0)
    path.write_bytes(data[:end] + more + tail)
    return path


def zip_twice(files: Files, folder: Path, facts: Facts) -> Path:
    """Hold two files of one name."""
    path = zip_of(files, folder)
    with zipfile.ZipFile(path, "a") as archive:
        copy = zipfile.ZipInfo(ANSWERS)
        del archive.NameToInfo[ANSWERS]  # it would warn
        archive.writestr(copy, Path(facts["OTHER"], ANSWERS).read_bytes())
    return path


def zip_encrypted(files: Files, folder: Path, _facts: Facts) -> Path:
    """Say that a member is encrypted."""
    path = zip_of(files, folder)
    data = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    path.write_bytes(data)
    return path


def zip_nested(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold an archive in an archive in an archive."""
    inner: Files = files
    for level in range(4):
        path = zip_of(inner, folder, f"level{level}.zip")
        inner = {f"level{level}.zip": path.read_bytes()}
        path.unlink()
    return zip_of(inner, folder)


def too_many_files(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold ten thousand modules."""
    return zip_of({**files, **{f"nndl/m{number}.py": b"" for number in range(10_000)}}, folder)


def too_deep(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold folders three hundred deep."""
    return zip_of({**files, f"{'d/' * 300}m.py": b"deep = 1\n"}, folder)


def file_and_folder(files: Files, folder: Path, _facts: Facts) -> Path:
    """Hold a name as a file and as a folder."""
    return zip_of({**files, f"{ANSWERS}/inner.py": b"inner = 1\n"}, folder)
