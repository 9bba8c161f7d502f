"""Notebooks and Python files as they are read: whole, damaged, of any format, in any encoding."""

from __future__ import annotations

import ast
import json
import warnings

from grader.intake.cells import whole
from grader.intake.contents import contents_of
from grader.intake.mended import look_past_damage
from grader.intake.notebooks import CellPython, read_notebook
from grader.intake.source import read_source
from tests.fuzz.made import CUT, prepared

WORDS = (
    *(
        b'"cells"',
        b'"cell_type"',
        b'"code"',
        b'"source"',
        b'"outputs"',
        b'"nbformat"',
        b'"worksheets"',
        b'"input"',
    ),
    *(
        b'"metadata"',
        b'"execution_count"',
        b'"id"',
        b'"data"',
        b'"text/plain"',
        b'"kernelspec"',
        b"python2",
        b"\\ud800",
    ),
    *(
        b"<<<<<<< a\n",
        b"=======\n",
        b">>>>>>> b\n",
        b"%%bash\n",
        b"%timeit ",
        b"!ls\n",
        b"a?\n",
        b"print 1\n",
        b"\xff",
    ),
    *(
        b"def ",
        b"class ",
        b"lambda",
        b"return",
        b"async ",
        b"await ",
        b"yield ",
        b"f'{",
        b'"""',
        b"# coding: idna\n",
    ),
    *(
        b"conv_forward_naive",
        b"from nndl.cnn import *\n",
        b"import ",
        b"\\\n",
        b"\r\n",
        b"\0",
        b"    ",
        b"match x:\n",
    ),
)


def run(data: bytes) -> None:
    """Read bytes as a notebook or as a module; the first byte says which, and what is made of them before."""
    way, rest = data[:1], data[1:]
    if way == b"p":
        _module(rest)
        prepared(contents_of("x", {"nndl/conv_layers.py": rest}))
        return
    if way == b"c":  # cells of code
        texts = [
            each.decode("utf-8", "surrogatepass") if _is_text(each) else str(each) for each in rest.split(CUT)
        ]
        rest = json.dumps(notebook(texts)).encode()
    elif way == b"d":  # cut off somewhere, with something else behind
        head, _, tail = rest.partition(CUT)
        made = json.dumps(notebook(["def conv_forward_naive(x):\n    return x", "b = 2"]), indent=1).encode()
        rest = made[: int.from_bytes(head[:2], "big") % len(made)] + tail
    found = read_notebook(rest)
    assert found == read_notebook(rest)
    assert found.cells or found.complaints
    for cell in found.cells:
        cell.source.encode()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(whole(found.cells, CellPython()))
    prepared(contents_of("x", {"CNN.ipynb": rest}))


def _module(data: bytes) -> None:
    source = read_source("m.py", data)
    if source.error is None:
        return
    mended = look_past_damage(source)
    if mended is not source:
        assert read_source("m.py", mended.data).error is None
        assert not mended.lost.keys() & mended.definitions.keys()


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return False
    return True


def notebook(cells: list[str]) -> dict[str, object]:
    """Return a notebook of cells of code."""
    made = [
        {"cell_type": "code", "source": each, "metadata": {}, "outputs": [], "execution_count": 1}
        for each in cells
    ]
    return {
        "cells": made,
        "metadata": {"kernelspec": {"name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


_CODE = b"import numpy as np\n\n\ndef conv_forward_naive(x, w, b, conv_param):\n    return x + 1, (x, w)\n"
SEEDS = (
    b"r" + json.dumps(notebook(["a = 1", "b = [2]\n%time b"])).encode(),
    b"r"
    + json.dumps(
        {"worksheets": [{"cells": [{"cell_type": "code", "input": ["a\n"]}]}], "nbformat": 3}
    ).encode(),
    b"c" + _CODE + CUT + b"%matplotlib inline\nx?" + CUT + b"<<<<<<< a\nx = 1\n=======\nx = 2\n>>>>>>> b\n",
    b"d\0\x90" + CUT + b'"}]}',
    b"p" + _CODE,
    b"p" + _CODE.replace(b"return", b"return ((") + _CODE,
    b"p# coding: latin-1\n" + _CODE + b"<<<<<<< a\nx = '\xe4'\n",
)
FOUND: tuple[bytes, ...] = ()
