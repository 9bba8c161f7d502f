"""Match submitted notebooks with the released ones, under whatever names they came back."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.intake.names import printable
from grader.results import Flag

LEAST_COMMON = 0.25
"""Share of a released notebook's lines that one of an unknown name must hold to be taken for it."""

_WORTH_COMPARING = 8
"""Shorter lines, such as ``else:``, are in every notebook."""

_DECORATION = re.compile(r"\(\d+\)|\bcopy\b|copy\d*$|[^a-z0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class MatchedNotebooks:
    """Released name to the submitted notebook's bytes; a notebook that nobody handed in is absent."""

    notebooks: Mapping[str, bytes]
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class _Notebook:
    path: str
    data: bytes
    lines: Counter[str]


def match_notebooks(
    files: Mapping[str, bytes], names: Sequence[str], released: Mapping[str, bytes], prefix: str = ""
) -> MatchedNotebooks:
    """Find each released notebook among `files`.

    A notebook is known by its name, however decorated (``cnn (1)``, ``CNN-solved``, ``Copy of CNN``,
    ``smith_CNN-Layers``), and one of an unknown name by how much of a released one it holds. A file that is not
    a notebook's JSON is flagged and passed over.

    Parameters
    ----------
    names
        The release's notebooks.
    released
        Content of the release's notebooks, as far as there is any.
    prefix
        Where the submission's packages start; a notebook beside them is preferred to a copy elsewhere.
    """
    known = frozenset(line for data in released.values() for line in _lines(data))
    flags: list[Flag] = []
    found: list[_Notebook] = []
    for path in sorted(each for each in files if each.lower().endswith(".ipynb")):
        try:
            found.append(_Notebook(path, files[path], _lines(files[path], known)))
        except _NotANotebook as error:
            flags.append(Flag("notebook_not_json", f"{printable(path)} {error}"))
    chosen = dict(_by_name(found, names, prefix))
    left = [each for each in found if each not in chosen.values()]
    guessed = dict(_by_content(left, [name for name in names if name not in chosen], released))
    flags += [
        Flag("notebook_guessed", f"{printable(each.path)} was taken for {name} by its content")
        for name, each in guessed.items()
    ]
    return MatchedNotebooks({name: each.data for name, each in {**chosen, **guessed}.items()}, tuple(flags))


class _NotANotebook(ValueError):
    """The file is no notebook; the message completes a sentence about it."""


def _lines(data: bytes, known: frozenset[str] | None = None) -> Counter[str]:
    """Return the lines of a notebook's cells that are worth comparing; of those `known` only, if they are given.

    A notebook may have millions of lines, and none but the release's are ever asked for.
    """
    document = _document(data)
    cells = document.get("cells")
    if cells is None:  # nbformat 3 and older
        sheets = [each for each in _listed(document.get("worksheets")) if isinstance(each, dict)]
        cells = [cell for sheet in sheets for cell in _listed(sheet.get("cells"))]
    text = "\n".join(_source(cell) for cell in _listed(cells))
    stripped = (line.strip() for line in text.splitlines())
    worth = (line for line in stripped if len(line) >= _WORTH_COMPARING)
    return Counter(line for line in worth if known is None or line in known)


def _document(data: bytes) -> dict[str, object]:
    if not data.strip():
        raise _NotANotebook("is empty; open the notebook in Jupyter, save it and hand it in again")
    try:
        document = json.loads(data)
    except json.JSONDecodeError as error:
        raise _NotANotebook(
            f"is not JSON (line {error.lineno}: {error.msg}); open the notebook in Jupyter and save it again"
        ) from None
    except (ValueError, RecursionError) as error:
        raise _NotANotebook(f"is not a notebook ({error}); open it in Jupyter and save it again") from None
    if not isinstance(document, dict) or not {"cells", "worksheets"} & document.keys():
        raise _NotANotebook("is JSON, but no notebook; hand in the .ipynb file that Jupyter saved")
    return document


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _source(cell: object) -> str:
    if not isinstance(cell, dict):
        return ""
    source = cell.get("source", cell.get("input", ""))
    if isinstance(source, list):
        return "".join(each for each in source if isinstance(each, str))
    return source if isinstance(source, str) else ""


def _key(path: str) -> str:
    """Return a notebook's name in lower case without what copying and downloading add to it."""
    return _DECORATION.sub("", PurePosixPath(path).stem.lower())


def _by_name(
    found: Sequence[_Notebook], names: Sequence[str], prefix: str
) -> Iterator[tuple[str, _Notebook]]:
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
            yield name, min(candidates, key=lambda each: _nearness(each.path, name, keys[name], prefix))


def _nearness(path: str, name: str, key: str, prefix: str) -> tuple[object, ...]:
    here = PurePosixPath(path)
    beside = here.parent == PurePosixPath(prefix)
    return (here.name != name, _key(path) != key, not beside, path.count("/"), len(here.name), path)


def _by_content(
    found: Sequence[_Notebook], names: Sequence[str], released: Mapping[str, bytes]
) -> Iterator[tuple[str, _Notebook]]:
    """Yield released names with the notebooks that share most lines with them, the best pair first."""
    texts = {name: _lines(released[name]) for name in names if name in released}
    shares = {
        (name, each.path): (lines & each.lines).total() / max(lines.total(), 1)
        for name, lines in texts.items()
        for each in found
    }
    by_path = {each.path: each for each in found}
    while shares:
        name, path = best = max(shares, key=lambda pair: (shares[pair], pair))
        if shares[best] < LEAST_COMMON:
            return
        yield name, by_path[path]
        shares = {pair: share for pair, share in shares.items() if pair[0] != name and pair[1] != path}
