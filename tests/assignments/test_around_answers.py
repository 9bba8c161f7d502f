"""What stands around right answers costs them nothing: modules, notebooks and earlier work with a line that fails."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable

import pytest

from grader.bank.samples import solution_modules, starter_modules
from grader.grading import Grader
from grader.intake import prepare
from grader.results import NOT_WHOLE, OTHER_VERSION, Outcome, SubmissionReport
from grader.sandbox import Isolation

CONV, CNN = "nndl/conv_layers.py", "nndl/cnn.py"
TORCH = "import torch\nimport torch.nn as nn\n"

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def right(repository, cnn) -> Files:
    """Return the solution."""
    return solution_modules(repository, cnn)


@pytest.fixture(scope="module")
def stubs(repository, cnn) -> Files:
    """Return what students start from, with the network that is right."""
    return {**starter_modules(repository, cnn), CNN: solution_modules(repository, cnn)[CNN]}


@pytest.fixture(scope="module")
def functions(right: Files) -> dict[str, str]:
    """Return the solution's layers, each as text."""
    text = right[CONV].decode()
    found = (each for each in ast.parse(text).body if isinstance(each, ast.FunctionDef))
    return {each.name: ast.get_source_segment(text, each) or "" for each in found}


@pytest.fixture(scope="module")
def grade(grader_in) -> Callable[[Files], SubmissionReport]:
    """Grade a submission made of files."""
    grader: Grader = grader_in(Isolation.B)
    return lambda files: grader.grade_submission(prepare("someone", files, grader.assignment, grader.release))


def kinds(report: SubmissionReport) -> set[str]:
    """Return the kinds of a report's flags."""
    return {flag.kind for flag in report.flags}


def notebook(*cells: str) -> bytes:
    """Return a notebook of these cells of code."""
    entries = [{"cell_type": "code", "source": each, "metadata": {}, "outputs": []} for each in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": entries}).encode()


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (f'{TORCH}device = torch.device("cuda" if torch.cuda.is_available() else "cpu")', NOT_WHOLE),
        (f"{TORCH}print(torch.__version__)", NOT_WHOLE),
        (f"{TORCH}class Net(nn.Module):\n    pass", "noticed"),
        ('with open("/content/drive/MyDrive/hw5/x.txt") as file:\n    text = file.read()', NOT_WHOLE),
        ("get_ipython().run_line_magic('matplotlib', 'inline')", NOT_WHOLE),
        ("%matplotlib inline", NOT_WHOLE),
        ("from cs231n.data_utils import get_CIFAR10_data\ndata = get_CIFAR10_data()", NOT_WHOLE),
        ("import sys\nsys.exit()", NOT_WHOLE),
        ("<<<<<<< HEAD\nA = 1\n=======\nA = 2\n>>>>>>> theirs", NOT_WHOLE),
        ("from numpy import Inf", OTHER_VERSION),
    ],
)
@pytest.mark.parametrize("path", [CONV, "nndl/layers.py"])
def test_a_line_of_a_module(
    line: str, kind: str, path: str, right: Files, grade: Callable[[Files], SubmissionReport]
) -> None:
    """A line at the top of an answer's module, or of earlier work, costs nothing; it is a flag."""
    head, rest = right[path].decode().split("import numpy as np\n", 1)
    report = grade({**right, path: f"{head}import numpy as np\n{line}\n{rest}".encode()})
    assert report.score == report.max_score
    assert kind in kinds(report)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_module_in_another_encoding(
    encoding: str, right: Files, grade: Callable[[Files], SubmissionReport]
) -> None:
    """What an editor saved as something else is graded."""
    report = grade({**right, CONV: right[CONV].decode().encode(encoding)})
    assert report.score == report.max_score
    assert (NOT_WHOLE in kinds(report)) is (encoding == "utf-16")


