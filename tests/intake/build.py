"""Make archives and folders for tests."""

from __future__ import annotations

import io
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

Files = Mapping[str, str | bytes]


def as_bytes(content: str | bytes) -> bytes:
    """Encode text as UTF-8, and leave bytes alone."""
    return content.encode() if isinstance(content, str) else content


def folder_of(root: Path, files: Files) -> Path:
    """Write `files` below `root`; a name that ends in a slash is an empty folder."""
    root.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_bytes(content))
    return root


def zip_of(files: Files) -> bytes:
    """Return a zip archive of `files`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, as_bytes(content))
    return buffer.getvalue()


def tar_of(files: Files, mode: str = "w:gz", format_: int = tarfile.PAX_FORMAT) -> bytes:
    """Return a tar archive of `files`."""
    members = []
    for name, content in files.items():
        info = tarfile.TarInfo(name)
        info.size = len(as_bytes(content))
        members.append((info, as_bytes(content)))
    return tar_of_members(members, mode, format_)


def tar_of_members(
    members: list[tuple[tarfile.TarInfo, bytes]], mode: str = "w:gz", format_: int = tarfile.PAX_FORMAT
) -> bytes:
    """Return a tar archive of members with every detail chosen."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=format_) as archive:  # type: ignore[call-overload]
        for info, content in members:
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def tar_link(name: str, target: str, type_: bytes = tarfile.SYMTYPE) -> tuple[tarfile.TarInfo, bytes]:
    """Return a link as a tar member."""
    info = tarfile.TarInfo(name)
    info.type = type_
    info.linkname = target
    return info, b""


def zip_link(name: str, target: str) -> bytes:
    """Return a zip archive whose only member is a symbolic link."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = 0o120777 << 16
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, target)
    return buffer.getvalue()


@contextmanager
def in_a_file(data: bytes) -> Iterator[Path]:
    """Give the path of a file that holds `data` for as long as the context lasts."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        yield Path(file.name)
