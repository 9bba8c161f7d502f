"""Python files that do not parse: what is taken of them, and what is said of the rest."""

from __future__ import annotations

import ast

import pytest

from grader.intake.mended import look_past_damage
from grader.intake.source import SourceFile, read_source

GOOD = (
    'def good(x):\n    """What it does.\n\nAt the left margin, as some write.\n    """\n    return [\nx,\n]\n'
)
AFTER = "if good:\n    LIMIT = 3\nelse:\n    LIMIT = 4\n\n\n@staticmethod\ndef after(): return LIMIT\n"
BROKEN = "def bad(x):\n    for i in range(3)\n        pass\n    return x\n"


def mended(text: str | bytes) -> SourceFile:
    """Look at a damaged file."""
    data = text if isinstance(text, bytes) else text.encode()
    source = read_source("a.py", data)
    assert source.error
    return look_past_damage(source)


@pytest.mark.parametrize(
    "broken",
    [
        BROKEN,
        "def bad(x):\n",
        "def bad(x):\n    return (x,\n",
        "def bad(x):\n    return f(x))\n",
        "def bad(x):\n    if x:\n        a = 1\n      b = 2\n    return a\n",
        "def bad(x):\n\tif x:\n        return 1\n",
        "class bad\n    def f(self): pass\n",
        "async def bad(x):\n    return x +\n",
        "@property\ndef bad(x) -> :\n    return x\n",
        "def bad(x):\n    print 'x', x\n",
        "def bad(x):\n    match x:\n    case 1: return 2\n",
        "def bad(x):\n    a = 1\nb = a + x\n    return b\n",
        'def bad(x):\n    """Never closed.\n    return x\n',
    ],
)
@pytest.mark.parametrize("order", ["first", "between", "last"])
def test_a_definition_that_does_not_parse_costs_itself(broken: str, order: str) -> None:
    """Functions before and behind it are as they were, line numbers kept, and it says itself what is wrong."""
    text = {"first": broken + GOOD + AFTER, "between": GOOD + broken + AFTER, "last": GOOD + AFTER + broken}[
        order
    ]
    source = mended(text)
    assert source.error is None
    assert set(source.definitions) == {"good", "after"}
    assert "LIMIT" in source.names
    assert list(source.lost) == ["bad"]
    (said,) = [each for each in source.oddities if "`bad`" in each]
    assert "line" in said
    place = text.count("\n", 0, text.index("def good"))
    assert source.definitions["good"].lineno == place + 1
    namespace: dict[str, object] = {"__file__": "a.py"}
    exec(compile(source.data, "a.py", "exec"), namespace)  # noqa: S102  # it is written above
    with pytest.raises(SyntaxError) as caught:
        namespace["bad"]()  # type: ignore[operator]  # it is a function
    assert caught.value.lineno is not None
    assert 0 < caught.value.lineno - text.count("\n", 0, text.index("bad")) <= broken.count("\n") + 1


@pytest.mark.parametrize(
    "line",
    ["%matplotlib inline", "!pip install numpy", "np.pad?", "import numpy as", "x = = 1", "$"],
)
def test_a_line_that_is_no_python_costs_itself(line: str) -> None:
    """A magic, a help mark or half an import is told with its number, and nothing else is lost."""
    source = mended(f"{GOOD}{line}\n{AFTER}")
    assert set(source.definitions) == {"good", "after"}
    assert not source.lost
    assert source.oddities[0].startswith(f"Line {GOOD.count(chr(10)) + 1} was left out")


@pytest.mark.parametrize(
    "data",
    [
        (GOOD + AFTER).encode("utf-16"),
        (GOOD + AFTER).encode("utf-16-le"),
        (GOOD + AFTER).encode("utf-32"),
        f"NAME = 'caf\u00e9'\n{GOOD}{AFTER}".encode("cp1252"),
        f"# coding: latin-1\n# caf\u00e9\n{GOOD}{BROKEN}{AFTER}".encode("latin-1"),
        f"#!/usr/bin/python\n# -*- coding: nosuchthing -*-\n{GOOD}{AFTER}".encode(),
        (GOOD + AFTER).encode() + b"\0\0\0",
        f"{GOOD}{BROKEN}{AFTER}".replace("\n", "\r\n").encode(),
        f"\ufeff{GOOD}{BROKEN}{AFTER}".encode(),
    ],
)
def test_any_encoding_is_read(data: bytes) -> None:
    """Whatever letters an editor wrote, the functions are there."""
    source = mended(data)
    assert set(source.definitions) == {"good", "after"}
    ast.parse(source.data)


def test_marks_of_a_merge() -> None:
    """Of an unresolved merge the first side counts; marks without a partner are taken out; lines keep their numbers."""
    merge = "def bad(x):\n<<<<<<< HEAD\n    return x\n=======\n    return 2 * x\n    # more\n>>>>>>> theirs\n"
    source = mended(merge + GOOD + AFTER)
    assert ast.unparse(source.definitions["bad"]) == "def bad(x):\n    return x"
    assert source.definitions["good"].lineno == merge.count("\n") + 1
    assert "merge" in source.oddities[0]
    half = mended(f"{GOOD}<<<<<<< HEAD\n{AFTER}")
    assert set(half.definitions) == {"good", "after"}


def test_a_function_that_is_cut_in_two_is_not_taken_for_whole() -> None:
    """Where a line in a function is not indented, its beginning is not the student's answer."""
    source = mended(f"def f(x):\n    total = x\ntotal += 1\n    return total\n{GOOD}")
    assert list(source.lost) == ["f"]
    assert set(source.definitions) == {"good"}


@pytest.mark.parametrize("data", [b"", b"(" * 500, b"\xff\xfe", b"just some words here\n", b"def f(:\n"])
def test_what_has_nothing_to_take_is_as_it_was(data: bytes) -> None:
    """A file of which nothing parses keeps its error."""
    source = read_source("a.py", data)
    if source.error:
        assert look_past_damage(source) is source


def test_much_that_does_not_parse_takes_little_time() -> None:
    """A file of the largest size without one right line is given up after some of it."""
    look_past_damage(read_source("a.py", b"x = (\n" * 20_000))
    look_past_damage(read_source("a.py", b'a b\n""" c\n' * 12_000))
