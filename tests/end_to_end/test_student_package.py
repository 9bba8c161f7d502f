"""The released package as a student uses it: unpacked into a folder of its own, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.student.workspaces import PACKAGE, released, solve, unpack

NOTEBOOK = """
import json, os, sys
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

os.environ["JPY_SESSION_NAME"] = os.path.join(os.getcwd(), "CNN-Layers.ipynb")
shell = InteractiveShell.instance()

def run(cell):
    with capture_output() as seen:
        result = shell.run_cell(cell)
    assert result.success, result
    return {"html": "".join(each.data.get("text/html", "") for each in seen.outputs), "out": seen.stdout}

told = [run("%load_ext nndl_check"), run("%check conv_forward_naive"), run("%check nothing_like_it")]
told.append(run("%reload_ext nndl_check"))
told.append(run("%check conv_forward_naive:biases"))
told.append(open(".numgrade-check.json").read())
print(json.dumps(told))
"""


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the unpacked release, where nothing of this repository can be imported."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder),
        "COLUMNS": "100",
        "IPYTHONDIR": str(folder / ".ipython"),
    }
    blocked = "import sys; sys.modules['grader'] = None\n"
    (folder / "sitecustomize.py").write_text(blocked, encoding="utf-8")
    return subprocess.run(  # noqa: S603  # our own release
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_check_of_stubs(tmp_path: Path) -> None:
    """`invoke check` on the stubs says that nothing is written yet and what to begin with, and fails."""
    done = run(unpack(tmp_path), "-m", "invoke", "check")
    assert done.returncode == 1, done.stdout
    assert "conv_forward_naive, 8 checks" in done.stdout
    assert "not written yet." in done.stdout
    assert "passed" not in done.stdout
    assert "invoke check --only conv_forward_naive" in done.stdout


def test_check_of_solution(tmp_path: Path) -> None:
    """`invoke check --only` on the solution prints each check with its seconds, and succeeds."""
    solve(unpack(tmp_path))
    done = run(tmp_path, "-m", "invoke", "check", "--only", "conv_backward_naive")
    assert done.returncode == 0, done.stdout
    assert "7 passed." in done.stdout


def test_submit(tmp_path: Path) -> None:
    """`invoke submit` refuses what is not finished and says why; told to go on, it packs and prints the checksum."""
    solve(unpack(tmp_path))
    done = run(tmp_path, "-m", "invoke", "submit")
    assert done.returncode == 1, done.stdout
    assert "Nothing was packed." in done.stdout
    assert "CNN-Layers.ipynb was not saved after running" in done.stdout
    assert not list(tmp_path.glob("*.zip"))
    done = run(tmp_path, "-m", "invoke", "submit", "--anyway")
    assert done.returncode == 0, done.stdout
    (archive,) = tmp_path.glob("*.zip")
    assert archive.name == "cnn-1.0.0-submission.zip"
    assert "sha256 " in done.stdout


def test_a_wrong_number_of_seconds_is_refused_in_a_sentence(tmp_path: Path) -> None:
    """What is no number, and what is no time at all, runs no check and shows no traceback."""
    unpack(tmp_path)
    for wrong in ("soon", "0", "nan"):
        done = run(tmp_path, "-m", "invoke", "check", "--seconds", wrong)
        assert done.returncode == 1
        assert f"--seconds is {wrong}; give" in done.stdout
        assert "Traceback" not in done.stdout


def test_notebook(tmp_path: Path) -> None:
    """In a notebook `%check` shows the panel, refuses unknown names in a sentence, and notes when cells ran."""
    solve(unpack(tmp_path))
    done = run(tmp_path, "-c", NOTEBOOK)
    assert done.returncode == 0, done.stdout
    loaded, checked, unknown, _, again, noted = __import__("json").loads(done.stdout.splitlines()[-1])
    assert loaded == {"html": "", "out": ""}
    assert "8 passed." in checked["html"]
    assert "No check is called 'nothing_like_it'" in unknown["out"]
    assert "1 passed." in again["html"]
    assert "CNN-Layers.ipynb" in noted


def test_what_is_copied() -> None:
    """Students get instruments, words and the reader of notebooks; no reference and no other assignment."""
    copied = {path.removeprefix(f"{PACKAGE}/_engine/") for path in released() if "/_engine/" in path}
    folders = {path.partition("/")[0] for path in copied if "/" in path}
    assert folders == {"checking", "course", "instruments", "intake", "reporting", "sandbox"}
    assert {path for path in copied if path.startswith(("course/", "sandbox/"))} == {
        "course/__init__.py",
        "course/regions.py",
        "sandbox/__init__.py",
        "sandbox/box/__init__.py",
        "sandbox/box/former_names.py",
        "sandbox/box/uses.py",
        "sandbox/error_hints.py",
        "sandbox/errors.py",
    }
    assert {path for path in copied if path.startswith("intake/")} == {
        "intake/__init__.py",
        "intake/cells.py",
        "intake/mended.py",
        "intake/names.py",
        "intake/notebooks.py",
        "intake/salvage.py",
        "intake/source.py",
        "intake/written.py",
    }
    assert not copied & {"reference.py", "gate/certificate.py", "instruments/effort.py"}


def test_reading_notebooks_loads_no_library(tmp_path: Path) -> None:
    """The reader of notebooks is the standard library alone, and IPython for a cell that needs it."""
    unpack(tmp_path)
    code = (
        f"import sys; from {PACKAGE}._engine.intake.notebooks import cell_python, read_notebook\n"
        "assert read_notebook(open('CNN.ipynb', 'rb').read()).cells\n"
        "assert not {'numpy', 'nbformat', 'IPython'} & set(sys.modules)\n"
        "cell_python('%time f()')\n"
        "assert 'IPython' in sys.modules"
    )
    done = run(tmp_path, "-c", code)
    assert done.returncode == 0, done.stdout


def test_nothing_imports_the_grader() -> None:
    """No released file imports a package that students do not have."""
    for path, content in released().items():
        if path.endswith(".py"):
            lines = content.decode().splitlines()
            assert [
                each for each in lines if each.lstrip().startswith(("from grader", "import grader"))
            ] == [], path
