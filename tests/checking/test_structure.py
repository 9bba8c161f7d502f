"""What an answer's code is made of can be asked: whether it loops, on which line, and how often it names what."""

from __future__ import annotations

import contextlib
import re
import types
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from grader.checking import Failed, Inconclusive, Student, assert_no_loops, calls_in, counting, printed
from grader.checking.trusted import LocalWorker
from grader.sandbox import Box
from tests.sandbox.conftest import box, isolation, submission

__all__ = ["box", "isolation", "submission"]

HEAD = "import numpy as np\nfrom numpy import linalg as la\nfrom functools import reduce\nfrom helpers import *\n"
HELPERS = "def far(x):\n    while x.any():\n        x = x - 1\n    return x\n"

Make = Callable[[str], Student]


@pytest.fixture(params=["box", "here"])
def made(request: pytest.FixtureRequest, box: Box, submission: Path) -> Make:
    """Return a maker of submissions that define `f`, in the box and as trusted code."""

    def in_the_box(source: str) -> Student:
        for name, text in (("answers.py", source), ("helpers.py", HELPERS)):
            (submission / name).write_text(text, encoding="utf-8")
        return Student(lambda _root: box.worker("main", 0), {"f": "answers", "A": "answers"})

    def here(source: str) -> Student:
        helpers, answers = types.ModuleType("helpers"), types.ModuleType("answers")
        for module, text in ((helpers, HELPERS), (answers, source)):
            exec(re.sub("from (helpers|answers) .*", "", text), vars(module))  # noqa: S102  # the test's own text
            loader = types.SimpleNamespace(get_source=lambda _name, text=text: text)
            vars(module).update(__file__=f"{module.__name__}.py", __loader__=loader)
        vars(answers).update(far=helpers.far, away=helpers.far)
        worker = LocalWorker({"answers": answers, "helpers": helpers})
        return Student(lambda _root: worker, {"f": "answers", "A": "answers"})

    make = in_the_box if request.param == "box" else here
    return lambda source: make(HEAD + source)


LOOPS = {
    "for": ("def f(x):\n    for each in x:\n        pass\n", "a for loop at answers.py:6"),
    "over indices": ("def f(x):\n    for i in range(len(x)):\n        pass\n", "a for loop at answers.py:6"),
    "while": ("def f(x):\n    while True:\n        return x\n", "a while loop at answers.py:6"),
    "comprehension": (
        "def f(x):\n    return np.array([each for each in x])\n",
        "a comprehension at answers.py:6",
    ),
    "generator": ("def f(x):\n    return sum(each * 2 for each in x)\n", "a comprehension at answers.py:6"),
    "map": ("def f(x):\n    return list(map(abs, x))\n", "map at answers.py:6"),
    "reduce": ("def f(x):\n    return reduce(max, x)\n", "functools.reduce at answers.py:6"),
    "vectorize": ("@np.vectorize\ndef f(x):\n    return x\n", "numpy.vectorize at answers.py:5"),
    "along an axis": ("def f(x):\n    return np.apply_along_axis(sum, 0, x)\n", "numpy.apply_along_axis at"),
    "recursion": ("def f(x):\n    return g(x)\ndef g(x):\n    return f(x[1:])\n", "recursion at answers.py:"),
    "in a helper": ("def f(x):\n    return g(x)\ndef g(x):\n    return [y for y in x]\n", "at answers.py:8"),
    "in another module": ("def f(x):\n    return far(x)\n", "a while loop at helpers.py:2"),
    "in an inner function": (
        "def f(x):\n    def g():\n        for y in x: pass\n    return g\n",
        "a for loop at answers.py:7",
    ),
    "a helper in disguise": (
        "def g(x):\n    return [y for y in x]\nh = g\ndef f(x):\n    return h(x)\n",
        "answers.py:6",
    ),
    "the last of its name": ("def f(x):\n    pass\ndef f(x):\n    return [y for y in x]\n", "answers.py:8"),
    "a key to sort by": (
        "def f(x):\n    def g(i):\n        return x[i]\n    return sorted(range(len(x)), key=g)\n",
        "for each entry at answers.py:8",
    ),
    "what a pool maps": (
        "def f(x):\n    return POOL.map(lambda y: y, x)\n",
        "for each entry at answers.py:6",
    ),
    "what a pattern calls": (
        "import re\ndef f(x):\n    return re.sub('a', lambda m: '', 'a' * len(x))\n",
        "for each entry at answers.py:7",
    ),
    "an own sequence": (
        "class Rows:\n    def __init__(self, x):\n        self.x = x\n"
        "    def __getitem__(self, i):\n        return self.x[i]\n"
        "def f(x):\n    return np.array(list(Rows(x)))\n",
        "gone through at answers.py:11",
    ),
    "a long range": ("def f(x):\n    for i in range(17):\n        pass\n", "a for loop at answers.py:6"),
}

