"""Answers that stand in a notebook alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given as drawn, strategies as st

from grader.intake.notebook_answers import MODULE, with_notebook_answers
from grader.intake.notebooks import MOST_CELLS, MOST_CHARACTERS
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
    assert (
        said(staged.roots["naive"], f"m.{CONV}()", f"{staged.submission.modules[CONV]} as m")
        == "by hand my relu"
    )
    assert staged.submission.modules[POOL] == "nndl.conv_layers"
    assert [(each.kind, CONV in each.message, POOL in each.message) for each in made.flags] == [
        ("answer_in_notebook", True, False)
    ]
    assert made.sha256 == given.sha256


def test_the_module_that_is_made_takes_no_file_of_the_students(
    unsolved: Files, release: ReleaseSource
) -> None:
    """It has a name of its own, whatever they call theirs."""
    files = {
        **unsolved,
        "a.ipynb": notebook(f"def {CONV}(x):\n    return abs(x)"),
        "cells_of_a.py": "x = 1\n",
    }
    made = with_notebook_answers(handed_in(files), release)
    assert made.files["cells_of_a.py"] == b"x = 1\n"
    assert b"abs(x)" in made.files["cells_of_a_.py"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("space", [" ", "\t", "  "], ids=["space", "tab", "spaces"])
def test_however_a_notebook_is_written_its_answers_are_found(
    space: str, encoding: str, unsolved: Files, release: ReleaseSource
) -> None:
    """A cell may be one text, in which a definition follows the escape of a line's end."""
    source = "import numpy as np\ndef" + space + f"{CONV}(x):\n    return np.sum(x)\n"
    text = json.dumps({"cells": [{"cell_type": "code", "source": source}]})
    made = with_notebook_answers(handed_in({**unsolved, "a.ipynb": text.encode(encoding)}), release)
    assert "answer_in_notebook" in {each.kind for each in made.flags}


@pytest.mark.parametrize("held", [answer(CONV, "module"), "def f(:\n"], ids=["finished", "does not parse"])
def test_the_module_comes_first(held: str, release: ReleaseSource) -> None:
    """Where a module has an answer, or does not parse, a notebook's definition changes nothing."""
    files = {**SOLVED, "nndl/conv_layers.py": held, "a.ipynb": notebook(answer(CONV, "notebook"))}
    given = handed_in(files)
    made = with_notebook_answers(given, release)
    assert made.files == given.files
    assert [MODULE in each.message for each in made.flags] == ([True] if "(:" in held else [])


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"cells": 3}', "<<<<<<< HEAD\n{}", '{"a": 1}', "[" * 100_000]
)
def test_a_file_that_is_no_notebook_is_flagged(text: str, unsolved: Files, release: ReleaseSource) -> None:
    """The message names the file, says what is wrong and what to do, and the other notebooks are taken."""
    given = handed_in({**unsolved, "a.ipynb": text, "b.ipynb": notebook("x = 1")})
    made = with_notebook_answers(given, release)
    assert made.files == given.files
    assert {each.kind for each in made.flags} == {"notebook_not_json"}
    assert made.flags[0].message.startswith("a.ipynb: The file")
    assert "hand it in" in made.flags[-1].message or "Hand in" in made.flags[-1].message
    assert made.notebooks["b.ipynb"].cells


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["cells", "worksheets", "source", "input", "x"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@drawn(document=JSON)
def test_any_json_is_a_notebook_or_flagged(document: object, release: ReleaseSource) -> None:
    """Cells of any shape do no harm, and a notebook without any is never passed over in silence."""
    made = with_notebook_answers(handed_in({"CNN.ipynb": json.dumps(document)}), release)
    assert made.notebooks["CNN.ipynb"].cells or made.flags


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
    assert with_notebook_answers(given, release).files == given.files


def test_a_stub_in_a_notebook_is_no_answer(unsolved: Files, release: ReleaseSource) -> None:
    """The released function, copied into a cell and not filled in, answers nothing and is not mentioned."""
    given = handed_in({**unsolved, "a.ipynb": notebook(release.stubs["nndl/conv_layers.py"])})
    made = with_notebook_answers(given, release)
    assert (made.files, made.flags) == (given.files, ())


ANSWERED = answer(CONV, "notebook")


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (notebook(ANSWERED.replace("return", "return return")), "cell 1 does not parse (line 3"),
        (
            notebook("x = 1", "class A:\n    " + ANSWERED.replace("\n", "\n    ")),
            "not stand at the top level",
        ),
        (notebook(ANSWERED + "#" * MOST_CHARACTERS), "only the beginning of cell 1"),
        (notebook(*["#" * 60_000] * 2, ANSWERED + "#" * 60_000), "cell 3 comes after more code"),
        (notebook(ANSWERED).replace('"code"', '"markdown"'), "cell 1 is text and not code"),
        (notebook("x = 1", ANSWERED)[:-40], "only the beginning of cell 2"),
        (notebook(*["x = 1"] * MOST_CELLS, ANSWERED), "a part of the file that was left out"),
        (f"<<<<<<< a\n{notebook('x = 1')}\n=======\n{notebook(ANSWERED)}\n>>>>>>> b", "was left out"),
    ],
    ids=["broken", "nested", "long", "behind", "text", "cut", "many", "merge"],
)
def test_an_answer_that_is_seen_and_not_counted_is_flagged(
    made: str, reason: str, unsolved: Files, release: ReleaseSource
) -> None:
    """Staff are told where it is and why it was not counted; nobody looks for lost points in vain."""
    given = handed_in({**unsolved, "a.ipynb": made})
    found = with_notebook_answers(given, release)
    assert found.files == given.files
    (flag,) = (each for each in found.flags if each.kind == "answer_not_counted")
    assert flag.message.startswith(f"{CONV}: what looks like an answer in a.ipynb was not counted")
    assert reason in flag.message
    assert found.unread == {CONV: flag.message.removeprefix(f"{CONV}: ")}


