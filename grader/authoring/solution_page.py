"""Print an assignment's solution as one page to be read: no banners, no placeholders, contracts cut short."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from grader.course.assignment import Assignment
from grader.course.regions import solved, split_lines
from grader.course.repository import Course

_Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_Change = tuple[int, int, list[str]]


def solution_page(repository: Course, assignment: Assignment) -> str:
    """Return the answers' modules, then the earlier work that they build on, as Markdown.

    Raises
    ------
    RegionError
        A banner of the solution does not close.
    OSError
        A module of the solution cannot be read.
    """
    folder = repository.solution(assignment)
    sections = [
        f"# {assignment.title}: the solution\n\nWritten by `numgrade solution`; "
        "change the assignment's solution instead ([folders] says where).\n"
    ]
    for path in (*assignment.release.answers, *assignment.release.earlier):
        source = solved((folder / path).read_text(encoding="utf-8"), path)
        sections.append(f"## {path}\n\n```python\n{readable(source)}```\n")
    return "\n".join(sections)


def readable(source: str) -> str:
    """Return a module with docstrings cut to their first paragraph, and without names that wait as None for a value."""
    lines = split_lines(source)
    for first, last, text in sorted(_changes(ast.parse(source)), reverse=True):
        lines[first - 1 : last] = text
    return "".join(lines)


def _changes(tree: ast.Module) -> Iterator[_Change]:
    """Yield first line, last line and what stands there instead."""
    for node in ast.walk(tree):
        if isinstance(node, _Documented) and ast.get_docstring(node) is not None:
            yield _shorter(node)
        if isinstance(node, ast.FunctionDef):
            yield from _placeholders(node)


def _shorter(node: _Documented) -> _Change:
    written = node.body[0]
    paragraph = (ast.get_docstring(node) or "").partition("\n\n")[0].split("\n")
    indent = " " * written.col_offset
    text = [f'{indent}"""{paragraph[0]}', *(f"{indent}{line}" for line in paragraph[1:])]
    closed = [*text[:-1], f'{text[-1]}"""'] if len(text) == 1 else [*text, f'{indent}"""']
    return written.lineno, written.end_lineno or written.lineno, [f"{line}\n" for line in closed]


def _placeholders(function: ast.FunctionDef) -> Iterator[_Change]:
    """Find the assignments of None that students start from, of names that the answer assigns anew."""
    for number, statement in enumerate(function.body):
        if isinstance(statement, ast.Assign) and _is_none(statement.value):
            rest = [each for later in function.body[number + 1 :] for each in ast.walk(later)]
            later_names = {
                each.id for each in rest if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
            }
            names = {
                each.id
                for target in statement.targets
                for each in ast.walk(target)
                if isinstance(each, ast.Name)
            }
            if names <= later_names:
                yield statement.lineno, statement.end_lineno or statement.lineno, []


def _is_none(value: ast.expr) -> bool:
    elements = value.elts if isinstance(value, ast.Tuple) else [value]
    return all(isinstance(each, ast.Constant) and each.value is None for each in elements)
