"""An assignment of otter arrives with its answers, tests, points, messages, seeds and questions for people."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from grader.authoring.from_otter import read_otter
from grader.authoring.imported import ImportRefused
from grader.authoring.otter_tests import OtterCase, OtterTest, inside_tests, read_test_file
from grader.course import inside
from grader.course.assignment import PartKind, Seed
from grader.sandbox import Isolation, choose_isolation
from tests.authoring.foreign import cell, ends, imported_course, sources, write_notebook

Cells = list[dict[str, Any]]


@pytest.fixture
def isolation() -> Isolation:
    """The best tier of this machine."""
    return choose_isolation()


def code(source: str, id: str, value: str = "", printed: str = "") -> dict[str, Any]:
    """Return a code cell with what it put out when its author ran it."""
    made = cell("code", source, id)
    if printed:
        made["outputs"].append({"output_type": "stream", "name": "stdout", "text": printed})
    if value:
        made["outputs"].append(
            {"output_type": "execute_result", "data": {"text/plain": value}, "metadata": {}}
        )
    return made


def question(name: str, answer: Cells, tests: Cells, settings: str = "", prompt: str = "") -> Cells:
    """Return the cells of a question of a master notebook."""
    raw = lambda text: cell("raw", text, f"{name}-{text.split()[1]}-{text.split()[2]}".lower())  # noqa: E731
    said = f"# BEGIN QUESTION\nname: {name}\n{settings}"
    made = [cell("raw", said, f"{name}-begin"), cell("markdown", f"Question {name}.", f"{name}-text")]
    if prompt:
        made += [raw("# BEGIN PROMPT"), cell("markdown", prompt, f"{name}-prompt"), raw("# END PROMPT")]
    made += [raw("# BEGIN SOLUTION"), *answer, raw("# END SOLUTION")]
    if tests:
        made += [raw("# BEGIN TESTS"), *tests, raw("# END TESTS")]
    return [*made, raw("# END QUESTION")]


SQUARE = """\
def square(x):
    y = x * x # SOLUTION NO PROMPT
    return y # SOLUTION

nine = square(3) # SOLUTION"""

CIRCLE = """\
pi = 3.14
if True:
    # BEGIN SOLUTION
    radius = 3
    area = radius * radius * pi
    # END SOLUTION
    print('done')
def circumference(r):
    # BEGIN SOLUTION NO PROMPT
    return 2 * pi * r
    # END SOLUTION
    \"\"\" # BEGIN PROMPT
    # Next, the circumference.
    pass
    \"\"\"; # END PROMPT"""

CONFIG = """\
\"\"\" # BEGIN TEST CONFIG
points: 2
hidden: true
success_message: Zero as well.
failure_message: Think of zero.
\"\"\" # END TEST CONFIG
square(0) == 0"""

