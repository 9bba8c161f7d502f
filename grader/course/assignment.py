"""One assignment as its assignment.toml describes it: files, layouts, parts, points, rules for notebooks, limits."""

from __future__ import annotations

import ast
import re
from collections.abc import Container, Mapping
from datetime import datetime, tzinfo
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from grader.course.description import described, read_toml
from grader.course.libraries import NOTEBOOKS_EXTRA, distribution_of, imported_as
from grader.course.limits import Limits
from grader.course.policy import Policy
from grader.results import Refusal, Scope, family_of

ASSIGNMENT_FILE = "assignment.toml"
ASSIGNMENT_ID = r"^[a-z][a-z0-9-]*$"


class AssignmentError(Refusal):
    """An assignment that cannot be used; the message says which line of which file to change."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def _inside(folder: str) -> str:
    path = PurePosixPath(folder)
    if not folder or path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{folder!r} must be a folder inside the repository, relative to its root")
    return folder


def _library(name: str) -> str:
    name = imported_as(name)
    if not name.isidentifier():
        raise ValueError(f"{name!r} must be what Python imports it as, such as 'scipy', without a version")
    return name


Library = Annotated[str, AfterValidator(_library)]
"""A package that answers may import, by the name it is imported as."""

FolderPath = Annotated[str, AfterValidator(_inside)]
"""A folder of the repository, written relative to its root."""


class Folders(_Frozen):
    """Where the assignment's files stand, each relative to the repository's root.

    Attributes
    ----------
    solution
        The only authored source of the answers: complete modules and notebooks.
    starter
        What ``numgrade release`` writes for students.
    support
        What holds the given support packages; the starter itself where it is empty. Assignments that share a
        package name the same folder.
    """

    solution: FolderPath = "solutions"
    starter: FolderPath = "starter"
    support: FolderPath | None = None


class CarriedForward(StrEnum):
    """What counts where a part is right but for the student's own earlier work: the part as it is, or its best.

    Earlier are the layers of an assignment before, and the functions of this one that the part builds on.
    """

    REPORT = "report"
    SCORE = "score"


class Timed(_Frozen):
    """What a part that judges speed takes the time of; `numgrade validate` grades it over and over under load.

    Attributes
    ----------
    call
        The function or method, such as ``Network.loss``.
    slower
        By which factors it is also made slower. Each must always meet one verdict, so none may lie where the part
        cannot tell.
    """

    call: str = Field(pattern=r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)?$")
    slower: tuple[int, ...] = (3, 20)


OUTSIDE, INSIDE, BY_HAND = "outside", "inside", "hand"
"""Where a part is judged: what is outside of the box nothing in it can forge; or by a person."""


class PartKind(StrEnum):
    """What a part judges."""

    FUNCTION = "function"
    VARIABLE = "variable"
    INSIDE = "inside"
    HAND = "hand"


_ASKED_FOR = frozenset({PartKind.FUNCTION, PartKind.VARIABLE})
"""What checks ask the submission for by name."""


class Part(_Frozen):
    """Something that earns points.

    Attributes
    ----------
    id
        The part's name everywhere: checks, reports, mistakes, statistics.
    kind
        A function or class, by checks outside of the box; or a ``variable``, which checks meet with the value that it
        has when its module was imported or its notebook ran; or what the tests of the part judge that run ``inside``,
        in the process of a notebook, and that stand in a file of the part's name (see `grader.course.inside`); or what
        a person judges by ``hand``: it has no checks.
    symbol
        Function or class of the submission that the part judges; without it, the first word of the id.
    notebook, cell
        Where the tests of a part that is judged inside run: in the place of this cell of this notebook. Of a part for a
        person, the cell to judge, if it is one; the notebook may be left out where there is no other.
    carries
        Whether what those tests assign is there for the cells that follow, as in a notebook; else it is taken back.
    points
        Shared by the part's checks of scope ``homework``.
    title
        What a student reads above the part's checks; without it, the id.
    naive
        Whether the part must be solved without the given fast layers, which are then withheld from the box.
    builds_on_earlier
        Whether the part calls layers of earlier assignments, so that their faults may be carried forward into it.
    builds_on
        Functions of this assignment that the part's answer calls: it is also judged given what these answer in the
        submission, so that their faults may be carried forward.
    timed
        What the part takes the time of; None where it does not judge speed.
    """

    id: str = Field(pattern=r"^[A-Za-z_][\w-]*(\.[A-Za-z_]\w*)?$")
    kind: PartKind = PartKind.FUNCTION
    symbol: str = ""
    notebook: str = ""
    cell: str = ""
    carries: bool = False
    points: float = Field(gt=0)
    title: str = ""
    naive: bool = False
    builds_on_earlier: bool = False
    builds_on: tuple[str, ...] = ()
    timed: Timed | None = None

    @model_validator(mode="before")
    @classmethod
    def _called_after_its_id(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("id"), str):
            return data
        symbol = family_of(data["id"]) if data.get("kind", "function") in _ASKED_FOR else ""
        return {"symbol": symbol, "title": data["id"]} | data

    @model_validator(mode="after")
    def _says_where_it_runs(self) -> Self:
        if self.kind is PartKind.INSIDE and not (self.notebook and self.cell):
            raise ValueError(f"part {self.id} of kind {self.kind.value} needs a notebook and a cell")
        return self

    @property
    def judged(self) -> str:
        """Where it is judged: outside of the box, which cannot be forged, or inside, or by a person."""
        return {PartKind.INSIDE: INSIDE, PartKind.HAND: BY_HAND}.get(self.kind, OUTSIDE)

    @property
    def family(self) -> str:
        """The parts that judge one answer together, such as the three gradients of one backward pass.

        All variables are one: they come from one run of their notebook.
        """
        return "variables" if self.kind is PartKind.VARIABLE else family_of(self.id)


class Argument(_Frozen):
    """What a layout calls an argument that is true or false: True becomes `true`, and False is left out."""

    name: str
    true: str


class Names(_Frozen):
    """What one function or class of a layout calls otherwise than the checks do.

    Attributes
    ----------
    keys
        Keys of the dictionaries that go in and come out.
    arguments
        Arguments that are passed by name; a text stands for the name alone.
    """

    keys: dict[str, str] = {}
    arguments: dict[str, str | Argument] = {}

    def only(self, used: Container[str]) -> Names:
        """Return these names without those that are not used."""
        return Names(
            keys={old: new for old, new in self.keys.items() if old in used},
            arguments={old: new for old, new in self.arguments.items() if old in used},
        )

    def passed(self, arguments: Mapping[str, object]) -> dict[str, object]:
        """Return arguments as this layout takes them."""
        passed = {}
        for old, value in arguments.items():
            match self.arguments.get(old, old):
                case str() as name:
                    passed[name] = value
                case Argument(name=name, true=word) if value:
                    passed[name] = word
        return passed

    def renamed(self, keys: Mapping[Any, object]) -> dict[Any, object]:
        """Return a dictionary with the keys of this layout."""
        return {self.keys.get(key, key): value for key, value in keys.items()}


def cells_module(notebook: str) -> str:
    """Return the file that stands for the functions and classes of a notebook that is the home of answers."""
    return _module(_CELLS, notebook)


def whole_module(notebook: str) -> str:
    """Return the file that stands for all that such a notebook computes."""
    return _module("all_of", notebook)


def stands_for_cells(path: str) -> bool:
    """Say whether a file or module is a notebook or stands for one: what a module defines as well, is the module's."""
    return path.endswith(".ipynb") or path.startswith(_CELLS)


