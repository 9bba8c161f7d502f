"""Which submitted notebook is which."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.intake.notebooks import match_notebooks
from tests.intake.homework import NOTEBOOKS, notebook

NAMES = tuple(NOTEBOOKS)
RELEASED = {name: text.encode() for name, text in NOTEBOOKS.items()}
EMPTY = notebook("x = 1").encode()


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("CNN.ipynb", "CNN.ipynb"),
        ("notebooks/cnn.ipynb", "CNN.ipynb"),
        ("CNN (1).ipynb", "CNN.ipynb"),
        ("CNN-Copy1.ipynb", "CNN.ipynb"),
        ("Copy of CNN.ipynb", "CNN.ipynb"),
        ("CNN-solved.ipynb", "CNN.ipynb"),
        ("smith_cnn_layers_final.ipynb", "CNN-Layers.ipynb"),
        ("CNN_BatchNorm.ipynb", "CNN-BatchNorm.ipynb"),
        ("CNN BatchNorm Solution.IPYNB", "CNN-BatchNorm.ipynb"),
    ],
)
def test_a_notebook_is_known_by_its_name(path: str, name: str) -> None:
    """Case, folders, copies and additions to the name do not matter."""
    matched = match_notebooks({path: EMPTY}, NAMES, {})
    assert (dict(matched.notebooks), matched.flags) == ({name: EMPTY}, ())


@pytest.mark.parametrize(
    ("worse", "better"),
    [
        ("CNN (1).ipynb", "CNN.ipynb"),
        ("cnn.ipynb", "CNN.ipynb"),
        ("old/CNN.ipynb", "CNN.ipynb"),
        ("CNN.ipynb", "hw5/CNN.ipynb"),
        ("hw5/CNN-solved.ipynb", "hw5/cnn.ipynb"),
    ],
)
def test_of_two_the_nearer_name_wins(worse: str, better: str) -> None:
    """The exact name beside the packages is preferred; the order in the archive does not matter."""
    prefix = "hw5/" if better.startswith("hw5/") else ""
    files = {worse: notebook("worse").encode(), better: EMPTY}
    assert match_notebooks(files, NAMES, {}, prefix).notebooks == {"CNN.ipynb": EMPTY}


def test_a_notebook_of_another_name_is_known_by_its_content() -> None:
    """The released notebook that shares most lines is meant, and staff are told of the guess."""
    renamed = {f"hw{number}.ipynb": data for number, data in enumerate(RELEASED.values())}
    matched = match_notebooks(renamed, NAMES, RELEASED)
    assert matched.notebooks == RELEASED
    assert {each.kind for each in matched.flags} == {"notebook_guessed"}


def test_a_notebook_of_something_else_is_not_taken() -> None:
    """Nothing in common is no match."""
    files = {"hw1.ipynb": notebook("print('an earlier homework')").encode()}
    assert match_notebooks(files, NAMES, RELEASED).notebooks == {}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b'{"cells": [', r"is not JSON \(line 1"),
        (b"<<<<<<< HEAD\n{}", "is not JSON"),
        (b"\xff\xfe\xff", "is not"),
        (b"[1, 2]", "no notebook"),
        (b'{"a": 1}', "no notebook"),
        (b"[" * 100_000, "is not"),
        (b'{"cells": ' + b"9" * 10_000 + b"}", "is not a notebook"),
    ],
)
def test_a_file_that_is_no_notebook_is_flagged(data: bytes, reason: str) -> None:
    """The message names the file, says what is wrong and what to do; the other notebooks are taken."""
    matched = match_notebooks({"CNN.ipynb": data, "CNN-Layers.ipynb": EMPTY}, NAMES, RELEASED)
    assert dict(matched.notebooks) == {"CNN-Layers.ipynb": EMPTY}
    (flag,) = matched.flags
    assert flag.kind == "notebook_not_json"
    assert flag.message.startswith("CNN.ipynb is")
    assert re.search(reason, flag.message)


def test_a_notebook_of_format_3_is_read() -> None:
    """Old notebooks keep their cells in worksheets and call a cell's source its input."""
    cells = [
        {"cell_type": "code", "input": json.loads(text)["cells"][0]["source"]} for text in NOTEBOOKS.values()
    ]
    old = json.dumps({"worksheets": [{"cells": cells[:1]}]}).encode()
    assert match_notebooks({"x.ipynb": old}, NAMES, RELEASED).notebooks == {"CNN-Layers.ipynb": old}


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["cells", "worksheets", "source", "input", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(JSON)
def test_any_json_is_a_notebook_or_flagged(document: object) -> None:
    """Cells of any shape do no harm."""
    matched = match_notebooks({"CNN.ipynb": json.dumps(document).encode()}, NAMES, RELEASED)
    assert len(matched.notebooks) + len(matched.flags) == 1