MASTER: Cells = [
    cell(
        "raw",
        "# ASSIGNMENT CONFIG\nname: lab1\nfiles: [table.csv]\nrequirements: [numpy, seaborn]\ninit_cell: false\n"
        "seed:\n  variable: given_seed\n  autograder_value: 7\n  student_value: 1\n"
        "generate:\n  points: 50\n  show_stdout: true\nplugins: [a_plugin]\nautograder_files: [secret.txt]",
        "config",
    ),
    code(
        "import numpy as np\nimport otter\ngrader = otter.Notebook()\n"
        "given_seed = 3\nrng = np.random.default_rng(given_seed)\nlast = 1 # IGNORE",
        "imports",
    ),
    code("## Ignore ##\nraise ValueError", "ignored"),
    *question(
        "q1",
        [code(SQUARE, "q1-answer")],
        [code("square(2)", "t1", "4"), code(CONFIG, "t2", "True"), code("# HIDDEN\nassert nine == 9", "t3")],
        "points: 4",
    ),
    *question(
        "q2",
        [code(CIRCLE, "q2-answer")],
        [
            code("area > 20", "t4", "True"),
            code("# HIDDEN\nround(circumference(1), 2)", "t5", "6.28"),
        ],
        "all_or_nothing: true",
    ),
    *question(
        "q3",
        [code("name = 'ada' # SOLUTION\nprint(name) # SOLUTION", "q3-answer")],
        [
            code("print(name)\nname.upper()", "t6", "'ADA'", "ada\n"),
            code("len(name)", "t7", "3"),
        ],
        "points:\n  each: 2",
    ),
    *question(
        "q4",
        [code("drawn = rng.integers(1000) # SOLUTION\nnp.random.seed(1) # SEED", "q4-answer")],
        [
            code("drawn == np.random.default_rng(7).integers(1000)", "t8", "True"),
            code("drawn >= 0", "t9", "True"),
        ],
        "points: [3, 0]",
    ),
    *question(
        "q5",
        [cell("markdown", "Because it rains.", "q5-answer")],
        [],
        "manual: true\npoints: 6",
        "Write here.",
    ),
    *question("q6", [code("plot = [1, 2] # SOLUTION", "q6-answer")], [], "manual: true"),
    cell("markdown", "A text.\n\n```otter\n# BEGIN QUESTION\nname: q7\n```\n\nFenced.", "fenced"),
    cell("markdown", "```otter\n# BEGIN SOLUTION\n```", "fenced-2"),
    code("seven = 7 # SOLUTION", "q7-answer"),
    cell("markdown", "```otter\n# END SOLUTION\n```\n```otter\n# BEGIN TESTS\n```", "fenced-3"),
    code("# PUBLIC\nseven", "t10", "7"),
    cell("markdown", "```otter\n# END TESTS\n```\n```otter\n# END QUESTION\n```", "fenced-4"),
]


def master(folder: Path, cells: Sequence[dict[str, Any]] = MASTER) -> Path:
    """Write a master notebook with its files."""
    path = write_notebook(folder / "lab1.ipynb", *cells)
    (folder / "table.csv").write_text("1\n2\n", encoding="utf-8")
    return path


def test_an_imported_master_notebook_passes_the_gate(tmp_path: Path, isolation: Isolation) -> None:
    """Every test passes on the solution, and none of those with points on what students receive."""
    course, _ = imported_course(tmp_path / "course", read_otter(master(tmp_path)))
    figures, problems = ends(course, isolation)
    assert not problems
    assert figures[0] == "solution 13 of 20, starter 0 of 20"


def test_points_kinds_and_files_arrive_as_they_were(tmp_path: Path) -> None:
    """Each question is a part; what a question's tests do not name they share."""
    _, assignment = imported_course(tmp_path / "course", read_otter(master(tmp_path)))
    assert [(part.id, part.points, part.kind) for part in assignment.parts] == [
        ("q1", 4, PartKind.INSIDE),
        ("q2", 1, PartKind.INSIDE),
        ("q3", 4, PartKind.INSIDE),
        ("q4", 3, PartKind.INSIDE),
        ("q5", 6, PartKind.HAND),
        ("q6", 1, PartKind.HAND),
        ("q7", 1, PartKind.INSIDE),
    ]
    assert assignment.release.extras == ("table.csv",)
    assert assignment.notebooks.seed == Seed(value=7, variable="given_seed")
    tests = inside.inside_tests(assignment)
    assert [(each.points, each.hidden) for each in tests["q1"]] == [(1, False), (2, True), (1, True)]
    assert (tests["q1"][1].success, tests["q1"][1].failure) == ("Zero as well.", "Think of zero.")
    assert [each.name for each in tests["q2"]] == ["all"]
    assert [each.points for each in tests["q4"]] == [3, 0]
    assert tests["q3"][0].output == "ada\n'ADA'\n"


def test_students_see_what_otter_shows_them(tmp_path: Path) -> None:
    """No answer, no hidden test, no ignored cell; prompts stand in the banners, and the seed is the students'."""
    course, assignment = imported_course(tmp_path / "course", read_otter(master(tmp_path)))
    released = sources(course.starter(assignment) / "lab1.ipynb")
    text = "\n".join(released.values())
    for secret in (
        "x * x",
        "square(0)",
        "nine == 9",
        "name = 'ada'",
        "Ignore",
        "IGNORE",
        "SEED",
        "radius * pi",
        "BEGIN",
    ):
        assert secret not in text
    assert "nine = ..." in released["q1-answer"]
    assert "Next, the circumference." in released["q2-answer"]
    assert "given_seed = 1" in released["imports"]
    assert "square(2)\n# puts out: 4" in released["q1-tests"]


