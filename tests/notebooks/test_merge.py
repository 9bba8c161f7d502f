"""Matching and merging: whatever became of its cells, a notebook runs with given cells and the student's answers."""

from __future__ import annotations

from hypothesis import given, strategies as st

from grader.intake.notebooks import Cell
from grader.notebooks import merge as merging
from grader.notebooks.merge import How, Origin, Programs, match_cells, merge
from tests.notebooks.build import book, code

SETUP = "import numpy as np\n%matplotlib inline\n\nx = np.arange(3)  # three\nprint(x)\n"
STUB = "best = None\n\n# ====\n# YOUR CODE HERE:\n#   Set best.\n# ====\n\n# ====\n# END YOUR CODE HERE\n# ====\n"
ANSWER = STUB.replace("\n\n# ====\n# END", "\nbest = 42\n# ====\n# END")
SHOW = "print(best)\nassert best\n"
RELEASE = book(
    Cell("markdown", "# Title", "title"),
    code(SETUP, "setup"),
    code(STUB, "task", "answer"),
    code(SHOW, "show"),
)
DONE = (code(SETUP, "setup"), code(ANSWER, "task"), code(SHOW, "show", printed="42"))


def nameless(*cells: Cell) -> tuple[Cell, ...]:
    """Return cells as a notebook before nbformat 4.5 has them, without ids."""
    return tuple(Cell(cell.kind, cell.source, "", cell.tags, cell.stored) for cell in cells)


def run(*cells: Cell) -> list[tuple[Origin, str]]:
    """Return origin and source of each code cell that would run."""
    return [
        (each.origin, each.cell.source)
        for each in merge(RELEASE, book(*cells)).cells
        if each.cell.kind == "code"
    ]


WHOLE = [(Origin.GIVEN, SETUP), (Origin.ANSWER, ANSWER), (Origin.GIVEN, SHOW)]


@given(order=st.permutations(DONE), named=st.booleans())
def test_order_and_ids_do_not_matter(order, named):
    """With or without ids and in any order the same notebook runs, and moved cells are remarked on."""
    cells = order if named else nameless(*order)
    assert run(*cells) == WHOLE
    assert (merging.MOVED in merge(RELEASE, book(*cells)).remarks) == (tuple(order) != DONE)


def test_retyped_cells_are_known_by_their_tree():
    """Other spacing, quotes and comments are the same cell."""
    retyped = "import numpy as np\n%matplotlib inline\nx=np.arange( 3 )\nprint(x)"
    matching = match_cells(RELEASE.cells, nameless(code(retyped), *DONE[1:]))
    assert [match.how for match in matching.matches] == [How.TREE, How.CONTENT, How.CONTENT]
    assert Programs().same(retyped, SETUP)


def test_split_cells_are_put_together():
    """A given cell cut into two is known by its statements and runs once."""
    first, second = SETUP.split("\n\n")
    cells = nameless(code(first), code(second), *DONE[1:])
    assert match_cells(RELEASE.cells, cells).matches[0].submitted == (0, 1)
    assert run(*cells) == WHOLE
    assert merging.SPLIT.format(name="setup", count=2) in merge(RELEASE, book(*cells)).remarks


def test_edited_given_cells_run_as_released():
    """A given cell with a changed line is known by its likeness; the release's text runs."""
    edited = code(SETUP.replace("arange(3)", "arange(4)"), printed="0")
    assert run(edited, *nameless(*DONE[1:])) == WHOLE
    found = merge(RELEASE, book(edited, *DONE[1:]))
    assert merging.EDITED.format(name="setup") in found.remarks
    assert not found.cells[1].stored.there


def test_deleted_cells_come_back_from_the_release():
    """A deleted given cell runs as released; a deleted answer is the stub, never a solution."""
    assert run(DONE[0]) == [(Origin.GIVEN, SETUP), (Origin.ANSWER, STUB), (Origin.GIVEN, SHOW)]
    remarks = merge(RELEASE, book(DONE[0])).remarks
    assert remarks == (merging.NO_ANSWER.format(name="task"), merging.MISSING.format(name="show"))


def test_copied_cells_run_once():
    """Copies of given cells and of the empty answer cell are left out; the answered copy is the answer."""
    cells = (DONE[0], code(STUB, "task"), code(ANSWER), code(SETUP), code(SHOW), DONE[2])
    assert run(*cells) == WHOLE
    assert run(*nameless(*cells)) == WHOLE
    assert merging.COPIES.format(count=3) in merge(RELEASE, book(*cells)).remarks


