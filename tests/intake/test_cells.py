"""Answers that stand in a notebook alone."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from grader.intake.cells import with_notebook_answers
from grader.intake.release import ReleaseSource
from grader.intake.stage import Stage
from tests.intake.homework import SOLVED, answer, handed_in, notebook, said

Files = dict[str, str | bytes]
CONV, POOL = "conv_forward_naive", "max_pool_forward_naive"


@pytest.fixture
def unsolved(release: ReleaseSource) -> Files:
    """A submission whose layers are still the stubs."""
    return {**SOLVED, "nndl/conv_layers.py": release.stubs["nndl/conv_layers.py"]}


def test_an_answer_in_a_notebook_alone_is_found(
    unsolved: Files, release: ReleaseSource, stage: Callable[[Files], Stage]
) -> None:
    """What only a notebook defines is graded from there, with the imports and helpers around it, and noted."""
    cells = (
        "%matplotlib inline\nfrom nndl.layers import *\nWORD = 'by hand'",
        f"def helper():\n    return WORD + ' ' + relu_forward()\n\n\ndef {CONV}(x=None):\n    return str(helper())",
        f"out = {CONV}(nothing_here)\n!ls",
        "def broken(:",
    )
    given = handed_in({**unsolved, "CNN-Layers.ipynb": notebook(*cells)})
    made = with_notebook_answers(given, release)
    staged = stage(dict(made.files))
    assert said(staged.roots["naive"], f"m.{CONV}()", f"{staged.modules[CONV]} as m") == "by hand my relu"
    assert staged.modules[POOL] == "nndl.conv_layers"
    assert [(each.kind, CONV in each.message, POOL in each.message) for each in made.flags] == [
        ("answer_in_notebook", True, False)
    ]
    assert made.sha256 == given.sha256


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("space", [" ", "\t", "  "], ids=["space", "tab", "spaces"])
def test_however_a_notebook_is_written_its_answers_are_found(
    space: str, encoding: str, unsolved: Files, release: ReleaseSource
) -> None:
    """A cell may be one text, in which a definition follows the escape of a line's end."""
    source = "import numpy as np\ndef" + space + f"{CONV}(x):\n    return np.sum(x)\n"
    text = json.dumps({"cells": [{"cell_type": "code", "source": source}]})
    made = with_notebook_answers(handed_in({**unsolved, "a.ipynb": text.encode(encoding)}), release)
    assert [each.kind for each in made.flags] == ["answer_in_notebook"]


@pytest.mark.parametrize("held", [answer(CONV, "module"), "def f(:\n"], ids=["finished", "does not parse"])
def test_the_module_comes_first(held: str, release: ReleaseSource) -> None:
    """Where a module has an answer, or does not parse, a notebook's definition changes nothing."""
    files = {**SOLVED, "nndl/conv_layers.py": held, "a.ipynb": notebook(answer(CONV, "notebook"))}
    given = handed_in(files)
    assert with_notebook_answers(given, release) is given


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"cells": 3}', '{"cells": [{"cell_type": "code", "source": 3}, 4]}', notebook("x = 1")],
)
def test_other_notebooks_change_nothing(text: str, unsolved: Files, release: ReleaseSource) -> None:
    """A notebook that is none, or that defines no answer, is left alone."""
    given = handed_in({**unsolved, "a.ipynb": text})
    assert with_notebook_answers(given, release) is given


@pytest.mark.parametrize(
    "cell",
    [
        f"def {CONV}(x):\n    return x" + ".a" * 50_000,
        "\n" * 200_000 + "%",
        "(" * 10_000,
        f"{CONV} = " + "9" * 5000,
    ],
    ids=["nested", "blank", "open", "number"],
)
def test_cells_that_make_work_are_left_alone(cell: str, unsolved: Files, release: ReleaseSource) -> None:
    """What nests without end, or is long for nothing, is no answer and takes no time."""
    given = handed_in({**unsolved, "a.ipynb": notebook(cell)})
    assert with_notebook_answers(given, release) is given


def test_a_stub_in_a_notebook_is_no_answer(unsolved: Files, release: ReleaseSource) -> None:
    """The released function, copied into a cell and not filled in, answers nothing."""
    given = handed_in({**unsolved, "a.ipynb": notebook(release.stubs["nndl/conv_layers.py"])})
    assert with_notebook_answers(given, release) is given
