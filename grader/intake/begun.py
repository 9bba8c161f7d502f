"""Which release a submission began from, told by the lines and cells around its answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grader.course.regions import OPENS
from grader.intake.layout import ResolvedLayout, places
from grader.intake.notebooks import Notebook, read_notebook
from grader.intake.release import ReleaseSource
from grader.results import EARLIER_RELEASE, Flag

ANSWER_MARK = OPENS.removesuffix(":")


def begun_from(
    resolved: ResolvedLayout, notebooks: Mapping[str, Notebook], release: ReleaseSource
) -> Iterator[Flag]:
    """Flag work that is more like an earlier release than like today's; answers are judged alike."""
    if not release.earlier:
        return
    theirs: dict[str, frozenset[str]] = {
        name: frozenset(cell.source for cell in notebook.cells) for name, notebook in notebooks.items()
    }
    for home, place in places(resolved.layout).items():
        source = resolved.sources.get(resolved.prefix + place)
        if source is not None:
            theirs[home] = _lines(source.data)
    now = _fit(release.given_texts, theirs)
    fits = {version: _fit(texts, theirs) for version, texts in release.earlier.items()}
    version = max(reversed(fits), key=fits.__getitem__)
    if fits[version] > now:
        yield Flag(EARLIER_RELEASE, f"began from release {version}")


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
        cells = read_notebook(text.encode()).cells
        return frozenset(cell.source for cell in cells if ANSWER_MARK not in cell.source)
    return _lines(text.encode())


def _lines(data: bytes) -> frozenset[str]:
    return frozenset(line.strip() for line in data.decode("utf-8", "replace").splitlines())
