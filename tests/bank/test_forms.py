"""Outward forms of a file: each looks different and does the same."""

import ast

import pytest

from grader.bank.forms import FORMS
from grader.course.regions import answers
from tests.bank.tiny import ANSWERS


@pytest.mark.parametrize("name", sorted(FORMS))
def test_a_form_looks_different_and_does_the_same(name):
    """Every form changes the bytes and keeps the functions."""
    changed = FORMS[name](ANSWERS)
    assert changed != ANSWERS
    assert ast.dump(ast.parse(changed)) == ast.dump(ast.parse(ANSWERS))


def test_tabs_and_spaces():
    """Four spaces become one tab, or two spaces."""
    text = b"if a:\n    if b:\n        f(1,\n           2)\n"
    assert FORMS["tabs"](text) == b"if a:\n\tif b:\n\t\tf(1,\n\t\t   2)\n"
    assert FORMS["two_spaces"](text) == b"if a:\n  if b:\n    f(1,\n       2)\n"


def test_crlf_leaves_no_bare_line_end():
    """Every line ends as on Windows."""
    text = FORMS["crlf"](ANSWERS)
    assert text.count(b"\r\n") == text.count(b"\n") == ANSWERS.count(b"\n")


def test_latin1_is_no_utf8():
    """The file in Latin-1 cannot be read as UTF-8, and Python reads it all the same."""
    text = FORMS["latin1"](ANSWERS)
    with pytest.raises(UnicodeDecodeError):
        text.decode("utf-8")
    assert b"coding: latin-1" in text.splitlines()[0]


def test_markers_go():
    """Without markers no banner is left, and the answer stays."""
    text = FORMS["markers_removed"](ANSWERS)
    assert b"YOUR CODE" not in text
    assert b"# ==" not in text
    assert b"out = twice(x)" in text


def test_markers_move():
    """Moved markers still pair up, and enclose nothing."""
    text = FORMS["markers_moved"](ANSWERS).decode()
    assert [region.text for region in answers(text)] == [""]
    assert "out = twice(x)" in text


def test_the_final_newline_goes():
    """The last line has no end."""
    assert FORMS["no_final_newline"](ANSWERS) == ANSWERS.rstrip(b"\n")
