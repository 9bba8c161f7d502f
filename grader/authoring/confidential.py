"""What students must not see, in the forms that the leak scan looks for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import PurePosixPath

from grader.authoring.fingerprints import GRAM, Key, Token, code_tokens, comment_tokens, grams
from grader.course.regions import Region, split_lines

FEWEST_TOKENS = 12
"""An answer with fewer is one line that anybody writes (``out = np.maximum(0, x)`` has ten)."""

RUN = 32
"""Tokens of hidden code in a row that are a leak: about three lines. The given code of the CNN homework has
at most 24 in a row in common with any of its answers and checks, the earlier networks apart."""

DIGITS = 6
"""A number with as many significant digits is no round constant; two such numbers agree by chance once in a
million."""

CHECKS = "checks"
"""The folder of an assignment whose code is in no way like what students get."""

PUBLIC = re.compile(r"#\s*public\b")
"""Comment by which a check says that the numbers of its statement are known to students."""


class Kind(StrEnum):
    """Why something is hidden."""

    ANSWER = "the answer"
    HIDDEN = "the hidden code"
    VALUE = "the hidden value"
    FILE = "the hidden file"
    KEY = "the course key"


@dataclass(frozen=True, slots=True, eq=False)
class SecretCode:
    """Code that students must not see; two pieces are never the same one.

    Attributes
    ----------
    origin
        Where it is authored.
    size
        Tokens in each of its grams.
    grams
        Keys of all its grams.
    telling
        Those that do not occur in code which students have anyway.
    short
        Whether it is too short for a part of it to tell anything.
    """

    kind: Kind
    origin: str
    size: int
    grams: frozenset[Key]
    telling: frozenset[Key]
    short: bool


@dataclass(frozen=True, slots=True)
class Secrets:
    """All that must not be found in a release.

    Attributes
    ----------
    code
        Answers and hidden code.
    numbers
        Normal form of each hidden number, and where it is authored.
    texts
        Texts that must not occur as they are, with what they are: keys, whole files.
    """

    code: tuple[SecretCode, ...]
    numbers: Mapping[str, str]
    texts: Mapping[str, tuple[Kind, str]]


def gather(
    answers: Sequence[Region],
    hidden: Mapping[str, str],
    *,
    samples: Mapping[str, str],
    earlier: Iterable[str],
    given: Iterable[str],
    keys: Iterable[str] = (),
) -> Secrets:
    """Return what must not be found in a release.

    Parameters
    ----------
    answers
        The regions that a release removes.
    hidden
        Texts of the checks, mistakes and variants by path: code, numbers and whole files are secret. A
        mistake or a variant is a whole answer with the given lines around it, so that a few of its lines
        are telling only where they are not given ones.
    samples
        Texts of sample submissions by path. They hold given code and public numbers as any submission does,
        so only their Python is secret, and of that only what is not given code.
    earlier
        Modules released complete because students have solved them before. They resemble answers by nature: a
        three-layer network is a two-layer one with a layer more. Resemblance to them tells nothing new.
    given
        All other code that students get.
    keys
        Texts that are secret wherever they occur.
    """
    known = _all_grams(earlier)
    public = known | _all_grams(given)
    code = [_answer(region, known) for region in answers]
    for path, text in hidden.items():
        code += _units(path, text, known if PurePosixPath(path).parts[0] == CHECKS else public)
    for path, text in samples.items():
        if PurePosixPath(path).suffix == ".py":
            code += [_only_telling(unit) for unit in _units(path, text, public)]
    numbers = {form: place for path, text in hidden.items() for form, place in hidden_numbers(path, text)}
    texts = {text: (Kind.FILE, path) for path, text in hidden.items() if len(code_tokens(text)) >= RUN}
    texts |= dict.fromkeys(keys, (Kind.KEY, ""))
    return Secrets(tuple(each for each in code if each is not None and each.grams), numbers, texts)


def number_form(text: str) -> str | None:
    """Return the first `DIGITS` significant digits and the magnitude of a number; None if it has fewer."""
    try:
        value = Decimal(text.replace("_", ""))
    except InvalidOperation:
        return None
    digits = "".join(map(str, value.as_tuple().digits)).strip("0")
    return f"{value:.{DIGITS - 1}e}" if len(digits) >= DIGITS else None


def numbers_in(tokens: Iterable[Token]) -> Iterator[tuple[str, Token]]:
    """Give the normal form of each number with enough digits, and its token."""
    for token in tokens:
        form = number_form(token.text) if token.text[0].isdigit() or token.text[0] == "." else None
        if form is not None:
            yield form, token


def hidden_numbers(path: str, text: str) -> Iterator[tuple[str, str]]:
    """Give the normal form and the place of each secret number in a hidden file.

    A statement with a comment ``# public: where students see them`` has no secret numbers.
    """
    public = _public_lines(text)
    for form, token in numbers_in([*code_tokens(text), *comment_tokens(text)]):
        if token.line not in public:
            yield form, f"{token.text} at {path}:{token.line}"


def without_docstrings(text: str) -> str:
    """Return Python with empty lines for its docstrings, and any other text as it is."""
    tree = _parsed(text)
    quiet = {line for node in ast.walk(tree) for line in _docstring_lines(node)} if tree else set()
    return "".join("\n" if number in quiet else line for number, line in enumerate(split_lines(text), 1))


def _answer(region: Region, known: frozenset[Key]) -> SecretCode | None:
    tokens = code_tokens(region.text)
    return _secret(Kind.ANSWER, region.place, tokens, known) if len(tokens) >= FEWEST_TOKENS else None


def _secret(kind: Kind, origin: str, tokens: Sequence[Token], known: frozenset[Key]) -> SecretCode:
    size = min(GRAM, len(tokens))
    keys = frozenset(gram.key for gram in grams(tokens, size))
    return SecretCode(kind, origin, size, keys, keys - known, short=len(tokens) < RUN)


def _only_telling(unit: SecretCode) -> SecretCode:
    return SecretCode(unit.kind, unit.origin, unit.size, unit.telling, unit.telling, unit.short)


def _all_grams(texts: Iterable[str]) -> frozenset[Key]:
    """Return the grams of code as it is and without its docstrings, as hidden code is taken."""
    versions = (version for text in texts for version in (text, without_docstrings(text)))
    return frozenset(gram.key for version in versions for gram in grams(code_tokens(version)))


def _units(path: str, text: str, known: frozenset[Key]) -> Iterator[SecretCode]:
    """Give the pieces of a hidden file that can leak one by one: its top-level statements.

    Statements of fewer than `RUN` tokens are joined; what is left over at the end is too little to tell
    anything. Docstrings do not count: a check's is the sentence that its students read.
    """
    pending: list[Token] = []
    start = 1
    for first, last, source in _statements(text):
        tokens = code_tokens(source)
        if len(tokens) >= RUN:
            yield _secret(Kind.HIDDEN, f"{path}:{first}-{last}", tokens, known)
            continue
        start = start if pending else first
        pending += tokens
        if len(pending) >= RUN:
            yield _secret(Kind.HIDDEN, f"{path}:{start}-{last}", pending, known)
            pending = []


def _statements(text: str) -> Iterator[tuple[int, int, str]]:
    """Give first line, last line and source of each top-level statement, without imports and docstrings."""
    tree = _parsed(text)
    lines = split_lines(without_docstrings(text))
    if tree is None:
        yield 1, len(lines), text
        return
    for node in tree.body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            decorators = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(each.lineno for each in decorators)])
            last = node.end_lineno or first
            yield first, last, "".join(lines[first - 1 : last])


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError):
        return None


def _docstring_lines(node: ast.AST) -> range:
    if not isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
        return range(0)
    if ast.get_docstring(node, clean=False) is None:
        return range(0)
    return range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1)


def _public_lines(text: str) -> frozenset[int]:
    """Return the lines of the smallest statements that a ``# public`` comment stands in."""
    marked = [number for number, line in enumerate(split_lines(text), 1) if PUBLIC.search(line)]
    tree = _parsed(text)
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)] if tree and marked else []
    spans = [range(node.lineno, (node.end_lineno or node.lineno) + 1) for node in nodes]
    around = (min((span for span in spans if line in span), key=len, default=range(0)) for line in marked)
    return frozenset(line for span in around for line in span)