def test_what_cannot_be_taken_over_is_named(tmp_path: Path) -> None:
    """Settings that nothing here stands for, and requirements that nothing imports."""
    notes = " | ".join(read_otter(master(tmp_path)).notes)
    for named in ("generate.points", "the setting plugins", "secret.txt", "seaborn"):
        assert named in notes
    assert "init_cell" not in notes


def test_a_requirement_is_known_by_what_it_is_imported_as(tmp_path: Path) -> None:
    """A package that is installed under another name than it is imported by is imported all the same."""
    config = "# ASSIGNMENT CONFIG\nname: lab\nrequirements: [scikit-learn, Pillow==10.4, PyYAML, seaborn]"
    cells = [cell("raw", config, "config"), code("import sklearn, yaml\nfrom PIL import Image", "imports")]
    cells += question("q1", [code("one = 1 # SOLUTION", "q1-answer")], [code("one == 1", "q1-test", "True")])
    notes = read_otter(write_notebook(tmp_path / "lab.ipynb", *cells)).notes
    assert "requirements that nothing imports: seaborn; see `libraries`" in notes


FUNCTION = "def test_double(double, env):\n    assert double(2) == 4\n    assert env['double'] is double"


def test_tests_that_are_functions_are_called_with_what_they_name(
    tmp_path: Path, isolation: Isolation
) -> None:
    """Otter's other format: parameters are names of the notebook, and `env` is all of it."""
    cells = [
        cell("raw", "# ASSIGNMENT CONFIG\ntests:\n  ok_format: false\ngenerate:\n  seed: 5", "config"),
        *question(
            "q1", [code("def double(x):\n    return 2 * x # SOLUTION", "answer")], [code(FUNCTION, "t")]
        ),
    ]
    imported = read_otter(master(tmp_path, cells))
    assert imported.seed == Seed(value=5)
    course, _ = imported_course(tmp_path / "course", imported)
    figures, problems = ends(course, isolation)
    assert (figures[0], problems) == ("solution 1 of 1, starter 0 of 1", [])


OK = """\
OK_FORMAT = True
test = {'name': 'q1', 'points': [1, 2], 'suites': [{'cases': [
    {'code': '>>> double(2)\\n4', 'hidden': False, 'locked': False},
    {'code': r'''
        >>> x = 3
        >>> double(x)
        6
        >>> double('a')
        'aa'
    ''', 'hidden': True, 'failure_message': 'Texts, too.'}],
    'scored': True, 'setup': '', 'teardown': '', 'type': 'doctest'}]}
"""

FUNCTIONS = """\
from otter.test_files import test_case
import math
OK_FORMAT = False
name = "q2"
points = None

@test_case(points=2, hidden=False, success_message="Fine.")
def test_half(half):
    assert math.isclose(half(3), 1.5)

@test_case(points=1, hidden=True)
def test_zero(half, env):
    assert half(0) == 0
"""


def assigned(folder: Path) -> Path:
    """Write what `otter assign` leaves for its grader, with tests in files of both formats."""
    solved, by_hand = "otter_assign_solution_cell", "<!-- BEGIN QUESTION -->\n\nWhy?"
    write_notebook(
        folder / "autograder" / "lab1.ipynb",
        code('# Initialize Otter\nimport otter\ngrader = otter.Notebook("lab1.ipynb")', "init"),
        cell("code", "def double(x):\n    return 2 * x # SOLUTION", "one", tags=[solved]),
        code('grader.check("q1")', "check-1"),
        cell(
            "code",
            "def half(x):\n    # BEGIN SOLUTION\n    return x / 2\n    # END SOLUTION",
            "two",
            tags=[solved],
        ),
        code('grader.check("q2")', "check-2"),
        cell("markdown", by_hand, "why"),
        cell("markdown", "_Type your answer here, replacing this text._", "type"),
        cell("markdown", "Because.", "answer", tags=[solved]),
    )
    tests = folder / "autograder" / "tests"
    tests.mkdir()
    (tests / "q1.py").write_text(OK, encoding="utf-8")
    (tests / "q2.py").write_text(FUNCTIONS, encoding="utf-8")
    (folder / "autograder" / "otter_config.json").write_text('{"seed": 3}', encoding="utf-8")
    return folder


