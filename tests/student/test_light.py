"""The kit fits where students are: into what Colab pins, and into a Python without threads and processes."""

from __future__ import annotations

import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from grader.results import Outcome
from grader.student.session import run_public_checks
from grader.student.submit import import_problems
from tests.student.workspaces import PACKAGE, make_workspace, released, unpack

COLAB = {
    "cython": "3.0.12",
    "matplotlib": "3.10.0",
    "numpy": "2.0.2",
    "pillow": "11.3.0",
    "pooch": "1.8.2",
    "pytest": "8.4.2",
    "rich": "13.9.4",
    "setuptools": "75.2.0",
}
"""What Colab pins, as far as a release may ask for it; `python -m benchmarks colab` installs a release over them."""

NEW = {"invoke"}
"""What it has not; pure Python that needs nothing."""


@pytest.mark.parametrize("name", ["cnn", "fc"])
def test_nothing_of_colab_is_replaced(name: str) -> None:
    """Every requirement of a release is met by what Colab pins, or is new; a notebook's own tools are an extra."""
    project = tomllib.loads(released(name)["pyproject.toml"].decode())["project"]
    for requirement in map(Requirement, project["dependencies"]):
        assert requirement.name in NEW or requirement.specifier.contains(COLAB[requirement.name]), requirement
    assert project["optional-dependencies"] == {"notebooks": ["jupyter>=1.0"]}


def test_checks_run_without_threads_and_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a browser a check has no time limit, and is judged all the same."""

    def refuse(*_args: object, **_more: object) -> None:
        raise RuntimeError("can't start new thread")

    def no_process(*_args: object, **_more: object) -> None:
        raise OSError(138, "no processes here")

    workspace = make_workspace(tmp_path, solved=True)
    monkeypatch.setattr(threading.Thread, "start", refuse)
    monkeypatch.setattr(subprocess.Popen, "__init__", no_process)
    results = run_public_checks(workspace, ("conv_forward_naive",)).results
    assert [each.outcome for each in results] == [Outcome.PASSED] * 8
    assert import_problems(workspace) == []


def test_checks_load_what_is_required_and_no_more(tmp_path: Path) -> None:
    """The public checks of a release run where nothing but its requirements can be imported."""
    unpack(tmp_path)
    given = [
        *("numpy", "matplotlib", "pytest", "_pytest", "pluggy", "iniconfig", "packaging", "py"),
        *("rich", "pygments", "markdown_it", "mdurl", "invoke"),
    ]
    code = f"""
import sys
class Only:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or top in {[*given, PACKAGE, "nndl", "cs231n", "public_fixtures"]!r}:
            return None
        raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Only())
sys.path.insert(0, ".")
from {PACKAGE} import commands
sys.exit(commands.check())
"""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "44 not written yet" in done.stdout, done.stdout + done.stderr
