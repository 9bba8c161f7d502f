"""Read what an author describes in TOML, and say which file, and which entry of it, cannot be used."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from grader.results import Refusal

Described = TypeVar("Described", bound=BaseModel)


def read_toml(path: Path, refused: type[Refusal]) -> dict[str, Any]:
    """Return the document in the file at `path`.

    Raises
    ------
    FileNotFoundError
        There is no such file.
    Refusal
        It is not TOML, which is always in UTF-8; of the type `refused`.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise refused(f"{path} is not TOML: {error}") from error


def described(model: type[Described], said: object, complaint: str, refused: type[Refusal]) -> Described:
    """Return what `said` describes.

    Raises
    ------
    Refusal
        It says what the model cannot be; of the type `refused`, with the complaint above a line for each entry.
    """
    try:
        return model.model_validate(said)
    except ValidationError as error:
        raise refused("\n  ".join((f"{complaint}:", *faults(error)))) from error


def faults(error: ValidationError) -> list[str]:
    """Say of each entry that cannot be used where it is, and why."""
    return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
