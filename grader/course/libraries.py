"""The libraries that an assignment names: what they are imported as, installed as, and which versions are here."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterable, Mapping
from types import MappingProxyType

DISTRIBUTIONS: Mapping[str, str] = MappingProxyType(
    {
        "PIL": "pillow",
        "bs4": "beautifulsoup4",
        "cv2": "opencv-python-headless",
        "dateutil": "python-dateutil",
        "skimage": "scikit-image",
        "sklearn": "scikit-learn",
        "yaml": "pyyaml",
    }
)
"""What is installed under another name than it is imported by."""

NOTEBOOKS_EXTRA = "numgrade[notebooks]"
"""What notebooks are run with, as ``pip install`` calls it."""


def distribution_of(library: str) -> str:
    """Return what ``pip install`` calls `library`."""
    return DISTRIBUTIONS.get(library, library)


def imported_as(name: str) -> str:
    """Return what `name` is imported as, be it that already or what ``pip install`` calls it."""
    known = {installed: library for library, installed in DISTRIBUTIONS.items()}
    return known.get(name.lower(), name)


def installed_versions(libraries: Iterable[str]) -> dict[str, str]:
    """Return the version of each library that is installed here, and nothing of the others."""
    found = {}
    for library in libraries:
        try:
            found[library] = importlib.metadata.version(distribution_of(library))
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
