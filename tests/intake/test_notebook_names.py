"""Which submitted notebook is which."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from grader.intake.notebook_names import MatchedNotebooks, match_notebooks
from grader.intake.notebooks import read_notebook
from tests.intake.homework import NOTEBOOKS, notebook

NAMES = tuple(NOTEBOOKS)
RELEASED = {name: text.encode() for name, text in NOTEBOOKS.items()}
EMPTY = notebook("x = 1").encode()


def matched(files: Mapping[str, bytes], released: Mapping[str, bytes], prefix: str = "") -> MatchedNotebooks:
    """Read notebooks and match them."""
    read = {path: read_notebook(data) for path, data in files.items()}
    return match_notebooks(read, NAMES, released, prefix)


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
    found = matched({path: EMPTY}, {})
    assert (dict(found.notebooks), found.flags) == ({name: read_notebook(EMPTY)}, ())


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
    assert matched(files, {}, prefix).notebooks == {"CNN.ipynb": read_notebook(EMPTY)}


def test_a_notebook_of_another_name_is_known_by_its_content() -> None:
    """The released notebook that shares most lines is meant, and staff are told of the guess."""
    renamed = {f"hw{number}.ipynb": data for number, data in enumerate(RELEASED.values())}
    found = matched(renamed, RELEASED)
    assert found.notebooks == {name: read_notebook(data) for name, data in RELEASED.items()}
    assert {each.kind for each in found.flags} == {"notebook_guessed"}


def test_a_notebook_of_something_else_is_not_taken() -> None:
    """Nothing in common is no match."""
    files = {"hw1.ipynb": notebook("print('an earlier homework')").encode()}
    assert matched(files, RELEASED).notebooks == {}


@pytest.mark.parametrize("damaged", [b"", b"[1, 2]", RELEASED["CNN.ipynb"][:-9]])
def test_a_damaged_notebook_is_taken_where_there_is_no_other(damaged: bytes) -> None:
    """A whole notebook of a worse name is preferred to one that lost something; alone, what is left of it is taken."""
    assert matched({"CNN.ipynb": damaged}, {}).notebooks == {"CNN.ipynb": read_notebook(damaged)}
    both = matched({"CNN.ipynb": damaged, "CNN (1).ipynb": EMPTY}, {})
    assert both.notebooks == {"CNN.ipynb": read_notebook(EMPTY)}


def test_a_notebook_of_format_3_is_read() -> None:
    """Old notebooks keep their cells in worksheets and call a cell's source its input."""
    cells = [
        {"cell_type": "code", "input": json.loads(text)["cells"][0]["source"]} for text in NOTEBOOKS.values()
    ]
    old = json.dumps({"worksheets": [{"cells": cells[:1]}]}).encode()
    assert matched({"x.ipynb": old}, RELEASED).notebooks == {"CNN-Layers.ipynb": read_notebook(old)}


def test_a_notebook_that_holds_all_of_them_is_each_of_them() -> None:
    """Who worked in one file has handed in every notebook, each with its own cells and what stands behind them."""
    texts = {
        name: [
            f"setup_of_everything = {number}",
            *(f"print('{name} line {each}')" for each in range(number, 6)),
        ]
        for number, name in enumerate(NAMES)
    }
    released = {name: notebook(*cells).encode() for name, cells in texts.items()}
    cells = [cell for name in NAMES for cell in (*texts[name], f"answer_to('{name[:3]}', {len(name)})")]
    found = matched({"ConvolutionalNetworks.ipynb": notebook(*cells).encode()}, released)
    assert set(found.notebooks) == set(NAMES)
    for name, held in found.notebooks.items():
        assert [cell.source for cell in held.cells] == [*texts[name], f"answer_to('{name[:3]}', {len(name)})"]
    assert any("holds" in flag.message for flag in found.flags)
    alone = matched({"mine.ipynb": notebook(*texts[NAMES[0]], *texts[NAMES[1]][:2]).encode()}, released)
    assert set(alone.notebooks) == {NAMES[0]}
