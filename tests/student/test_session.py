"""Running the public checks on a student's machine."""

from __future__ import annotations

import importlib
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from grader.course.assignment import BY_HAND
from grader.results import Outcome, Scope
from grader.student.results import all_fine
from grader.student.session import PRINTED_LINES, run_public_checks
from grader.student.workspace import Workspace, WorkspaceError
from tests.student.workspaces import REPOSITORY, edit, make_workspace, solve

LAYERS = "nndl/conv_layers.py"
FORWARD = """    out = None
    stride, pad = conv_param["stride"], int(conv_param["pad"])
"""
BACKWARD = "    dx, dw, db = None, None, None\n    x, w, b, conv_param = cache\n"

NET = """
import numpy as np
from grader.student.checks import part


@part("ThreeLayerConvNet.loss")
def test_scores(student):
    student.ThreeLayerConvNet().loss(np.zeros((2, 3, 32, 32))).sum()
"""


WITH_KIT = [each for each in map(REPOSITORY.load, REPOSITORY.assignment_ids) if each.release.kit]
HOMEWORKS = pytest.mark.parametrize(
    "name",
    [
        pytest.param(
            each.id,
            marks=pytest.mark.skipif(
                not all(map(find_spec, each.libraries)), reason=f"{each.id} needs {', '.join(each.libraries)}"
            ),
        )
        for each in WITH_KIT
    ],
)


@HOMEWORKS
def test_stubs(tmp_path: Path, name: str) -> None:
    """Of untouched stubs every check says that the part is not written yet."""
    run = run_public_checks(make_workspace(tmp_path, name=name))
    assert {each.outcome for each in run.results} == {Outcome.NOT_IMPLEMENTED}
    assert not all_fine(run.results)


@HOMEWORKS
def test_solution(tmp_path: Path, name: str) -> None:
    """The solution passes every check; what the speed check says depends on the machine."""
    run = run_public_checks(make_workspace(tmp_path, solved=True, name=name))
    wrong = {each.part for each in run.results if each.outcome is not Outcome.PASSED}
    assert wrong <= {"ThreeLayerConvNet.speed"}


@pytest.mark.skipif(find_spec("scipy") is None, reason="numerics needs scipy")
def test_answers_in_a_notebook_are_told_by_their_cells(tmp_path: Path) -> None:
    """A function fails by its own line, one that does not parse says so, and values come of the other cells."""
    workspace = make_workspace(tmp_path, solved=True, name="numerics")
    edit(workspace, "Numerics.ipynb", "    root = (a + b) / 2\\n", "    root = (a + b) / 0\\n")
    edit(workspace, "Numerics.ipynb", "def newton(", "def newton((")
    found = {each.id: each.judgement for each in run_public_checks(workspace).results}
    assert found["bisect.root:cube_root"].outcome is Outcome.ERROR
    assert "(Numerics.ipynb)\n    root = (a + b) / 0" in found["bisect.root:cube_root"].message
    assert found["newton.iterates:first_steps"].outcome is Outcome.IMPORT_ERROR
    assert "does not parse" in found["newton.iterates:first_steps"].message
    assert found["depth:weight"].outcome is Outcome.NOT_IMPLEMENTED
    assert found["orders:near_one_and_four"].outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("top", "call"),
    [
        ("from cs231n.fast_layers import conv_forward_fast as f\n", "f"),
        ("import cs231n.fast_layers as fast\n", "fast.conv_forward_fast"),
        ("", "__import__('cs231n.fast_layers', fromlist='_').conv_forward_fast"),
    ],
)
def test_a_part_that_must_do_without_the_fast_layers_cannot_use_them(
    tmp_path: Path, top: str, call: str
) -> None:
    """What grading refuses the public checks refuse, however the layers are reached; afterwards all is as before."""
    workspace = make_workspace(tmp_path)
    edit(workspace, LAYERS, FORWARD, f"    return {call}(x, w, b, conv_param)\n{FORWARD}")
    edit(workspace, LAYERS, "import numpy as np\n", f"import numpy as np\n{top}")
    results = run_public_checks(workspace, ("conv_forward_naive",)).results
    assert {each.outcome for each in results} == {Outcome.ERROR}
    assert all("must be solved without the given fast layers" in each.judgement.message for each in results)
    fast = importlib.import_module("cs231n.fast_layers")
    assert fast.conv_forward_fast.__name__ == "conv_forward_fast"


