"""Name an object that stays in the box."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Handle:
    """An object of one worker, which alone can use it.

    Attributes
    ----------
    worker
        Which worker keeps the object.
    id
        The object's number there.
    type_name
        Name of its class as the worker told it; for messages, never for decisions.
    """

    worker: int
    id: int
    type_name: str = ""
