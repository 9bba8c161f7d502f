"""Names that come from outside: which archive member names are safe, and what a submission is called."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

ARCHIVE_SUFFIXES = (".zip", ".tar.gz", ".tgz", ".tar")
"""What intake opens."""

FOREIGN_SUFFIXES = (
    ".rar",
    ".7z",
    ".tar.bz2",
    ".tbz2",
    ".tar.xz",
    ".txz",
    ".gz",
    ".bz2",
    ".xz",
    ".zst",
    ".zipx",
)
"""Archives that intake names in an error instead of passing over them."""

LONGEST_ID = 80
"""An id becomes a file name with a suffix; file systems allow 255 bytes, and a letter takes up to four."""

_DRIVE = re.compile(r"^[A-Za-z]:")
_SURROGATE = re.compile("[\ud800-\udfff]")
_NO_BYTE = re.compile("[\ud800-\udc7f\udd00-\udfff]")
_UNSAFE_IN_ID = re.compile(r"[^\w.-]+")


class UnsafeName(ValueError):
    """A member name that could write outside its folder; refused rather than repaired."""


def folders_above(path: str) -> Iterator[str]:
    """Yield the folders that a plain relative path lies in, the outermost first."""
    end = path.find("/")
    while end >= 0:
        yield path[:end]
        end = path.find("/", end + 1)


def safe_path(raw: str) -> str:
    """Return an archive member's name as a plain relative path with forward slashes.

    Names are refused, never repaired: a repaired ``../../cnn.py`` would replace ``cnn.py``. A backslash is what
    some Windows tools write for a slash, and counts as one before anything is looked at.

    Raises
    ------
    UnsafeName
        The name is absolute, climbs with ``..``, has a drive letter or a null character.
    """
    if "\0" in raw:
        raise UnsafeName("has a null character in its name")
    raw = raw.replace("\\", "/")
    if raw.startswith("/"):
        raise UnsafeName("has an absolute path")
    if _DRIVE.match(raw):
        raise UnsafeName("has a drive letter in its path")
    steps = [step for step in raw.split("/") if step not in ("", ".")]
    if ".." in steps:
        raise UnsafeName("climbs out of its folder with '..'")
    return "/".join(steps)


def decoded(name: str) -> str:
    """Return `name` as text that can be printed and encoded.

    Bytes that are not UTF-8 arrive as lone surrogates. They are read as Latin-1, which gives every byte a
    letter; surrogates that stand for no byte become the replacement character. The result is in normal form C,
    in which macOS's file names equal everyone else's.
    """
    if _SURROGATE.search(name):
        name = _NO_BYTE.sub("\N{REPLACEMENT CHARACTER}", name)
    if _SURROGATE.search(name):
        name = name.encode("utf-8", "surrogateescape").decode("latin-1")
    return unicodedata.normalize("NFC", name)


def printable(name: str) -> str:
    """Return `name` for use in a message: without control characters, and not endless."""
    shown = "".join("?" if unicodedata.category(letter)[0] == "C" else letter for letter in name)
    return shown if len(shown) <= LONGEST_ID else f"{shown[: LONGEST_ID - 3]}..."


def has_control_characters(name: str) -> bool:
    """Say whether `name` holds a control character, such as a line break or a terminal code."""
    return any(unicodedata.category(letter) == "Cc" for letter in name)


def archive_suffix(name: str) -> str | None:
    """Return the suffix that makes `name` an archive, or None; the longest one that fits."""
    lower = name.lower()
    fitting = [suffix for suffix in (*ARCHIVE_SUFFIXES, *FOREIGN_SUFFIXES) if lower.endswith(suffix)]
    return max(fitting, key=len, default=None)


def without_archive_suffix(name: str) -> str:
    """Return `name` without the suffix of an archive."""
    return name[: len(name) - len(archive_suffix(name) or "")] or name


def clean_id(parts: Sequence[str]) -> str:
    """Return one word made of the folders on the way to a submission.

    Letters and digits of any script, ``.``, ``_`` and ``-`` stay; anything else becomes ``_``. An id starts
    and ends with a letter or digit, so that it is no hidden file, no option and no spreadsheet formula.
    """
    words = (_UNSAFE_IN_ID.sub("_", decoded(part)).strip("._-") for part in parts)
    joined = "-".join(word for word in words if word)
    if len(joined) > LONGEST_ID:
        joined = f"{joined[: LONGEST_ID - 9]}-{_fingerprint(joined)}"
    return joined or "submission"


def unique_ids(names: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Yield an id for each of `names`, distinct also where upper and lower case are the same.

    Where ids clash the archives among them are called by their full names, and what still clashes gets a
    fingerprint of its path: an id never depends on how many others clash, or in which order they were found.
    """
    short = [clean_id((*parts[:-1], without_archive_suffix(parts[-1]))) for parts in names]
    full = [clean_id(parts) for parts in names]
    once = Counter(each.casefold() for each in short)
    chosen = [
        first if once[first.casefold()] == 1 else second for first, second in zip(short, full, strict=True)
    ]
    again = Counter(each.casefold() for each in chosen)
    for id_, parts in zip(chosen, names, strict=True):
        yield id_ if again[id_.casefold()] == 1 else f"{id_}-{_fingerprint('/'.join(parts))}"


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
