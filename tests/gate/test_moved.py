"""Test cells that run inside are moved out of the box where they judge there as before."""

from __future__ import annotations

from pathlib import Path

from grader.authoring.from_nbgrader import read_nbgrader
from grader.authoring.from_otter import read_otter
from grader.authoring.release import release
from grader.course.assignment import PartKind
from grader.course.inside import inside_tests
from grader.gate.moved import rewrite
from grader.sandbox import choose_isolation
from tests.authoring.foreign import cell, ends, imported_course, write_notebook
from tests.authoring.test_from_nbgrader import graded
from tests.authoring.test_from_otter import master

ANSWERS = """\
class Pile:
    ### BEGIN SOLUTION
    def __init__(self, top):
        self.top = top
    def double(self):
        return 2 * self.top
    def __len__(self):
        return self.top
    ### END SOLUTION

def root(f, low, high):
    ### BEGIN SOLUTION
    if f(low) * f(high) > 0:
        raise ValueError("no change of sign")
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if f(low) * f(middle) <= 0 else (middle, high)
    return middle
    ### END SOLUTION"""

RAISES = """\
\"\"\"Other functions are refused.\"\"\"
try:
    root(lambda x: x + 5, 0, 1)
except ValueError:
    pass
else:
    raise AssertionError("nothing was raised")
f = root(np.sin, -1, 1)"""

TESTS = {
    "functions-cross": "import math\noff = 0.25\ndef f(x):\n    return math.sin(x) - off\n"
    "np.testing.assert_allclose(root(f, 0, 1), math.asin(off), atol=1e-9)\n"
    "assert abs(root(lambda x: x - off, 0, SCALE)) > 0.2\nassert root(np.sinh, -1, 2) < 1e-9",
    "raises": RAISES,
    "values": 'assert abs(found - np.pi / 2) < 1e-9, "not found"',
    "classes": "pile = Pile(4)\nassert (pile.top, pile.double(), len(pile)) == (4, 8, 4)\n"
    "### BEGIN HIDDEN TESTS\npile.top = 3\nassert pile.double() == 6\n### END HIDDEN TESTS",
    "made-of-answers": "assert made > 1.4",
    "types": "assert type(Pile(4)) is Pile",
    "removes": "kept = root\nassert kept(np.sin, -1, 1) is not None\ndel root\n"
    "try:\n    found_again(1)\nexcept NameError:\n    pass\nroot = kept",
    "points": "score = 0\nif abs(root(np.sin, -1, 1)) < 1e-9:\n    score += 2\nscore",
}
CELLS = (
    cell("code", "import numpy as np\nSCALE = 2", "imports"),
    graded("code", "answers", ANSWERS, solution=True),
    graded("code", "found", "found = root(np.cos, 1, SCALE)", solution=True),
    cell(
        "code",
        "try:\n    made = root(lambda x: x**2 - 2, 0, 2)\nexcept NotImplementedError:\n    made = 0",
        "made",
    ),
    cell("code", "def found_again(x):\n    return root(x)", "again"),
    *(graded("code", id, source, grade=True, points=2, locked=True) for id, source in TESTS.items()),
)


def test_what_judges_values_moves_and_all_else_stays(tmp_path: Path) -> None:
    """Functions of the test cross into the box, what was raised is known; what cannot be said outside stays inside."""
    folder = tmp_path / "roots"
    write_notebook(folder / "roots.ipynb", *CELLS)
    course, before = imported_course(tmp_path / "course", read_nbgrader(folder))
    found = rewrite(course.root, "ps1", choose_isolation())
    assert [each.part for each in found.moved] == [
        "functions-cross",
        "raises",
        "values",
        "classes",
        "made-of-answers",
    ]
    assert found.stay["removes"].startswith("it assigns root")
    assert found.stay["points"] == "its last value may be points"
    assert found.stay["types"].startswith("outside it says of the solution")
    after = course.load("ps1")
    assert [part.points for part in after.parts] == [part.points for part in before.parts]
    assert {part.id for part in after.inside} == inside_tests(after).keys() == found.stay.keys()
    assert after.part("values").kind is PartKind.VARIABLE
    assert "len(pile)) == (4, 8, 4)  # public: in the notebook" in found.files["checks/test_cells.py"]
    release(after, course.root)
    figures, problems = ends(course, choose_isolation())
    assert (figures[0], problems) == ("solution 16 of 16, starter 0 of 16", [])


def test_a_magic_keeps_only_what_comes_from_it(tmp_path: Path) -> None:
    """What IPython answers is not there outside; the cell is named, as is one in which the solution stops."""
    timed = "took = %timeit -o -n 1 -r 1 sum([1])\nquick = took.best < 60"
    answers = {"square": "def square(x):\n    return x * x", "timed": timed}
    tests = {"squares": "assert square(3) == 9", "times": "assert quick"}
    cells = [
        *(
            graded("code", id, f"### BEGIN SOLUTION\n{text}\n### END SOLUTION", solution=True)
            for id, text in answers.items()
        ),
        *(graded("code", id, text, grade=True, points=2, locked=True) for id, text in tests.items()),
    ]
    write_notebook(tmp_path / "magic" / "magic.ipynb", *cells)
    course, _ = imported_course(tmp_path / "course", read_nbgrader(tmp_path / "magic"))
    found = rewrite(course.root, "ps1", choose_isolation())
    assert [each.part for each in found.moved] == ["squares"]
    assert found.stay["times"].startswith("quick comes from cell timed, which uses a magic")

    stops = graded("code", "stops", "### BEGIN SOLUTION\nlost = nowhere\n### END SOLUTION", solution=True)
    write_notebook(tmp_path / "stops" / "stops.ipynb", stops, *cells)
    course, _ = imported_course(tmp_path / "other", read_nbgrader(tmp_path / "stops"))
    found = rewrite(course.root, "ps1", choose_isolation())
    assert found.stay["squares"].endswith("name 'nowhere' is not defined (in cell stops of stops.ipynb)")


def test_a_question_moves_with_all_its_tests(tmp_path: Path) -> None:
    """What is put out is compared, weights and words stay, and a seeded question is left where its seed is."""
    course, _ = imported_course(tmp_path / "course", read_otter(master(tmp_path / "lab")))
    found = rewrite(course.root, "ps1", choose_isolation())
    assert [each.part for each in found.moved] == ["q1", "q2", "q3", "q7"]
    assert found.stay == {"q4": "it draws random numbers, which are seeded in the notebook"}
    hidden = found.files["checks/test_cells.py"]
    assert '@part("q1", weight=2)' in hidden
    assert 'failure="Think of zero."' in hidden
    release(course.load("ps1"), course.root)
    figures, problems = ends(course, choose_isolation())
    assert not problems
    assert figures[0].endswith("starter 0 of 20"), figures
