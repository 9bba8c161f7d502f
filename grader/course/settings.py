"""What a course says of itself: the table ``[tool.numgrade]`` of its pyproject.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from grader.course.assignment import AssignmentError

PROJECT_FILE = "pyproject.toml"


class CourseError(AssignmentError):
    """A course whose table cannot be used, and so none of its assignments."""


class CourseSettings(BaseModel):
    """A course's table; everything in it may be left out.

    Attributes
    ----------
    assignment
        Which assignment commands are about when none is named; empty where there is none such.
    gate
        The course's own steps of ``invoke validate``, as ``package.module:function``; empty where it has none. See
        `grader.gate.gate.CourseSteps`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    assignment: str = ""
    gate: Annotated[str, Field(pattern=r"^([\w.]+:\w+)?$")] = ""


def load_settings(root: Path) -> CourseSettings:
    """Read the table of the course at `root`; without a file or a table everything is as `CourseSettings` says.

    Raises
    ------
    CourseError
        The file is not TOML, or its table holds what no course can say.
    """
    path = root / PROJECT_FILE
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return CourseSettings()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CourseError(f"{path} is not TOML: {error}") from error
    try:
        return CourseSettings.model_validate(document.get("tool", {}).get("numgrade", {}))
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise CourseError(f"{path}, [tool.numgrade]:\n  " + "\n  ".join(lines)) from error
