"""What students must not see of an assignment, in the forms that the leak scan looks for.

Code is compared by runs of tokens. Layout, comments, quotes and the choice of names make no difference: in a run, a
name that is free to choose counts by where in the run it first stood.
"""

from __future__ import annotations

import ast
import keyword
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from grader.authoring.notebooks import author_cells
from grader.authoring.student_tree import StudentTree, as_text
from grader.course.assignment import Assignment
from grader.course.regions import Region, split_lines
from grader.course.repository import KEY_FILE, KEY_VARIABLE, Course

BANK_FOLDERS = ("mistakes", "variants")
HIDDEN_FOLDERS = ("checks", *BANK_FOLDERS)
"""Folders of an assignment of which students see nothing."""

FEWEST_TOKENS = 12
"""An answer with fewer is one line that anybody writes (``out = np.maximum(0, x)`` has ten)."""

FEWEST_WORDS = 6
"""A line of a model answer with fewer is one that a task may say as well."""

GRAM = 16
"""Tokens in a gram: more than nearly any one line of NumPy has, so that no common idiom fills one."""

RUN = 32
"""Tokens of hidden code in a row that are a leak: about three lines. The given code of this repository's assignments
has at most 24 in a row in common with any of its answers and checks, earlier work apart."""

DIGITS = 6
"""A number with as many significant digits is no round constant; two such numbers agree by chance once in a
million."""

PUBLIC = re.compile(r"#\s*public\b")
"""Comment by which a check says that the numbers of its statement are known to students."""

_SHORTEST_KEY = 8
"""A shorter course key protects nothing, and would be found everywhere."""

_LITERAL_OR_COMMENT = re.compile(
    r'("""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\')|#([^\n]*)',
    re.DOTALL,
)
_TOKEN = re.compile(
    r"(?P<name>[^\W\d]\w*)"
    r"|(?P<number>0[xX][\da-fA-F_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?)"
    r"|(?P<operator>\*\*=|//=|>>=|<<=|\*\*|//|>>|<<|->|:=|[-+*/%@&|^=!<>]=|[^\s\w])"
)
_ESCAPED_SPACE = re.compile(r"\\[nrt]")
# Quotes go, so that code inside a string reads like code outside; the rest is layout, as is a trailing comma.
_LAYOUT = frozenset("'\"`#\\;")
_TRAILING_COMMA = re.compile(r",(?=[\s'\"`#\\;]*[)\]}])")


class SecretKind(StrEnum):
    """Why something is hidden."""

    ANSWER = "the answer"
    HIDDEN = "the hidden code"
    VALUE = "the hidden value"
    FILE = "the hidden file"
    KEY = "the course key"


class Token(NamedTuple):
    """One significant token and its line, counted from 1. A free name may be another in a copy."""

    text: str
    line: int
    free: bool


class Gram(NamedTuple):
    """Tokens in a row: a key that is the same for each copy, and their first and last line."""

    key: int
    first: int
    last: int


@dataclass(frozen=True, slots=True, eq=False)
class SecretCode:
    """Code that students must not see; two pieces are never the same one.

    Attributes
    ----------
    origin
        Where it is authored: the lines of an answer, or a whole file.
    size
        Tokens in each of its grams: `GRAM`, or all where it is shorter.
    grams
        Its grams by key.
    telling
        Keys of those that do not occur in code which students have anyway.
    short
        Whether it is too short for a part of it to tell anything.
    """

    kind: SecretKind
    origin: str
    size: int
    grams: Mapping[int, Gram]
    telling: frozenset[int]
    short: bool = False


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
    texts: Mapping[str, tuple[SecretKind, str]]


