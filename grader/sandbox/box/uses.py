"""What the statements of a module bind and use, by the syntax tree: which of them a definition needs."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_Scope = Definition | ast.Lambda
Around = ast.If | ast.Try | ast.TryStar | ast.With
"""What may stand around a definition. Loops are not in it: at the top of a module they train and test."""

# `sys.path.append(...)` is no assignment, and what is imported may hang on it.
_SETS_UP_IMPORTS = "sys"


def needed(body: Iterable[ast.stmt], wanted: Iterable[str] | None = None) -> list[ast.stmt]:
    """Return the imports among the statements of `body`, some definitions and all that these use, in their order.

    Parameters
    ----------
    wanted
        Names of the definitions; None for every definition there is.
    """
    left = list(body)
    kept: list[ast.stmt] = []
    if wanted is None:
        wanted = (each.name for top in left for each in inner(top) if isinstance(each, Definition))
    names = set(wanted)
    found: dict[ast.stmt, None] | None = None
    while found is None or found:  # what is kept uses more names, until it uses none that is new
        found = dict.fromkeys(each for each in left if _imports(each) or not names.isdisjoint(bound(each)))
        kept += found
        left = [each for each in left if each not in found]
        names |= {name for each in found for name in used(each)}
    return sorted(kept, key=lambda each: (each.lineno, each.col_offset))


def _imports(statement: ast.stmt) -> bool:
    """Whether a statement imports something, or sets up where imports look."""
    if isinstance(statement, ast.Expr):
        return any(isinstance(each, ast.Name) and each.id == _SETS_UP_IMPORTS for each in ast.walk(statement))
    return any(isinstance(each, ast.Import | ast.ImportFrom) for each in inner(statement))


def inner(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yield a statement and, where it is one that may stand around definitions, those in it."""
    waiting = [statement]
    while waiting:
        each = waiting.pop()
        yield each
        if isinstance(each, Around):
            waiting += reversed(list(within(each)))


def within(statement: Around) -> Iterator[ast.stmt]:
    """Yield the statements one level below an ``if``, ``try`` or ``with``, whichever way it goes."""
    handlers = [each.body for each in getattr(statement, "handlers", [])]
    after = [getattr(statement, name, []) for name in ("orelse", "finalbody")]
    for block in (statement.body, *handlers, *after):
        yield from block


def bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement defines, sets, or changes an item or attribute of."""
    names = set()
    for each in inner(statement):
        targets: list[ast.expr | None] = []
        match each:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(each.name)
            case ast.Assign():
                targets += each.targets
            case ast.AnnAssign() | ast.AugAssign():
                targets.append(each.target)
            case ast.With():
                targets += (item.optional_vars for item in each.items)
        found = (name for target in targets if target is not None for name in ast.walk(target))
        names |= {name.id for name in found if isinstance(name, ast.Name)}
    return names


def used(node: ast.AST) -> set[str]:
    """Return the names that `node` takes from around it: a function's own variables are not among them."""
    loaded, own, outside = set[str](), set[str](), set[str]()
    waiting = list(ast.iter_child_nodes(node))
    while waiting:
        each = waiting.pop()
        if isinstance(each, _Scope):
            loaded |= used(each)
            continue
        if isinstance(each, ast.arg):
            own.add(each.arg)
        elif isinstance(each, ast.Name):
            (own if isinstance(each.ctx, ast.Store) else loaded).add(each.id)
        elif isinstance(each, ast.Global):
            outside.update(each.names)
        waiting.extend(ast.iter_child_nodes(each))
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        return loaded
    # What stands in its head is looked up outside: `def f(x=x)`, a decorator.
    head = [*node.args.defaults, *filter(None, node.args.kw_defaults), *getattr(node, "decorator_list", [])]
    outside |= {name.id for each in head for name in ast.walk(each) if isinstance(name, ast.Name)}
    return loaded - own | outside
