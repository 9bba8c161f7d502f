"""Find out what a box needs of this machine: interpreter, standard library, shared libraries, packages.

Everything else stays out. In particular what lies beside the chosen packages in ``site-packages``, the
grader itself among it, can neither be imported nor read.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

from grader.sandbox.errors import BoxFailed

BOX = Path(__file__).resolve().parent / "box"
"""The folder of what runs inside."""

DEVICES = (Path("/dev/null"), Path("/dev/zero"), Path("/dev/urandom"))
"""Harmless devices that programs open by name."""

_SITES = ("site-packages", "dist-packages")
_SYSTEM = (Path("/usr"), Path("/lib"), Path("/lib32"), Path("/lib64"))
_LOADER_CONFIGURATION = (Path("/etc/ld.so.cache"), Path("/etc/alternatives"))


@dataclass(frozen=True, slots=True)
class Provisions:
    """What a box sees of this machine beside the submission and the packages. All paths are real paths.

    Attributes
    ----------
    interpreter
        The program to start: the real interpreter, never a virtual environment's link to it.
    readable
        Files and folders that may be read with everything beneath.
    listable
        Folders of which only the names may be listed.
    system
        Folders that namespaces show as a whole.
    masked
        Folders inside `system` that namespaces cover with an empty one.
    """

    interpreter: Path
    readable: tuple[Path, ...]
    listable: tuple[Path, ...]
    system: tuple[Path, ...]
    masked: tuple[Path, ...]


def provisions() -> Provisions:
    """Return what the running interpreter needs."""
    # In a virtual environment the compiled part of the standard library still lies with the base interpreter.
    base = {"installed_base": sys.base_prefix, "platbase": sys.base_exec_prefix}
    standard = sorted(
        {Path(sysconfig.get_path(name, vars=base)).resolve() for name in ("stdlib", "platstdlib")}
    )
    shared = sorted(_shared_library_folders() - set(standard))
    sites = {folder: _sites_in(folder) for folder in (*standard, *shared)}
    readable = [each for folder in standard for each in folder.iterdir() if each.name not in _SITES]
    for folder in shared:
        readable += _libraries_in(folder, mixed=bool(sites[folder]))
    return Provisions(
        interpreter=Path(getattr(sys, "_base_executable", sys.executable)).resolve(),
        readable=(*readable, *(path for path in _LOADER_CONFIGURATION if path.exists())),
        listable=tuple(standard),
        system=(*standard, *shared),
        masked=tuple(sorted({each for found in sites.values() for each in found})),
    )


def _sites_in(folder: Path) -> list[Path]:
    """Return the folders of installed packages directly in `folder`, or in a ``python3.x`` there."""
    candidates = (parent / name for parent in (folder, *folder.glob("python*")) for name in _SITES)
    return [each for each in candidates if each.is_dir()]


def _libraries_in(folder: Path, *, mixed: bool) -> Iterable[Path]:
    """Return the folder when it is the system's and holds no packages, else its shared libraries one by one."""
    if not mixed and any(folder.is_relative_to(top) for top in _SYSTEM):
        return [folder]
    return [each for each in folder.glob("*.so*") if each.is_file()]


def _shared_library_folders() -> set[Path]:
    """Return the folders of the shared libraries this process has loaded, but for Python packages'."""
    try:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return set()
    paths = map(Path, set(re.findall(r"(/\S*\.so(?:\.[0-9.]+)?)$", maps, re.MULTILINE)))
    return {path.parent for path in paths if not _of_python(path)}


def _of_python(path: Path) -> bool:
    extension = ".cpython-" in path.name or ".abi3." in path.name
    return extension or any(part in _SITES or part == "lib-dynload" for part in path.parts)


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
                f"the box shall import {package}, which the grader's environment lacks: pip install it"
            )
    return entries


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