def read_secrets(assignment: Assignment, repository: Course, tree: StudentTree) -> Secrets:
    """Return what must not be found in a release: answers, hidden files and samples, and the course key."""
    earlier = set(assignment.release.earlier)
    return gather(
        tree.answers,
        _texts(assignment.folder, HIDDEN_FOLDERS),
        samples=_texts(assignment.folder, ("samples",)),
        earlier=(code for path, code in _code(tree) if path in earlier),
        given=(code for path, code in _code(tree) if path not in earlier),
        keys=_keys(repository.root),
        words=tree.words,
    )


def gather(
    answers: Sequence[Region],
    hidden: Mapping[str, str],
    *,
    samples: Mapping[str, str],
    earlier: Iterable[str],
    given: Iterable[str],
    keys: Iterable[str] = (),
    words: Iterable[tuple[str, str]] = (),
) -> Secrets:
    """Return what must not be found in a release.

    Parameters
    ----------
    answers
        The regions that a release removes.
    hidden
        Texts of the checks, mistakes and variants by path: code, numbers and whole files are secret. Each
        mistake or variant of a file is a whole answer with the given lines around it, so that a few of its
        lines are telling only where they are not given ones.
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
    words
        Model answers in words, each with the place where it is authored: each line long enough to tell is secret.
    """
    known = _known(earlier)
    public = known | _known(given)
    code = [_secret(SecretKind.ANSWER, each.place, code_tokens(each.text), known) for each in answers]
    for path, text in hidden.items():
        in_bank = PurePosixPath(path).parts[0] in BANK_FOLDERS
        for piece in (telling_tokens(text), *(_definitions(text) if in_bank else ())):
            code.append(_secret(SecretKind.HIDDEN, path, piece, public if in_bank else known))
    for path, text in samples.items():
        if PurePosixPath(path).suffix == ".py":
            sample = _secret(SecretKind.HIDDEN, path, telling_tokens(text), public)
            telling = {key: gram for key, gram in sample.grams.items() if key in sample.telling}
            code.append(replace(sample, grams=telling))
    numbers = {form: place for path, text in hidden.items() for form, place in hidden_numbers(path, text)}
    texts = {text: (SecretKind.FILE, path) for path, text in hidden.items() if len(code_tokens(text)) >= RUN}
    texts |= {
        line.strip(): (SecretKind.ANSWER, place)
        for place, text in words
        for line in text.splitlines()
        if len(line.split()) >= FEWEST_WORDS
    }
    texts |= dict.fromkeys(keys, (SecretKind.KEY, ""))
    # Too little of a hidden file is no secret: it is what is left between docstrings and imports.
    kept = (each for each in code if each.grams and not (each.short and each.kind is SecretKind.HIDDEN))
    return Secrets(tuple(kept), numbers, texts)


def _secret(kind: SecretKind, origin: str, tokens: Sequence[Token], known: frozenset[int]) -> SecretCode:
    size = max(FEWEST_TOKENS, min(GRAM, len(tokens)))
    found = {gram.key: gram for gram in grams(tokens, size)}
    return SecretCode(kind, origin, size, found, frozenset(found) - known, short=len(tokens) < RUN)


def _known(texts: Iterable[str]) -> frozenset[int]:
    """Return the keys of code as it is and without its docstrings, as hidden code is taken."""
    versions = (tokens for text in texts for tokens in (code_tokens(text), telling_tokens(text)))
    return frozenset(gram.key for tokens in versions for gram in grams(tokens))


def code_tokens(text: str) -> list[Token]:
    """Return the tokens of `text` outside comments; the insides of strings are read as code."""
    return list(_tokens(_LITERAL_OR_COMMENT.sub(lambda match: match[1] or "", text)))


def comment_tokens(text: str) -> list[Token]:
    """Return the tokens inside the comments of `text`, read as code."""
    found = (_LITERAL_OR_COMMENT.finditer(line) for line in text.split("\n"))
    return code_tokens(
        "\n".join(" ".join(match[2] for match in line if match[2] is not None) for line in found)
    )


