"""Stand-ins for the given fast layers, for parts that must be solved without them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from grader.intake.source import look_at, parse

REFUSAL = "this part must be solved without the given fast layers"
"""What a stand-in's functions say when they are called."""

_MODULE = '''"""Stands in for the given fast layers, which the part under test must do without."""

import numpy as np  # star imports of the real module may give this away, too


def _refuse(*args, **kwargs):
    raise RuntimeError({refusal!r})


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    return _refuse


{bindings}
'''


@lru_cache(maxsize=64)  # every submission gets the same few
def stand_in(text: bytes | None) -> bytes:
    """Return a module with the public names of `text`, each a function that raises RuntimeError when called.

    Any other name asked of it is such a function too, so the import of a file never fails for a fast layer
    that it uses elsewhere.

    Parameters
    ----------
    text
        Source of the real module; None when there is only a compiled one.
    """
    listed = sorted(_listed(parse(text))) if text is not None else []
    names = listed or sorted(look_at("", text or b"").public)
    bindings = [*(f"{name} = _refuse" for name in names), *([f"__all__ = {listed!r}"] if listed else [])]
    return _MODULE.format(refusal=REFUSAL, bindings="\n".join(bindings)).encode()


def _listed(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            yield from ast.literal_eval(node.value)
