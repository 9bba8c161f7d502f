"""Remember when cells of a notebook were last run, to tell later whether it was saved after that."""

from __future__ import annotations

import contextlib
import json

from grader.student.homework import Homework, read_json

FILE = ".numgrade-check.json"
"""In the homework's folder; hidden, and not handed in."""

SLACK = 2.0
"""Seconds by which clocks of files may differ from the clock of this machine; FAT keeps even seconds only."""


def note_run(homework: Homework, notebook: str, moment: float) -> None:
    """Note that a cell of `notebook` ran at `moment`, in seconds since 1970."""
    # A folder that cannot be written to only costs a warning later on.
    with contextlib.suppress(OSError):
        text = json.dumps({**_noted(homework), notebook: moment})
        (homework.root / FILE).write_text(text, encoding="utf-8")


def ran_after_saving(homework: Homework, notebook: str) -> bool:
    """Whether a cell of `notebook` is known to have run after the file was last saved."""
    moment = _noted(homework).get(notebook)
    path = homework.root / notebook
    return isinstance(moment, float | int) and path.is_file() and path.stat().st_mtime + SLACK < moment


def _noted(homework: Homework) -> dict[str, object]:
    noted = read_json(homework.root / FILE)
    return noted if isinstance(noted, dict) else {}
