"""Sets, words, dates, fractions, tables, tensors and functions are asked for and judged like numbers."""

from __future__ import annotations

import datetime
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.checking import Failed, NotImplementedYet, assert_same
from tests.kinds.course import Tiny, function, make, outcomes, part

TOML = 'answers = ["hw1.py"]\n{libraries}[FOLDERS]\n'

PLAIN = {
    "tags": ("posts", "out = {tag for post in posts for tag in post}\n", "[['a', 'b'], [], ['b']]"),
    "words": (
        "text",
        "from collections import Counter\nout = Counter(text.split())\n",
        "'to be or not to be'",
    ),
    "third": ("n", "from fractions import Fraction\nout = Fraction(n, 3)\n", "1"),
    "root": ("c", "out = complex(0, c)\n", "2.5"),
    "raw": ("text", "out = text.encode()\n", "'text'"),
    "later": (
        "day",
        "import datetime\nout = day + datetime.timedelta(days=1)\n",
        "datetime.date(2026, 3, 1)",
    ),
    "letters": ("words", "import numpy as np\nout = np.array(words)\n", "['a', 'bc']"),
    "nested": ("n", "out = (n, (n + 1, [n, {n}]))\n", "1"),
    "merged": ("sets", "out = frozenset().union(*sets)\n", "[{1, 2}, frozenset({3})]"),
    "counted": ("pairs", "out = {pair: len(pair) for pair in pairs}\n", "[(1, 2), (3,)]"),
}
CHECK = """
import datetime

@part("{name}")
def test_{name}(student, reference):
    \"\"\"It is right.\"\"\"
    value = {value}
    assert_same(student.{name}(value), reference.{name}(value), "answer")
"""


def of_parts(
    tmp_path: Path, answers: dict[str, tuple[str, str, str]], head: str = "", libraries: str = ""
) -> Tiny:
    """Return a course with one part and one check for each answer."""
    code = head + "".join(function(name, arguments, text) for name, (arguments, text, _) in answers.items())
    checks = "".join(CHECK.format(name=name, value=value) for name, (_, _, value) in answers.items())
    named = f'libraries = ["{libraries}"]\n' if libraries else ""
    return make(
        tmp_path, TOML.format(libraries=named) + "".join(map(part, answers)), checks, {"hw1.py": code}
    )


def test_values_of_every_kind_are_judged(tmp_path: Path) -> None:
    """The solution passes each check and the stub none: it is not written yet."""
    tiny = of_parts(tmp_path, PLAIN)
    report = tiny.grade()
    assert set(outcomes(report).values()) == {"passed"}, [
        (c.id, c.message, c.staff_note) for c in report.checks
    ]
    stubs = outcomes(tiny.grade(tiny.release()))
    assert set(stubs.values()) == {"not_implemented"}


def test_tables_are_judged(tmp_path: Path) -> None:
    """A data frame goes into the box and comes out of it; a Series is one, too."""
    pytest.importorskip("pandas")
    table = "pd.DataFrame({'city': ['rome', 'oslo', 'rome'], 'rent': [1.0, 2.0, None]})"
    answers = {
        "mean": ("df", "out = df.groupby('city')['rent'].mean()\n", table),
        "clean": ("df", "out = df.dropna().assign(city=lambda d: d['city'].str.title())\n", table),
    }
    tiny = of_parts(tmp_path, answers, "import pandas as pd\n\n\n", "pandas")
    check = tiny.folder / "checks/test_tiny.py"
    check.write_text("import pandas as pd\n" + check.read_text())
    assert set(outcomes(tiny.grade()).values()) == {"passed"}