_CELLS = "cells_of"


def _module(prefix: str, notebook: str) -> str:
    return f"{prefix}_{re.sub(r'[^0-9A-Za-z_]', '_', PurePosixPath(notebook).stem)}.py"


class Layout(_Frozen):
    """Where a submission keeps its files; each mapping goes from the release's path to the layout's path.

    ``support`` is the layout's name for the first support package, empty where the assignment has none. Answers that a
    layout does not name are where the release has them. ``names`` says by function or class what the layout calls
    otherwise; a submission that uses the release's names is asked by those. ``lacks`` lists functions and classes that
    the layout may come without: where a submission defines none of that name, its parts leave the total.
    """

    name: str
    support: str = ""
    answers: dict[str, str] = {}
    earlier: dict[str, str] = {}
    given: dict[str, str] = {}
    names: dict[str, Names] = {}
    lacks: tuple[str, ...] = ()


class Allowed(_Frozen):
    """Something of an answer that students may see, such as the naive version of what they are to make faster.

    Attributes
    ----------
    path
        The released file that holds it.
    answer
        The file whose answer it resembles.
    why
        For whoever reads the list.
    """

    path: str
    answer: str
    why: str = Field(min_length=1)


class Release(_Frozen):
    """What students receive. Paths are relative to the assignment's `Folders`: ``support`` to that of its name.

    Attributes
    ----------
    answers
        Modules with YOUR CODE HERE regions, stubbed on release. A notebook among them is the home of the functions,
        classes and variables of its cells.
    cells
        Those notebooks; they are among ``notebooks`` as well.
    earlier
        Modules from earlier assignments, released complete and without banners; a submission's own copy is used
        when it has one.
    given
        Modules released complete that a submission may extend but not redefine.
    support
        Given packages, always restored from the release.
    fast
        Modules of the support package that ``naive`` parts may not use.
    notebooks
        Notebooks with answer cells, in the order a student works through them.
    extras
        Further files, such as data: copied as they are, and beside the answers, to be read, wherever these run.
    allowed
        What the leak scan finds and students may see.
    requirements
        What the student's package requires beside the libraries, such as ``"pooch>=1.8"`` for its support package.
    data
        What the names of the data set's files and folders begin with, in lower case: they are nobody's work where a
        submission holds them, and no part of an autograder.
    kit
        Name of the package with which students check and pack their work, made of the assignment's ``public``
        checks; none without it.
    github
        ``owner/repository``, or ``owner/repository@branch``, where students find the release; notebooks then open in
        Colab. The course's table may say it for all its assignments.
    """

    answers: tuple[str, ...] = ()
    earlier: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    support: tuple[str, ...] = ()
    fast: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    notebooks: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    requirements: tuple[str, ...] = ()
    kit: str | None = None
    github: Annotated[str, Field(pattern=r"^([\w.-]+/[\w.-]+(@[\w./-]+)?)?$")] = ""