def test_what_otter_assigned_passes_the_gate(tmp_path: Path, isolation: Isolation) -> None:
    """Tests in files, in either format, are read without being run."""
    imported = read_otter(assigned(tmp_path / "dist"))
    course, assignment = imported_course(tmp_path / "course", imported)
    figures, problems = ends(course, isolation)
    assert (figures[0], problems) == ("solution 6 of 6, starter 0 of 6", [])
    assert imported.seed == Seed(value=3)
    tests = inside.inside_tests(assignment)
    assert [(each.points, each.hidden) for each in (*tests["q1"], *tests["q2"])] == [
        (1, False),
        (2, True),
        (2, False),
        (1, True),
    ]
    assert any("1 questions for people" in note for note in imported.notes)
    released = "\n".join(sources(course.starter(assignment) / "lab1.ipynb").values())
    assert "otter" not in released


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("test = 1", "not in a format of otter's"),
        ("test = {'suites': 1}", "not in a format of otter's"),
        ("name = q", "not in a format of otter's"),
        ("name = 'q'", "hold no test case"),
    ],
)
def test_a_test_file_of_another_format_is_refused(tmp_path: Path, text: str, said: str) -> None:
    """The message names the question."""
    path = tmp_path / "q1.py"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ImportRefused, match=f"q1 .*{said}"):
        read_test_file(path)


def test_a_folder_of_several_notebooks_is_refused(tmp_path: Path) -> None:
    """It is said to name one."""
    for name in ("a", "b"):
        write_notebook(tmp_path / f"{name}.ipynb")
    with pytest.raises(ImportRefused, match="holds 2 notebooks; name the one"):
        read_otter(tmp_path)


def test_questions_that_cannot_be_judged_are_named(tmp_path: Path) -> None:
    """Each stays in the notebook; a note says why it is no part, and each cell keeps an id of its own."""
    imported = read_otter(
        master(
            tmp_path,
            [
                cell("raw", "# PLUGIN\nname", "a"),
                *question("good", [code("x = 1 # SOLUTION", "same")], [code("x", "t", "1")]),
                *question("untested", [code("y = 1 # SOLUTION", "same")], []),
                *question("free", [], [code("y", "t", "1")], "points: 0"),
                *question("both", [], [code("y", "t", "1")], "manual: true"),
                *question("unanswered", [], [], "manual: true"),
            ],
        )
    )
    assert [part.id for part in imported.parts] == ["good", "both"]
    told = "\n".join(imported.notes)
    for words in (
        "plugins are not known",
        "untested has no tests",
        "free has 0 points",
        "both is for people as well",
        "unanswered is for people, and has no answer",
    ):
        assert words in told
    ids = [each.id for cells in imported.notebooks.values() for each in cells]
    assert {"same", "same-2"} <= {*ids}
    assert len(ids) == len({*ids})


def test_what_the_author_has_to_look_at_is_named(tmp_path: Path) -> None:
    """A test that was never run does not say what it puts out, and a solution without marks would be handed out."""
    tests = [
        code("x > 1", "unrun"),
        code("x > 0", "run", "True"),
        code("np.testing.assert_equal(x, 2)", "calls"),
    ]
    notes = read_otter(master(tmp_path, question("q", [code("x = 2", "answer")], tests))).notes
    assert [("none is marked" in each, "it was not run" in each) for each in notes] == [
        (True, False),
        (False, True),
    ]


DOCTESTS = {
    "name": "q1",
    "all_or_nothing": True,
    "suites": [{"cases": [{"code": ">>> print(1)\n1\n>>> x = 2\n"}, {"code": ">>> None"}]}],
}