def test_tensors_are_judged(tmp_path: Path) -> None:
    """A tensor goes into the box as one, and is compared as the array that it holds."""
    pytest.importorskip("torch")
    checks = """
import numpy as np
import torch

@part("flatten")
def test_flatten(student, rng):
    \"\"\"All but the first axis become one.\"\"\"
    x = rng.normal(size=(2, 3, 4))
    assert_matches(student.flatten(torch.from_numpy(x)), x.reshape(2, -1))
    torch_there = student.sibling("flatten", "torch")
    ones = student.define("torch.ones(2, 3).requires_grad_()", torch=torch_there)
    assert_matches(student.flatten(ones), np.ones((2, 3)))
"""
    code = "import torch\n\n\n" + function("flatten", "x", "out = x.reshape(x.shape[0], -1)\n")
    tiny = make(
        tmp_path, TOML.format(libraries='libraries = ["torch"]\n') + part("flatten"), checks, {"hw1.py": code}
    )
    assert outcomes(tiny.grade()) == {"flatten:flatten": "passed"}


FUNCTIONS = """
import numpy as np

def roots(c):
    return lambda x: x * x - c, lambda x: 2 * x

@part("newton")
def test_quadratic(student, reference, rng):
    \"\"\"The root of a quadratic is found.\"\"\"
    c = rng.uniform(1, 9)
    f = student.define("lambda x: x * x - c", c=c)
    df = student.define("def slope(x):\\n    return 2 * half(x)\\n", half=student.define("lambda x: x"))
    assert_matches(student.newton(f, df, 1.0), np.asarray(np.sqrt(c)), "root")
    assert_matches(np.asarray(reference.newton(*roots(c), 1.0)), np.asarray(np.sqrt(c)))
"""


def test_functions_go_into_the_box(tmp_path: Path) -> None:
    """A check makes functions of its own source there, with values and other such functions in them."""
    body = "x = x0\nfor _ in range(60):\n    x = x - f(x) / df(x)\nout = x\n"
    code = function("newton", "f, df, x0", body)
    tiny = make(tmp_path, TOML.format(libraries="") + part("newton"), FUNCTIONS, {"hw1.py": code})
    assert outcomes(tiny.grade()) == {"newton:quadratic": "passed"}


@pytest.mark.parametrize(
    ("actual", "expected", "said"),
    [
        ({1, 2}, {1, 3, 4}, "2 of 3 elements are missing and 1 elements do not belong there"),
        ([1], {1}, "a set is asked for, and not what came (list)"),
        ({"a": 1.0}, {"a": 2.0}, "an item is wrong"),
        ({"a": 1.0}, {"b": 1.0}, "1 of 1 keys are missing"),
        ([1, 2], (1, 2, 3), "2 entries instead of 3"),
        ([1, [2, "x"]], [1, [2, "y"]], "entry 1 is wrong: entry 1 is wrong: it is not what is asked for"),
        ("Paris ", "Paris", "it is not what is asked for"),
        (1, True, "it is not what is asked for"),
        (np.array(True), True, ""),
        (Counter("ab"), {"a": 1, "b": 1}, ""),
        (1 + 1e-12, 1.0, ""),
        ([1.0, 2], np.array([1.0, 2.0]), ""),
        (np.array(["a"]), np.array(["a"]), ""),
        (["a"], np.array(["a"]), "an array of shape (1,) is asked for"),
        (datetime.date(2026, 1, 1), datetime.date(2026, 1, 2), "it is not what is asked for"),
        (Fraction(1, 2), Fraction(2, 4), ""),
        (float("nan"), float("nan"), ""),
        (1.0, float("nan"), "it is a number where there is none"),
        ("text", 1.0, "a number is asked for"),
    ],
)  # fmt: skip
def test_differences_are_told_without_the_right_value(actual: Any, expected: Any, said: str) -> None:
    """What is compared exactly, what up to rounding, and in which words it differs."""
    if not said:
        assert_same(actual, expected)
        return
    with pytest.raises(Failed) as failure:
        assert_same(actual, expected)
    assert said in str(failure.value)


def test_nothing_is_not_written_yet() -> None:
    """None is what a stub returns, unless it is what is asked for."""
    with pytest.raises(NotImplementedYet):
        assert_same(None, {1})
    assert_same(None, None)
