"""`%check` in a notebook, and a note of when cells were run, for `invoke submit`."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.core.magic import Magics, line_magic, magics_class
from IPython.display import display

from grader.student.activity import note_run
from grader.student.homework import Homework, HomeworkError
from grader.student.panel import Panel
from grader.student.session import run_public_checks

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

SESSION = "JPY_SESSION_NAME"
"""Environment variable in which Jupyter tells a kernel the path of its notebook."""

VSCODE = "__vsc_ipynb_file__"
"""Variable in which Visual Studio Code tells it."""


@magics_class
class CheckMagics(Magics):
    """The magics of this extension.

    Parameters
    ----------
    shell
        The notebook's shell.
    homework
        Whose public checks.
    """

    def __init__(self, shell: InteractiveShell, homework: Homework) -> None:
        super().__init__(shell)
        self._names = shell.user_ns
        self._homework = homework

    @line_magic
    def check(self, line: str) -> None:
        """Run the public checks of what is named, such as ``%check conv_forward_naive``; alone, run all."""
        try:
            run = run_public_checks(self._homework, tuple(line.replace(",", " ").split()))
        except HomeworkError as error:
            print(error)
            return
        note = f"Interrupted during {run.interrupted}." if run.interrupted else ""
        display(Panel(run.results, note))  # type: ignore[no-untyped-call]  # IPython's has no types

    def after_cell(self, _result: object = None) -> None:
        """Note that a cell of the notebook ran now."""
        notebook = notebook_name(self._names)
        if notebook in self._homework.notebooks:
            note_run(self._homework, notebook, time.time())


def attach(shell: InteractiveShell) -> None:
    """Add the magics to `shell`, once: loading the extension again replaces them."""
    try:
        magics = CheckMagics(shell, Homework.load())
    except HomeworkError as error:
        print(error)
        return
    shell.register_magics(magics)
    for callback in list(shell.events.callbacks["post_run_cell"]):
        if type(getattr(callback, "__self__", None)).__name__ == CheckMagics.__name__:
            shell.events.unregister("post_run_cell", callback)
    shell.events.register("post_run_cell", magics.after_cell)


def notebook_name(namespace: dict[str, object]) -> str:
    """Return the file name of the notebook that this kernel belongs to, or nothing where nobody says."""
    path = namespace.get(VSCODE) or os.environ.get(SESSION, "")
    return Path(str(path)).name