@pytest.mark.parametrize(
    "cell",
    [
        f"{ANSWERED}print 'done'\n",
        f"{ANSWERED}def other(:\n    pass\n",
        "if True:\n    " + ANSWERED.replace("\n", "\n    "),
        f"try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np\n{ANSWERED}",
        f"%%writefile nndl/conv_layers.py\n{ANSWERED}",
        f"{ANSWERED}from nndl.conv_layers import *\nfrom nndl.conv_layers import {CONV}\n",
        f"{ANSWERED}\n{CONV}?",
    ],
    ids=["trailing", "beside", "nested", "try", "writefile", "import", "help"],
)
def test_what_stands_around_an_answer_costs_nothing(
    cell: str, unsolved: Files, stage: Callable[[Files], Stage]
) -> None:
    """A line of the cell that does not parse, a magic or a later import of the stub leave the answer what it is."""
    staged = stage({**unsolved, "a.ipynb": notebook(cell)})
    assert said(staged.roots["naive"], f"m.{CONV}()", f"{staged.submission.modules[CONV]} as m") == "notebook"


def test_an_answer_brings_all_that_it_uses(unsolved: Files, stage: Callable[[Files], Stage]) -> None:
    """Constants that are no literals, tables and helpers of other cells come along; demonstrations do not."""
    cells = (
        "import math\nTWO = 1 + 1\nNAMES = {}\nNAMES[TWO] = str(math.floor(2.5))",
        "def helper(): return NAMES[TWO]",
        f"def {CONV}(x=None): return helper() + SUFFIX",
        "SUFFIX = '!' * TWO\nout = open('/content/x').read()\nfor i in range(10**9): out += out",
    )
    staged = stage({**unsolved, "a.ipynb": notebook(*cells)})
    assert said(staged.roots["naive"], f"m.{CONV}()", f"{staged.submission.modules[CONV]} as m") == "2!!"


@pytest.mark.parametrize(
    "beside",
    ["def broken(:", "%%bash\nfor f in *; do echo $f; done", "files = !ls\nhelp?", ">>> x = 1", "print 'x'"],
)
def test_a_cell_costs_itself_alone(beside: str, unsolved: Files, release: ReleaseSource) -> None:
    """A cell that does not parse, or is of another language, keeps no answer from being counted."""
    given = handed_in({**unsolved, "a.ipynb": notebook(beside, ANSWERED, beside)})
    assert [each.kind for each in with_notebook_answers(given, release).flags] == ["answer_in_notebook"]


def test_magics_within_an_answer_are_left_out(unsolved: Files, stage: Callable[[Files], Stage]) -> None:
    """A shell line or magic in a function does not keep the function from running where there is no IPython."""
    source = f"%%time\ndef {CONV}(x=None):\n    !ls\n    if x:\n        %debug\n    return str('mine')"
    staged = stage({**unsolved, "a.ipynb": notebook(source)})
    assert said(staged.roots["naive"], f"m.{CONV}()", f"{staged.submission.modules[CONV]} as m") == "mine"


def test_endless_code_is_not_parsed(unsolved: Files, release: ReleaseSource) -> None:
    """Of 2 MiB of calls in one cell, or in hundreds, no more is parsed than of a module, and it is said."""
    calls = f"{ANSWERED}\n" + "f(a,b)\n" * 14_000
    given = handed_in({**unsolved, "a.ipynb": notebook(*[calls] * 20), "b.ipynb": notebook(calls * 20)})
    started = time.process_time()
    found = with_notebook_answers(given, release)
    assert time.process_time() - started < 10
    assert {each.kind for each in found.flags} == {"answer_in_notebook", "answer_not_counted", "notebook"}
