"""Remember what each page was made from, so that a page that would come out the same is not written again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from grader.reporting.files import ReportPaths, notebook_page_name, write_atomically

STAMPS = ".pages.json"


class PageStamps:
    """The pages in a folder of reports, each with a digest of what it shows.

    Parameters
    ----------
    version
        Of all that pages have in common: another one makes every page anew.
    source
        The folder of submissions that the pages are about.
    """

    def __init__(self, out: Path, version: str, source: str) -> None:
        self._paths = ReportPaths(out)
        self._version = version
        self._source = source
        self._old = _read(out / STAMPS, version)
        self._new: dict[str, str] = {}

    def is_current(self, id: str, digest: str) -> bool:
        """Say whether the pages of a submission show `digest` already, and note that they are to stay."""
        self._new[id] = digest
        return self._old.get(id) == digest and self._paths.student_page(id).is_file()

    def covers_class(self) -> bool:
        """Say whether what covers the whole class is there and shows exactly the submissions noted."""
        files = (self._paths.json, self._paths.csv, self._paths.index)
        return list(self._old.items()) == list(self._new.items()) and all(path.is_file() for path in files)

    def save(self) -> None:
        """Remember what was noted, and remove the pages of submissions that were not."""
        for id in self._old.keys() - self._new.keys():
            self._remove(id)
        document = {"version": self._version, "source": self._source, "pages": self._new}
        write_atomically(self._paths.folder / STAMPS, json.dumps(document))

    def _remove(self, id: str) -> None:
        student = self._paths.student_page(id)
        stem = notebook_page_name(id, "x").removesuffix("x.html")
        for path in (student, self._paths.staff_page(id), *_named(student.parent, stem)):
            path.unlink(missing_ok=True)


def _named(folder: Path, stem: str) -> Iterable[Path]:
    return [path for path in folder.iterdir() if path.name.startswith(stem)] if folder.is_dir() else []


def shown_source(out: Path) -> str | None:
    """Return the folder of submissions that the pages in `out` are about; None where there are no pages."""
    source = _document(out / STAMPS).get("source")
    return source if isinstance(source, str) else None


def _read(path: Path, version: str) -> dict[str, str]:
    """Return what was remembered; nothing where that is of no use any more."""
    document = _document(path)
    pages = document.get("pages")
    if not isinstance(pages, dict):
        return {}
    # Old pages are still ours to remove, but none of them is current.
    same = document.get("version") == version
    return {id: digest if same else "" for id, digest in pages.items()}


def _document(path: Path) -> dict[str, object]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
