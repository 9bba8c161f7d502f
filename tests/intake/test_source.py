"""Looking at Python text without running it."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, strategies as st

from grader.intake.source import Node, is_stub, read_source, same_code, same_module


def function(text: str) -> Node:
    """Return the only definition of `text`."""
    (node,) = read_source("", text.encode()).definitions.values()
    return node


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfdef f():\n  return 1\n",
        b"def f():\r\n\treturn 1\r\n",
        b"# -*- coding: latin-1 -*-\n# caf\xe9\ndef f(): pass\n",
        "# ünï\ndef f(): pass".encode(),
        b"if True:\n    def f(): pass\n",
        b"try:\n    x = 1\nexcept Exception:\n    def f(): pass\n",
        b"def f(): 1\ndef f(): 2\n",
        b"x = '\\d'\nclass f: pass",
    ],
)
def test_a_definition_is_seen_whatever_the_text_looks_like(text: bytes) -> None:
    """Byte-order marks, line ends, tabs, encodings, nesting in blocks and odd escapes do not matter."""
    source = read_source("f.py", text)
    assert (source.error, set(source.definitions)) == (None, {"f"})


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"print 'Python 2'\n", "line 1: Missing parentheses"),
        (b"def f():\n    return 1\n  return 2\n", "line 3: unindent"),
        (b"x = 1\0", "null bytes"),
        (b"x = '\xe9'\n", "utf-8"),
        (b"# coding: klingon\n", "unknown encoding"),
        (b"-" * 100_000 + b"1", "nested too deeply"),
        (b"(" * 300, "nested parentheses"),
        (b"a" + b".b" * 100_000, "recursion"),
    ],
)
def test_a_file_that_does_not_parse_says_why(text: bytes, error: str) -> None:
    """The reason and its line are kept, and hostile text does no harm."""
    source = read_source("f.py", text)
    assert source.error is not None
    assert error in source.error
    assert not source.definitions


@given(st.binary(max_size=200))
def test_any_bytes_can_be_looked_at(data: bytes) -> None:
    """Looking never raises."""
    read_source("f.py", data)


def test_bound_names_and_imports_are_seen() -> None:
    """Definitions, assignments and imports bind; what happens inside functions does not."""
    text = "import a.b\nfrom .c import d as e, f\nfrom g import *\nx = y, z = 1, 2\n\ndef h():\n    from i import j\n"
    source = read_source("f.py", text.encode())
    assert source.names == {"a", "e", "f", "*", "x", "y", "z", "h"}
    assert sorted((each.module, each.level, each.star) for each in source.imports) == [
        ("a.b", 0, False),
        ("c", 1, False),
        ("g", 0, True),
        ("i", 0, False),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "def f(x): pass",
        "def f(x):\n    '''Do.'''\n    out = None\n    cache = (x, out)\n    return out, cache",
        "def f(x):\n    raise NotImplementedError('write this')",
        "class F:\n    def loss(self):\n        raise NotImplementedError()",
    ],
)
def test_what_computes_nothing_is_a_stub(text: str) -> None:
    """Passing, raising and returning what was given are not answers."""
    assert is_stub(function(text), None)


@pytest.mark.parametrize("text", ["def f(x):\n    return np.sum(x)", "def f(x):\n    for _ in x: pass"])
def test_what_computes_is_an_answer(text: str) -> None:
    """Calls, loops and arithmetic are."""
    assert not is_stub(function(text), None)


def test_the_released_stub_is_a_stub_whatever_it_computes() -> None:
    """Given lines around the answer do not make it one, nor do changed comments or docstrings."""
    released = "def f(x):\n    '''Do.'''\n    n = len(x)\n    # YOUR CODE HERE\n    return n"
    same = "def f(x):\n\t'''Something else.'''\n\tn = len(x)\n\treturn n"
    other = "def f(x):\n    n = len(x) + 1\n    return n"
    assert is_stub(function(same), function(released))
    assert not is_stub(function(other), function(released))


def test_code_is_compared_without_comments_docstrings_and_layout() -> None:
    """Two ways to write the same are the same; another argument name is not."""
    one = ast.parse("def f(a, b=1):\n    'x'\n    return a")
    assert same_code(one, ast.parse("def f(a,\n      b = 1):\n  return a  # y"))
    assert not same_code(one, ast.parse("def f(b, a=1):\n    return a"))


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("from .layers import f\n\ndef g():\n    return f()", True),
        ("from utils.layers import f\ndef g(): return f()", True),
        ("from utils.layers import f\ndef g(): return f(1)", False),
        ("from utils.other import f\ndef g(): return f()", False),
        ("def g(:", False),
    ],
)
def test_modules_are_compared_without_package_names(other: str, same: bool) -> None:
    """The same helper imports from cs231n, from utils or relatively, depending on the layout."""
    one = read_source("", b"'Doc.'\nfrom cs231n.layers import f\n\n\ndef g():\n    return f()\n")
    assert same_module(one, read_source("", other.encode())) is same
