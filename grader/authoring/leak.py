"""Find in released files what students must not see."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from grader.authoring.artifacts import Document, documents
from grader.authoring.confidential import RUN, Kind, SecretCode, Secrets, numbers_in
from grader.authoring.fingerprints import Key, Token, code_tokens, comment_tokens, grams

SHARE = 0.75
"""Share of a piece of hidden code that is a leak in any file, given code too. The highest between an answer
of the CNN homework and its given code is 0.5, of the network's loss and that of the earlier two-layer
network."""


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
    kind: Kind
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
class _Run:
    """Grams of one piece of hidden code in a row: how many, how many telling at its end, its start."""

    length: int
    telling: int
    place: str


@dataclass(slots=True)
class _Trace:
    """What one file shows of one piece of hidden code."""

    seen: set[Key] = field(default_factory=set)
    telling: int = 0
    longest: _Run = _Run(0, 0, "")

    def note(self, key: Key, run: _Run) -> None:
        """Add a gram and the run that it ends."""
        self.seen.add(key)
        self.telling = max(self.telling, run.telling)
        if run.length > self.longest.length:
            self.longest = run


def leaks(released: Mapping[str, bytes], secrets: Secrets) -> tuple[Leak, ...]:
    """Return every leak in the files `released`, the fullest first in each file.

    Hidden code leaks where a file holds three quarters of it, in any order, or about three lines in a row
    that students do not have from their earlier homework. Layout, comments, quotes and the choice of names
    make no difference, and neither does where the code is: in code, comments, strings, outputs, metadata,
    attachments, archives. A leak that a fuller one explains for the most part is left out: a mistake
    resembles the answer that it spoils. Hidden numbers are compared by their first six significant digits.
    """
    owners = _owners(secrets.code)
    found: list[Leak] = []
    scanned: dict[str, list[Leak]] = {}
    for path, content in released.items():
        digest = hashlib.sha256(content).hexdigest()
        if digest not in scanned:
            scanned[digest] = list(_file_leaks(path, list(documents(content)), secrets, owners))
            found += scanned[digest]
    return tuple(found)


_Owners = Mapping[int, Mapping[Key, Sequence[SecretCode]]]


def _owners(code: Sequence[SecretCode]) -> _Owners:
    """Return, by gram size and key, the code that has a gram."""
    owners: dict[int, dict[Key, list[SecretCode]]] = defaultdict(lambda: defaultdict(list))
    for secret in code:
        for key in secret.grams:
            owners[secret.size][key].append(secret)
    return owners


def _file_leaks(path: str, texts: Sequence[Document], secrets: Secrets, owners: _Owners) -> Iterator[Leak]:
    traces: dict[SecretCode, _Trace] = defaultdict(_Trace)
    for document in texts:
        yield from _text_leaks(path, document, secrets)
        for tokens in (code_tokens(document.text), comment_tokens(document.text)):
            yield from _number_leaks(path, document, tokens, secrets)
            for size, table in owners.items():
                _follow(document, tokens, size, table, traces)
    yield from _code_leaks(path, traces)


def _text_leaks(path: str, document: Document, secrets: Secrets) -> Iterator[Leak]:
    for text, (kind, origin) in secrets.texts.items():
        position = document.text.find(text)
        if position >= 0:
            line = document.text.count("\n", 0, position) + 1
            yield Leak(path, _place(document, line), kind, origin)


def _number_leaks(path: str, document: Document, tokens: Sequence[Token], secrets: Secrets) -> Iterator[Leak]:
    """Give one leak for each hidden number, at its first place."""
    seen: set[str] = set()
    for form, token in numbers_in(tokens):
        if form in secrets.numbers and form not in seen:
            seen.add(form)
            yield Leak(path, _place(document, token.line), Kind.VALUE, secrets.numbers[form])


def _follow(
    document: Document,
    tokens: Sequence[Token],
    size: int,
    table: Mapping[Key, Sequence[SecretCode]],
    traces: dict[SecretCode, _Trace],
) -> None:
    """Note in `traces` which grams of hidden code one sequence of tokens has, and its runs."""
    runs: dict[SecretCode, _Run] = {}
    for gram in grams(tokens, size):
        before, runs = runs, {}
        for secret in table.get(gram.key, ()):
            last = before.get(secret) or _Run(0, 0, _place(document, gram.line))
            telling = last.telling + 1 if gram.key in secret.telling else 0
            runs[secret] = _Run(last.length + 1, telling, last.place)
            traces[secret].note(gram.key, runs[secret])


def _code_leaks(path: str, traces: Mapping[SecretCode, _Trace]) -> Iterator[Leak]:
    """Give the hidden code that a file shows, without what a fuller leak explains for the most part."""
    found = [(secret, trace) for secret, trace in traces.items() if _leaks(secret, trace)]
    explained: set[Key] = set()
    for secret, trace in sorted(found, key=_fullness, reverse=True):
        if 2 * len(trace.seen & explained) <= len(trace.seen):
            yield Leak(path, trace.longest.place, secret.kind, secret.origin, _share(secret, trace))
        explained |= trace.seen


def _share(secret: SecretCode, trace: _Trace) -> float:
    return len(trace.seen) / len(secret.grams)


def _leaks(secret: SecretCode, trace: _Trace) -> bool:
    share = _share(secret, trace)
    if secret.short:
        return share == 1.0
    # A run of n grams spans n - 1 tokens more than one gram.
    return share >= SHARE or trace.telling + secret.size - 1 >= RUN


def _fullness(found: tuple[SecretCode, _Trace]) -> tuple[float, bool]:
    secret, trace = found
    return _share(secret, trace), secret.kind is Kind.ANSWER


def _place(document: Document, line: int) -> str:
    return ", ".join(filter(None, (document.place, f"line {line}")))