NONE = {
    "vectorised": "def f(x):\n    return (x[:, None] - x) ** 2\n",
    "axes": "def f(x):\n    for axis in (0, 1):\n        x = x.sum(axis)\n    return x\n",
    "a shape": "def f(x):\n    assert all(size > 0 for size in x.shape)\n    return x\n",
    "a short range": "def f(x):\n    return [x ** n for n in range(3)]\n",
    "counted axes": "def f(x):\n    return [n for n, _ in enumerate(x.shape[:2])]\n",
    "never named": "def f(x):\n    def g():\n        for y in x: pass\n    return x\n"
    "def h(x):\n    return [y for y in x]\n",
    "never run": "def f(x):\n    if False:\n        for y in x: pass\n    return x\n",
    "the one before": "def f(x):\n    return x\nfrom answers import f as before\ndef f(x):\n    return before(x)\n",
    "a pattern": "import re\ndef f(x):\n    return re.sub('a', 'b', x)\n",
    "an own map": "class M:\n    def map(self, x):\n        return x\ndef f(x):\n    return M().map(x)\n",
    "a known attribute": "def f(x):\n    return getattr(x, 'sum')()\n",
    "a variable called map": "def f(map):\n    return map.sum()\n",
    "a network's layer": "class Map:\n    def __init__(self):\n        self.w = 1\ndef f(x):\n    return Map().w\n",
}


@pytest.mark.parametrize(("source", "place"), LOOPS.values(), ids=LOOPS)
def test_a_loop_is_shown_with_its_line(made: Make, source: str, place: str) -> None:
    """Whatever its kind, and wherever the answer comes to it."""
    with pytest.raises(Failed, match="This must do without loops, and there is") as failure:
        assert_no_loops(made(source).f)
    assert place in failure.value.message


@pytest.mark.parametrize("source", NONE.values(), ids=NONE)
def test_what_the_code_itself_counts_is_no_loop(made: Make, source: str) -> None:
    """Nor is what is not run, or never used."""
    assert_no_loops(made(source).f)


CLASS = """
class A:
    def fast(self, x):
        return self.helper(x).sum()
    def helper(self, x):
        return x * 2
    def slow(self, x):
        return [self.helper(y) for y in x]
    def all(self, x):
        return self.slow(x)
def f(x, model):
    return model.slow(x)
"""


def test_methods_are_looked_at_one_by_one(made: Make) -> None:
    """A method and those that it calls of `self`; of a whole class all of them."""
    student = made(CLASS)
    assert_no_loops(student.A, "fast")
    for method in ("slow", "all", ""):
        with pytest.raises(Failed, match=r"a comprehension at answers\.py:12"):
            assert_no_loops(student.A, method)


def test_what_may_be_no_loop_costs_nothing(made: Make) -> None:
    """Of a method that is called of something unknown nobody can tell whether it is this one."""
    with pytest.raises(Inconclusive, match=r"may be a comprehension at answers\.py:12; this costs nothing"):
        assert_no_loops(made(CLASS).f)


@pytest.mark.parametrize(
    "hidden",
    ["getattr(np, 'vec' + 'torize')(abs)(x)", "globals()['ab' + 's'](x)", "eval('[y fo' + 'r y in x]')"],
)
def test_code_that_is_not_shown_costs_nothing(made: Make, hidden: str) -> None:
    """It may loop, and nobody can read whether it does."""
    with pytest.raises(Inconclusive, match=r"may be code that the file does not show at answers\.py:6"):
        assert_no_loops(made(f"def f(x):\n    return {hidden}\n").f)


def test_code_that_cannot_be_read_costs_nothing(made: Make) -> None:
    """What was put there while the module ran is in no file."""
    found = made("globals()['f'] = abs\n").f
    with pytest.raises(Inconclusive, match="The code could not be read; this costs nothing"):
        assert_no_loops(found)


USES = """
from helpers import far as away
def f(x):
    y = la.inv(x) @ np.linalg.inv(x) + x.dot(x)
    solve = np.linalg.inv
    return g(y), sorted(y), solve, away(x)
def g(x):
    return np.exp(x).T.dot(x)
"""


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("numpy.linalg.inv", 3),
        ("numpy.exp", 1),
        (".dot", 2),
        ("answers.g", 1),
        ("sorted", 1),
        ("numpy.log", 0),
    ],
)
def test_calls_are_counted_by_full_names(made: Make, name: str, count: int) -> None:
    """Whatever it was imported as, in the answer and in what it uses; taking a function counts like calling it."""
    assert calls_in(made(USES).f, name) == count


