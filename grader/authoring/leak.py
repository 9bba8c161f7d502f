"""Find in released files what students must not see, also inside notebooks, archives and encodings."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import itertools
import json
import re
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.authoring.secrets import (
    GRAM,
    RUN,
    SecretCode,
    SecretKind,
    Secrets,
    Token,
    code_tokens,
    comment_tokens,
    grams,
    numbers_in,
)
from grader.authoring.student_tree import as_text
from grader.course.assignment import Assignment

SHARE = 0.75
"""Share of a piece of hidden code that is a leak in any file, given code too. The highest between an answer of this
repository's assignments and their given code is 0.5, of a network's loss and that of an earlier, smaller network."""

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4}\s?){16,}(?:[A-Za-z0-9+/]{2,3}={0,2})?")
_DEEPEST = 4
"""Archives in archives are opened this deep; a release has one level."""


@dataclass(frozen=True, slots=True)
class Leak:
    """Something hidden in a released file.

    Attributes
    ----------
    path
        The released file.
    place
        Where in it: line, and cell, member or encoding.
    kind, origin
        What it is and where it is authored.
    share
        How much of it is there, from 0 to 1.
    """

    path: str
    place: str
    kind: SecretKind
    origin: str
    share: float = 1.0

    @property
    def what(self) -> str:
        """Say what is found, and how much of it."""
        name = f"{self.kind} {self.origin}".strip()
        return name + (f" ({self.share:.0%} of it)" if self.share < 1 else "")

    def __str__(self) -> str:
        """Say it in a sentence."""
        return f"{self.path}, {self.place} holds {self.what}"


@dataclass(frozen=True, slots=True)
class _Hit:
    """One gram of a piece of hidden code in a file: its key, how many grams the file has before it, its place."""

    key: int
    number: int
    place: str


def leaks(released: Mapping[str, bytes], secrets: Secrets) -> tuple[Leak, ...]:
    """Return every leak in the files `released`, the fullest first in each file.

    Hidden code leaks where a file holds three quarters of it, in any order, or about three lines in a row
    that students do not have from their earlier work. Layout, comments, quotes and the choice of names
    make no difference, and neither does where the code is: in code, comments, strings, outputs, metadata,
    attachments, archives. A leak that a fuller one explains for the most part is left out: a mistake
    resembles the answer that it spoils. Hidden numbers are compared by their first six significant digits.
    """
    owners: _Owners = defaultdict(lambda: defaultdict(list))
    for secret in secrets.code:
        for key in secret.grams:
            owners[secret.size][key].append(secret)
    first: dict[bytes, str] = {}  # where several files have the same bytes, the first is named
    for path, content in released.items():
        first.setdefault(hashlib.sha256(content).digest(), path)
    return tuple(
        leak for path in first.values() for leak in _file_leaks(path, released[path], secrets, owners)
    )


def not_allowed(found: Iterable[Leak], assignment: Assignment) -> tuple[Leak, ...]:
    """Return the leaks that assignment.toml does not allow: an answer's resemblance to one released file, by reason."""
    starter = assignment.folders.starter

    def allowed(leak: Leak) -> bool:
        path = leak.path.removesuffix(AS_IT_IS).removeprefix(f"{starter}/")
        return leak.kind is SecretKind.ANSWER and any(
            each.path == path and leak.origin.startswith((f"{each.answer}:", f"{each.answer},"))
            for each in assignment.release.allowed
        )

    return tuple(leak for leak in found if not allowed(leak))


AS_IT_IS = " as it is now"
"""Behind the name of a file of the starter that differs from what a release would write."""

_Owners = dict[int, dict[int, list[SecretCode]]]
"""By the size of grams and their key, the hidden code that has one."""


def _file_leaks(path: str, content: bytes, secrets: Secrets, owners: _Owners) -> Iterator[Leak]:
    hits: dict[SecretCode, list[_Hit]] = defaultdict(list)
    numbers = itertools.count()
    for document in documents(content):
        for text, (kind, origin) in secrets.texts.items():
            if (position := document.text.find(text)) >= 0:
                line = document.text.count("\n", 0, position) + 1
                yield Leak(path, _within(document.place, f"line {line}"), kind, origin)
        for tokens in (code_tokens(document.text), comment_tokens(document.text)):
            yield from _number_leaks(path, document, tokens, secrets.numbers)
            for size, table in owners.items():
                next(numbers)  # a gap: what stands apart is not in a row
                for gram, number in zip(grams(tokens, size), numbers, strict=False):
                    for secret in table.get(gram.key, ()):
                        hits[secret].append(
                            _Hit(gram.key, number, _within(document.place, f"line {gram.first}"))
                        )
    yield from _code_leaks(path, hits)


