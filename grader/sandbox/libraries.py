"""Name what a box may import, and find where it is installed."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from pathlib import Path

from grader.course.libraries import distribution_of
from grader.sandbox.errors import BoxFailed

CHECK_LIBRARIES = ("numpy",)
"""What a submission may import when checks call it, with all that these require: what an answer may be made of."""

NOTEBOOK_LIBRARIES = (*CHECK_LIBRARIES, "matplotlib", "IPython")
"""What a submission's notebooks may import, with all that these require: what shows an answer as well."""


def library_entries(packages: tuple[str, ...]) -> Mapping[str, Path]:
    """Return the entries of ``site-packages`` that belong to `packages` and to what they require.

    Parameters
    ----------
    packages
        Top-level packages, such as ``"numpy"``.

    Raises
    ------
    BoxFailed
        A package is not installed.
    """
    entries: dict[str, Path] = {}
    waiting, seen = list(packages), set[str]()
    while waiting:
        package = waiting.pop()
        if package in seen:
            continue
        seen.add(package)
        distribution = _distribution(package)
        entries |= (_recorded(distribution) if distribution else {}) or _importable(package)
        waiting += _requirements(distribution) if distribution else []
    for package in packages:
        if not any(name.partition(".")[0] == package for name in entries):
            raise BoxFailed(
                f"the box shall import {package}, which the grader's environment lacks: "
                f"pip install {distribution_of(package)}"
            )
    return entries


def modules_used(sources: Iterable[str], libraries: tuple[str, ...]) -> tuple[str, ...]:
    """Return what `sources` import of `libraries`, with the libraries first: modules, and what may be modules.

    A library such as SciPy loads its parts on first use, which would be in every worker anew.
    """
    found = dict.fromkeys(libraries)
    for source in sources:
        found |= dict.fromkeys(imported_names(source))
    return tuple(name for name in found if name.partition(".")[0] in libraries and "*" not in name)


def imported_names(source: str) -> Iterator[str]:
    """Give the modules that `source` imports, and what may be modules."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield from (module, *(f"{module}.{alias.name}" for alias in names))


def _distribution(package: str) -> importlib.metadata.Distribution | None:
    try:
        return importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        names = importlib.metadata.packages_distributions().get(package, [])
        return importlib.metadata.distribution(names[0]) if names else None


def _recorded(distribution: importlib.metadata.Distribution) -> dict[str, Path]:
    """Return the top-level entries an installer noted down."""
    record = distribution.read_text("RECORD") or ""
    tops = {line.partition(",")[0].partition("/")[0].strip('"') for line in record.splitlines()}
    base = Path(str(distribution.locate_file(""))).resolve()
    # Programs lie above the folder ("..") and stay out, and so do .pth files, which can run code at every start.
    wanted = (top for top in tops - {"..", "", "__pycache__"} if not top.endswith(".pth"))
    return {top: base / top for top in wanted if (base / top).exists()}


def _importable(package: str) -> dict[str, Path]:
    """Return where `package` is imported from, and the shared libraries bundled beside it."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        return {}
    place = Path(spec.origin).resolve()
    place = place.parent if spec.submodule_search_locations else place
    bundled = place.with_name(f"{package}.libs")
    return {place.name: place} | ({bundled.name: bundled} if bundled.is_dir() else {})


def _requirements(distribution: importlib.metadata.Distribution) -> Iterator[str]:
    """Yield the names of required distributions, extras left out."""
    # The header ends at the first empty line; lines of blanks continue what is above them.
    header = takewhile(len, (distribution.read_text("METADATA") or "").splitlines())
    for line in header:
        requirement, _, marker = line.removeprefix("Requires-Dist:").partition(";")
        name = re.match(r"\s*([A-Za-z0-9._-]+)", requirement)
        if line.startswith("Requires-Dist:") and name and "extra" not in marker:
            yield name[1]