def test_tests_in_the_notebook_are_kept_without_their_cells(tmp_path: Path) -> None:
    """Those that no cell calls come last; where all must pass, what puts out nothing must be nothing."""
    answer = cell(
        "code", "# BEGIN IGNORE\nbroken(\n# END IGNORE\nx = 2 # SOLUTION", tags=["otter_answer_cell"]
    )
    tests = {"q1": DOCTESTS, "q2": FUNCTIONS}
    (tmp_path / "requirements.txt").write_text("numpy\nscipy\n", encoding="utf-8")
    imported = read_otter(write_notebook(tmp_path / "a.ipynb", answer, otter={"tests": tests}))
    assert [part.id for part in imported.parts] == ["q1", "q2"]
    (together,) = imported.parts[0].tests
    assert "print(1)" in together.source
    assert together.source.endswith("assert None is None")
    for words in ("nothing imports: scipy", "its cells have no ids"):
        assert any(words in note for note in imported.notes)
    assert "broken" not in "".join(each.source for each in imported.notebooks["a.ipynb"])


def test_a_test_file_is_never_run(tmp_path: Path) -> None:
    """Code in a file of tests is text here."""
    path = tmp_path / "q1.py"
    path.write_text("raise SystemExit\n" + FUNCTIONS, encoding="utf-8")
    assert len(read_test_file(path).cases) == 2


@pytest.mark.parametrize(
    ("whole", "named", "given"),
    [
        (None, [None, None], [0.5, 0.5]),
        (3, [None, 1, None], [1, 1, 1]),
        ([1, 2], [None, None], [1, 2]),
        (None, [2, None], [2, 0]),
        (None, [0, 0], [0, 0]),
        (4, [4, None], [4, 0]),
    ],
)
def test_points_are_shared_as_otter_shares_them(whole: Any, named: list[Any], given: list[float]) -> None:
    """What a question is worth and its tests do not name is shared by those that name none."""
    cases = tuple(OtterCase("assert True", points=each) for each in named)
    assert [each.points for each in inside_tests(OtterTest("q", whole, False, cases))] == given


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([cell("markdown", "```\nBEGIN QUESTION\nname: q\n```", "a")], "before otter 3"),
        ([cell("raw", "# BEGIN QUESTION\nname: q", "a")], "never ended"),
        ([cell("raw", "# BEGIN QUESTION\npoints: 1", "a")], "no name"),
        ([cell("raw", "# BEGIN QUESTION", "a")], "no name"),
        ([cell("raw", "# END QUESTION", "a")], "fits nothing"),
        (
            [
                cell("raw", "# ASSIGNMENT CONFIG\nfiles: [missing.csv]", "a"),
                *question("q", [], [code("1", "t")]),
            ],
            "missing.csv",
        ),
        (question("q", [code("# END SOLUTION", "b")], []), "ends nothing"),
        (
            question("q", [], [code('""" # BEGIN TEST CONFIG\nweight: 1\n""" # END TEST CONFIG\n1', "t")]),
            "weight",
        ),
        (question("q", [], [code("1", "t")], "points: [1, 2]"), "2 tests, and has 1"),
        (question("q", [], [code(CONFIG, "t")], "points: 1"), "have 2 points, and it has 1"),
        (question("q", [], [code("1 +", "t")]), "a test of q cannot be read"),
        (question("q", [code("# BEGIN SOLUTION\n1", "b")], []), "BEGIN SOLUTION is never ended"),
        ([code("# BEGIN IGNORE\n1", "a")], "BEGIN IGNORE is never ended"),
        ([cell("raw", "# BEGIN QUESTION\nname: [q", "a")], "no YAML"),
        ([cell("raw", "# BEGIN QUESTION\nq", "a")], "must be names with values"),
        ([cell("raw", "# BEGIN QUESTION\nname: q", each) for each in "ab"], "q is not ended yet"),
        (
            [
                cell("raw", "# ASSIGNMENT CONFIG\ntests: {ok_format: false}", "a"),
                *question("q", [], [code("1", "t")]),
            ],
            "holds no function",
        ),
        ([code("1", "a")], "no question"),
    ],
)
def test_what_is_no_assignment_of_otter_is_refused(tmp_path: Path, cells: Cells, said: str) -> None:
    """The message says what about it."""
    with pytest.raises(ImportRefused, match=said):
        read_otter(master(tmp_path, cells))