Step = tuple[str, str | int]
"""``("attribute", name)`` or ``("item", key)``."""


def path_steps(path: str) -> tuple[str, tuple[Step, ...]]:
    """Split a path such as ``solver.history[-1]`` or ``data["X_val"]`` into its variable and the steps from there.

    Raises
    ------
    ValueError
        It is anything but names, attributes and constant items; nothing is ever computed.
    """
    try:
        node = ast.parse(path, mode="eval").body
    except SyntaxError as error:
        raise ValueError(f"{path!r} is no path like solver.history[-1]: {error.msg}") from error
    steps: list[Step] = []
    while not isinstance(node, ast.Name):
        match node:
            case ast.Attribute(value=inner, attr=name):
                steps.append(("attribute", name))
            case ast.Subscript(value=inner, slice=ast.Constant(value=str() | int() as key)):
                steps.append(("item", key))
            case ast.Subscript(
                value=inner, slice=ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() as key))
            ):
                steps.append(("item", -key))
            case _:
                raise ValueError(f"{path!r} is no path like solver.history[-1]")
        node = inner
    return node.id, tuple(reversed(steps))


def _checked_path(path: str) -> str:
    path_steps(path)
    return path


PathInNotebook = Annotated[str, AfterValidator(_checked_path)]
"""A path from a variable of a notebook to a value."""