def telling_tokens(text: str) -> list[Token]:
    """Return the tokens of a hidden file, without imports and docstrings: a check's is what its students read.

    Nor are those of a statement with a comment ``# public: where students see it`` among them.
    """
    quiet = {line for node in _nodes(text) for line in _quiet_lines(node)} | _public_lines(text)
    return [token for token in code_tokens(text) if token.line not in quiet]


def _definitions(text: str) -> list[list[Token]]:
    """Return the telling tokens of each entry of a file of the bank that holds several."""
    tokens = telling_tokens(text)
    spans = [
        _lines(node)
        for module in _nodes(text)[:1]
        for node in ast.iter_child_nodes(module)
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
    ]
    return [[token for token in tokens if token.line in span] for span in spans] if len(spans) > 1 else []


def grams(tokens: Sequence[Token], size: int = GRAM) -> Iterator[Gram]:
    """Give each run of `size` tokens; none when there are fewer."""
    for start in range(len(tokens) - size + 1):
        run = tokens[start : start + size]
        yield Gram(key_of(run), run[0].line, run[-1].line)


def key_of(run: Iterable[Token]) -> int:
    """Return a number that is the same for runs which differ only in the choice of free names."""
    names: dict[str, int] = {}
    return hash(tuple(names.setdefault(text, len(names)) if free else text for text, _, free in run))


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


def _public_lines(text: str) -> set[int]:
    """Return the lines of the statements that say where students see them."""
    marked = [number for number, line in enumerate(split_lines(text), 1) if PUBLIC.search(line)]
    spans = [_lines(node) for node in _nodes(text) if isinstance(node, ast.stmt)] if marked else []
    smallest = (min((each for each in spans if line in each), key=len, default=()) for line in marked)
    return {line for span in smallest for line in span}


def _tokens(text: str) -> Iterator[Token]:
    line, position, before = 1, 0, ""
    text = _TRAILING_COMMA.sub(" ", _ESCAPED_SPACE.sub("  ", text))
    for match in _TOKEN.finditer(text):
        line += text.count("\n", position, match.start())
        position = match.start()
        if match[0] not in _LAYOUT:
            name = match.lastgroup == "name" and not keyword.iskeyword(match[0])
            yield Token(match[0], line, free=name and before != ".")
            before = match[0]


def _nodes(text: str) -> list[ast.AST]:
    """Return the nodes of Python; a text that is none has no nodes."""
    try:
        return list(ast.walk(ast.parse(text)))
    except (SyntaxError, ValueError):
        return []


def _quiet_lines(node: ast.AST) -> range:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return _lines(node)
    if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and (
        ast.get_docstring(node, clean=False) is not None
    ):
        return _lines(node.body[0])
    return range(0)


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _texts(folder: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Return the text of every file below the folders `names`, by path; one that begins with `PUBLIC` is none."""
    files = (path for name in names for path in sorted((folder / name).rglob("*")) if path.is_file())
    texts = {
        path.relative_to(folder).as_posix(): as_text(path.read_bytes())
        for path in files
        if "__pycache__" not in path.parts
    }
    return {path: text for path, text in texts.items() if not PUBLIC.match(text)}


def _code(tree: StudentTree) -> Iterator[tuple[str, str]]:
    """Give the code of the student package: modules, and the code cells of notebooks."""
    for path, content in tree.files.items():
        if PurePosixPath(path).suffix in {".py", ".pyx"}:
            yield path, as_text(content)
        elif path.endswith(".ipynb"):
            yield from ((path, cell.source) for cell in author_cells(content, path) if cell.kind == "code")


def _keys(root: Path) -> Iterator[str]:
    """Give the course key, if one was made; a check makes none."""
    path = root / KEY_FILE
    stored = path.read_text(encoding="ascii", errors="replace").strip() if path.is_file() else ""
    yield from {key for key in (os.environ.get(KEY_VARIABLE, ""), stored) if len(key) >= _SHORTEST_KEY}
