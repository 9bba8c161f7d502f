"""Every released notebook, run from its first cell to its last before anything of it was written."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from grader.course.repository import Course
from tests.end_to_end.test_student_package import run
from tests.student.workspaces import released

COURSE = Course.open(Path(__file__))

RUN_ALL = """
import json, os, sys
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

os.environ["MPLBACKEND"] = "agg"
shell, told = InteractiveShell.instance(), []
shell.enable_gui = print  # as figures are shown in the notebook
for name in json.loads(sys.argv[1]):
    shell.reset()
    for cell in json.load(open(name, encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and "data" not in cell["metadata"].get("tags", []):
            with capture_output() as seen:
                result = shell.run_cell("".join(cell["source"]))
            told.append([name, cell["id"], result.success, seen.stdout])
print(json.dumps(told))
"""


def unpacked(folder: Path, name: str) -> Path:
    """Write an assignment's release into `folder`."""
    for path, content in released(name).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


@pytest.mark.parametrize("name", COURSE.assignment_ids)
def test_no_cell_of_a_fresh_notebook_fails(tmp_path: Path, name: str) -> None:
    """Each runs through, says which answers are missing, and misses every function that students write."""
    assignment = COURSE.load(name)
    if any(importlib.util.find_spec(each) is None for each in assignment.libraries):
        pytest.skip(f"{assignment.libraries} are not installed here")
    done = run(unpacked(tmp_path, name), "-c", RUN_ALL, json.dumps(assignment.release.notebooks))
    told = json.loads(done.stdout.splitlines()[-1])
    assert [(each, said) for *each, fine, said in told if not fine] == []
    said = "\n".join(each[-1] for each in told)
    if assignment.release.kit:
        missed = set(re.findall(r"[\w.]+", " ".join(re.findall(r"not written yet: (.*?)\. Write", said))))
        assert len(missed) > len(assignment.release.notebooks)
        assert "Traceback" not in said


def test_a_kernel_goes_on_to_the_last_cell(tmp_path: Path) -> None:
    """As "Run all" has it: behind a cell that failed a client stops."""
    notebook = nbformat.read(unpacked(tmp_path, "knn") / "Neighbours.ipynb", as_version=4)
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    said = [each.get("text", "") for cell in notebook.cells for each in cell.get("outputs", [])]
    assert "not written yet: cross_validate" in said[-1]