def test_a_wrong_number_is_shown_beside_the_right_one(tmp_path: Path) -> None:
    """On inputs that everybody may see, so may the numbers be: yours and the right one where they differ most."""
    workspace = make_workspace(tmp_path, solved=True)
    path = workspace.root / LAYERS
    path.write_text(
        path.read_text(encoding="utf-8")
        + "\n\n_right = max_pool_forward_naive\n\n\ndef max_pool_forward_naive(x, pool_param):\n"
        "    out, cache = _right(x, pool_param)\n    out[0, 0, 0, 1] += 1\n    return out, cache\n",
        encoding="utf-8",
    )
    run = run_public_checks(workspace, ("max_pool_forward_naive",))
    wrong = [each.judgement.message for each in run.results if each.outcome is Outcome.FAILED]
    assert wrong
    asked = {each.outcome: each.asked for each in run.results}
    assert asked[Outcome.FAILED].startswith("Ask yourself: ")
    assert not asked.get(Outcome.PASSED)
    for message in wrong:
        yours, right = map(float, re.findall(r"There yours is (\S+), and it should be (\S+)\.", message)[0])
        assert yours == pytest.approx(right + 1, rel=1e-4)


@HOMEWORKS
def test_every_part_has_a_public_check(tmp_path: Path, name: str) -> None:
    """Students can check every part but speed, and the accuracy of what they trained, which takes the data set."""
    run = run_public_checks(make_workspace(tmp_path, name=name))
    checked = {each.part for each in run.results if each.scope is Scope.HOMEWORK}
    asked = {part.id for part in REPOSITORY.load(name).parts if part.timed is None and part.judged != BY_HAND}
    assert asked - checked <= {"CNN.accuracy"}


@pytest.mark.parametrize(
    ("only", "parts"),
    [
        ("conv_forward_naive", {"conv_forward_naive"}),
        ("conv_backward_naive", {f"conv_backward_naive.{name}" for name in ("dx", "dw", "db")}),
        ("conv_backward_naive.dw", {"conv_backward_naive.dw"}),
        ("conv_backward_naive.db:db_counts", {"conv_backward_naive.db"}),
    ],
)
def test_only(tmp_path: Path, only: str, parts: set[str]) -> None:
    """A function, a part or a single check can be run alone."""
    run = run_public_checks(make_workspace(tmp_path), (only,))
    assert {each.part for each in run.results} == parts


def test_unknown_name(tmp_path: Path) -> None:
    """A name that nothing has is refused, with the names there are."""
    with pytest.raises(WorkspaceError, match=r"'conv_foward'.*conv_forward_naive"):
        run_public_checks(make_workspace(tmp_path), ("conv_foward",))


def test_package_without_workspace(tmp_path: Path) -> None:
    """A package away from its assignment says where to install it from."""
    workspace = make_workspace(tmp_path)
    for path in workspace.answers:
        (workspace.root / path).unlink()
    with pytest.raises(WorkspaceError, match="pip install -e"):
        Workspace.load(workspace.package)


def test_edits_count_at_once(tmp_path: Path) -> None:
    """The files are imported as they are on disk now, and a notebook keeps the modules that it has."""
    workspace = make_workspace(tmp_path, solved=True)
    sys.path.insert(0, str(workspace.root))
    try:
        mine = importlib.import_module("nndl.conv_layers")
        assert all_fine(run_public_checks(workspace, ("conv_forward_naive",)).results)
        edit(workspace, LAYERS, FORWARD, FORWARD + "    b = 2 * b\n")
        assert not all_fine(run_public_checks(workspace, ("conv_forward_naive",)).results)
        assert sys.modules["nndl.conv_layers"] is mine
    finally:
        sys.path.remove(str(workspace.root))
        for name in [each for each in sys.modules if each.partition(".")[0] == "nndl"]:
            del sys.modules[name]


def judged(tmp_path: Path, old: str, new: str, check: str) -> tuple[Outcome, str]:
    """Return how `check` ends, and what is said, after an edit of the solution's layers."""
    workspace = make_workspace(tmp_path, solved=True)
    edit(workspace, LAYERS, old, new)
    (result,) = run_public_checks(workspace, (check,)).results
    return result.outcome, result.judgement.message


def test_pattern_of_a_wrong_output(tmp_path: Path) -> None:
    """A wrong output is told by its pattern."""
    check = "conv_forward_naive:biases"
    assert judged(tmp_path, FORWARD, FORWARD + "    b = 2 * b\n", check) == (
        Outcome.FAILED,
        "output: The result does not match: every entry is twice the right value. "
        "The error is largest at index (0, 1, 0, 0). There yours is -4, and it should be -2.",
    )


