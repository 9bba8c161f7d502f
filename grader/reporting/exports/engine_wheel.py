"""The installed engine as a wheel: an autograder installs just what graded here, and needs no index for it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import grader
from grader.reporting.files import ReportError

CONSTRAINTS = "constraints.txt"
"""The lock: every package that an environment of the engine may hold, at the version that it is tested with."""

NAME = "numgrade"
_WHEEL = "Wheel-Version: 1.0\nGenerator: numgrade\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_LEFT_OUT = frozenset({"__pycache__"})


def constraints() -> bytes:
    """Return the lock that the engine came with."""
    return (_package() / CONSTRAINTS).read_bytes()


def wheel_members() -> tuple[str, Mapping[str, bytes]]:
    """Return the name of the engine's wheel and its members.

    Raises
    ------
    ReportError
        The engine runs from a source tree that was never installed.
    """
    try:
        installed = distribution(NAME)
    except PackageNotFoundError:
        raise ReportError("the engine is not installed here; run: python -m pip install -e .") from None
    members = {path.relative_to(_package().parent).as_posix(): path.read_bytes() for path in _sources()}
    information = f"{NAME}-{installed.version}.dist-info"
    members |= {f"{information}/{name}": text.encode() for name, text in _told(installed)}
    record = f"{information}/RECORD"
    lines = [_recorded(name, data) for name, data in sorted(members.items())]
    members[record] = "".join(f"{line}\n" for line in (*lines, f"{record},,")).encode()
    return f"{NAME}-{installed.version}-py3-none-any.whl", members


def _package() -> Path:
    return Path(grader.__file__).parent


def _sources() -> Iterator[Path]:
    yield _package().with_name(f"{NAME}.py")
    for path in sorted(_package().rglob("*")):
        if path.is_file() and not _LEFT_OUT & set(path.parts):
            yield path


def _told(installed: Distribution) -> Iterator[tuple[str, str]]:
    yield "WHEEL", _WHEEL
    for name in ("METADATA", "entry_points.txt"):
        if text := installed.read_text(name):
            yield name, text


def _recorded(name: str, data: bytes) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}"
