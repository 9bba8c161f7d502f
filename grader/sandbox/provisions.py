"""Find out what the box needs of this machine: interpreter, standard library, shared libraries, chosen packages.

Everything else stays out. In particular the packages beside the chosen ones in ``site-packages``, the grader's own among them,
can neither be imported nor read.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.sandbox.errors import BoxFailed

BOX = Path(__file__).resolve().parent / "box"
"""The folder of what runs inside."""

_SITE_FOLDERS = ("site-packages", "dist-packages")
_SYSTEM = (Path("/usr"), Path("/lib"), Path("/lib32"), Path("/lib64"))
_LOADER_CACHE = (Path("/etc/ld.so.cache"), Path("/etc/alternatives"))
DEVICES = (Path("/dev/null"), Path("/dev/zero"), Path("/dev/urandom"))
"""Harmless devices that programs open by name."""


@dataclass(frozen=True, slots=True)
class Provisions:
    """What a box may see of this machine beside the submission. All paths are real paths.

    Attributes
    ----------
    interpreter
        The program to start: the real interpreter, never a virtual environment's link to it.
    readable
        Files and folders that may be read with everything beneath.
    listable
        Folders of which only names may be listed.
    system
        Folders that namespaces bind as a whole.
    masked
        Folders inside `system` that namespaces cover with an empty one.
    """

    interpreter: Path
    readable: tuple[Path, ...]
    listable: tuple[Path, ...]
    system: tuple[Path, ...]
    masked: tuple[Path, ...]


def provisions() -> Provisions:
    """Return what this interpreter needs to run."""
    interpreter = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
    standard = {Path(sysconfig.get_path(name)).resolve() for name in ("stdlib", "platstdlib")}
    shared = {folder for folder in _shared_library_folders() if folder not in standard}
    readable = [each for folder in sorted(standard) for each in _without_site(folder)]
    readable += [each for folder in sorted(shared) for each in _libraries_in(folder)]
    return Provisions(
        interpreter=interpreter,
        readable=(*readable, *(path for path in _LOADER_CACHE if path.exists())),
        listable=tuple(sorted(standard)),
        system=tuple(sorted(standard | shared)),
        masked=tuple(sorted({each for folder in standard | shared for each in _sites_in(folder)})),
    )


def _without_site(folder: Path) -> Iterator[Path]:
    return (each for each in folder.iterdir() if each.name not in _SITE_FOLDERS)


def _sites_in(folder: Path) -> Iterator[Path]:
    for name in _SITE_FOLDERS:
        yield from (each for each in (folder / name, *folder.glob(f"python*/{name}")) if each.is_dir())


def _libraries_in(folder: Path) -> Iterator[Path]:
    """Yield the folder itself when it is the system's and holds no packages, else its shared libraries one by one."""
    of_system = any(folder.is_relative_to(top) for top in _SYSTEM)
    if of_system and not any(_sites_in(folder)):
        yield folder
    else:
        yield from (each for each in folder.glob("*.so*") if each.is_file())


def _shared_library_folders() -> set[Path]:
    """Return the folders of the shared libraries this process has loaded, those of Python packages left out."""
    try:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return set()
    paths = {Path(match) for match in re.findall(r"(/\S*\.so(?:\.[0-9.]+)?)$", maps, re.MULTILINE)}
    return {path.parent for path in paths if not _of_python(path)}


def _of_python(path: Path) -> bool:
    return (
        any(part in _SITE_FOLDERS or part == "lib-dynload" for part in path.parts) or ".cpython-" in path.name
    )


def library_entries(packages: tuple[str, ...]) -> Mapping[str, Path]:
    """Return the files and folders of ``site-packages`` that belong to `packages` and to what they require.

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
    waiting, seen = list(packages), set()
    while waiting:
        package = waiting.pop()
        if package in seen:
            continue
        seen.add(package)
        distribution = _distribution(package)
        found = _from_record(distribution) if distribution else {}
        entries |= found or _from_import(package, required=package in packages)
        waiting.extend(_requirements(distribution) if distribution else ())
    return entries


def _distribution(package: str) -> importlib.metadata.Distribution | None:
    try:
        return importlib.metadata.distribution(package)
    except importlib.metadata.PackageNotFoundError:
        names = importlib.metadata.packages_distributions().get(package, [])
        return importlib.metadata.distribution(names[0]) if names else None


def _from_record(distribution: importlib.metadata.Distribution) -> dict[str, Path]:
    record = distribution.read_text("RECORD") or ""
    tops = {line.partition(",")[0].partition("/")[0].strip('"') for line in record.splitlines()}
    base = Path(str(distribution.locate_file(""))).resolve()
    tops -= {"..", "", "__pycache__"}
    return {top: base / top for top in tops if not top.endswith(".pth") and (base / top).exists()}


def _from_import(package: str, *, required: bool) -> dict[str, Path]:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        if required:
            raise BoxFailed(
                f"the box shall import {package}, which is not installed beside the grader: pip install it"
            )
        return {}
    folder = Path(spec.origin).resolve()
    folder = folder.parent if spec.submodule_search_locations else folder
    bundled = folder.parent / f"{package}.libs"
    return {folder.name: folder} | ({bundled.name: bundled} if bundled.is_dir() else {})


def _requirements(distribution: importlib.metadata.Distribution) -> Iterator[str]:
    """Yield the installed requirements, extras left out."""
    for line in distribution.requires or ():
        requirement, _, marker = line.partition(";")
        name = re.match(r"[A-Za-z0-9._-]+", requirement)
        if name and "extra" not in marker:
            yield name[0]
