"""Check what a worker says a cell put out, and make it fit to be kept: nothing of it is trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.notebooks.cells import Output
from grader.sandbox.box.recorder import KINDS
from grader.sandbox.wire import clean

CUT = "The output was cut: {count} characters more were put out."

_PICTURES = ("image/png", "image/jpeg")
_MOST_OUTPUTS = 1000
_NAME_CHARACTERS, _TEXT_CHARACTERS = 100, 2000
_TRACEBACK_LINES = 21

# Each of these takes time in proportion to the text, whatever the text: a cell can print anything.
_BASE64 = re.compile(r"[A-Za-z0-9+/]*={0,2}")
_COLOUR = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_VIEW = re.compile(r"(?:/[^\s:'\"/]{1,64}){0,8}/box-[a-z0-9_]{8}/")


@dataclass(frozen=True, slots=True)
class CellReply:
    """What a worker says about one cell, checked.

    Attributes
    ----------
    failed, late
        Whether the cell raised, and whether its time was up.
    """

    outputs: tuple[Output, ...]
    failed: bool
    late: bool


def checked(reply: object, most: int, root: str, data: str = "") -> CellReply:
    """Return what is usable of a worker's reply.

    Parameters
    ----------
    most
        Characters of text to keep of one output.
    root, data
        Folders of the submission and of the data set, whose places on this machine are taken out of every text.
    """
    if not isinstance(reply, dict) or not isinstance(reply.get("outputs"), list):
        return CellReply((), True, False)
    tidy = _Tidy(most, root, data)
    outputs = [output for each in reply["outputs"][:_MOST_OUTPUTS] for output in tidy.output(each)]
    dropped = reply.get("dropped")
    if isinstance(dropped, int) and dropped > 0:
        outputs.append({"output_type": "stream", "name": "stderr", "text": CUT.format(count=dropped) + "\n"})
    return CellReply(tuple(outputs), reply.get("failed") is not False, reply.get("late") is True)


@dataclass(frozen=True, slots=True)
class _Tidy:
    most: int
    root: str
    data_folder: str

    def output(self, output: object) -> Iterator[Output]:
        """Give the output anew, if it is one."""
        match output:
            case {"output_type": "stream", "name": ("stdout" | "stderr") as name, "text": str(text)}:
                yield {"output_type": "stream", "name": name, "text": self.text(text)}
            case {"output_type": "execute_result", "data": dict(data)}:
                yield {
                    "output_type": "execute_result",
                    "data": self.data(data),
                    "metadata": {},
                    "execution_count": None,
                }
            case {"output_type": "display_data", "data": dict(data)}:
                yield {"output_type": "display_data", "data": self.data(data), "metadata": {}}
            case {"output_type": "error", "ename": str(name), "evalue": str(value), "traceback": list(lines)}:
                yield {
                    "output_type": "error",
                    "ename": clean(name, _NAME_CHARACTERS),
                    "evalue": self.text(value)[:_TEXT_CHARACTERS],
                    "traceback": [
                        self.text(str(line))[:_TEXT_CHARACTERS] for line in lines[:_TRACEBACK_LINES]
                    ],
                }

    def data(self, data: dict[Any, Any]) -> dict[str, str]:
        """Return the kinds of a rich output that are known; pictures only when they are base64."""
        texts = {kind: data[kind] for kind in KINDS if isinstance(data.get(kind), str)}
        pictures = {kind: "".join(texts[kind].split()) for kind in _PICTURES if kind in texts}
        return {kind: self.text(text) for kind, text in texts.items() if kind[:6] != "image/"} | {
            kind: text for kind, text in pictures.items() if _BASE64.fullmatch(text)
        }

    def text(self, text: str) -> str:
        """Return text without colours, without what it overwrote itself, and without places of this machine."""
        plain = _VIEW.sub("", _COLOUR.sub("", text[: self.most]))
        plain = plain.replace(f"{self.root}/", "") if self.root else plain
        plain = plain.replace(self.data_folder, "data") if self.data_folder else plain
        return clean("\n".join(map(_last_drawn, plain.replace("\r\n", "\n").split("\n"))), self.most)


def _last_drawn(line: str) -> str:
    """Return what a line shows that went back to its beginning again and again, as progress bars do."""
    return line.rstrip("\r").rpartition("\r")[2]
