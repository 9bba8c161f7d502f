"""What a student's notebook defines, for public checks: functions and classes of its cells, and values once all ran."""

from __future__ import annotations

import linecache
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from types import ModuleType

from grader.intake.cells import PARSES, STOPPED, answers_of, whole
from grader.intake.notebooks import MOST_CODE, CellPython, Notebook, read_notebook

_DEFINITION = r"(?m)^(?:async +)?(?:def|class) +%s\b"


class NotebookWork:
    """A notebook as it is on disk; it runs where something is asked for, each of the two ways once.

    Parameters
    ----------
    wanted
        Functions and classes that may be asked for: they are taken out of the cells with what they use.
    whole_file
        What errors call the file of all its code.
    """

    def __init__(self, path: Path, wanted: Collection[str], whole_file: str) -> None:
        self.path = path
        self._whole_file = whole_file
        self._wanted = wanted
        self._made: dict[str, Mapping[str, object]] = {}
        self._lost: dict[str, str] = {}

    def has(self, symbol: str) -> bool:
        """Whether the notebook defines or computes `symbol`.

        Raises
        ------
        SyntaxError
            It stands in a cell that does not parse.
        """
        if symbol not in self._functions and symbol in self._lost:
            raise SyntaxError(self._lost[symbol])
        return symbol in self._functions or symbol in self._values

    def get(self, symbol: str) -> object:
        """Return what it defines or computes as `symbol`."""
        return self._functions[symbol] if symbol in self._functions else self._values[symbol]

    def why_not(self, symbol: str) -> str:
        """Say why there may be no `symbol`."""
        stopped = self._values.get(STOPPED) if self.path.is_file() else None
        broken = (
            f" Cell {stopped[0]} of it ended with an error." if isinstance(stopped, list) and stopped else ""
        )
        return f"`{symbol}` is not in {self.path.name}, as it was saved last.{broken}"

    @property
    def _functions(self) -> Mapping[str, object]:
        if "functions" not in self._made:
            notebook = self._read()
            written = "\n".join(cell.source for cell in notebook.cells if cell.kind == "code")
            defined = {name for name in self._wanted if re.search(_DEFINITION % re.escape(name), written)}
            code = answers_of(self.path.name, notebook, MOST_CODE, CellPython(), defined)
            self._lost = {
                name: reason
                for source, reason in code.unread
                for name in defined
                if PARSES in reason and re.search(_DEFINITION % re.escape(name), source)
            }
            names = _run(str(self.path), code.module.data.decode())
            self._made["functions"] = {name: names[name] for name in defined if name in names}
        return self._made["functions"]

    @property
    def _values(self) -> Mapping[str, object]:
        if "values" not in self._made:
            self._made["values"] = _run(self._whole_file, whole(self._read().cells, CellPython()))
        return self._made["values"]

    def _read(self) -> Notebook:
        return read_notebook(self.path.read_bytes() if self.path.is_file() else b"")


def _run(file: str, text: str) -> Mapping[str, object]:
    """Run a module that stands in no file; what is said of an error in it shows its line all the same."""
    module = ModuleType(Path(file).stem)
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), vars(module))  # noqa: S102  # the student's own work, on their machine
    return vars(module)
