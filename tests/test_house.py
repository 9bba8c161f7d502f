"""The engine's rooms: imports run one way, a public name means one thing, and no course is named."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

ENGINE = Path(__file__).resolve().parent.parent / "grader"

ORDER = (
    *(
        "results",
        "progress",
        "plugins",
        "patience",
        "course",
        "instruments",
        "sandbox",
        "intake",
        "reference",
        "authoring",
        "checking",
    ),
    *(
        "bank",
        "notebooks",
        "scoring",
        "plan",
        "grading",
        "replay",
        "gate",
        "gradebook",
        "reporting",
        "student",
    ),
    *("classrun", "review", "conformance", "commands", "tasks", "__main__"),
)
"""Rooms of grader/, and modules that stand by themselves: each imports only from those before it.

`authoring` stands before what judges: what students received is what notebooks are compared with.
"""

COURSES = re.compile(r"""nndl|cs231n|["']cnn["']|cifar""", re.IGNORECASE)
"""Names of this repository's own course, which other courses do not have."""

# What still breaks a rule; the tests below fail when anything is added here, and also when it has been mended.
UPWARDS: set[tuple[str, str]] = set()
CIRCLES: set[tuple[str, str]] = set()
NAMED_TWICE: set[str] = set()
NAMING_A_COURSE: set[str] = set()


@cache
def modules() -> dict[str, ast.Module]:
    """Return the engine's modules by name."""
    found = {}
    for path in sorted(ENGINE.rglob("*.py")):
        parts = ("grader", *path.relative_to(ENGINE).with_suffix("").parts)
        found[".".join(parts).removesuffix(".__init__")] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imported(name: str) -> Iterator[str]:
    """Give the modules of the engine that a module imports, wherever in it."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "grader":
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in modules() else str(node.module)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in modules())


def room(module: str) -> str:
    """Return the room that a module stands in; empty for the engine's own face."""
    return [*module.split("."), ""][1]


def crossings() -> dict[tuple[str, str], set[str]]:
    """Return which room imports from which other, and the modules that do."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for module in modules():
        for other in imported(module):
            pair = room(module), room(other)
            if all(pair) and pair[0] != pair[1]:
                found[pair].add(f"{module} imports {other}")
    return found


def test_every_room_has_its_place() -> None:
    """A new room says where it stands among the others."""
    assert {room(each) for each in modules()} - {""} == set(ORDER)


def test_imports_run_one_way() -> None:
    """A room imports from rooms before it alone, so that no circle can be."""
    upwards = {pair: who for pair, who in crossings().items() if ORDER.index(pair[0]) < ORDER.index(pair[1])}
    assert upwards.keys() == UPWARDS, upwards


def test_no_two_modules_import_each_other() -> None:
    """Modules can be put in an order in which each comes after all that it imports."""
    arrows = {name: {each for each in imported(name) if each != name} for name in modules()}
    assert all(target in arrows[source] for source, target in CIRCLES)
    for source, target in CIRCLES:
        arrows[source].remove(target)
    TopologicalSorter(arrows).prepare()


def test_a_class_name_means_one_thing() -> None:
    """No two modules of the engine define public classes of one name."""
    homes: dict[str, list[str]] = defaultdict(list)
    for name, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(name)
    twice = {name: where for name, where in homes.items() if len(where) > 1}
    assert twice.keys() == NAMED_TWICE, twice


def test_no_course_is_named() -> None:
    """The engine is every course's: what a course is called, and what it has, stands in the course's own files."""
    texts = (path for ending in ("*.py", "*.template") for path in ENGINE.rglob(ending))
    naming = {
        path.relative_to(ENGINE).as_posix()
        for path in texts
        if COURSES.search(path.read_text(encoding="utf-8"))
    }
    assert naming == NAMING_A_COURSE


PLACE = re.compile(r"`([\w/]+\.(?:py|html))(?:::(\w+))?`")
"""A file of the repository, and what it defines, as CONTRIBUTING.md names them."""


def defined(path: Path) -> set[str]:
    """Return what a module defines at its top, and the attributes of its classes."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {
                each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name)
            }
    return names


def test_contributing_names_places_that_exist() -> None:
    """Every file and name that CONTRIBUTING.md sends people to is there, and every room is in its table."""
    root = ENGINE.parent
    text = (root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    places = PLACE.findall(text)
    assert len(places) > 20
    for file, name in places:
        assert (root / file).is_file(), file
        assert not name or name in defined(root / file), f"{file}::{name}"
    rooms = {room(each) for each in modules() if (ENGINE / room(each) / "__init__.py").is_file()} - {""}
    assert {each for each in rooms if f"](grader/{each}/__init__.py)" not in text} == set()


def test_every_room_names_its_modules() -> None:
    """Who opens a room reads what each of its modules is for."""
    unnamed, gone = [], []
    for opening in ENGINE.rglob("__init__.py"):
        text = ast.get_docstring(ast.parse(opening.read_text(encoding="utf-8"))) or ""
        modules = [path.stem for path in opening.parent.glob("*.py") if path.stem != "__init__"]
        if opening.parent.name not in {"grader", "migrations", "versions"}:
            unnamed += [
                f"{opening.parent.name}/{each}" for each in modules if not re.search(rf"\b{each}\b", text)
            ]
        gone += [
            f"{opening.parent.name}/{each}"
            for each in re.findall(r"^``([a-z_]+)``", text, re.MULTILINE)
            if not {opening.parent / each, opening.parent / f"{each}.py"} & set(opening.parent.iterdir())
        ]
    assert unnamed == []
    assert gone == []