class Goal(_Frozen):
    """A number that must have come out when a cell has run.

    Attributes
    ----------
    id
        The check's name, after its part's.
    notebook, cell
        Where it comes out: a released notebook, and the id of a cell, which then runs whatever its tags.
    value
        Where it is, as a path from a variable of the notebook.
    least
        The smallest number that is enough.
    title
        What a student reads.
    part, scope
        Whose points it decides: with scope ``homework`` it is one of the part's checks, with ``beyond`` advice.
    seconds
        Wall time of the cell.
    """

    id: str = Field(pattern=r"^\w+$")
    notebook: str
    cell: str
    value: PathInNotebook
    least: float
    title: str
    part: str
    scope: Scope = Scope.BEYOND
    weight: float = Field(default=1.0, gt=0)
    seconds: float = Field(default=120.0, gt=0)


class Training(_Frozen):
    """The cell in which a student trains the network that they hand in, to be run again on demand.

    Attributes
    ----------
    model
        The variable that holds the trained network, whose ``loss(images)`` gives one score per class.
    images, labels
        Paths to what both networks, the trained one and the one handed in, are measured on.
    data
        ``"package.module:function"`` of the support package: given the data set's folder it returns what the first name
        of both paths stands for. Then both networks meet the grader's own images and labels, whatever the notebook made
        of its own; without it they are those of the notebook.
    seconds
        Wall time of the cell.
    tolerance
        Difference of accuracies above which staff are told that the two do not fit together.
    """

    notebook: str
    cell: str
    model: PathInNotebook
    images: PathInNotebook
    labels: PathInNotebook
    data: str = Field(default="", pattern=r"^([\w.]+:\w+)?$")
    seconds: float = Field(default=3600.0, gt=0)
    tolerance: float = 0.05


class Seed(_Frozen):
    """What makes the random numbers of a notebook the same for everybody while its tests are judged.

    Attributes
    ----------
    value
        Before each cell NumPy's and Python's generators start from it.
    variable
        Where one is named, it is assigned the value wherever a cell assigns it, and no generator is touched.
    """

    value: int = Field(ge=0, lt=2**32)
    variable: str = Field(default="", pattern=r"^([A-Za-z_]\w*)?$")


class NotebookRules(_Frozen):
    """What is looked at when notebooks run.

    Attributes
    ----------
    seed
        Makes the random numbers the same where tests are judged inside; None where it is the notebook's own affair.
    data_variable
        Environment variable that names the folder of the data set, to ``numgrade grade`` and to the cells.
    data_files
        Files of that folder by which it is known: a folder that lacks one is not the data set's.
    """

    data_variable: str | None = None
    seed: Seed | None = None
    data_files: tuple[str, ...] = ()
    goals: tuple[Goal, ...] = ()
    training: Training | None = None


class DataSet(_Frozen):
    """A data set that is too large, or not free, to be handed out: a folder of its own on each machine.

    Attributes
    ----------
    variable
        Environment variable that names the folder, to ``invoke grade`` and to the cells of notebooks.
    files
        Files of that folder by which it is known: a folder that lacks one is not the data set's.
    """

    variable: str = Field(pattern=r"^[A-Za-z_]\w*$")
    files: tuple[str, ...] = ()


