"""Reading notebooks: every format and every damage gives cells and a plain sentence."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from grader.intake import notebooks, salvage
from grader.intake.notebooks import Cell, CellPython, Stored, python_3, read_notebook
from tests.notebooks.build import code, document, written

CELLS = (
    Cell("markdown", "# Title", "title"),
    code("x = 1\nprint(x)", "first", "slow", printed="1"),
    code("y = x + 1", "second"),
)


def sources(data: bytes) -> list[str]:
    """Return the sources of the cells that could be read."""
    return [cell.source for cell in read_notebook(data).cells]


@pytest.mark.parametrize("minor", [0, 2, 4, 5])
def test_nbformat_4_is_read_without_complaint(minor):
    """Every minor version of nbformat 4 is read whole, with ids where it has them."""
    found = read_notebook(written(document(*CELLS, minor=minor)))
    assert not found.complaints
    assert [cell.source for cell in found.cells] == [cell.source for cell in CELLS]
    assert [cell.id for cell in found.cells] == (["title", "first", "second"] if minor == 5 else ["", "", ""])
    assert found.cells[1].stored == CELLS[1].stored


def test_nbformat_3_is_read_as_its_successor():
    """Worksheets, inputs, headings and old outputs become cells, sources, Markdown and what was printed."""
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 2, "source": ["Layers"]},
                    {
                        "cell_type": "code",
                        "input": ["1 + 1"],
                        "language": "python",
                        "outputs": [
                            {"output_type": "pyout", "prompt_number": 1, "text": ["2"]},
                            {"output_type": "stream", "stream": "stderr", "text": ["hm"]},
                            {"output_type": "pyerr", "ename": "E", "evalue": "no", "traceback": []},
                        ],
                    },
                ]
            },
            {"cells": [{"cell_type": "code", "input": "z = 3", "outputs": []}]},
        ],
    }
    found = read_notebook(written(old))
    assert [cell.source for cell in found.cells] == ["## Layers", "1 + 1", "z = 3"]
    assert found.complaints == (notebooks.OLD_FORMAT.format(major=3),)
    assert found.cells[1].stored == Stored("2", there=True, failed=True)


def test_ids_that_are_none_are_left_out():
    """Only ids as nbformat has them are kept."""
    found = read_notebook(written(document(code("a", "same"), code("c", "not valid!"))))
    assert [cell.id for cell in found.cells] == ["same", ""]


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"name": "python2", "display_name": "Python 2", "language": "python"}},
        {"language_info": {"name": "python", "version": "2.7.14"}},
    ],
)
def test_python_2_notebooks_print_as_python_3(metadata):
    """A Python 2 kernel is named, and its print statements become calls."""
    found = read_notebook(written(document(code("print 'a', x\nif x:\n    print x,"), **metadata)))
    assert found.complaints == (notebooks.PYTHON_2,)
    assert found.cells[0].source == "print('a', x)\nif x:\n    print(x, end=' ')"


@pytest.mark.parametrize("source", ["print(1)", "!ls", "print 'a' if", "s = '''\nprint 1\n'''"])
def test_what_is_python_3_or_beyond_help_stays(source):
    """Code that parses, and code that print calls do not mend, is left alone."""
    assert python_3(source, CellPython()) == source


@given(st.text(st.sampled_from("%!?=x \n\t()'\"\\print1"), max_size=40))
def test_whatever_a_cell_of_python_2_holds_it_is_read(source):
    """Print statements are looked for in any code, with magics or without, and nothing is raised."""
    data = written(document(code(source), kernelspec={"name": "python2"}))
    assert len(read_notebook(data).cells) == 1


def test_magics_without_end_are_left_out():
    """What IPython would take minutes for is read without it: each line of magic stands for nothing."""
    source = "%time f()\nx = 1\n" * 3000
    assert CellPython().of(source) == "pass\nx = 1\n" * 3000


def test_another_language_is_named():
    """A notebook of another kernel is read, and the complaint names its language."""
    found = read_notebook(written(document(code("1"), kernelspec={"name": "ir", "language": "R"})))
    assert found.complaints == (notebooks.OTHER_LANGUAGE.format(language="r"),)


def test_conflict_in_the_file_keeps_the_first_side():
    """Marks that a merge left between lines of the file are resolved to the first side."""
    text = written(document(*CELLS)).decode()
    mine = next(each for each in text.splitlines(keepends=True) if "y = x + 1" in each)
    theirs = mine.replace("x + 1", "x + 2")
    conflict = f"<<<<<<< HEAD\n{mine}=======\n{theirs}>>>>>>> theirs\n"
    found = read_notebook(text.replace(mine, conflict).encode())
    assert [cell.source for cell in found.cells] == [cell.source for cell in CELLS]
    assert found.complaints == (salvage.CONFLICT.format(side="the first side"),)


def test_conflict_whose_first_side_is_no_json_falls_back_to_the_second():
    """Where only the second side makes JSON, that side is read."""
    text = written(document(*CELLS)).decode()
    mine = next(each for each in text.splitlines(keepends=True) if "y = x + 1" in each)
    found = read_notebook(text.replace(mine, f"<<<<<<< HEAD\n{{[\n=======\n{mine}>>>>>>> b\n").encode())
    assert len(found.cells) == 3
    assert found.complaints == (salvage.CONFLICT.format(side="the second side"),)


def test_single_marks_are_left_out():
    """A lone mark, as a half-resolved merge leaves, does not stop the notebooks."""
    text = written(document(*CELLS)).decode()
    assert sources(
        text.replace(' "metadata": {},\n "nbformat"', '=======\n "metadata": {},\n "nbformat"').encode()
    ) == [cell.source for cell in CELLS]


def test_conflict_inside_a_cell_keeps_the_first_side():
    """Marks inside a cell's source are resolved there, three-way ones as well."""
    source = "<<<<<<< local\na = 1\n||||||| base\na = 0\n=======\na = 2\n>>>>>>> remote\nprint(a)"
    found = read_notebook(written(document(code(source))))
    assert found.cells[0].source == "a = 1\nprint(a)"
    assert found.complaints == (notebooks.CONFLICT_IN_CELL.format(number=1),)


