"""Making the student's notebook from the solved one."""

from __future__ import annotations

import json
from typing import Any

import nbformat
import pytest
from hypothesis import given, strategies as st

from grader.authoring.notebooks import notebook_answers, student_notebook
from grader.course.regions import NotebookError, RegionError, StubError
from grader.intake.notebooks import cell_python
from tests.authoring.strategies import MARK, OPENING, code_cell, markdown_cell, notebook, region, sources


def released(*cells: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the student's version of a notebook, parsed."""
    document: dict[str, Any] = json.loads(student_notebook(notebook(*cells, **more), "A.ipynb"))
    return document


def test_answer_cell_is_stubbed_and_tagged() -> None:
    """The answer in a code cell becomes a stub, and the cell is tagged."""
    (cell,) = released(code_cell("data = load()\n" + region("model = train(data)\n"), id="train"))["cells"]
    assert "".join(cell["source"]) == "data = load()\n" + region("\n")
    assert cell["metadata"] == {"tags": ["answer"]}


def test_tags_stay_and_answer_comes_once() -> None:
    """Authored tags stay, and the tag of an answer is not repeated."""
    source = region("model = 1\n")
    cells = released(
        code_cell(source, metadata={"tags": ["slow", "answer"]}),
        code_cell("x = 1", metadata={"tags": ["slow"]}),
    )["cells"]
    assert [cell["metadata"] for cell in cells] == [{"tags": ["slow", "answer"]}, {"tags": ["slow"]}]


def test_outputs_and_counts_are_cleared() -> None:
    """Nothing of a run stays: no outputs, no execution counts."""
    (cell,) = released(code_cell("print(1)"))["cells"]
    assert (cell["outputs"], cell["execution_count"]) == ([], None)


def test_metadata_is_normalised() -> None:
    """The notebook names a Python 3 kernel and nothing of the author's machine; cells keep only tags."""
    document = released(
        code_cell("x = 1", metadata={"collapsed": True, "execution": {"iopub.status.busy": "2024-05-01"}}),
        metadata={
            "kernelspec": {"name": "ada-env", "display_name": "ada's env", "language": "python"},
            "language_info": {"name": "python", "version": "3.11.7"},
            "widgets": {},
        },
    )
    assert document["metadata"] == {
        "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
        "language_info": {"name": "python"},
    }
    assert document["cells"][0]["metadata"] == {}


def test_ids_stay() -> None:
    """A cell keeps its id."""
    cells = released(markdown_cell("Text", id="intro"), code_cell("x = 1", id="b2"))["cells"]
    assert [cell["id"] for cell in cells] == ["intro", "b2"]


def test_missing_ids_are_made_from_what_students_see() -> None:
    """A missing id comes from the stubbed source, so that a better answer does not change it."""
    one, other = (released(code_cell(region(answer)))["cells"][0]["id"] for answer in ("a = 1\n", "a = 2\n"))
    assert one == other != released(code_cell("b = 1"))["cells"][0]["id"]


def test_ids_are_distinct_and_valid() -> None:
    """Equal cells without ids, a repeated id and an invalid one all end in ids of their own."""
    cells = released(
        code_cell("x"),
        code_cell("x"),
        code_cell("y", id="z"),
        code_cell("y", id="z"),
        code_cell("w", id="no way"),
    )["cells"]
    assert len({cell["id"] for cell in cells}) == len(cells)
    assert cells[2]["id"] == "z"


def test_markdown_and_attachments_stay() -> None:
    """Text cells come with their attachments, unchanged."""
    attachments = {"cat.png": {"image/png": "aGk="}}
    (cell,) = released(markdown_cell("# A\n\nb", attachments=attachments, id="t"))["cells"]
    assert ("".join(cell["source"]), cell["attachments"]) == ("# A\n\nb", attachments)


def test_source_may_be_lines() -> None:
    """A source stored as a list of lines, as Jupyter does, is the same as one string."""
    text = "x = 0\n" + region("model = 1\n")
    lines = text.splitlines(keepends=True)
    assert student_notebook(notebook(code_cell(text))) == student_notebook(notebook(code_cell(lines)))


def test_magics_shell_lines_and_help() -> None:
    """Magics, shell lines and help are no obstacle, and stay."""
    given_code = "%matplotlib inline\n!ls\nnp.pad?\nfiles = !ls\n"
    (cell,) = released(code_cell(given_code + region("x = 1\n")))["cells"]
    assert "".join(cell["source"]) == given_code + region("\n")


def test_cell_magic() -> None:
    """The body of a Python cell magic is stubbed like any other; its empty blocks get a pass."""
    (cell,) = released(code_cell("%%time\nif x:\n" + region("y = 1\n", "    ")))["cells"]
    assert "".join(cell["source"]) == "%%time\nif x:\n" + region("pass\n", "    ")


@pytest.mark.parametrize(
    "source", ["%%bash\nls | wc -l\n", "%%html\n<b>bold</b>\n", "\n%%writefile x\n= =\n"]
)
def test_other_languages_are_not_parsed(source: str) -> None:
    """A cell of another language leaves nothing for the Python parser."""
    assert cell_python(source).strip() == ""


def test_result_is_a_valid_notebook() -> None:
    """The result is a notebook of nbformat 4.5, written as nbformat itself writes it."""
    source = notebook(markdown_cell("é", id="m"), code_cell("x = 1\ny = 2", id="c"), nbformat_minor=2)
    text = student_notebook(source).decode()
    document = nbformat.reads(text, as_version=4)
    nbformat.validate(document)
    assert (document.nbformat, document.nbformat_minor) == (4, 5)
    assert nbformat.writes(document) + "\n" == text


def test_deterministic() -> None:
    """The order of keys in the author's file and its indentation change nothing."""
    source = notebook(markdown_cell("a", id="m"), code_cell("x = 1", id="c"))
    shuffled = json.dumps(json.loads(source), sort_keys=True, indent=4).encode()
    assert student_notebook(source) == student_notebook(shuffled)


@given(parts=st.lists(sources, max_size=3))
def test_idempotent_and_without_answers(parts: list[str]) -> None:
    """A student's notebook holds nothing of an answer, and its own release is itself."""
    once = student_notebook(notebook(*(code_cell(part) for part in parts)))
    assert MARK.encode() not in once
    assert student_notebook(once) == once


def test_answers_name_their_cell() -> None:
    """The answers of a notebook come in order, each with the place of its cell."""
    source = notebook(markdown_cell("Text"), code_cell(region("a = 1\n") + region("b = 2\n")))
    found = notebook_answers(source, "A.ipynb")
    assert [(each.place, each.text) for each in found] == [
        ("A.ipynb, cell 2:5-5", "a = 1\n"),
        ("A.ipynb, cell 2:13-13", "b = 2\n"),
    ]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        (b"", "file is empty"),
        (b"{", "is no notebook"),
        (b"\xff\xfe", "is empty"),
        (b"[]", "is no notebook"),
        (b'{"nbformat": 3, "worksheets": []}', "of the old format nbformat 3"),
        (b'{"nbformat": 4}', "is no notebook"),
        (
            b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}',
            "Cell 1 has no text where its source should be",
        ),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 3}]}', "Cell 1 has no text"),
        (
            b'{"nbformat": 4, "cells": [{"cell_type": "poem", "source": "x"}]}',
            "neither code nor text but 'poem'",
        ),
        (b'{"nbformat": 4, "cells": []}}', "follows the end"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "caf\xe9"}]}', "not UTF-8"),
    ],
)
def test_not_a_notebook(source: bytes, complaint: str) -> None:
    """What is not a notebook is an error that names the file."""
    with pytest.raises(NotebookError, match=rf"^A\.ipynb .*{complaint}"):
        student_notebook(source, "A.ipynb")


def test_error_names_the_cell() -> None:
    """An error in a cell's banners or code names the notebook and the cell, as a person counts."""
    with pytest.raises(RegionError, match=r"^A\.ipynb, cell 2, line 2: "):
        released(markdown_cell("Text"), code_cell(OPENING))
    with pytest.raises(StubError, match=r"^A\.ipynb, cell 1 does not parse"):
        released(code_cell("x = =\n" + region("a = 1\n")))