class Assignment(_Frozen):
    """An assignment, validated.

    Attributes
    ----------
    draft
        Whether its bank is still to be written: the gate then lists what has no mistake instead of failing.
    libraries
        What answers may import beside NumPy and the standard library. It is loaded once, before the box forks, is
        required by the student's package, and its versions are part of what judges.
    data_sets
        Data sets by names of their own, beside the one of `NotebookRules`. Checks ask for their folders by name.
    """

    id: str = Field(pattern=ASSIGNMENT_ID)
    version: str
    title: str
    draft: bool = False
    weights: str | None = None
    carried_forward: CarriedForward = CarriedForward.REPORT
    libraries: tuple[Library, ...] = ()
    folders: Folders = Folders()
    release: Release
    layouts: tuple[Layout, ...] = Field(min_length=1)
    parts: tuple[Part, ...]
    notebooks: NotebookRules = NotebookRules()
    data_sets: dict[str, DataSet] = {}
    policy: Policy = Policy()
    limits: Limits = Limits()
    folder: Path = Path()

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, data: Any) -> Any:
        """Take ``answers`` and ``files`` from the top, and the release's own layout where none is described."""
        if not isinstance(data, dict) or not isinstance(data.get("release", {}), dict):
            return data
        release = dict(data.get("release", {}))
        short = {"answers": data.get("answers", ()), "extras": data.get("files", ())}
        release |= {key: [*release.get(key, ()), *paths] for key, paths in short.items() if paths}
        release |= _apart(release)
        places = {
            key: {path: path for path in release.get(key, ())} for key in ("answers", "earlier", "given")
        }
        for name in release["cells"]:
            places["answers"] |= {module(name): module(name) for module in (cells_module, whole_module)}
        own = {"name": "release", "support": next(iter(release.get("support", ())), ""), **places}
        layouts = [
            each | {"answers": places["answers"] | _modules_of(each.get("answers", {}))}
            if isinstance(each, dict)
            else each
            for each in data.get("layouts") or [own]
        ]
        return {k: v for k, v in data.items() if k not in {"answers", "files"}} | {
            "release": release,
            "layouts": layouts,
        }

    @model_validator(mode="after")
    def _parts_are_distinct(self) -> Self:
        ids = [part.id for part in self.parts]
        twice = sorted({each for each in ids if ids.count(each) > 1})
        if twice:
            raise ValueError(f"these parts are listed twice: {', '.join(twice)}")
        return self

    @model_validator(mode="after")
    def _parts_build_on_functions(self) -> Self:
        functions = {each.symbol for each in self.parts if each.kind is PartKind.FUNCTION}
        for part in self.parts:
            if part.symbol in part.builds_on:
                raise ValueError(
                    f"part {part.id} builds on {part.symbol}, which it judges itself; name the other functions that it "
                    "calls or is given the results of"
                )
            unknown = sorted({*part.builds_on} - functions)
            if unknown:
                raise ValueError(f"part {part.id} builds on {', '.join(unknown)}, which no part judges")
        return self

    @model_validator(mode="after")
    def _layouts_name_what_is_judged(self) -> Self:
        for layout in self.layouts:
            unknown = sorted({*layout.names, *layout.lacks} - set(self.symbols))
            if unknown:
                raise ValueError(
                    f"layouts: {layout.name} names {', '.join(unknown)}, which no part judges; names and lacks take "
                    f"functions and classes: {', '.join(self.symbols)}"
                )
        return self

    @model_validator(mode="after")
    def _notebook_rules_fit(self) -> Self:
        parts = {part.id for part in self.parts}
        for goal in self.notebooks.goals:
            if goal.part not in parts:
                raise ValueError(f"notebooks.goals: {goal.id} belongs to {goal.part!r}, which is no part")
        for part in self.inside:
            if part.notebook not in self.release.notebooks:
                raise ValueError(f"part {part.id}: {part.notebook!r} is not among the released notebooks")
        for part in self.parts:
            if part.cell and self.notebook_of(part) not in self.release.notebooks:
                known = ", ".join(self.release.notebooks)
                raise ValueError(
                    f"part {part.id}: say in which notebook its cell is; there are {known or 'none'}"
                )
        training = self.notebooks.training
        for rule in (*self.notebooks.goals, *((training,) if training else ())):
            if rule.notebook not in self.release.notebooks:
                raise ValueError(f"notebooks: {rule.notebook!r} is not among the released notebooks")
        return self

    @property
    def symbols(self) -> tuple[str, ...]:
        """Every function or class a part judges, once each, in the order of the parts."""
        return tuple(dict.fromkeys(part.symbol for part in self.parts if part.symbol))

    def notebook_of(self, part: Part) -> str:
        """Return the notebook that a part's cell is in; empty where it names none and it could be several."""
        only = self.release.notebooks[0] if len(self.release.notebooks) == 1 else ""
        return part.notebook or only

    @property
    def answer_files(self) -> frozenset[str]:
        """Where submissions have answers, in any layout: modules and notebooks."""
        made = {module(name) for name in self.release.cells for module in (cells_module, whole_module)}
        places = {path for layout in self.layouts for pair in layout.answers.items() for path in pair}
        return frozenset(places - made | {*self.release.cells})

    @property
    def variables(self) -> frozenset[str]:
        """Those of them that are the variables of a module or of a notebook."""
        return frozenset(part.symbol for part in self.parts if part.kind is PartKind.VARIABLE)

    @property
    def inside(self) -> tuple[Part, ...]:
        """The parts whose tests run inside, in the process of a notebook."""
        return tuple(part for part in self.parts if part.kind is PartKind.INSIDE)

    @property
    def requirements(self) -> tuple[str, ...]:
        """What it takes beside the engine, as ``pip install`` calls it."""
        notebooks = (NOTEBOOKS_EXTRA,) if self.release.notebooks else ()
        return (*notebooks, *map(distribution_of, self.libraries), *self.release.requirements)

    def layout(self, name: str) -> Layout:
        """Return the layout of that name."""
        return next(each for each in self.layouts if each.name == name)

    def require_parts(self, name: str) -> None:
        """Make sure that `name` is a part or a family of parts.

        Raises
        ------
        AssignmentError
            It is neither; the message lists what there is.
        """
        if not any(name in {part.id, part.family} for part in self.parts):
            self.part(name)

    def part(self, part_id: str) -> Part:
        """Return the part named `part_id`.

        Raises
        ------
        AssignmentError
            No part has that name.
        """
        for part in self.parts:
            if part.id == part_id:
                return part
        known = ", ".join(part.id for part in self.parts)
        raise AssignmentError(f"assignment {self.id} has no part {part_id!r}; its parts are {known}")


