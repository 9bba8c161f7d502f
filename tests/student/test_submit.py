"""What stands in the way of handing in."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from grader.course.regions import RULE
from grader.intake.written import TEXT_STUB
from grader.student.submit import SLACK, note_run, package_notes, problems, untouched, version_notes
from grader.student.workspace import Workspace
from tests.student.workspaces import make_workspace

TASK = f"{RULE}\n# YOUR CODE HERE:\n#   Add.\n{RULE}\n{{}}\n{RULE}\n# END YOUR CODE HERE\n{RULE}\n"


@pytest.mark.parametrize("answer", ["", "\n\n", "pass", "# later", "pass  # later\n# really"])
def test_untouched(answer: str) -> None:
    """An answer of blank lines, comments and `pass` is untouched."""
    assert untouched(TASK.format(answer)) == [5]


@pytest.mark.parametrize("answer", ["out = 1", "    out = 1", "out = (", '"""Text."""', "return None"])
def test_touched(answer: str) -> None:
    """Anything else is an answer, whether or not it parses."""
    assert untouched(TASK.format(answer)) == []


def test_windows_line_ends() -> None:
    """The banners are found in a file saved on Windows."""
    assert untouched(TASK.format("pass").replace("\n", "\r\n")) == [5]


def test_banners_that_were_changed() -> None:
    """Where banners were deleted nobody can tell, and nothing is said."""
    assert untouched("out = 1\n" + TASK.format("pass").replace("# END YOUR CODE HERE\n", "")) == []


def ready(folder: Path) -> Workspace:
    """Return an assignment in which everything is done: solved, run and saved."""
    workspace = make_workspace(folder, solved=True)
    for path in workspace.notebooks:
        notebook = json.loads((folder / path).read_text(encoding="utf-8"))
        for number, cell in enumerate(notebook["cells"], 1):
            if cell["cell_type"] == "code":
                cell["execution_count"] = number
                cell["source"] = "".join(cell["source"]).replace(
                    f"{RULE}\n\n{RULE}\n# END", f"{RULE}\nbest_model = 1\n{RULE}\n# END"
                )
        (folder / path).write_text(json.dumps(notebook), encoding="utf-8")
    (folder / "best_model.npz").write_bytes(b"weights")
    return workspace


def test_ready(tmp_path: Path) -> None:
    """An assignment that is solved, run and saved has no problems."""
    assert problems(ready(tmp_path)) == []


def test_stub_left(tmp_path: Path) -> None:
    """A stub left untouched is named with its line."""
    workspace = ready(tmp_path)
    source = make_workspace(tmp_path / "fresh").root / "nndl/cnn.py"
    (workspace.root / "nndl/cnn.py").write_bytes(source.read_bytes())
    (problem,) = problems(workspace)
    assert problem.startswith("nndl/cnn.py has nothing between the banners at lines ")


def test_notebook_never_run(tmp_path: Path) -> None:
    """A notebook without results was not saved after running."""
    workspace = ready(tmp_path)
    notebook = json.loads((tmp_path / "CNN.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        cell.pop("execution_count", None)
    (tmp_path / "CNN.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    assert problems(workspace) == [
        "CNN.ipynb was not saved after running: it holds no results. Run its cells and save it."
    ]


def test_notebook_run_after_saving(tmp_path: Path) -> None:
    """A notebook with a cell that ran after the file was saved is not saved; saving it settles that."""
    workspace = ready(tmp_path)
    saved = (tmp_path / "CNN.ipynb").stat().st_mtime
    note_run(workspace, "CNN.ipynb", saved + 10 * SLACK)
    assert problems(workspace) == ["CNN.ipynb was not saved after its last cell was run. Save it."]
    os.utime(tmp_path / "CNN.ipynb", (saved + 11 * SLACK,) * 2)
    assert problems(workspace) == []


@pytest.mark.parametrize(
    ("content", "words"), [(None, "is missing"), (b"{", "cannot be read"), (b"\xff", "cannot be read")]
)
def test_damaged_notebook(tmp_path: Path, content: bytes | None, words: str) -> None:
    """A notebook that is missing or damaged is named."""
    workspace = ready(tmp_path)
    (tmp_path / "CNN.ipynb").unlink()
    if content is not None:
        (tmp_path / "CNN.ipynb").write_bytes(content)
    (problem,) = problems(workspace)
    assert words in problem


@pytest.mark.parametrize("content", [b"[]", b'{"cells": 3}'])
def test_notebook_of_another_form(tmp_path: Path, content: bytes) -> None:
    """A file that is JSON and no notebook cannot be read."""
    workspace = ready(tmp_path)
    (tmp_path / "CNN.ipynb").write_bytes(content)
    (problem,) = problems(workspace)
    assert "cannot be read" in problem


def test_notebook_cut_off(tmp_path: Path) -> None:
    """What is left of a damaged notebook is looked at, and the damage is named with what to do."""
    workspace = ready(tmp_path)
    data = (tmp_path / "CNN.ipynb").read_bytes()
    (tmp_path / "CNN.ipynb").write_bytes(data[: len(data) // 2])
    (problem,) = problems(workspace)
    assert problem.startswith("CNN.ipynb is damaged: open it in Jupyter and save it. The file is cut off")


def test_notebook_of_an_old_format(tmp_path: Path) -> None:
    """A notebook that can be read whole is fine, whatever its format is called."""
    workspace = ready(tmp_path)
    notebook = json.loads((tmp_path / "CNN.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    old = {"nbformat": 3, "worksheets": [{"cells": notebook["cells"]}]}
    (tmp_path / "CNN.ipynb").write_text(json.dumps(old), encoding="utf-8")
    assert problems(workspace) == []


def test_missing_weights(tmp_path: Path) -> None:
    """The trained weights are asked for."""
    workspace = ready(tmp_path)
    (tmp_path / "best_model.npz").unlink()
    (problem,) = problems(workspace)
    assert problem.startswith("best_model.npz is missing")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x = -np.Inf", "no np.Inf; write np.inf"),
        ("x = numpy.product(y)", "no np.product; write np.prod"),
        ('x = f"{y["a"]}"', "line 1"),
        ("def f[T](x): return x", "line 1"),
        ("x = (", "line 1"),
    ],
)
def test_what_the_grader_may_not_know_is_said(line: str, said: str, tmp_path: Path) -> None:
    """Names that NumPy dropped and newer syntax are told while there is time."""
    workspace = ready(tmp_path)
    assert version_notes(workspace) == []
    path = workspace.answers[0]
    (tmp_path / path).write_text(f"{line}\n", encoding="utf-8")
    (note, *_rest) = version_notes(workspace)
    assert note.startswith(Path(path).name)
    assert said in note


def test_text_that_nobody_wrote_is_said(tmp_path: Path) -> None:
    """A text question that still has its stub keeps the assignment from being packed, as an untouched task does."""
    workspace = ready(tmp_path)
    path = tmp_path / workspace.notebooks[0]
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"].append(
        {"cell_type": "markdown", "id": "why", "metadata": {}, "source": TEXT_STUB + "\n"}
    )
    path.write_text(json.dumps(notebook), encoding="utf-8")
    (problem,) = problems(workspace)
    assert "has a text cell that still says 'Your answer goes here" in problem


def test_packages_that_grading_lacks_are_said(tmp_path: Path) -> None:
    """A package that the box lacks and the answers use is told, once; one's own, known and unused ones are not."""
    workspace = ready(tmp_path)
    assert package_notes(workspace) == []
    (tmp_path / "mine.py").write_text("x = 1\n", encoding="utf-8")
    path = workspace.answers[0]
    lines = "import math, mine, numba, matplotlib\nfrom scipy.special import softmax\nimport scipy.linalg\n"
    (tmp_path / path).write_text(f"{lines}math, mine, numba, softmax, scipy\n", encoding="utf-8")
    (note,) = package_notes(workspace)
    assert note.startswith(f"{Path(path).name} uses scipy")