def test_copied_ids_belong_to_the_first_cell_only():
    """A cell with the id of an earlier one is matched by its content, and staff are told."""
    found = merge(RELEASE, book(*DONE, code("own = 1", "show")))
    assert [each.cell.source for each in found.cells if each.origin is Origin.OWN] == ["own = 1"]
    assert found.remarks == (merging.SHARED_ID.format(number=4),)


def test_stubs_that_look_alike_stay_what_they_are():
    """Answered or not, with ids or without, each cell is its own, and none is said to have moved."""
    banner = "# ====\n# YOUR CODE HERE:\n# ====\n\n# ====\n# END YOUR CODE HERE\n# ===="
    stubs = [
        *(code(f"{first}{banner}", name, "answer") for name, first in (("a", ""), ("b", ""))),
        *(
            code(f"{first}{banner}", name, "answer")
            for name, first in (("c", "def c():\n"), ("d", "d = 1\n"))
        ),
    ]
    release = book(
        *(each for stub in stubs for each in (stub, code(f"print('{stub.id}')", f"show-{stub.id}")))
    )
    for answered in ("", "a", "b", "c", "d", "ac", "bd", "abcd"):
        cells = [
            code(each.source.replace("\n\n", f"\nx = '{each.id}'\n"), each.id)
            if each.id in answered
            else each
            for each in release.cells
        ]
        for handed_in in (cells, nameless(*cells)):
            found = merge(release, book(*handed_in))
            assert found.remarks == ()
            assert [each.cell.source for each in found.cells] == [each.source for each in cells]


def test_own_cells_run_where_the_student_put_them():
    """A cell the student added runs after the released cell it follows, and is skipped where that is."""
    release = book(code("a = 1", "a", "slow"), code("b = 1", "b"))
    found = merge(release, book(code("first = 0"), code("a = 1", "a"), code("more = a"), code("b = 1", "b")))
    assert [(each.cell.source, each.origin, each.cell.tags) for each in found.cells] == [
        ("first = 0", Origin.OWN, ()),
        ("a = 1", Origin.GIVEN, ("slow",)),
        ("more = a", Origin.OWN, ("slow",)),
        ("b = 1", Origin.GIVEN, ()),
    ]


def test_stored_outputs_stay_with_the_code_that_made_them():
    """The submission's outputs of an unchanged given cell are kept for comparison."""
    assert merge(RELEASE, book(*DONE)).cells[-1].stored.text == "42"


@given(
    st.lists(st.sampled_from([*DONE, *nameless(*DONE), code("own = 1"), code("def"), code(STUB), code("")]))
)
def test_given_cells_run_once_each_and_in_order(cells):
    """Whatever is handed in, each released cell runs exactly once, in the order of the release."""
    found = merge(RELEASE, book(*cells)).cells
    ours = [each.cell.id for each in found if each.origin is not Origin.OWN]
    assert ours == ["title", "setup", "task", "show"]


def test_a_cell_of_nothing_but_magics_is_no_released_one():
    """What IPython would have to read five hundred times is compared by its text alone."""
    for line in ("%a", "a?", "x = %b", "!a"):
        assert not Programs().same(f"{line}\n" * 600, f"{line}\n\n" + f"{line} \n" * 600)
        assert Programs().same(f"{line}\n" * 600, f"{line} \n" * 600)


def test_a_notebook_of_another_release_is_told_once():
    """Where most given cells are not those of the release, one sentence says so, and none that they were deleted."""
    given_cells = [
        code(f"print('given number {each}')\nassert {each} + 1", f"given-{each}") for each in range(6)
    ]
    release = book(*given_cells, code(STUB, "task", "answer"))
    theirs = [code(f"# of another year\nplot_something({each})", f"old-{each}") for each in range(6)]
    merged = merge(release, book(*theirs, code(ANSWER, "task")))
    assert merged.remarks == (merging.OTHER_RELEASE.format(count=6, total=6),)
    merged = merge(release, book(*given_cells[:4], code(ANSWER, "task")))
    assert len(merged.remarks) == 2
    assert all("was deleted" in each for each in merged.remarks)