def _modules_of(places: dict[str, Any]) -> dict[str, Any]:
    """Leave out notebooks: they are known by their names and by what is in them, wherever they lie."""
    return {path: place for path, place in places.items() if not str(path).endswith(".ipynb")}


def _apart(release: dict[str, Any]) -> dict[str, list[str]]:
    """Tell the notebooks among the answers, which are released as notebooks, from the modules."""
    answers = list(release.get("answers", ()))
    cells = [*release.get("cells", ()), *(path for path in answers if str(path).endswith(".ipynb"))]
    notebooks = [*release.get("notebooks", ())]
    return {
        "answers": [path for path in answers if path not in cells],
        "cells": list(dict.fromkeys(cells)),
        "notebooks": [*notebooks, *(path for path in dict.fromkeys(cells) if path not in notebooks)],
    }


def load_assignment(folder: Path, zone: tzinfo | None = None) -> Assignment:
    """Read and validate the assignment in `folder`; its due date is in the course's time `zone`, if that has one.

    Raises
    ------
    AssignmentError
        The file is missing, is not TOML or does not describe an assignment.
    """
    path = folder / ASSIGNMENT_FILE
    try:
        document = read_toml(path, AssignmentError)
    except FileNotFoundError:
        raise AssignmentError(f"{path} does not exist; an assignment is a folder that holds one") from None
    policy = document.get("policy")
    due = policy.get("due") if isinstance(policy, dict) else None
    if zone is not None and isinstance(due, datetime):
        document["policy"]["due"] = due.astimezone(zone) if due.tzinfo else due.replace(tzinfo=zone)
    said = {**document, "folder": folder.resolve()}
    return described(Assignment, said, f"{path} does not describe an assignment", AssignmentError)
