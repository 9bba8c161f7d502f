"""Read what an author describes in TOML, and say which file, and which entry of it, cannot be used."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from grader.results import Refusal

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

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
        raise refused("\n  ".join((f"{complaint}:", *faults(error, model)))) from error


def faults(error: ValidationError, model: type[BaseModel] | None = None) -> list[str]:
    """Say of each entry, of a `model` if that is known, that cannot be used where it is, and why."""
    return [": ".join(filter(None, (_place(each), _why(each, model)))) for each in error.errors()]


def _place(fault: ErrorDetails) -> str:
    """Return which entry it is; empty where it is the whole, whose sentence says what it is about."""
    return ".".join(map(str, fault["loc"]))


def _why(fault: ErrorDetails, model: type[BaseModel] | None) -> str:
    """Say what is wrong with an entry; of one that nothing is called, what it may have been meant to be."""
    if fault["type"] == "value_error":  # a sentence of ours; pydantic writes its own kind before it
        return str(fault["ctx"]["error"])
    if model is None or fault["type"] != "extra_forbidden":
        return fault["msg"]
    *place, key = map(str, fault["loc"])
    known = _keys_at(model, place)
    if place and key in model.model_fields:
        return "there is no such key here; it stands at the top of the file"
    near = get_close_matches(key, known, 1)
    return f"there is no such key; {f'did you mean {near[0]}?' if near else 'there are ' + ', '.join(known)}"


def _keys_at(model: type[BaseModel], place: Iterable[str]) -> list[str]:
    """Return the keys of the table at a place."""
    for step in place:
        if step in model.model_fields:
            model = next(_models_in(model.model_fields[step].annotation), model)
    return [name for name, field in model.model_fields.items() if not field.exclude]


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Go through the tables that an entry may hold."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for each in get_args(annotation):
        yield from _models_in(each)
