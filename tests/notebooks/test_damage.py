"""Forty notebooks with every kind of damage a class hands in: each gives all given cells and its student's answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from grader.authoring.notebooks import student_notebook
from grader.course.repository import Course
from grader.intake.notebooks import Cell, Notebook, read_notebook
from grader.notebooks.merge import Origin, merge
from tests.notebooks.build import document, written

ANSWER = "best_arguments = {'num_filters': 99}"
NAMES = ("CNN-Layers.ipynb", "CNN.ipynb")

Cells = tuple[Cell, ...]


def nameless(cells: Cells) -> Cells:
    """Drop the ids, as Jupyter before 2021 did."""
    return tuple(replace(cell, id="") for cell in cells)


def copied(cells: Cells) -> Cells:
    """Repeat every third cell at the end, with its id."""
    return (*cells, *cells[::3])


def split(cells: Cells) -> Cells:
    """Cut the first cell of code between two of its statements."""
    at = next(at for at, cell in enumerate(cells) if cell.kind == "code")
    first, _, second = cells[at].source.partition("\n\n%matplotlib")
    halves = (replace(cells[at], source=first), replace(cells[at], source=f"%matplotlib{second}", id=""))
    return (*cells[:at], *nameless(halves), *cells[at + 1 :])


def moved(cells: Cells) -> Cells:
    """Turn the order around."""
    return cells[::-1]


def retyped(cells: Cells) -> Cells:
    """Type every cell anew: other comments, other spacing."""
    return tuple(replace(cell, source=f"# mine\n\n{cell.source}\n\n", id="") for cell in cells)


def deleted(cells: Cells) -> Cells:
    """Delete every given cell of code but the first."""
    code = [cell for cell in cells if cell.kind == "code"]
    return tuple(cell for cell in cells if cell in code[:1] or "answer" in cell.tags)


def plain(cells: Cells) -> Cells:
    """Leave everything as it is."""
    return cells


def as_json(cells: Cells) -> bytes:
    """Write nbformat 4.5."""
    return written(document(*cells))


def as_version_3(cells: Cells) -> bytes:
    """Write nbformat 3, which has no ids and no tags."""
    sheet = [
        {"cell_type": cell.kind, "input" if cell.kind == "code" else "source": cell.source, "outputs": []}
        for cell in cells
    ]
    return written({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": sheet}]})


def as_python_2(cells: Cells) -> bytes:
    """Write nbformat 4.1 with a Python 2 kernel."""
    return written(document(*cells, minor=1, kernelspec={"name": "python2", "language": "python"}))


def as_conflict(cells: Cells) -> bytes:
    """Leave a merge conflict in the metadata."""
    text = as_json(cells).decode()
    return text.replace(
        ' "metadata": {},\n', '<<<<<<< a\n "metadata": {},\n=======\n "metadata": 1,\n>>>>>>> b\n'
    ).encode()


def as_cut(cells: Cells) -> bytes:
    """Cut the file off after its cells."""
    data = as_json(cells)
    return data[: data.rindex(b'"nbformat"') - 20]


CHANGES: tuple[Callable[[Cells], Cells], ...] = (plain, nameless, copied, split, moved, retyped, deleted)
FORMS: tuple[Callable[[Cells], bytes], ...] = (as_json, as_version_3, as_python_2, as_conflict, as_cut)


def handed_in() -> Iterator[Any]:
    """Give each kind of damage in each form, for one notebook or the other."""
    for at, change in enumerate(CHANGES):
        for form in FORMS:
            yield pytest.param(NAMES[at % 2], change, form, id=f"{change.__name__}-{form.__name__}")
    for form in FORMS:
        yield pytest.param(
            NAMES[1], lambda cells: deleted(nameless(copied(cells))), form, id=f"all-{form.__name__}"
        )


@pytest.fixture(scope="module")
def releases(repository: Course) -> dict[str, Notebook]:
    """The notebooks as students receive them."""
    sources = {name: (repository.root / "solutions" / name).read_bytes() for name in NAMES}
    return {name: read_notebook(student_notebook(source)) for name, source in sources.items()}


def answered(cells: Cells) -> Cells:
    """Answer the cells that are to be answered."""
    return tuple(
        replace(cell, source=cell.source.replace("# END YOUR", f"{ANSWER}\n# END YOUR"))
        if "answer" in cell.tags
        else cell
        for cell in cells
    )


@pytest.mark.parametrize(("name", "change", "form"), list(handed_in()))
def test_every_damage_still_gives_the_whole_notebook(releases, name, change, form):
    """Each given cell runs once, as released and in its order, and the student's answer is in its place."""
    release = releases[name]
    submitted = read_notebook(form(change(answered(release.cells))))
    found = [each for each in merge(release, submitted).cells if each.origin is not Origin.OWN]
    assert [each.cell.id for each in found] == [cell.id for cell in release.cells]
    for each, cell in zip(found, release.cells, strict=True):
        assert (ANSWER in each.cell.source) if each.origin is Origin.ANSWER else (each.cell == cell)


def test_there_are_forty():
    """The class is as large as promised, and its files differ."""
    assert len(list(handed_in())) == 40
    files = {
        form(change((Cell("code", "a = 1\n\n%matplotlib inline", "x"),)))
        for change in CHANGES
        for form in FORMS
    }
    assert len(files) > len(FORMS)
    assert json.loads(as_json(()))["cells"] == []
