"""Compiled modules beside the staged ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from grader.intake.rewrite import bytecode, with_bytecode


def stage(files: dict[str, bytes], folder: Path) -> None:
    """Write `files` below `folder`."""
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)


def run(folder: Path, program: str) -> str:
    """Return what an interpreter that imports from `folder` prints."""
    command = [sys.executable, "-B", "-c", program]
    done = subprocess.run(  # noqa: S603  # a fixed program
        command, cwd=folder, env=os.environ | {"PYTHONPATH": "."}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_the_module_is_loaded_from_it(tmp_path: Path) -> None:
    """An interpreter takes the compiled file, whatever the dates are."""
    files = with_bytecode({"pack/work.py": b"x = 1"})
    stage(files, tmp_path)
    (tmp_path / "pack/work.py").write_text("x = 2")
    assert run(tmp_path, "import pack.work; print(pack.work.x)") == "1"


def test_errors_point_into_the_source(tmp_path: Path) -> None:
    """A traceback names the file that was staged and the line in it."""
    stage(with_bytecode({"pack/work.py": b"def f():\n    return 1 / 0\n"}), tmp_path)
    program = (
        "import pack.work, traceback\n"
        "try:\n    pack.work.f()\n"
        "except ZeroDivisionError as error:\n    last = traceback.extract_tb(error.__traceback__)[-1]\n"
        "print(last.filename, last.lineno)"
    )
    assert run(tmp_path, program) == f"{tmp_path / 'pack' / 'work.py'} 2"


def test_only_modules_are_compiled() -> None:
    """Files of other kinds get nothing beside them, and all files stay."""
    files = {"notes.txt": b"x", "a.py": b"x = 1", "data/b.npz": b""}
    more = with_bytecode(files)
    assert files.items() <= more.items()
    assert [Path(path).name.partition(".")[0] for path in more.keys() - files.keys()] == ["a"]


@pytest.mark.parametrize(
    "source",
    [
        b"def f(:",
        b"x = '\xff'",
        b"# -*- coding: nonsense -*-\nx = 1",
        b"return 1",
        b"x = 1\0",
        b"-" * 100_000 + b"1",
        b"(" * 5_000 + b")" * 5_000,
        b"x = " + b"lambda: " * 1_200 + b"1",
    ],
    ids=["syntax", "encoding", "unknown_encoding", "place", "null", "depth", "parentheses", "functions"],
)
def test_what_does_not_compile_is_left_to_the_worker(source: bytes) -> None:
    """A module that does not compile gets no compiled file, and nothing is raised."""
    assert with_bytecode({"a.py": source}) == {"a.py": source}


def nested(levels: int) -> str:
    """Return functions in the last blocks of others, each of which a compiler writes twice."""
    lines = []
    for depth in range(levels):
        lines += [" " * 2 * depth + each for each in ("def step():", " try: pass", " finally:")]
    return "\n".join(lines) + "\n" + " " * 2 * levels + "pass\n"


@pytest.mark.parametrize(
    "source",
    [
        nested(45).encode(),
        b"# coding: utf-7\r\n" + nested(45).replace("finally", "+AGY-inally").encode(),
        b"\n# coding: utf-7\n" + nested(45).replace("finally", "+AGY-inally").encode(),
        b"def f(a):\n try:\n" + b"  if a: return 1\n" * 1500 + b" finally:\n" + b"  a()\n" * 3000,
        b"x = 1\n" * 20_000,
    ],
    ids=["levels", "encoded", "encoded_below", "ways_out", "long"],
)
def test_code_that_may_be_endless_is_left_to_the_worker(source: bytes) -> None:
    """A short text that compiles to more than there is memory for is not compiled in the grader."""
    assert with_bytecode({"a.py": source}) == {"a.py": source}


@pytest.mark.parametrize("levels", [1, 5])
def test_an_ordinary_last_block_is_compiled(levels: int) -> None:
    """Blocks that must run in any case are nothing unusual."""
    assert bytecode("a.py", nested(levels).encode())


def test_a_module_of_the_longest_name_is_left_to_the_worker(tmp_path: Path) -> None:
    """A name that leaves no room for the compiled file's is staged, and imports."""
    name = "x" * 252
    stage(with_bytecode({f"{name}.py": b"x = 1"}), tmp_path)
    assert run(tmp_path, f"import {name}; print({name}.x)") == "1"


def test_warnings_of_the_compiler_are_not_the_graders() -> None:
    """An odd escape sequence compiles without a word."""
    assert bytecode("a.py", b"x = '\\d'")
