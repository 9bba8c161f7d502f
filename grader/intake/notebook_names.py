"""Match submitted notebooks with the released ones, under whatever names they came back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import PurePosixPath

from grader.intake.names import printable
from grader.intake.notebooks import Cell, Notebook, read_notebook
from grader.results import Flag

LEAST_COMMON = 0.25
"""Share of a released notebook's lines that one of an unknown name must hold to be taken for it."""

LEAST_HELD = 0.5
"""Share of the lines that are a released notebook's alone which one that holds several of them must hold."""

_WORTH_COMPARING = 8
"""Shorter lines, such as ``else:``, are in every notebook."""

_DECORATION = re.compile(r"\(\d+\)|\bcopy\b|copy\d*$|[^a-z0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class MatchedNotebooks:
    """Released name to the submitted notebook; one that nobody handed in is absent."""

    notebooks: Mapping[str, Notebook]
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    path: str
    notebook: Notebook
    lines: Counter[str]


def match_notebooks(
    submitted: Mapping[str, Notebook], names: Sequence[str], released: Mapping[str, bytes], prefix: str = ""
) -> MatchedNotebooks:
    """Find each released notebook among those that were `submitted`.

    A notebook is known by its name, however decorated (``cnn (1)``, ``CNN-solved``, ``Copy of CNN``,
    ``smith_CNN-Layers``), and one of an unknown name by how much of a released one it holds. A damaged one
    is taken only where there is no other of its name.

    Parameters
    ----------
    submitted
        Path to notebook.
    names
        The release's notebooks.
    released
        Content of the release's notebooks, as far as there is any.
    prefix
        Where the submission's packages start; a notebook beside them is preferred to a copy elsewhere.
    """
    texts = {name: _released_lines(data) for name, data in released.items()}
    known = frozenset(line for lines in texts.values() for line in lines)
    found = [_Found(path, each, _lines(each, known)) for path, each in sorted(submitted.items())]
    chosen = dict(_by_name(found, names, prefix))
    left = [each for each in found if each not in chosen.values()]
    guessed = dict(_by_content(left, [name for name in names if name not in chosen], texts))
    flags = [
        Flag("notebook_guessed", f"{printable(each.path)} was taken for {name} by its content")
        for name, each in guessed.items()
    ]
    matched = {**chosen, **guessed}
    notebooks = {name: each.notebook for name, each in matched.items()}
    for each, held in _holding_several(
        found, matched, [name for name in names if name not in matched], texts
    ):
        notebooks |= _shared_out(each.notebook, held, texts)
        flags.append(Flag("notebook_guessed", f"{printable(each.path)} holds {', '.join(held)}"))
    return MatchedNotebooks({name: notebooks[name] for name in names if name in notebooks}, tuple(flags))


@lru_cache(maxsize=32)  # a class is compared with the same few notebooks
def _released_lines(data: bytes) -> Counter[str]:
    return _lines(read_notebook(data))


def _lines(notebook: Notebook, known: frozenset[str] | None = None) -> Counter[str]:
    """Return the lines of a notebook's cells that are worth comparing; of those `known` only, if they are given.

    A notebook may have millions of lines, and none but the release's are ever asked for.
    """
    stripped = (line.strip() for cell in notebook.cells for line in cell.source.splitlines())
    worth = (line for line in stripped if len(line) >= _WORTH_COMPARING)
    return Counter(line for line in worth if known is None or line in known)


def _key(path: str) -> str:
    """Return a notebook's name in lower case without what copying and downloading add to it."""
    return _DECORATION.sub("", PurePosixPath(path).stem.lower())


def _by_name(found: Sequence[_Found], names: Sequence[str], prefix: str) -> Iterator[tuple[str, _Found]]:
    """Yield each released name with the best notebook among those whose longest known name it is."""
    keys = {name: _key(name) for name in names}

    def meant(path: str) -> str | None:
        return max(
            (name for name in names if keys[name] in _key(path)),
            key=lambda name: len(keys[name]),
            default=None,
        )

    for name in names:
        candidates = [each for each in found if meant(each.path) == name]
        if candidates:
            yield name, min(candidates, key=lambda each: _nearness(each, name, keys[name], prefix))


def _nearness(each: _Found, name: str, key: str, prefix: str) -> tuple[object, ...]:
    path, here = each.path, PurePosixPath(each.path)
    beside = here.parent == PurePosixPath(prefix)
    return (
        not each.notebook.cells,
        each.notebook.lost,
        here.name != name,
        _key(path) != key,
        not beside,
        path.count("/"),
        len(here.name),
        path,
    )


def _by_content(
    found: Sequence[_Found], names: Sequence[str], released: Mapping[str, Counter[str]]
) -> Iterator[tuple[str, _Found]]:
    """Yield released names with the notebooks that share most lines with them, the best pair first."""
    shares = {
        (name, each.path): (lines & each.lines).total() / max(lines.total(), 1)
        for name, lines in released.items()
        if name in names
        for each in found
    }
    by_path = {each.path: each for each in found}
    while shares:
        name, path = best = max(shares, key=lambda pair: (shares[pair], pair))
        if shares[best] < LEAST_COMMON:
            return
        yield name, by_path[path]
        shares = {pair: share for pair, share in shares.items() if pair[0] != name and pair[1] != path}


def _holding_several(
    found: Sequence[_Found],
    matched: Mapping[str, _Found],
    missing: Sequence[str],
    released: Mapping[str, Counter[str]],
) -> Iterator[tuple[_Found, list[str]]]:
    """Yield each notebook that holds most of what only released ones have which nobody handed in, and all it holds."""
    left = [name for name in missing if released.get(name)]
    for each in found:
        held = [name for name in left if _own_share(each, name, released) >= LEAST_HELD]
        if held:
            left = [name for name in left if name not in held]
            yield each, [*held, *(name for name, other in matched.items() if other is each)]


def _own_share(each: _Found, name: str, released: Mapping[str, Counter[str]]) -> float:
    """Return how much of the lines that no other released notebook has is in a submitted one."""
    others = {line for other, lines in released.items() if other != name for line in lines}
    own = [line for line in released[name] if line not in others]
    return sum(line in each.lines for line in own) / max(len(own), 1)


def _shared_out(
    notebook: Notebook, names: Sequence[str], released: Mapping[str, Counter[str]]
) -> dict[str, Notebook]:
    """Return for each of `names` the cells that are its: those with its lines, and what the student put behind them."""
    cells: dict[str, list[Cell]] = {name: [] for name in names}
    before = names[0]
    for cell in notebook.cells:
        lines = _lines(replace(notebook, cells=(cell,)))
        # Of two that have a line, the one that the cells before it belong to.
        known = {name: sum(line in released[name] for line in lines) for name in names}
        before = max(names, key=lambda name: (known[name], name == before))  # called at once
        cells[before].append(cell)
    return {name: replace(notebook, cells=tuple(own)) for name, own in cells.items()}