def test_truncated_file_gives_the_cells_before_the_cut():
    """A file cut off in its third cell still gives the first two whole, and says so."""
    data = written(document(*CELLS))
    found = read_notebook(data[: data.index(b"y = x")])
    assert [cell.source for cell in found.cells][:2] == [cell.source for cell in CELLS[:2]]
    assert found.complaints == (salvage.CUT_OFF.format(count=len(found.cells)),)


def test_damage_in_the_middle_costs_only_what_it_hit():
    """Cells before and after a damaged one are read."""
    data = written(document(*CELLS)).replace(b'"print(x)"', b'print(x"')
    found = sources(data)
    assert found[0] == "# Title"
    assert found[-1] == "y = x + 1"


@given(cut=st.integers(0, len(written(document(*CELLS)))))
def test_a_cut_anywhere_loses_only_what_comes_after(cut):
    """Wherever a file is cut, the cells that were whole before the cut are read unchanged and in order."""
    data = written(document(*CELLS))
    found = sources(data[:cut])
    ends = [data.index(b'"# Title"'), data.index(b'"print(x)"'), data.index(b'"y = x + 1"')]
    whole = sum(cut > end + 20 for end in ends)
    assert found[:whole] == [cell.source for cell in CELLS[:whole]]
    assert len(found) <= 3


@given(
    data=st.binary(max_size=300)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["cells", "worksheets", "metadata", "source", "outputs", "id", "tags"]), inner
            )
        ),
        max_leaves=20,
    ).map(lambda value: json.dumps(value).encode())
)
def test_whatever_the_bytes_are_there_is_an_answer(data):
    """Reading never raises, and a notebook without cells comes with a complaint."""
    found = read_notebook(data)
    assert found.cells or found.complaints


@pytest.mark.parametrize("data", [b"", b"  \n", b"[]", b"%PDF-1.4", b"[" * 100_000, b'{"id":' * 50_000])
def test_what_is_no_notebook_is_said_plainly(data):
    """An empty file, another kind of file and nesting without end each give one complaint and no cell."""
    found = read_notebook(data)
    assert not found.cells
    assert len(found.complaints) == 1


def test_many_open_conflicts_are_read_in_one_pass():
    """A file of nothing but opening marks is answered like any other, without a search from each mark."""
    assert not read_notebook(b"<<<<<<< a\n" * 200_000).cells


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(encoding):
    """Notebooks saved by editors that add a byte order mark are read."""
    assert sources(written(document(code("é = 1"))).decode().encode(encoding)) == ["é = 1"]


def test_other_encodings_are_named():
    """A file that is not UTF-8 is read as far as letters go, and the complaint says so."""
    text = json.dumps(document(code("# caf\u00e9")), ensure_ascii=False)
    assert read_notebook(text.encode("latin-1")).complaints == (salvage.NOT_UTF8,)
    assert sources(text.encode("latin-1")) == ["# caf\u00e9"]


def test_text_after_the_notebook_is_left_out():
    """What follows the end of the JSON is dropped with a word."""
    found = read_notebook(written(document(*CELLS)) + b'{"cells": []}')
    assert len(found.cells) == 3
    assert found.complaints == (salvage.TRAILING,)


def test_cells_without_end_are_cut_with_a_word():
    """Of more cells than any assignment has, the first are read, and the complaint counts them all."""
    found = read_notebook(written(document(*[code("1")] * (notebooks.MOST_CELLS + 3))))
    assert len(found.cells) == notebooks.MOST_CELLS
    assert found.complaints == (
        notebooks.TOO_MANY.format(count=notebooks.MOST_CELLS + 3, most=notebooks.MOST_CELLS),
    )


def test_a_source_without_end_is_cut_with_a_word():
    """A cell holds at most so many characters, and the student is told."""
    notebook = read_notebook(written(document(code("x" * (notebooks.MOST_CHARACTERS + 1)))))
    assert len(notebook.cells[0].source) == notebooks.MOST_CHARACTERS
    assert "Cell 1" in notebook.complaints[0]


def test_blanks_without_end_are_read_in_one_pass():
    """A line of Python 2 with a hundred thousand blanks takes no longer than any other of its length."""
    line = "print x" + " " * 100_000
    assert python_3(line, CellPython()) == "print(x)"
    assert python_3(f"{line}y", CellPython()) == f"{line}y"