def test_nothing_of_the_submission_has_a_say(box: Box, submission: Path) -> None:
    """A submission that changes the parser, its own file or the answers reads the same from outside."""
    source = f"import ast\nast.parse = None\n{LOOPS['for'][0]}"
    files = [submission / name for name in ("answers.py", "ast.py", "structure.py")]
    for file in files:
        file.write_text(source, encoding="utf-8")
    student = Student(lambda _root: box.worker("main", 0), {"f": "answers"})
    with pytest.raises(Failed, match=r"answers\.py:4"):
        assert_no_loops(student.f)
    for file in files:
        file.unlink()


def test_given_code_is_nobody_s_loop(box: Box, submission: Path) -> None:
    """What was handed out may loop; a module that is given says nothing of the package that it is in."""
    (submission / "home").mkdir(exist_ok=True)
    files = {
        "home/__init__.py": "",
        "home/answers.py": "from .helpers import far\ndef f(x):\n    return far(x)\n",
        "home/helpers.py": HELPERS,
    }
    for name, text in files.items():
        (submission / name).write_text(text, encoding="utf-8")
    for given, ending in (
        (["home.helpers"], None),
        (["home"], Failed),
        ([], Failed),
        (["home."], Inconclusive),
    ):
        student = Student(lambda _root: box.worker("main", 0), {"f": "home.answers"}, given=given)
        with pytest.raises(ending) if ending else contextlib.nullcontext():
            assert_no_loops(student.f)


COUNTED = """
from numpy import exp
def g(x):
    return np.exp(x) + exp(x)
def f(x, times):
    for _ in range(times):
        x = g(x / 10)
    return np.add.reduce(x)
"""


def test_calls_are_counted_while_a_block_runs(made: Make) -> None:
    """Of NumPy's functions, under any name, and of the answer's own; before and behind the block nothing counts."""
    student = made(COUNTED)
    before = student.f(np.arange(3.0), 2)
    with counting(student.f, "numpy.exp", "numpy.add", "g", "h") as calls:
        assert student.f(np.arange(3.0), 2) == before
        assert [calls[name] for name in ("numpy.exp", "numpy.add", "g", "h")] == [4, 0, 2, 0]
        student.f(np.arange(3.0), 1)
        assert [calls["numpy.exp"], calls["g"]] == [6, 3]
    student.f(np.arange(3.0), 1)
    assert [calls["numpy.exp"], calls["g"]] == [6, 3]
    assert isinstance(np.exp, np.ufunc)


def test_what_is_printed_can_be_asked(made: Make) -> None:
    """A check gets the text that a function prints, with positions and names as it is called."""
    student = made("def f(x, end):\n    print(x.sum(), end=end)\n")
    assert printed(student.f, np.arange(3.0), end="!") == "3.0!"


PLAIN = """
class Pair:
    pass
def f(kind):
    if kind == "endless":
        def count():
            number = 0
            while True:
                yield number
                number += 1
        return count()
    return {"list": ["a", [1.0, 2]], "generator": (each for each in [np.ones(2), Pair()]), "pair": Pair(),
            "dict": {"a": 1}, "empty": []}[kind]
"""


def test_what_stays_in_the_box_reads_as_what_it_is(made: Make) -> None:
    """A list compares by value, has a length and can be gone through; a generator too, whose elements stay there."""
    student = made(PLAIN)
    assert student.f("list") == ["a", [1.0, 2]]
    assert student.f("list") != ["a", [1.0, 3]]
    assert len(student.f("list")) == 2
    assert student.f("empty") == []
    assert student.f("empty")
    assert student.f("dict") == {"a": 1}
    assert "a" in student.f("dict")
    first, second = list(student.f("generator"))
    assert first.tolist() == [1, 1]
    assert second == second  # noqa: PLR0124  # it is itself, and nothing else
    assert student.f("pair") != student.f("pair")
    assert student.f("pair") != [1]


def test_going_through_an_answer_ends(made: Make) -> None:
    """A generator that yields for ever is a wrong answer, and what lies about its length is one."""
    student = made(PLAIN + "class A:\n    def __len__(self):\n        return 'x'\n")
    with pytest.raises(Failed, match="more than 1000 elements"):
        list(student.f("endless"))
    with pytest.raises(TypeError, match="no length"):
        len(student.A())
