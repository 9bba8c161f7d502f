"""What assignment.toml says of notebooks: numbers that cells must arrive at, and the cell that trains a network."""

from __future__ import annotations

import ast
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from grader.results import Scope

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


Path = Annotated[str, AfterValidator(_checked_path)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


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
    value: Path
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
    seconds
        Wall time of the cell.
    tolerance
        Difference of accuracies above which staff are told that the two do not fit together.
    """

    notebook: str
    cell: str
    model: Path
    images: Path
    labels: Path
    seconds: float = Field(default=3600.0, gt=0)
    tolerance: float = 0.05


class NotebookRules(_Frozen):
    """What is looked at when notebooks run.

    Attributes
    ----------
    data_variable
        Environment variable that names the folder of the data set, to ``invoke grade`` and to the notebooks' cells.
    """

    data_variable: str | None = None
    goals: tuple[Goal, ...] = ()
    training: Training | None = None
