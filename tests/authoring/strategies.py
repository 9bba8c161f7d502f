"""Authored sources with answers, as hypothesis strategies and as plain helpers."""

from __future__ import annotations

import json
from textwrap import dedent, indent
from typing import Any

from hypothesis import strategies as st

from grader.course.regions import RULE

OPENING = f"{RULE}\n# YOUR CODE HERE:\n#   Say what is wanted.\n{RULE}\n"
CLOSING = f"{RULE}\n# END YOUR CODE HERE\n{RULE}\n"


def region(answer: str, margin: str = "") -> str:
    """Return `answer` between banners, all of it indented by `margin`."""
    return indent(OPENING + dedent(answer) + CLOSING, margin)


def code_cell(source: str | list[str], **more: Any) -> dict[str, Any]:
    """Return a code cell with `source`, run once."""
    return {
        "cell_type": "code",
        "source": source,
        "metadata": {},
        "outputs": [{"output_type": "stream", "name": "stdout", "text": "ran\n"}],
        "execution_count": 3,
        **more,
    }


def markdown_cell(source: str, **more: Any) -> dict[str, Any]:
    """Return a text cell."""
    return {"cell_type": "markdown", "source": source, "metadata": {}, **more}


def notebook(*cells: dict[str, Any], **more: Any) -> bytes:
    """Return a notebook of nbformat 4.5."""
    document = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
    return json.dumps(document).encode()


# Every statement of an answer holds this word, so that a survivor is easy to find.
MARK = "answered"

statements = st.sampled_from(
    [
        f"{MARK} = 1\n",
        f"for {MARK} in range(3):\n    pass\n",
        f"if x:\n    {MARK} = '''two\nlines'''\n",
        f"# {MARK} in a comment only\n",
        f"return_value = {MARK}(x)  # YOUR CODE could be shorter\n",
        f"x = [{MARK},\n     2]\n",
    ]
)
answer_texts = st.lists(statements, max_size=4).map("".join)
given_statements = st.sampled_from(
    [
        "x = 1\n",
        "\n",
        "# A remark.\n",
        "if x:\n    x = 2\n",
        '"""A text with a # sign."""\n',
        "def f(y):\n    return y\n",
    ]
)


def blocks(depth: int) -> st.SearchStrategy[str]:
    """Return a strategy for blocks of given statements, answers and, down to `depth`, further blocks."""
    return st.lists(pieces(depth), max_size=4).map("".join)


def pieces(depth: int) -> st.SearchStrategy[str]:
    """Return a strategy for the pieces of a block."""
    simple = st.one_of(given_statements, answer_texts.map(region))
    if depth == 0:
        return simple
    heads = st.sampled_from(["if x:\n", "for i in x:\n", "def g(x):\n", "class C:\n"])
    # The last answer has code for sure: Python takes no block of comments and blank lines.
    bodies = blocks(depth - 1).map(lambda body: indent(body + region(f"{MARK} = 0\n"), "    "))
    return st.one_of(simple, st.tuples(heads, bodies).map("".join))


sources = blocks(depth=2)
