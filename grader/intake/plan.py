"""Plan a stage: what each file of each root holds, before anything is written, and what came back changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import PurePosixPath

from grader.course.assignment import Assignment, cells_module, whole_module
from grader.intake.layout import ResolvedLayout, places
from grader.intake.names import printable
from grader.intake.placement import Placement
from grader.intake.release import ReleaseSource
from grader.intake.rewrite import extended, rewired, selected, stand_in
from grader.intake.source import SourceFile, module_name, read_source, same_code, same_module
from grader.intake.submission import CARRIED, FULL, NAIVE
from grader.results import Flag

Files = dict[str, bytes]


@dataclass(frozen=True)
class StagePlan:
    """What each root of a submission's stage holds.

    Answers and the student's own further modules are the submission's, to the byte. Support files are the
    release's. Given helpers keep what the student added, but what they came with is restored. Earlier work is
    the student's where it parses, completed where a function is missing, else the release's.
    """

    resolved: ResolvedLayout
    placement: Placement
    assignment: Assignment
    release: ReleaseSource

    @property
    def roots(self) -> dict[str, Files]:
        """Path to content, for each of `ROOTS`."""
        return {
            FULL: {**self._complete, **self._mended},
            NAIVE: {**self._complete, **self._blocked},
            CARRIED: {**self._complete, **self._carried},
        }

    @property
    def _mended(self) -> Files:
        """Stubs for answers that do not parse and are judged in the naive root alone.

        A network that imports the layers of another file is not what is wrong with that file.
        """
        judged_here = {
            self.release.homes[part.symbol]
            for part in self.assignment.parts
            if part.symbol and not part.naive
        }
        answers = self.resolved.layout.answers
        shared = {*self._shared_places, *(answers[home] for home in judged_here)}
        return {
            place: self._rewired(home, place, self.release.stubs[home]).encode()
            for home, place in answers.items()
            if place not in shared and (source := self._source_at(place)) is not None and source.error
        }

    @cached_property
    def _complete(self) -> Files:
        """The submission with the release around it."""
        files = {place: self.resolved.sources[path].data for place, path in self.placement.files.items()}
        files |= {place: self._shared(place, carried=False) for place in self._shared_places}
        for home, place in self.resolved.layout.answers.items():
            if place not in files:
                files[place] = self._rewired(home, place, self.release.stubs[home]).encode()
        for package in self.extensions:
            for name in self.assignment.release.fast:
                files.pop(
                    f"{package}/{name}.py", None
                )  # it would stand in for an extension that is not built
            files |= {f"{package}/{name}": content for name, content in self.release.support.items()}
        for folder in {str(PurePosixPath(place).parent) for place in places(self.resolved.layout).values()}:
            if folder == ".":  # modules that stand in no package
                continue
            start = f"{folder}/__init__.py"
            if start not in files or self._asks_for_absent(start, files):
                files[start] = b""
        return files

    def _asks_for_absent(self, start: str, files: Files) -> bool:
        """Say whether a package's own file imports modules of the package that were not handed in."""
        source = self._source_at(start)
        known = {place.removesuffix(".py") for place in files} | {start.removesuffix("/__init__.py")}
        known |= {str(folder) for place in files for folder in PurePosixPath(place).parents}
        tops = {place.partition("/")[0] for place in files if "/" in place}
        wanted = (
            self._imported(each.module, each.level, start).removesuffix(".py").removesuffix("/")
            for each in (source.imports if source else ())
        )
        return any(each.partition("/")[0] in tops and each not in known for each in wanted)

    @property
    def _blocked(self) -> Files:
        """Stand-ins for the fast layers, and for copies of them under other names."""
        fast = [f"{name}.py" for name in self.assignment.release.fast]
        given = [self.release.sources[name] for name in fast if name in self.release.support]
        copies = [
            place
            for place, path in self.placement.files.items()
            if place in self._complete
            and any(same_module(each, self.resolved.sources[path]) for each in given)
        ]
        places = product(self.extensions, fast)
        return {
            **{place: stand_in(self._complete[place]) for place in copies},
            **{f"{package}/{name}": stand_in(self.release.support.get(name)) for package, name in places},
        }

    @property
    def _carried(self) -> Files:
        """The release's earlier work, also in files that mix it with answers."""
        files = {place: self._shared(place, carried=True) for place in self._shared_places}
        earlier = frozenset[str]().union(*map(self.release.offers, self.resolved.layout.earlier))
        for place, path in self.placement.files.items():
            if path in self.resolved.holders.values() and place not in self._shared_places:
                files[place] = self._extended(place, earlier & self.resolved.sources[path].public)
        return files

    @cached_property
    def extensions(self) -> tuple[str, ...]:
        """Every name of the support package that the submission does not use for something else."""
        names = dict.fromkeys(layout.support for layout in self.assignment.layouts if layout.support)
        return tuple(name for name in names if name == self.resolved.layout.support or self._is_free(name))

    def _is_free(self, package: str) -> bool:
        inside = {place for place in self.placement.files if place.startswith(f"{package}/")}
        is_support = any(f"{package}/{name}" in inside for name in self.release.support)
        return f"{package}.py" not in self.placement.files and (is_support or not inside)

    @cached_property
    def _shared_places(self) -> tuple[str, ...]:
        """Where earlier work and given helpers belong: the student and the release may both have a say."""
        layout = self.resolved.layout
        return tuple(dict.fromkeys([*layout.earlier.values(), *layout.given.values()]))

    def _source_at(self, place: str) -> SourceFile | None:
        """Return the student's file for `place`, if there is one."""
        path = self.placement.files.get(place)
        return None if path is None else self.resolved.sources[path]

    def _holds_answers(self, place: str) -> bool:
        return self.placement.files.get(place) in self.resolved.holders.values()

    def _shared(self, place: str, *, carried: bool) -> bytes:
        """Return the text for a place of earlier work or given helpers."""
        source = self._source_at(place)
        all_names = self._earlier_at(place) | self._given_at(place)
        if source is not None and self._stays(source, place):
            return source.data
        replaceable = carried and not self._holds_answers(place)
        if source is None or source.error is not None or (replaceable and source.public <= all_names):
            return "\n\n".join(self._offered(place, all_names)).encode()
        wins = self._given_at(place) | (self._earlier_at(place) if carried else frozenset())
        return self._extended(place, wins | self._missing_at(place))

    def _stays(self, source: SourceFile, place: str) -> bool:
        """Say whether a file is taken as it is: an answer that does not parse, or given code that nobody edited."""
        if source.error is not None:
            return self._holds_answers(place)
        given = [home for home, each in self.resolved.layout.given.items() if each == place]
        if len(given) != 1 or self._earlier_at(place):
            return False
        return same_module(source, self.release.sources[given[0]])

    def _extended(self, place: str, names: frozenset[str]) -> bytes:
        """Return the student's file for `place` with the release's definitions of `names` added."""
        student = self.resolved.sources[self.placement.files[place]].data
        additions = self._offered(place, names)
        return extended(student, additions) if additions else student

    def _offered(self, place: str, names: frozenset[str]) -> list[str]:
        """Return the release's texts for `place`, cut down to `names`, for all modules that offer any of them."""
        layout = self.resolved.layout
        at_place = [home for home, each in {**layout.earlier, **layout.given}.items() if each == place]
        homes = at_place or list(layout.earlier)
        return [
            selected(self._rewired(home, place, self.release.complete[home]), names)
            for home in homes
            if names & self.release.offers(home) or (at_place and not self.release.offers(home))
        ]

    @cached_property
    def _modules(self) -> dict[str, str]:
        """The release's names of modules and support packages, and what they are called in this layout."""
        modules = {module_name(old): module_name(new) for old, new in places(self.resolved.layout).items()}
        return modules | dict.fromkeys(self.assignment.release.support[:1], self.resolved.layout.support)

    def _rewired(self, home: str, place: str, text: str) -> str:
        if home == place and all(old == new for old, new in self._modules.items()):
            return text
        return rewired(text, frozenset(self._modules.items()), module_name(place))

    def _earlier_at(self, place: str) -> frozenset[str]:
        """Return the names of earlier work that belong at `place`."""
        return self._names_at(place, self.resolved.layout.earlier)

    def _given_at(self, place: str) -> frozenset[str]:
        """Return the names that were handed out complete at `place`."""
        return self._names_at(place, self.resolved.layout.given)

    def _names_at(self, place: str, homes: Mapping[str, str]) -> frozenset[str]:
        here = (home for home, each in homes.items() if each == place)
        return frozenset[str]().union(*map(self.release.offers, here))

    def _missing_at(self, place: str) -> frozenset[str]:
        """Return the earlier names that the student's file for `place` neither defines nor imports."""
        missing, seen, waiting = self._earlier_at(place), set[str](), [place]
        while waiting:  # star imports of the stage's modules give what those have
            here = waiting.pop()
            source = self._source_at(here)
            seen.add(here)
            missing -= source.names if source else self._earlier_at(here) | self._given_at(here)
            starred = (each for each in (source.imports if source else ()) if each.star)
            imported = (self._imported(each.module, each.level, here) for each in starred)
            waiting.extend(each for each in imported if each not in seen)
        return missing

    def _imported(self, module: str, level: int, place: str) -> str:
        """Return the place of an imported module, whether there is one or not."""
        folders = place.split("/")[:-1]
        base = folders[: len(folders) - level + 1] if level else []
        return f"{'/'.join([*base, *filter(None, module.split('.'))])}.py"

    def flags(self) -> Iterator[Flag]:
        """Tell where the release stands in for the submission."""
        earlier = {place: self._source_at(place) for place in self.resolved.layout.earlier.values()}
        absent = [place for place, source in earlier.items() if source is None]
        if absent:
            yield Flag("earlier_from_release", f"not handed in, taken from the release: {', '.join(absent)}")
        for place, source in earlier.items():
            if source is None:
                continue
            if source.error is not None and not self._holds_answers(place):
                yield Flag(
                    "earlier_from_release",
                    f"{printable(source.path)} does not parse ({source.error}); taken from the release",
                )
            elif source.error is None and (missing := sorted(self._missing_at(place))):
                yield Flag(
                    "earlier_completed",
                    f"{printable(source.path)} has no {', '.join(missing)}; taken from the release",
                )
        notebooks = {
            module(name): name for name in self.release.cells for module in (cells_module, whole_module)
        }
        missing_files = (
            place for place in self.resolved.layout.answers.values() if place not in self.placement.files
        )
        for name in dict.fromkeys(notebooks.get(place, place) for place in missing_files):
            yield Flag("missing_answer_file", f"{name} was not handed in")


