"""Modules that do not import as a whole: what of them is taken, and what is said of the rest."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from grader.sandbox import Box, StudentError, StudentImportError, Worker
from grader.sandbox.box.uses import bound, needed, used

Make = Callable[..., Worker]
F = "def f(): return 'right'\n"


@pytest.fixture
def taken(box: Box, submission: Path, request: pytest.FixtureRequest) -> Make:
    """Take a module of the given source in parts, in a fresh worker; return a function that calls one of its own."""
    module = f"{request.node.originalname}{len(list(submission.iterdir()))}"

    def make(source: str, files: Sequence[tuple[str, str]] = (), *, whole: bool = True) -> Worker:
        for name, text in ((f"{module}.py", source), *files):
            (submission / name).write_text(text, encoding="utf-8")
        worker = box.worker("main", 0)
        request.addfinalizer(worker.close)
        if whole:
            with pytest.raises(StudentImportError):
                worker.load(module)
        worker.load_in_parts(module, whole=whole)
        worker.module = module  # type: ignore[attr-defined]  # for `called`
        return worker

    return make


def called(worker: Worker, function: str = "f") -> object:
    """Call a function of the module that was taken."""
    return worker.call(worker.resolve(worker.module, function))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "line",
    [
        "import torch\ndevice = torch.device('cuda' if torch.cuda.is_available() else 'cpu')",
        "import torch\nprint(torch.__version__)",
        "import torch.nn as nn\nclass Net(nn.Module):\n    size = nn.Linear(2, 3) + 1",
        "with open('/content/drive/MyDrive/x.txt') as file:\n    text = file.read()",
        "get_ipython().run_line_magic('matplotlib', 'inline')",
        "import numpy as np\ndata = np.load('/nowhere.npy')",
        "import numpy as np\nDTYPE = np.float",
        "assert f2(1) == 2",
        "exit()",
        "raise SystemExit(1)",
        "input('press enter')",
        "1 / 0",
        "try:\n    import nosuchmodule.deep\nfinally:\n    undefined",
    ],
)
@pytest.mark.parametrize("before", [True, False])
def test_one_line_costs_itself(taken: Make, line: str, before: bool) -> None:
    """A line that fails on import costs no function, whether it stands before them or after."""
    source = f"{line}\n{F}" if before else f"{F}{line}\n"
    assert called(taken(source)) == "right"


def test_what_functions_use_comes_with_them(taken: Make) -> None:
    """Imports, constants, helpers and what these use are there, also those that stand in a try, an if or a with."""
    source = """
from __future__ import annotations
import math
try:
    from nosuchmodule import pi
except ImportError:
    pi = 3
if pi > 2:
    def helper(x: NoSuchName) -> int: return pi * x + TABLE['a'] + math.floor(0.5)
TABLE = {}
TABLE['a'] = TWO = 1 + 1
undefined_name
def f(): return helper(TWO)
"""
    assert called(taken(source)) == 8


def test_definitions_within_what_fails_are_taken(taken: Make) -> None:
    """A function below an ``if`` or ``with`` that fails is still a function of the module."""
    assert called(taken(f"with open('/nowhere'):\n    {F}")) == "right"


def test_the_import_of_another_module_is_not_lost(taken: Make) -> None:
    """A module that imports one that fails gets what that one has."""
    files = [("part_of_it.py", f"open('/content/x').read()\n{F}")]
    worker = taken("from part_of_it import f as g\ndef f(): return g()\n", files)
    assert called(worker) == "right"


def test_what_is_left_out_is_noted(taken: Make) -> None:
    """The line is named, and what it raised; its text is not."""
    worker = taken(f"import numpy as np\nHIDDEN = np.nosuchname(41)\ndef g(): return HIDDEN\n{F}")
    (note,) = [each for each in worker.flags if each.startswith("left out")]
    assert "line 2 of" in note
    assert "AttributeError" in note
    assert "41" not in note


def test_what_does_not_end_is_not_begun_again(taken: Make) -> None:
    """Where the import hung, loops and self-tests at the top of a module do not run, and its functions do."""
    source = f"import math\n{F}x = 0\nwhile True:\n    x += 1\nprint(f(), x)\n"
    assert called(taken(source, whole=False)) == "right"


def test_what_a_line_would_have_made_is_missing(taken: Make) -> None:
    """A function that needs what was left out fails when it is called, and its neighbour does not."""
    worker = taken(f"DATA = open('/nowhere').read()\ndef g(): return DATA\n{F}")
    assert called(worker) == "right"
    with pytest.raises(StudentError, match="NameError"):
        called(worker, "g")


def test_a_file_that_does_not_parse_has_no_parts(taken: Make) -> None:
    """What is no Python is refused as before."""
    with pytest.raises(StudentImportError, match="SyntaxError"):
        taken(f"{F}def g(:\n")


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(a, *b, c=d, **e):\n    g = a + h\n    return [i for i in g]", {"d", "h"}),
        ("class A(B):\n    x = y\n    def f(self): return self.z + w", {"B", "y", "w"}),
        ("@decorated\ndef f(): return lambda x: x + y", {"decorated", "y"}),
        ("def f():\n    global n\n    n = 1", {"n"}),
    ],
)
def test_names_that_a_definition_takes_from_around_it(source: str, names: set[str]) -> None:
    """Arguments and variables of a function are its own; all else it takes from the module or from Python."""
    assert used(ast.parse(source).body[0]) == names


def test_only_what_is_wanted_is_taken() -> None:
    """Of a notebook, the cells that show off the answer are not part of it."""
    body = ast.parse(
        "import a\nx = a.load()\nK = 2\ndef f(): return g() + K\ndef g(): return 1\ndef other(): return x\nprint(f(x))"
    ).body
    assert [sorted(bound(each)) for each in needed(body, ["f"])] == [[], ["K"], ["f"], ["g"]]
