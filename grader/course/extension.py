"""Whether a package's compiled extension is there, and whether it was built from the sources that lie beside it."""

from __future__ import annotations

from enum import StrEnum
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

_SOURCES = frozenset({".pyx", ".c", ".h"})


class Build(StrEnum):
    """What there is of an extension, for this Python."""

    NONE = "none to build"
    MISSING = "not compiled"
    OUTDATED = "older than its sources"
    CURRENT = "compiled"


def build_of(package: Path) -> Build:
    """Return how the extension in a package's folder stands to its sources, by their times, as its build does."""
    files = [path for path in package.iterdir() if path.is_file()] if package.is_dir() else []
    sources = [path for path in files if path.suffix in _SOURCES and not _is_generated(path)]
    built = [path for path in files if is_extension(path.name)]
    if not sources:
        return Build.NONE
    if not built:
        return Build.MISSING
    return Build.CURRENT if min(map(_time, built)) >= max(map(_time, sources)) else Build.OUTDATED


def is_extension(name: str) -> bool:
    """Say whether this Python would import the extension; those for other Pythons end in ``.so`` too."""
    module = name.partition(".")[0]
    return any(name == f"{module}{suffix}" for suffix in EXTENSION_SUFFIXES)


def _is_generated(path: Path) -> bool:
    return path.suffix == ".c" and path.with_suffix(".pyx").exists()


def _time(path: Path) -> int:
    return path.stat().st_mtime_ns
