"""What a notebook's cell needs that is not written yet: said in a sentence, and "Run all" goes on with the next cell.

A cell that fails for want of an answer would end "Run all" with a traceback of something else. The names that it
uses lead to functions whose answer regions are empty. An error out of what the student did write is shown as ever.
"""

from __future__ import annotations

import ast
import inspect
import linecache
import sys
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType, ModuleType, TracebackType
from typing import TYPE_CHECKING, Any

from grader.course.regions import CLOSES, OPENS, Region, RegionError, answers
from grader.intake.notebooks import cell_python

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

NOTEBOOK = "__main__"
MOST_NAMED = 3
LONGEST_ERROR = 160

WHERE = "Write it in {place}, between the lines {opens} and {closes}"
SAVED = ", save the file, and run this cell again."
HERE = ", and run the notebook from there on."
UNTIL_THEN = "Until then this cell stops early ({error}); %tb shows where."


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not written yet: its name for people, and the file, or nothing where it is in the notebook."""

    name: str
    file: str = ""


@dataclass(slots=True)
class OpenAnswers:
    """What the cells of a running notebook have left open.

    Attributes
    ----------
    names
        The notebook's variables.
    modules
        Dotted names of the student's modules.
    left
        Variables that a cell sets whose answer is not written.
    """

    names: Mapping[str, Any]
    modules: Collection[str]
    left: set[str] = field(default_factory=set)

    def needs(self, cell: str, *, failed: bool) -> tuple[Missing, ...]:
        """Return what a cell that was run needs and nobody has written.

        Of one that `failed` also what is used by what it uses, and functions that lack one of several answers.
        """
        try:
            tree = ast.parse(cell_python(cell))
        except (SyntaxError, ValueError):
            return ()
        read = {
            each.id
            for each in ast.walk(tree)
            if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)
        }
        sets = set(_set_by(tree))
        if any(map(_is_open, _regions(cell))):
            self.left |= sets
            return () if _defines(tree) else (Missing("what this cell asks for"),)
        self.left -= sets
        if found := [Missing(name) for name in sorted(read & self.left)]:
            return tuple(found)
        said = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        known = [self.names[name] for name in sorted(read) if name in self.names]
        direct = self._missing(dict(self._functions(known, said)), failed=failed)
        if direct or not failed:
            return direct
        loaded = [vars(sys.modules[each]) for each in self.modules if each in sys.modules]
        texts = {
            each.value
            for each in ast.walk(tree)
            if isinstance(each, ast.Constant) and isinstance(each.value, str)
        }
        named = [module[text] for module in loaded for text in sorted(texts) if text in module]
        return self._missing(self._reached([*known, *named]), failed=True)

    def _missing(self, functions: Mapping[FunctionType, str], *, failed: bool) -> tuple[Missing, ...]:
        found = []
        for function, name in functions.items():
            open_ = [_is_open(each) for each in _regions(_source_of(function))]
            if any(open_) if failed else open_ and all(open_):
                module = function.__module__
                found.append(Missing(name, "" if module == NOTEBOOK else f"{module.replace('.', '/')}.py"))
        return tuple(found)

    def _functions(
        self, objects: Iterable[object], said: Collection[str] | None = None
    ) -> Iterator[tuple[FunctionType, str]]:
        """Yield the student's functions among `objects` and the methods of the student's classes, with their names.

        Parameters
        ----------
        said
            The attributes that are asked for; None for all.
        """
        for each in objects:
            if isinstance(each, ModuleType):
                if each.__name__ in self.modules and said is not None:
                    yield from self._functions(
                        (vars(each)[name] for name in said if name in vars(each)), said
                    )
            elif isinstance(each, FunctionType):
                if self._own(each):
                    yield each, each.__name__
            else:
                kind = each if isinstance(each, type) else type(each)
                for name, method in vars(kind).items() if self._own(kind) else ():
                    if isinstance(method, FunctionType) and (said is None or name in {"__init__", *said}):
                        yield method, f"{kind.__name__}.{name.strip('_')}"

    def _own(self, each: object) -> bool:
        return getattr(each, "__module__", "") in {NOTEBOOK, *self.modules}

    def _reached(self, roots: Iterable[object]) -> dict[FunctionType, str]:
        """Return the functions among `roots`, and those that they use, and so on."""
        found: dict[FunctionType, str] = {}
        waiting = list(self._functions(roots))
        while waiting:
            function, name = waiting.pop(0)
            if function not in found:
                found[function] = name
                said = set(_names_in(function.__code__))
                known = function.__globals__
                used = [known[each] for each in sorted(said) if each in known]
                modules = [each for each in used if isinstance(each, ModuleType)]
                waiting += [*self._functions(each for each in used if each not in modules)]
                waiting += [*self._functions(modules, said)]
        return found


def open_methods(kind: object) -> tuple[str, ...]:
    """Return the methods of a class in which an answer is not written; of anything else none."""
    methods = vars(kind) if isinstance(kind, type) else {}
    return tuple(
        name
        for name, each in methods.items()
        if isinstance(each, FunctionType) and any(map(_is_open, _regions(_source_of(each))))
    )


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from _names_in(each)


def _set_by(node: ast.AST) -> Iterator[str]:
    """Yield the variables that a cell sets, without those of its functions."""
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id
        elif not isinstance(each, ast.FunctionDef | ast.ClassDef | ast.Lambda):
            yield from _set_by(each)


def _defines(tree: ast.Module) -> bool:
    """Whether a cell does nothing but define what is missed where it is used."""
    return bool(tree.body) and all(isinstance(each, ast.FunctionDef | ast.ClassDef) for each in tree.body)


def _source_of(function: FunctionType) -> str:
    try:
        return textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError, SyntaxError):
        return ""


def _regions(source: str) -> tuple[Region, ...]:
    try:
        return answers(source) if OPENS in source else ()
    except RegionError:  # somebody changed the lines around an answer, and so did write there
        return ()


def _is_open(region: Region) -> bool:
    lines = (line.strip() for line in region.text.splitlines())
    return all(not line or line.startswith("#") or line == "pass" for line in lines)


def in_written(traceback: TracebackType | None) -> bool:
    """Whether an error came through a line that the student wrote into an answer."""
    while traceback is not None:
        line = traceback.tb_lineno
        regions = _regions("".join(linecache.getlines(traceback.tb_frame.f_code.co_filename)))
        if any(each.first <= line <= each.last and not _is_open(each) for each in regions):
            return True
        traceback = traceback.tb_next
    return False


def sentence(missing: tuple[Missing, ...]) -> str:
    """Return what is not written yet, and what to do."""
    names = ", ".join(each.name for each in missing[:MOST_NAMED])
    more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    files = [*dict.fromkeys(each.file for each in missing[:MOST_NAMED] if each.file)]
    what = WHERE.format(place=" and ".join(files) or "its cell", opens=OPENS.rstrip(":"), closes=CLOSES)
    return f"not written yet: {names}{more}. {what}{SAVED if files else HERE}"


class GoOn:
    """Says what is not written yet where a cell of a notebook needs it, and takes the cell for done.

    Parameters
    ----------
    shell
        The notebook's.
    modules
        Dotted names of the student's modules.
    """

    def __init__(self, shell: InteractiveShell, modules: Collection[str]) -> None:
        self._open = OpenAnswers(shell.user_ns, modules)
        self._cell = ""
        self._said = False
        self._excused = False
        shell.set_custom_exc((Exception,), self.on_error)  # type: ignore[no-untyped-call]  # IPython's has no types

    def before_cell(self, info: Any = None) -> None:
        """Note what is about to run."""
        self._cell = getattr(info, "raw_cell", None) or ""
        self._said = self._excused = False

    def on_error(
        self,
        shell: InteractiveShell,
        kind: type[BaseException],
        error: BaseException,
        traceback: TracebackType | None,
        tb_offset: int | None = None,
    ) -> None:
        """Show a sentence in place of the traceback of a cell that lacks an answer; IPython calls this."""
        missing = self._open.needs(self._cell, failed=True)
        self._excused = bool(missing) and not in_written(traceback)
        if not self._excused:
            shell.showtraceback((kind, error, traceback), tb_offset=tb_offset)
        if missing:
            self._said = True
            print(sentence(missing))
        if self._excused:
            sys.last_type, sys.last_value, sys.last_traceback = kind, error, traceback
            words = f"{kind.__name__}: {error}".splitlines()[0][:LONGEST_ERROR]
            print(UNTIL_THEN.format(error=words))

    def after_cell(self, result: Any = None) -> None:
        """Let "Run all" go on behind a cell that lacks an answer; say so of one that came through without it, too."""
        if self._excused:
            result.error_in_exec = None  # of this the kernel makes the cell's status
        elif not self._said and result.success and (missing := self._open.needs(self._cell, failed=False)):
            print(sentence(missing))