@pytest.mark.parametrize(
    "line",
    ["for i in range(3)\n        pass", 'told = f"{"}"[\'', "x = (1,", "print 'x'", "if True:\n    pass"],
)
def test_a_function_that_does_not_parse(
    line: str, right: Files, functions: dict[str, str], grade: Callable[[Files], SubmissionReport]
) -> None:
    """It loses its own part, which says why, and no other one."""
    name = "max_pool_forward_naive"
    head, body = functions[name].split("\n", 1)
    broken = right[CONV].decode().replace(functions[name], f"{head}\n    {line}\n{body}")
    report = grade({**right, CONV: broken.encode()})
    lost = [each for each in report.checks if each.points < each.max_points]
    assert {each.part for each in lost} == {name}
    assert {each.outcome for each in lost} == {Outcome.ERROR}
    assert all("SyntaxError at nndl/conv_layers.py" in each.message for each in lost)
    assert any(flag.kind == NOT_WHOLE and name in flag.message for flag in report.flags)


@pytest.mark.parametrize(
    "around",
    [
        lambda each: each,
        lambda each: f"{each}\n\nnp.pad?",
        lambda each: f"files = !ls\n{each}",
        lambda each: f"%%time\n{each}",
        lambda each: f"try:\n    import cupy as np\nexcept ImportError:\n    import numpy as np\n{each}",
        lambda each: f"DT = np.float64\nSIDE = 1 + 1\n{each.replace('np.pad(x,', 'np.pad(x.astype(DT),')}",
        lambda each: f"{each}\nprint 'done'",
    ],
    ids=["plain", "help", "shell", "magic", "try", "constant", "trailing"],
)
def test_answers_in_a_notebook(
    around: Callable[[str], str],
    stubs: Files,
    functions: dict[str, str],
    grade: Callable[[Files], SubmissionReport],
) -> None:
    """Cells with magics, help marks, constants or a line that does not parse hold answers like any other."""
    cells = ["import numpy as np\nfrom nndl.layers import *", *map(around, functions.values())]
    report = grade({**stubs, "CNN-Layers.ipynb": notebook(*cells, "from nndl.conv_layers import *")})
    assert report.score == report.max_score
    assert "answer_in_notebook" in kinds(report)


def test_an_answer_among_the_cells_of_the_release(
    repository,
    right: Files,
    stubs: Files,
    functions: dict[str, str],
    grade: Callable[[Files], SubmissionReport],
) -> None:
    """Given cells that import, plot and load data do not come along with the answer that stands between them."""
    document = json.loads((repository.root / "starter/CNN-Layers.ipynb").read_text(encoding="utf-8"))
    own = {
        "cell_type": "code",
        "source": functions["conv_forward_naive"],
        "metadata": {},
        "outputs": [],
        "id": "mine",
    }
    document["cells"].insert(3, own)
    stub = next(
        each for each in stubs[CONV].decode().split("\n\n\n") if each.startswith("def conv_forward_naive")
    )
    module = right[CONV].decode().replace(functions["conv_forward_naive"], stub.rstrip())
    report = grade({**right, CONV: module.encode(), "CNN-Layers.ipynb": json.dumps(document).encode()})
    assert report.score == report.max_score


def test_what_was_written_and_not_understood_is_not_called_unwritten(
    stubs: Files, functions: dict[str, str], grade: Callable[[Files], SubmissionReport]
) -> None:
    """An answer of a notebook that does not parse is told to the student as that."""
    cell = functions["conv_forward_naive"].replace("return", "return return")
    report = grade({**stubs, "CNN-Layers.ipynb": notebook("import numpy as np", cell)})
    checks = [each for each in report.checks if each.part == "conv_forward_naive" and each.max_points]
    assert {each.outcome for each in checks} == {Outcome.IMPORT_ERROR}
    assert all("cell 2 does not parse" in each.message for each in checks)


def test_a_script_that_was_exported_from_a_notebook(
    stubs: Files, functions: dict[str, str], grade: Callable[[Files], SubmissionReport]
) -> None:
    """Its magics are calls of IPython, which is not there; its functions are."""
    cells = "\n\n# In[ ]:\n\n".join(functions.values())
    head = "#!/usr/bin/env python\n# coding: utf-8\n\nimport numpy as np\nfrom nndl.layers import *\n"
    script = f"{head}get_ipython().run_line_magic('load_ext', 'autoreload')\n{cells}\nassert False\n"
    report = grade({**stubs, "CNN-Layers.py": script.encode()})
    assert report.score == report.max_score
    assert NOT_WHOLE in kinds(report)