def edited_given_files(resolved: ResolvedLayout, release: ReleaseSource) -> Iterator[Flag]:
    """Flag each given file that came back changed in more than comments, docstrings and package names.

    Support files are compared as a whole. Given helper modules may be added to, so only the definitions they
    came with are compared.
    """
    for name in release.support:
        source = resolved.sources.get(f"{resolved.prefix}{resolved.layout.support}/{name}")
        if source is not None and name in release.sources and not same_module(source, release.sources[name]):
            yield _edited(source, "", "the one handed out was used")
    layout = resolved.layout
    earlier = {
        home: [
            read_source(home, texts[home].encode()).definitions
            for texts in release.earlier.values()
            if home in texts
        ]
        for home in layout.given
    }
    mixed = {*layout.answers.values(), *layout.earlier.values()}
    for home, place in layout.given.items():
        source = resolved.sources.get(resolved.prefix + place)
        if source is None:
            continue
        released, theirs = release.sources[home].definitions, source.definitions
        changed = [
            name
            for name in released
            if name in theirs
            and not same_code(theirs[name], released[name])
            and not any(same_code(theirs[name], each[name]) for each in earlier.get(home, ()) if name in each)
        ]
        if changed or (source.error and place not in mixed):
            what = source.error or ", ".join(changed)
            yield _edited(source, f" ({what})", "what it came with was restored")


def _edited(source: SourceFile, what: str, done: str) -> Flag:
    message = f"{printable(source.path)} differs from the one handed out{what}; {done}"
    return Flag("edited_given_file", message)
