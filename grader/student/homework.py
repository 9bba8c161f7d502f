"""The homework that a student's package belongs to, as its release describes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

DESCRIPTION = "homework.json"


class HomeworkError(Exception):
    """Something keeps the homework from being checked or packed; the message says what to do."""


@dataclass(frozen=True, slots=True)
class PartToCheck:
    """Something that earns points; see the assignment's table of parts."""

    id: str
    symbol: str
    points: float
    title: str
    builds_on_earlier: bool

    @property
    def family(self) -> str:
        """The parts that judge one answer together."""
        return self.id.partition(".")[0]


@dataclass(frozen=True, slots=True)
class Homework:
    """A homework in the folder where a student works on it.

    Attributes
    ----------
    root
        That folder; every path below is relative to it, with forward slashes.
    package
        The folder of the check package.
    weights
        File of trained weights that is handed in as well, or None.
    answers, earlier, given, notebooks
        Modules with answers, modules of earlier homework, given modules, notebooks.
    """

    id: str
    version: str
    title: str
    root: Path
    package: Path
    weights: str | None
    answers: tuple[str, ...]
    earlier: tuple[str, ...]
    given: tuple[str, ...]
    notebooks: tuple[str, ...]
    parts: tuple[PartToCheck, ...]

    @classmethod
    def load(cls, package: Path | None = None) -> Self:
        """Read the homework of the check package in folder `package`, by default this one.

        Raises
        ------
        HomeworkError
            The package is not in a homework's folder.
        """
        folder = package or Path(__file__).resolve().parent
        document = json.loads((folder / DESCRIPTION).read_text(encoding="utf-8"))
        fields: dict[str, Any] = {name: document[name] for name in ("id", "version", "title", "weights")}
        for name in ("answers", "earlier", "given", "notebooks"):
            fields[name] = tuple(document[name])
        parts = tuple(PartToCheck(**each) for each in document["parts"])
        homework = cls(root=folder.parent, package=folder, parts=parts, **fields)
        homework._demand_sources()
        return homework

    @property
    def modules(self) -> tuple[str, ...]:
        """Dotted names of the student's modules, answers first."""
        return tuple(map(_module_name, (*self.answers, *self.earlier, *self.given)))

    def selects(self, wanted: str, part_id: str, check_id: str) -> bool:
        """Whether a check belongs to what a person calls `wanted`: a check, a part, a family or a function."""
        part = next(each for each in self.parts if each.id == part_id)
        return wanted in {check_id, part.id, part.family, part.symbol}

    def _demand_sources(self) -> None:
        if not any((self.root / path).is_file() for path in self.answers):
            raise HomeworkError(
                f"{self.root} has none of {', '.join(self.answers)}. Go to the folder of the unpacked homework, "
                "run `python -m pip install -e .` there, and try again."
            )


def _module_name(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def read_json(path: Path) -> Any:
    """Return what a JSON file holds, or None where there is no such file or it holds no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
