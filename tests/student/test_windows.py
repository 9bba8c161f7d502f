"""The student's side under the conditions of Windows, as far as they can be had elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.student.workspaces import PACKAGE, released, solve, unpack

CONDITIONS = f"""
import builtins, os, signal, sys, warnings

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in {{"fcntl", "resource", "pwd", "grp", "termios", "grader"}}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Missing())
for name in ("fork", "forkpty", "geteuid", "getuid", "killpg", "setsid"):
    vars(os).pop(name, None)
for name in ("SIGALRM", "SIGKILL", "alarm", "setitimer", "pthread_kill", "pthread_sigmask"):
    vars(signal).pop(name, None)
# A text opened without its encoding would be read as the machine's code page has it.
warnings.filterwarnings("error", category=EncodingWarning, module="{PACKAGE}")
sys.path.insert(0, os.getcwd())
"""


def run(folder: Path, code: str) -> str:
    """Return what Python says under these conditions, on a terminal that knows 256 characters."""
    environment = {**os.environ, "PYTHONIOENCODING": "cp1252:strict", "PYTHONUTF8": "0", "COLUMNS": "100"}
    environment.pop("GITHUB_ACTIONS", None)
    done = subprocess.run(  # noqa: S603  # our own release
        [sys.executable, "-s", "-X", "warn_default_encoding", "-c", CONDITIONS + code],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=False,
    )
    told = done.stdout.decode("cp1252") + done.stderr.decode("utf-8", "replace")
    assert "Traceback" not in told, told
    return told


def test_check_and_submit(tmp_path: Path) -> None:
    """In a folder with a space and umlauts, with line ends of Windows, wrong and unfinished work alike."""
    folder = tmp_path / "Übung 3 für Ada"
    solve(unpack(folder))
    path = folder / "nndl/conv_layers.py"
    text = path.read_text(encoding="utf-8").replace(
        "    return out, cache\n", "    print('Größe ≤ 3')\n    return 2 * out, cache\n", 1
    )
    path.write_bytes(text.replace("\n", "\r\n").encode())
    steps = "commands.check('conv_forward_naive', ci=True)", "commands.submit(anyway=True)"
    said = run(folder, "\n".join((f"from {PACKAGE} import commands", *steps)))
    assert "every entry is twice" in said
    assert "files into cnn-1.0.0-submission.zip" in said
    with zipfile.ZipFile(folder / "cnn-1.0.0-submission.zip") as archive:
        assert archive.read("nndl/conv_layers.py") == path.read_bytes()
        assert not any("\\" in name for name in archive.namelist())


def test_update(tmp_path: Path) -> None:
    """A file with line ends of Windows keeps them, answers and all, and gets what is new with the same."""
    folder = unpack(tmp_path / "mine")
    path = folder / "nndl/cnn.py"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    new = unpack(tmp_path / "new")
    assert "MANIFEST.json" not in released()
    listed = {"files": {"nndl/cnn.py": "", f"{PACKAGE}/assignment.json": ""}}
    (new / "MANIFEST.json").write_text(json.dumps(listed), encoding="utf-8")
    said = run(folder, f"from {PACKAGE} import commands\ncommands.update({str(new)!r})")
    assert "No answer was touched" in said
    assert path.read_bytes().count(b"\r\n") == path.read_bytes().count(b"\n")
