"""Keep what a notebook cell puts out, as nbformat outputs, within a number of characters."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Mapping
from typing import Any, Final

KINDS: Final = (
    "text/plain",
    "text/html",
    "text/markdown",
    "text/latex",
    "image/png",
    "image/jpeg",
    "image/svg+xml",
)
"""What of a rich output crosses; scripts and widgets do not."""

_MOST_OUTPUTS: Final = 1000
_KEPT_OF_TEXT: Final = 64 * 1024


class Recorder:
    """The outputs of one cell, in the order in which they came.

    Attributes
    ----------
    outputs
        Outputs as nbformat 4 writes them.
    dropped
        Characters that went beyond the limit.
    """

    def __init__(self, most: int) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.dropped = 0
        self._left = most
        self._named: dict[str, int] = {}
        self._clear_before_next = False

    def text(self, stream: str, text: str) -> None:
        """Add printed text; text that follows text of the same stream joins it."""
        self._clear_now()
        kept = self._taken(text)
        if not kept:
            return
        last = self.outputs[-1] if self.outputs else {}
        if last.get("name") == stream:
            last["pieces"].append(kept)
        elif self._room():
            self.outputs.append({"output_type": "stream", "name": stream, "pieces": [kept]})

    def rich(self, kind: str, data: Mapping[str, Any], name: str = "", *, update: bool = False) -> None:
        """Add what was displayed, or put it in the place of the display of the same name."""
        self._clear_now()
        output = {"output_type": kind, "data": self._kept(data), "metadata": {}}
        if not output["data"] or not self._room():
            return
        if update and name in self._named:
            self.outputs[self._named[name]] = output
            return
        if name:
            self._named[name] = len(self.outputs)
        self.outputs.append(output)

    def error(self, name: str, text: str, traceback: list[str]) -> None:
        """Add an exception; it is never left out."""
        self.outputs.append({"output_type": "error", "ename": name, "evalue": text, "traceback": traceback})

    def clear(self, *, wait: bool) -> None:
        """Forget what there is: now, or before the next output."""
        self._clear_before_next = True
        if not wait:
            self._clear_now()

    def finished(self) -> list[dict[str, Any]]:
        """Return the outputs with the pieces of printed text joined."""
        return [
            {"output_type": "stream", "name": each["name"], "text": "".join(each["pieces"])}
            if "pieces" in each
            else each
            for each in self.outputs
        ]

    def _clear_now(self) -> None:
        if self._clear_before_next:
            self.outputs.clear()
            self._named.clear()
            self._clear_before_next = False

    def _room(self) -> bool:
        return len(self.outputs) < _MOST_OUTPUTS

    def _kept(self, data: Mapping[str, Any]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for kind in KINDS:
            value = _word(data.get(kind))
            if value is not None and kind == "text/plain":
                kept[kind] = self._taken(value[:_KEPT_OF_TEXT])
            elif value is not None and len(value) <= self._left:
                kept[kind] = self._taken(value)
            elif value is not None:
                self.dropped += len(value)
        return kept

    def _taken(self, text: str) -> str:
        """Return the part of `text` that still fits."""
        kept = text[: max(self._left, 0)]
        self.dropped += len(text) - len(kept)
        # In a frame's header a letter outside ASCII takes six characters, one outside the first plane twelve.
        self._left -= len(kept) if kept.isascii() else 12 * len(kept)
        return kept


class Stream(io.TextIOBase):
    """Stands for standard output or error while a cell runs; aloud, it also passes on at once what is written."""

    encoding = "utf-8"

    def __init__(self, recorder: Recorder, name: str, *, aloud: bool = False) -> None:
        super().__init__()
        self._recorder = recorder
        self._name = name
        self._aloud = aloud

    def writable(self) -> bool:
        """Say that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Record `text`."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.text(self._name, str.__str__(text))
        if self._aloud:
            os.write(1, str.__str__(text).encode("utf-8", "replace"))
        return len(text)


def _word(value: Any) -> str | None:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return str.__str__(value) if isinstance(value, str) else None