def test_pattern_of_a_wrong_gradient(tmp_path: Path) -> None:
    """A wrong gradient is told by its pattern, and its map shows where it is wrong."""
    workspace = make_workspace(tmp_path, solved=True)
    edit(workspace, LAYERS, "    return dx, dw, db\n", "    dx[:, 1] *= 2\n    return dx, dw, db\n")
    result = run_public_checks(workspace, ("conv_backward_naive.dx",)).results[0]
    assert result.outcome is Outcome.FAILED
    assert "does not fit your own forward pass" in result.judgement.message
    assert "channel" in result.judgement.message
    assert result.judgement.error_map is not None
    assert result.judgement.error_map.worst[1] == 1


def test_backward_of_a_wrong_forward(tmp_path: Path) -> None:
    """A backward pass is judged by the student's own forward pass, so a wrong one costs it nothing."""
    workspace = make_workspace(tmp_path, solved=True)
    edit(workspace, LAYERS, FORWARD, FORWARD + "    b = b + 1\n")
    assert all_fine(run_public_checks(workspace, ("conv_backward_naive",)).results)
    assert not all_fine(run_public_checks(workspace, ("conv_forward_naive",)).results)


def test_backward_before_forward(tmp_path: Path) -> None:
    """A backward pass whose forward pass is not written is told what it waits for."""
    outcome, message = judged(
        tmp_path,
        "    cache = (x, w, b, conv_param)\n",
        "    out = None\n    cache = (x, w, b, conv_param)\n",
        "conv_backward_naive.dx:dx[stride1]",
    )
    assert (outcome, "conv_forward_naive" in message) == (Outcome.BLOCKED, True)


def test_errors_are_told_in_full(tmp_path: Path) -> None:
    """An exception of the student's code comes with its text, its line and the line's source."""
    outcome, message = judged(
        tmp_path, FORWARD, FORWARD + "    numbers = [][7]\n", "conv_forward_naive:notebook"
    )
    assert outcome is Outcome.ERROR
    assert message.startswith("IndexError: list index out of range (nndl/conv_layers.py, line ")
    assert message.endswith(
        "\n    numbers = [][7]\nA list, tuple or text is shorter than the index asks for."
    )


def test_files_that_do_not_import(tmp_path: Path) -> None:
    """A syntax error is told with its place."""
    outcome, message = judged(tmp_path, BACKWARD, BACKWARD + "    if x\n", "conv_forward_naive:notebook")
    assert outcome is Outcome.IMPORT_ERROR
    assert message.startswith("SyntaxError: expected ':' (nndl/conv_layers.py, line ")


def test_not_implemented_error(tmp_path: Path) -> None:
    """A function that raises NotImplementedError is not written yet."""
    outcome, _ = judged(
        tmp_path, FORWARD, FORWARD + "    raise NotImplementedError\n", "conv_forward_naive:notebook"
    )
    assert outcome is Outcome.NOT_IMPLEMENTED


def test_printed_output_is_kept_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What the student's code prints goes with the check's result, its last lines only."""
    workspace = make_workspace(tmp_path, solved=True)
    edit(workspace, LAYERS, FORWARD, FORWARD + "    print(*range(99), sep='\\n')\n")
    (result,) = run_public_checks(workspace, ("conv_forward_naive:notebook",)).results
    assert result.printed.splitlines() == [str(99 - each) for each in range(PRINTED_LINES, 0, -1)]
    assert capsys.readouterr().out == ""


def test_interrupted(tmp_path: Path) -> None:
    """A run that the student stops keeps what it knows and says where it was."""
    workspace = make_workspace(tmp_path, solved=True)
    edit(workspace, LAYERS, BACKWARD, BACKWARD + "    raise KeyboardInterrupt\n")
    run = run_public_checks(workspace)
    assert run.interrupted == "conv_backward_naive.dx:dx[stride1]"
    assert {each.part for each in run.results} == {"conv_forward_naive"}


def test_what_a_class_lacks_is_not_written_yet(tmp_path: Path) -> None:
    """A check that stumbles over what an open method gives says which are open; one over what was written does not."""
    workspace = make_workspace(tmp_path)
    for path in (workspace.package / "public").glob("*.py"):
        path.unlink()
    (workspace.package / "public" / "test_net.py").write_text(NET, encoding="utf-8")
    (result,) = run_public_checks(workspace).results
    assert result.outcome is Outcome.NOT_IMPLEMENTED
    assert result.judgement.message == "Not written yet in ThreeLayerConvNet: __init__, loss."
    solve(tmp_path, "cnn")
    edit(workspace, "nndl/cnn.py", "    def loss(", "    def lost(")
    edit(workspace, "nndl/cnn.py", "    def lost(", "    def loss(self, x):\n        pass\n\n    def lost(")
    (result,) = run_public_checks(workspace).results
    assert result.outcome is Outcome.GRADER_ERROR
