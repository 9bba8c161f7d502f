"""Removing answers from sources."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given

from grader.course.regions import StubError, answers, solved, stub, without
from tests.authoring.strategies import MARK, region, sources


def test_answer_becomes_a_blank_line() -> None:
    """The banners and the hint stay, and the answer between them becomes one blank line."""
    source = "def f(x):\n    out = None\n" + region("out = x\nout += 1\n", "    ") + "    return out\n"
    assert stub(source) == "def f(x):\n    out = None\n" + region("\n", "    ") + "    return out\n"


def test_empty_block_gets_pass() -> None:
    """A block of nothing but an answer gets a pass in its place, indented as the banner."""
    source = "if x:\n" + region("a = 1\n", "    ") + "else:\n    b = 2\n"
    assert stub(source) == "if x:\n" + region("pass\n", "    ") + "else:\n    b = 2\n"


def test_block_of_two_answers_gets_one_pass() -> None:
    """A block of two answers and nothing else gets one pass, in the second."""
    source = "def f():\n" + region("a = 1\n", "    ") + region("b = 2\n", "    ")
    assert stub(source) == "def f():\n" + region("\n", "    ") + region("pass\n", "    ")


def test_docstring_is_enough_for_a_block() -> None:
    """A docstring keeps a function from being empty."""
    assert "pass" not in stub('def f():\n    """Do it."""\n' + region("return 1\n", "    "))


def test_answer_inside_an_expression() -> None:
    """An answer may be the inside of a literal, which a pass would break."""
    source = "settings = {\n" + region("'rate': 1e-3,\n", "    ") + "}\n"
    assert ast.literal_eval(stub(source).partition("=")[2].strip()) == {}


def test_imports_that_only_answers_use_stay() -> None:
    """An import stays although only the answer used it: a student will need it too."""
    source = "from nndl.layers import batchnorm_forward\n" + region("out = batchnorm_forward(x)\n")
    assert stub(source).startswith("from nndl.layers import batchnorm_forward\n")


def test_windows_line_endings_stay() -> None:
    """A source with Windows line endings keeps them, also on the line that stands for the answer."""
    source = ("x = 0\n" + region("a = 1\n")).replace("\n", "\r\n")
    assert stub(source) == ("x = 0\n" + region("\n")).replace("\n", "\r\n")


def test_odd_escape_in_given_code() -> None:
    """A string with an odd escape sequence is not this step's business: no warning, no change."""
    source = "pattern = '\\d'\n" + region("a = 1\n")
    assert stub(source).startswith("pattern = '\\d'\n")


def test_source_that_does_not_parse() -> None:
    """A source that is not Python is an error that names the file and the line."""
    with pytest.raises(StubError, match=r"^nndl/f\.py does not parse \(line 2\)"):
        stub("x = 0\ny = = 1\n", "nndl/f.py")


def test_null_byte() -> None:
    """A null byte is an error like any other text that is not Python."""
    with pytest.raises(StubError, match=r"^f\.py does not parse"):
        stub("x = 0\0\n", "f.py")


def test_given_code_that_needs_the_answer() -> None:
    """Given code that is the inside of a block which the answer opens is an error that names the answer."""
    source = region("for i in range(3):\n") + "    total += i\n"
    with pytest.raises(StubError, match=r"^f\.py:5-5: the code around this answer needs it"):
        stub(source, "f.py")


def test_translated_before_parsing_only() -> None:
    """What is not Python is translated for the parser and left alone in the result."""
    source = "%matplotlib inline\n" + region("a = 1\n")
    with pytest.raises(StubError):
        stub(source)
    assert stub(source, to_python=lambda text: text.replace("%", "#")) == "%matplotlib inline\n" + region(
        "\n"
    )


def test_without() -> None:
    """The given part of a source is what stands outside regions and banners."""
    source = "x = 0\n" + region("a = 1\n") + "y = 1\n"
    assert without(source, answers(source)) == "x = 0\ny = 1\n"


@given(source=sources)
def test_stub_parses_without_answers(source: str) -> None:
    """A stub parses and holds nothing of any answer."""
    stubbed = stub(source)
    ast.parse(stubbed)
    assert MARK not in stubbed


@given(source=sources)
def test_stub_is_idempotent(source: str) -> None:
    """A stub's stub is the stub."""
    stubbed = stub(source)
    assert stub(stubbed) == stubbed


@given(source=sources)
def test_given_code_and_banners_stay(source: str) -> None:
    """What is outside regions stays to the byte, and so do the regions' hints and indentation."""
    before, after = answers(source), answers(stub(source))
    assert without(stub(source), after) == without(source, before)
    assert [(each.hint, each.indent) for each in after] == [(each.hint, each.indent) for each in before]


def test_solved_keeps_the_answer_alone() -> None:
    """What students get complete shows the answer where it stands, without banners and hints."""
    source = "def f(x):\n    out = None\n" + region("out = x\nout += 1\n", "    ") + "    return out\n"
    assert solved(source) == "def f(x):\n    out = None\n    out = x\n    out += 1\n    return out\n"


def test_solved_ends_in_one_line_end() -> None:
    """A region at the end of a file leaves no blank lines there; a source without regions stays as it is."""
    assert solved("x = 0\n\n" + region("a = 1\n\n")) == "x = 0\n\na = 1\n"
    assert solved("x = 0\n\n\n") == "x = 0\n\n\n"


@given(sources)
def test_solved_has_no_banner_and_all_the_rest(source: str) -> None:
    """No banner is left; the other lines are all there, in their order."""
    marks = {line for line in region("").splitlines() if line}
    kept = [line for line in source.splitlines() if line.strip() not in marks]
    assert solved(source).rstrip("\n") == "\n".join(kept).rstrip("\n")
