"""A right answer in a notebook alone earns its points whatever state the file is in, and the state is flagged."""

from __future__ import annotations

import json
from typing import Any

import pytest

from grader.bank.samples import starter_modules
from grader.grading import Grader, load_grader
from grader.intake import prepare
from grader.plan import GradingPlan
from grader.sandbox import choose_isolation

PART = "max_pool_forward_naive"
SOURCE = """import numpy as np
%matplotlib inline
def max_pool_forward_naive(x, pool_param):
    k, m, s = pool_param["pool_height"], pool_param["pool_width"], pool_param["stride"]
    N, C, H, W = x.shape
    h, w = 1 + (H - k) // s, 1 + (W - m) // s
    out = np.zeros((N, C, h, w))
    for i in range(h):
        for j in range(w):
            out[:, :, i, j] = x[:, :, i*s:i*s+k, j*s:j*s+m].max(axis=(2, 3))
    return out, (x, pool_param)
"""
MORE = "# \u00e9 after the answer\nprint('shown')\nprint('last')"


def cell(source: Any, key: str = "source") -> dict[str, Any]:
    """Return a cell of code."""
    return {"cell_type": "code", "metadata": {}, "execution_count": None, "outputs": [], key: source}


def document(*cells: dict[str, Any]) -> str:
    """Write nbformat 4 as Jupyter does."""
    whole = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    return json.dumps(whole, indent=1, ensure_ascii=False)


def lines(source: str) -> list[str]:
    """Return a source as Jupyter stores it."""
    return source.splitlines(keepends=True)


def conflict(ours: str, theirs: str) -> str:
    """Return the lines of an unresolved merge."""
    return f"<<<<<<< HEAD\n{ours}\n=======\n{theirs}\n>>>>>>> theirs\n"


WHOLE = document(cell(lines(SOURCE)), cell(lines(MORE)))
SHEETS = [{"metadata": {}, "cells": [cell(lines(each), "input")]} for each in (SOURCE, MORE)]
TWO_CONFLICTS = WHOLE.replace(
    ' "metadata": {},\n "nbformat"', conflict(' "metadata": {},', ' "metadata": {"a": 1},') + ' "nbformat"'
).replace(' "nbformat_minor": 4\n', conflict(' "nbformat_minor": 4', ' "nbformat_minor": 5'))
STATES: dict[str, tuple[bytes, str]] = {
    "as it should be": (WHOLE.encode(), ""),
    "with a byte order mark": (WHOLE.encode("utf-8-sig"), ""),
    "line ends of Windows": (WHOLE.replace("\\n", "\\r\\n").replace("\n", "\r\n").encode(), ""),
    "nbformat 3": (json.dumps({"nbformat": 3, "metadata": {}, "worksheets": SHEETS}).encode(), "nbformat 3"),
    "nbformat 2": (json.dumps({"nbformat": 2, "worksheets": SHEETS}).encode(), "nbformat 2"),
    "nbformat 1": (json.dumps({"nbformat": 1, "cells": [cell(SOURCE, "code")]}).encode(), "nbformat 1"),
    "something after its end": (f"{WHOLE}\n}}".encode(), "follows the end"),
    "a merge of two whole files": (conflict(WHOLE, WHOLE).encode(), "unresolved merge"),
    "two merges": (TWO_CONFLICTS.encode(), "unresolved merge"),
    "one letter of Latin-1": (WHOLE.encode("latin-1"), "not UTF-8"),
    "UTF-16": (WHOLE.encode("utf-16"), "UTF-16"),
    "UTF-16 without a mark": (WHOLE.encode("utf-16-be"), "UTF-16"),
    "cut off behind the cell": (WHOLE[:-40].encode(), "cut off or damaged"),
    "cut off inside of a string": (WHOLE[: WHOLE.index("shown")].encode(), "cut off or damaged"),
    "its beginning is missing": (WHOLE[2:].encode(), "cut off or damaged"),
    "raw line ends in a text": (WHOLE.replace("shown", "sh\nown").encode(), "control characters"),
    "a cell without a source": (
        document(cell(lines(SOURCE)), {"cell_type": "code"}).encode(),
        "no text where its",
    ),
    "a source that is not text alone": (
        document(cell([*lines(SOURCE), 7, None])).encode(),
        "no text where its",
    ),
    "a number without end": (WHOLE.replace("null", "9" * 5000, 1).encode(), ""),
    "an entry that is no cell": (document(cell(lines(SOURCE)), ["x"]).encode(), "is no cell"),  # type: ignore[arg-type]
    "of Python 2": (
        WHOLE.replace(
            '"metadata": {},\n "nbformat"', '"metadata": {"kernelspec": {"name": "python2"}},\n "nbformat"'
        )
        .replace('   "    return out', '   "    print \'done\'\\n",\n   "    return out')
        .encode(),
        "Python 2 kernel",
    ),
}


@pytest.fixture(scope="module")
def grader(repository) -> Grader:
    """Return a grader of the one part."""
    return load_grader(GradingPlan(repository.root, "cnn", choose_isolation(), "tests", only=PART))


@pytest.mark.parametrize("state", STATES)
def test_an_answer_counts_in_every_state_of_its_notebook(grader, repository, cnn, state: str) -> None:
    """The part's 8 of 8 points are given, and what was odd about the file is told to staff."""
    data, said = STATES[state]
    files = {**starter_modules(repository, cnn), "CNN-Layers.ipynb": data}
    report = grader.grade_submission(prepare("Ada", files, grader.assignment, grader.release))
    assert (report.score, report.max_score) == (8.0, 8.0)
    assert "answer_in_notebook" in {flag.kind for flag in report.flags}
    odd = [flag.message for flag in report.flags if flag.kind == "notebook"]
    assert any(said in message for message in odd) if said else not odd
