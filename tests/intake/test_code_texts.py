"""What a student wrote is kept for people to read: each file and cell once, its own lines apart from the release's."""

from __future__ import annotations

import json

import pytest

from grader.bank.samples import solution_modules
from grader.course.regions import stub
from grader.intake import ReleaseSource, contents_of, prepare_contents
from grader.intake.code_texts import MOST_LINES, MOST_TOGETHER
from grader.results import CodeText

HOME = "nndl/conv_layers.py"


@pytest.fixture(scope="module")
def release(repository, cnn) -> ReleaseSource:
    """Return what the course hands out."""
    return ReleaseSource.of(repository, cnn)


@pytest.fixture
def kept(repository, cnn, release):
    """Return what is kept of the solution's modules and further files, by name."""

    def found(*left_out: str, **files: bytes) -> dict[str, CodeText]:
        modules = {
            path: data for path, data in solution_modules(repository, cnn).items() if path not in left_out
        }
        modules |= {path.replace("__", "/").replace("_dot_", "."): data for path, data in files.items()}
        contents = contents_of("ada", modules)
        return {each.name: each for each in prepare_contents(contents, cnn, release, code=True).code}

    return found


def notebook_of(*cells: str) -> bytes:
    """Return a notebook of code cells."""
    entries = [
        {"cell_type": "code", "source": each, "metadata": {}, "outputs": [], "execution_count": None}
        for each in cells
    ]
    return json.dumps({"cells": entries, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}).encode()


def test_own_lines_are_those_that_the_release_does_not_have(release, kept) -> None:
    """What is not given in the solution is its answers; a stub as it was handed out is given from end to end."""
    found = kept()[HOME]
    lines = found.text.split("\n")
    given = {number for first, last in found.given for number in range(first, last + 1)}
    handed_out = {line.rstrip() for line in release.stubs[HOME].split("\n")}
    assert all(lines[number - 1].rstrip() in handed_out for number in given)
    own = [line for number, line in enumerate(lines, 1) if number not in given]
    assert any("np.pad" in line for line in own)
    assert not any(line.startswith("def ") for line in own)
    stubbed = kept(nndl__conv_layers_dot_py=release.stubs[HOME].encode())[HOME]
    assert stubbed.given == ((1, stubbed.text.count("\n") + 1),)
    assert stub(found.text, HOME) == release.stubs[HOME]


def test_each_answer_is_found_by_its_lines_where_the_checks_looked(kept) -> None:
    """Also in a file that does not parse, under another name, in another encoding, with another system's lines."""
    text = "# coding: latin-1\r\n\xe4 = 1\r\ndef conv_forward_naive(x):\r\n    return (\r\n\r\nz = 1\r\n"
    found = kept(nndl__conv_layers_dot_py=text.encode("latin-1"))[HOME]
    assert found.text.split("\n")[1] == "\xe4 = 1"
    (answer,) = found.answers
    assert (answer.symbol, answer.first, answer.last) == ("conv_forward_naive", 3, 4)
    assert found.places == (HOME,)


def test_cells_are_kept_where_they_were_not_handed_out(kept) -> None:
    """A cell is called by its notebook and number, and an answer is found in it; nobody wrote the module made of it."""
    answer = "%matplotlib inline\n\ndef conv_forward_naive(x, w, b, conv_param):\n    return x @ w, (x,)"
    names = kept(HOME, own_dot_ipynb=notebook_of("", answer))
    assert not any(name.endswith(".py") and "own" in name for name in names)
    cell = names["own.ipynb, cell 2"]
    assert cell.text == answer
    assert [(each.symbol, each.first, each.last) for each in cell.answers] == [("conv_forward_naive", 3, 4)]


def test_a_cell_knows_which_lines_of_its_module_are_its_own(kept) -> None:
    """The module that is made of cells has neither their comments nor their other code; its lines lead back to them."""
    answer = (
        "\n# mine\nprint(1)\n\ndef conv_forward_naive(x, w, b, conv_param):\n"
        "    # the first step\n    y = (x\n         @ w)\n\n    return y, (x,)"
    )
    cell = kept(HOME, own_dot_ipynb=notebook_of("import numpy as np", answer))["own.ipynb, cell 2"]
    assert cell.places
    lines = cell.text.split("\n")
    first, *others = [lines[line - 1] for _, line in cell.lines]
    assert first.startswith("def conv_forward_naive")
    assert others == ["    y = (x", "    return y, (x,)"]


def test_what_is_kept_is_bounded(kept) -> None:
    """Lines that nobody reads are counted and left out, and a submission of many files keeps the first of them."""
    long = b"x = 1\n" * 20_000
    found = kept(nndl__conv_layers_dot_py=long)[HOME]
    assert found.text.count("\n") + 1 == MOST_LINES
    assert found.left_out == 20_001 - MOST_LINES
    many = kept(**{f"own{number}_dot_py": b"y = 'long line'\n" * 2500 for number in range(40)})
    assert sum(len(each.text) for each in many.values()) <= MOST_TOGETHER
    assert HOME in many
    wide = kept(nndl__conv_layers_dot_py=b"x = '" + b"a" * 125_000 + b"'")[HOME]
    assert len(wide.text) < 125_000
    assert wide.left_out
