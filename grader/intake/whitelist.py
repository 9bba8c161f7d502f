"""Which files of a submission are read at all, and how much of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType

from grader.course.limits import MEBIBYTE
from grader.intake.names import archive_suffix


class Kind(StrEnum):
    """What a file is to the grader; anything else is not read."""

    PYTHON = "Python file"
    NOTEBOOK = "notebook"
    WEIGHTS = "weights file"
    ARCHIVE = "archive"


_LARGEST = MappingProxyType(
    {
        Kind.PYTHON: MEBIBYTE
        // 8,  # students write a few dozen kilobytes; a megabyte may take a minute to parse
        Kind.NOTEBOOK: 64 * MEBIBYTE,  # figures and endless printed losses; real ones reach some 30 MiB
        Kind.WEIGHTS: 256 * MEBIBYTE,  # 64 filters and 500 hidden units in float64 take 66 MB
        Kind.ARCHIVE: 256 * MEBIBYTE,
    }
)


@dataclass(frozen=True, slots=True)
class Caps:
    """How much of a submission is taken in. Sizes are bytes, counted while reading.

    Attributes
    ----------
    largest
        Largest file of each kind; a larger one is left out and flagged.
    total
        All files together; more stops the submission.
    python
        All Python files together. Parsed, a file may take up nine hundred times its size.
    files
        Files that are read; more stops the submission.
    entries
        Names looked at, clutter included: a data set as single pictures has 60,000.
    depth
        Folders within folders.
    expanded
        What a compressed tar may expand to, read or skipped.
    ratio
        Expanded size by packed size that no honest archive has beyond `ratio_from` bytes: deflate ends at
        1032, text reaches about 20; the same line printed for ever is what a notebook's own cap is for.
    ratio_from
        Where `ratio` begins to count.
    directory
        Table of contents of a zip, which its reader turns into objects ten times that size.
    """

    largest: Mapping[Kind, int] = field(default_factory=lambda: _LARGEST)
    total: int = 512 * MEBIBYTE
    python: int = 2 * MEBIBYTE
    files: int = 2000
    entries: int = 200_000
    depth: int = 32
    expanded: int = 2048 * MEBIBYTE
    ratio: int = 200
    ratio_from: int = 64 * MEBIBYTE
    directory: int = 24 * MEBIBYTE


DEFAULT_CAPS = Caps()


CLUTTER_FOLDERS = frozenset(
    {
        "__macosx",
        "__pycache__",
        "build",
        "cifar-10-batches-py",
        "dist-packages",
        "env",
        "node_modules",
        "site-packages",
        "venv",
        "virtualenv",
    }
)
"""Folders that hold nobody's homework, in lower case; hidden folders are clutter without being listed."""


def is_clutter_folder(name: str) -> bool:
    """Say whether a folder of this name is passed over with all it holds."""
    lower = name.lower()
    return lower.startswith(".") or lower in CLUTTER_FOLDERS or lower.endswith((".egg-info", ".dist-info"))


def is_clutter(path: str) -> bool:
    """Say whether `path` is hidden, AppleDouble or inside a folder of clutter."""
    *folders, name = path.split("/")
    return name.startswith(".") or any(map(is_clutter_folder, folders))


def kind_of(path: str, weights: str | None) -> Kind | None:
    """Return what the file at `path` is, by its name alone; None for a file that is not read.

    Parameters
    ----------
    path
        Relative, with forward slashes.
    weights
        Name of the assignment's weights file; ``best_model (1).npz`` passes for ``best_model.npz``.
    """
    if is_clutter(path):
        return None
    name = PurePosixPath(path).name
    suffix = PurePosixPath(name.lower()).suffix
    if suffix == ".py":
        return Kind.PYTHON
    if suffix == ".ipynb":
        return Kind.NOTEBOOK
    if weights is not None and _resembles(name, weights):
        return Kind.WEIGHTS
    if archive_suffix(name) is not None and not name.lower().startswith("cifar"):
        return Kind.ARCHIVE
    return None


def _resembles(name: str, wanted: str) -> bool:
    found, asked = PurePosixPath(name.lower()), PurePosixPath(wanted.lower())
    return found.suffix == asked.suffix and asked.stem in found.stem
