"""Names that come from outside: which are safe, how they are shown, and what a submission is called."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

LONGEST_ID = 80
"""An id becomes a file name with a suffix; file systems allow 255 bytes, and a letter takes up to four."""

LONGEST_NAME = 255
"""Bytes of one step of a path, which is what file systems allow."""

LONGEST_PATH = 1024
"""Bytes. A path may have 4096, of which a stage needs some; and bringing accents in order takes the square of them."""

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


def is_too_long(path: str) -> bool:
    """Say whether no file can have this path below a stage."""
    encoded = path.encode("utf-8", "surrogatepass")
    return len(encoded) > LONGEST_PATH or any(len(step) > LONGEST_NAME for step in encoded.split(b"/"))


def decoded(name: str) -> str:
    """Return `name` as text that can be printed and encoded.

    Bytes that are not UTF-8 arrive as lone surrogates. They are read as Latin-1, which gives every byte a
    letter; surrogates that stand for no byte become the replacement character. The result is in normal form C,
    in which macOS's file names equal everyone else's, unless it is longer than any path.
    """
    if _SURROGATE.search(name):
        name = _NO_BYTE.sub("\N{REPLACEMENT CHARACTER}", name)
    if _SURROGATE.search(name):
        name = name.encode("utf-8", "surrogateescape").decode("latin-1")
    return name if len(name) > LONGEST_PATH else unicodedata.normalize("NFC", name)


def printable(name: str) -> str:
    """Return `name` for use in a message: without control characters, and not endless."""
    start = name[: LONGEST_ID + 1]
    shown = "".join("?" if unicodedata.category(letter)[0] == "C" else letter for letter in start)
    return shown if len(shown) <= LONGEST_ID else f"{shown[: LONGEST_ID - 3]}..."


def has_control_characters(name: str) -> bool:
    """Say whether `name` holds a control character, such as a line break or a terminal code."""
    return any(unicodedata.category(letter) == "Cc" for letter in name)


def clean_id(parts: Sequence[str]) -> str:
    """Return one word made of the folders on the way to a submission.

    Letters and digits of any script, ``.``, ``_`` and ``-`` stay; anything else becomes ``_``. An id starts
    and ends with a letter or digit, so that it is no hidden file, no option and no spreadsheet formula.
    """
    words = (_UNSAFE_IN_ID.sub("_", decoded(part)).strip("._-") for part in parts)
    joined = "-".join(word for word in words if word)
    if len(joined) > LONGEST_ID:
        joined = f"{joined[: LONGEST_ID - 9]}-{fingerprint(joined)}"
    return joined or "submission"


def fingerprint(text: str) -> str:
    """Return a few letters that tell `text` from others."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def content_hash(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 of `files`, each path and content preceded by its length."""
    digest = hashlib.sha256()
    for path in sorted(files):
        for each in (path.encode("utf-8", "surrogatepass"), files[path]):
            digest.update(len(each).to_bytes(8, "big"))
            digest.update(each)
    return digest.hexdigest()