def _number_leaks(
    path: str, document: Document, tokens: Sequence[Token], numbers: Mapping[str, str]
) -> Iterator[Leak]:
    """Give one leak for each hidden number, at its first place."""
    first = {form: token for form, token in reversed(list(numbers_in(tokens))) if form in numbers}
    for form, token in first.items():
        yield Leak(path, _within(document.place, f"line {token.line}"), SecretKind.VALUE, numbers[form])


def _code_leaks(path: str, hits: Mapping[SecretCode, Sequence[_Hit]]) -> Iterator[Leak]:
    """Give the hidden code that a file shows, without what a fuller leak explains for the most part."""
    seen = {secret: {hit.key for hit in found} for secret, found in hits.items()}
    share = {secret: len(keys) / len(secret.grams) for secret, keys in seen.items()}
    explained: set[int] = set()
    for secret in sorted(hits, key=lambda each: (-share[each], each.kind is not SecretKind.ANSWER)):
        telling = [hit for hit in hits[secret] if hit.key in secret.telling]
        in_a_row = not secret.short and len(_longest(telling)) + GRAM - 1 >= RUN
        if share[secret] < (1 if secret.short else SHARE) and not in_a_row:
            continue
        if 2 * len(seen[secret] & explained) <= len(seen[secret]):
            place = _longest(hits[secret])[0].place
            yield Leak(path, place, secret.kind, _origin(secret, seen[secret]), _share(secret, share[secret]))
        explained |= seen[secret]


def _longest(hits: Sequence[_Hit]) -> Sequence[_Hit]:
    """Return the longest part of `hits` that is in a row in its file."""
    rows = itertools.groupby(enumerate(hits), key=lambda each: each[1].number - each[0])
    return max((tuple(hit for _, hit in row) for _, row in rows), key=len, default=())


def _origin(secret: SecretCode, keys: set[int]) -> str:
    """Return where the code is authored that these grams are of; of a hidden file, its lines."""
    if secret.kind is SecretKind.ANSWER:
        return secret.origin
    found = [secret.grams[key] for key in keys]
    return f"{secret.origin}:{min(gram.first for gram in found)}-{max(gram.last for gram in found)}"


def _share(secret: SecretCode, share: float) -> float:
    """Return how much of a secret is there. Of a hidden file the lines say it."""
    return share if secret.kind is SecretKind.ANSWER else 1.0


def _within(outer: str, inner: str) -> str:
    return ", ".join(filter(None, (outer, inner)))


@dataclass(frozen=True, slots=True)
class Document:
    """One text that a released file holds.

    Attributes
    ----------
    place
        Where in the file: empty for a plain text, else such as ``cell 3, outputs``.
    text
        What a person could read there.
    """

    place: str
    text: str


def documents(content: bytes, depth: int = 0) -> Iterator[Document]:
    """Give every text in `content`, found by what it is and not by what its name says.

    Archives give their members' texts, notebooks those of each cell's source, outputs, metadata and
    attachments. Bytes that are no text are read as Latin-1, so that a comment in a picture is seen. Long
    runs of base64 are given as they are and decoded.
    """
    inner = list(_members(content)) if depth < _DEEPEST else []
    if not inner:
        for document in _plain(as_text(content)):
            yield document
            encoded = _decoded(document.text) if depth < _DEEPEST else ()
            inner += [(_within(document.place, "base64"), each) for each in encoded]
    for place, each in inner:
        for document in documents(each, depth + 1):
            yield Document(_within(place, document.place), document.text)


def _members(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Give the members of an archive, and its comment; one that is damaged or encrypted is only bytes."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(member.filename, archive.read(member)) for member in archive.infolist()]
            yield from [("archive comment", archive.comment), *members] if archive.comment else members
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        return


def _decoded(text: str) -> Iterator[bytes]:
    for match in _BASE64.finditer(text):
        try:
            yield base64.b64decode("".join(match[0].split()))
        except binascii.Error:
            continue


def _plain(text: str) -> Iterator[Document]:
    """Give a text as it is, or each text of a notebook."""
    try:
        notebook = json.loads(text) if text.lstrip().startswith("{") else None
    except ValueError:
        notebook = None
    if notebook is None or not isinstance(notebook.get("cells"), list):
        yield Document("", text)
        return
    fields = [(name, value) for name, value in notebook.items() if name != "cells"]
    for number, cell in enumerate(notebook["cells"], 1):
        named = cell.items() if isinstance(cell, dict) else [("", cell)]
        fields += [(f"cell {number}, {name}", value) for name, value in named]
    yield from (Document(place, text) for place, value in fields for text in _strings(value))


def _strings(value: object) -> Iterator[str]:
    """Give the texts in a JSON value; a list of strings is one text, which is how notebooks store lines."""
    if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
        yield "".join(value)
    elif isinstance(value, list | dict):
        for each in value:
            yield from _strings(each)
            yield from _strings(value[each]) if isinstance(value, dict) else ()
    elif value is not None:
        yield str(value)
