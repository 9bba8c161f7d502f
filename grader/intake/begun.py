"""Which release a submission began from, told by the lines and cells around its answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from grader.course.regions import RegionError, answers, without
from grader.course.releases import ADDED_CELLS
from grader.intake.layout import ResolvedLayout, places
from grader.intake.notebooks import Notebook, read_notebook
from grader.intake.release import ReleaseSource
from grader.results import EARLIER_RELEASE, Flag


def begun_from(
    resolved: ResolvedLayout, notebooks: Mapping[str, Notebook], release: ReleaseSource
) -> Iterator[Flag]:
    """Flag work that is more like an earlier release than like today's; answers are judged alike."""
    if not release.earlier:
        return
    theirs = {name: _of_cells(cell.source for cell in notebook.cells) for name, notebook in notebooks.items()}
    for home, place in places(resolved.layout).items():
        source = resolved.sources.get(resolved.prefix + place)
        if source is not None:
            theirs[home] = _lines(source.data)
    fits = {
        version: _better(texts, release.given_texts, theirs) for version, texts in release.earlier.items()
    }
    version = max(reversed(fits), key=fits.__getitem__)
    if fits[version] > 0:
        yield Flag(EARLIER_RELEASE, f"began from release {version}")


def _better(then: Mapping[str, str], now: Mapping[str, str], theirs: Mapping[str, frozenset[str]]) -> int:
    """Return by how much an earlier release fits better than today's, over the files that both have."""
    both = {path: theirs[path] for path in then.keys() & now.keys() & theirs.keys()}
    return _fit(then, both) - _fit(now, both)


def _fit(texts: Mapping[str, str], theirs: Mapping[str, frozenset[str]]) -> int:
    """Return how many lines of a release are there, less those that are not."""
    fit = 0
    for path, text in texts.items():
        if path in theirs:
            given = _given(path, text)
            fit += 2 * len(given & theirs[path]) - len(given)
    return fit


def _given(path: str, text: str) -> frozenset[str]:
    if path.endswith(".ipynb"):
        cells = (cell for cell in read_notebook(text.encode()).cells if cell.id not in ADDED_CELLS)
        return _of_cells(_around(cell.source) for cell in cells)
    return _lines(text.encode())


def _around(source: str) -> str:
    """Return what stands around the answers of a cell."""
    try:
        return without(source, answers(source))
    except RegionError:
        return source


def _of_cells(sources: Iterable[str]) -> frozenset[str]:
    return _lines("\n".join(sources).encode())


def _lines(data: bytes) -> frozenset[str]:
    return frozenset(line.strip() for line in data.decode("utf-8", "replace").splitlines())
