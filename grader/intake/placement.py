"""Decide where a submission's files go in the stage, and from which module each answer is imported."""

from __future__ import annotations

import keyword
import re
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from grader.intake.layout import ResolvedLayout, places
from grader.intake.names import folders_above, printable
from grader.intake.release import ReleaseSource
from grader.intake.source import Import, SourceFile, module_name
from grader.results import Flag
from grader.sandbox.libraries import NOTEBOOK_LIBRARIES

_LIBRARIES = (
    (sys.stdlib_module_names - {"test", "this", "antigravity"})
    | set(NOTEBOOK_LIBRARIES)
    # No box has it, because answers must do without it; a module of this name would be taken for it.
    | {"scipy"}
    # The interpreter imports these by itself when it starts.
    | {"sitecustomize", "usercustomize"}
)
"""Names that a submission's top level may not take: Python, the worker and its libraries import them, too."""


_LONGEST_STEM = 48
"""Letters of the name that a file gets which cannot keep its own."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A submission's files as the stage holds them.

    Attributes
    ----------
    files
        Path in the stage to path in the submission. One file may have two places: its own, and the one where
        the layout and the other modules expect it.
    modules
        Symbol to the dotted name of the module that defines it.
    flags
        What could not be placed.
    """

    files: Mapping[str, str]
    modules: Mapping[str, str]
    flags: tuple[Flag, ...] = ()


def place_files(resolved: ResolvedLayout, release: ReleaseSource) -> Placement:
    """Place every Python file that can be imported, and fill empty places from files elsewhere."""
    prefix = resolved.prefix
    here = {path.removeprefix(prefix): path for path in sorted(resolved.sources) if path.startswith(prefix)}
    importable = [place for place in here if _can_be_imported(place)]
    libraries = _LIBRARIES.union(name.partition(".")[0] for name in release.imports)
    shadows = {_top(place) for place in importable} & libraries
    files = {place: here[place] for place in importable if _top(place) not in shadows}
    _fill_answers(files, resolved, release)
    _fill_earlier(files, resolved, release)
    modules = {symbol: _module_of(symbol, files, resolved, release) for symbol in resolved.holders}
    flags = tuple(
        Flag("shadows_library", f"{printable(prefix + name)} has the name of a library; it was left out")
        for name in sorted(shadows)
    )
    return Placement(files, modules, flags)


def _can_be_imported(path: str) -> bool:
    steps = path.removesuffix(".py").split("/")
    return path.endswith(".py") and all(step.isidentifier() and not keyword.iskeyword(step) for step in steps)


def _top(path: str) -> str:
    """Return the name by which a module, or the outermost of its packages, is imported."""
    return path.removesuffix(".py").partition("/")[0]


def _fill_answers(files: dict[str, str], resolved: ResolvedLayout, release: ReleaseSource) -> None:
    """Put the file that holds most of an answer module's symbols where the layout expects that module."""
    for home, place in resolved.layout.answers.items():
        symbols = [symbol for symbol, each in release.homes.items() if each == home]
        held = Counter(resolved.holders[symbol] for symbol in symbols if symbol in resolved.holders)
        if held and place not in files:
            _put(files, place, held.most_common(1)[0][0])


def _fill_earlier(files: dict[str, str], resolved: ResolvedLayout, release: ReleaseSource) -> None:
    """Put earlier work that lies beside the answers, or at the top, where the layout expects it."""
    beside = {PurePosixPath(path).parent for path in resolved.holders.values()}
    for home, place in resolved.layout.earlier.items():
        name = PurePosixPath(place).name
        wanted = resolved.sources.keys() & {
            str(folder / name) for folder in (*beside, PurePosixPath(resolved.prefix))
        }
        useful = [path for path in sorted(wanted) if resolved.sources[path].public & release.offers(home)]
        if useful and place not in files:
            _put(files, place, useful[0])


def _put(files: dict[str, str], place: str, path: str) -> None:
    """Place a file; where case is all that differs it moves, for the sake of disks that ignore case."""
    for other in [each for each in files if each.casefold() == place.casefold()]:
        del files[other]
    files[place] = path


def _module_of(symbol: str, files: dict[str, str], resolved: ResolvedLayout, release: ReleaseSource) -> str:
    """Return the module to import `symbol` from: a place of its file where its relative imports work."""
    holder = resolved.holders[symbol]
    home = resolved.layout.answers[release.homes[symbol]]
    spots = sorted((spot for spot in files if files[spot] == holder), key=lambda spot: (spot == home, spot))
    packaged = [spot for spot in spots if "/" in spot]
    known = _known_modules(files, resolved, release)
    working = [spot for spot in (*packaged, *spots) if _imports_work(resolved.sources[holder], spot, known)]
    if not working and home not in spots:
        working = [_alias(holder, home, files)]
    return module_name((working or [home])[0])


def _alias(holder: str, home: str, files: dict[str, str]) -> str:
    """Place a file that cannot stay where it is beside the module it should have been in."""
    folder = PurePosixPath(home).parent
    stem = re.sub(r"\W", "_", PurePosixPath(holder).stem)[:_LONGEST_STEM]
    stem = stem if stem.isidentifier() and not keyword.iskeyword(stem) else f"_{stem}"
    taken = {spot.casefold() for spot, path in files.items() if path != holder}
    while f"{folder / stem}.py".casefold() in taken:
        stem += "_"
    files[f"{folder / stem}.py"] = holder
    return f"{folder / stem}.py"


def _known_modules(files: Mapping[str, str], resolved: ResolvedLayout, release: ReleaseSource) -> set[str]:
    """Return the paths, without suffix, of all modules and packages that the stage will have."""
    support = (f"{resolved.layout.support}/{name}" for name in release.support)
    modules = {path.removesuffix(".py") for path in (*files, *places(resolved.layout).values(), *support)}
    return modules | {folder for module in modules for folder in folders_above(module)}


def _imports_work(source: SourceFile, spot: str, known: set[str]) -> bool:
    return all(_import_works(each, spot, known) for each in source.imports)


def _import_works(each: Import, spot: str, known: set[str]) -> bool:
    """Say whether a relative import finds its module; absolute ones are the same from everywhere."""
    if not each.level:
        return True
    folders = spot.split("/")[:-1]
    if each.level > len(folders):
        return False
    base = folders[: len(folders) - each.level + 1]
    return "/".join([*base, *filter(None, each.module.split("."))]) in known
