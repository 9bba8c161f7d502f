"""What no room of the engine may do, whoever changes it: the rim prints, the rooms below it return."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import grader

ENGINE = Path(grader.__file__).parent
PRINTING = ("commands", "student", "tasks.py")
"""Rooms whose business it is to print; tasks.py prints the manual."""


def imports(path: Path) -> Iterator[str]:
    """Yield the full names of what a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{each.name}" for each in node.names)


def prints(path: Path) -> bool:
    """Say whether a module calls `print`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        for node in ast.walk(tree)
    )


def test_only_commands_and_the_students_kit_print() -> None:
    """No console is passed below them: a class is graded from Python as it is from a command line."""
    below = [each for each in ENGINE.rglob("*.py") if each.relative_to(ENGINE).parts[0] not in PRINTING]
    assert len(below) > 100
    assert not [path for path in below if prints(path) or "rich.console.Console" in imports(path)]
