"""Cut a submission down to its answers: the judged functions with the helpers they use, nothing that was given."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from grader.intake.layout import ResolvedLayout
from grader.intake.release import ReleaseSource
from grader.intake.source import Node, is_stub

UNREADABLE = (RecursionError, SyntaxError, ValueError)
"""What writing a parsed program may end in: it is nested too deeply, or holds a string that no source can hold."""


def answers_of(resolved: ResolvedLayout, release: ReleaseSource) -> tuple[dict[str, str], bool]:
    """Return the text of each answer that was written, and whether all of them could be read.

    A file that does not parse has no answers to read; nor can Python write every program that it reads.
    """
    found: dict[str, str] = {}
    complete = True
    for symbol, path in resolved.holders.items():
        source = resolved.sources[path]
        complete = complete and source.error is None
        if symbol not in source.definitions:
            continue
        try:
            if not is_stub(source.definitions[symbol], release.released.get(symbol)):
                found[symbol] = plain_code(with_helpers(symbol, source.definitions, release.released))
        except UNREADABLE:
            complete = False
    return found, complete


def with_helpers(symbol: str, definitions: Mapping[str, Node], judged: Collection[str]) -> tuple[Node, ...]:
    """Return the definition of `symbol` and those of its file that it uses, but for other judged answers."""
    found: dict[str, Node] = {}
    waiting = [symbol]
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in found and (name == symbol or name not in judged):
            found[name] = definitions[name]
            waiting.extend(each.id for each in ast.walk(definitions[name]) if isinstance(each, ast.Name))
    return tuple(found.values())


def plain_code(nodes: tuple[Node, ...]) -> str:
    """Return definitions as text in one layout, without comments and docstrings.

    Raises
    ------
    RecursionError, SyntaxError, ValueError
        Python cannot write what it read.
    """
    return "\n\n".join(ast.unparse(_without_docstrings(node)) for node in nodes) + "\n"


class _DocstringRemover(ast.NodeTransformer):
    """Drops what documents functions and classes; a body that was nothing else becomes ``pass``."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, Node) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        return node


def _without_docstrings(node: Node) -> ast.AST:
    copied: ast.AST = _DocstringRemover().visit(ast.parse(ast.unparse(node)))
    return copied
