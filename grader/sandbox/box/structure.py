"""Say what an answer's code is made of, its loops and what it uses, by the syntax tree and without running it."""

from __future__ import annotations

import ast
import contextlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

Read = Callable[[str], tuple[str, bytes] | None]
"""Gives the file and the text of a module of the submission's own; nothing for any other."""

Function = ast.FunctionDef | ast.AsyncFunctionDef
Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

FEW = 16
"""Up to so many rounds, a range of numbers that stand in the code counts as written out."""

LOOPS_INSIDE = frozenset(
    {
        *("map", "filter", "functools.reduce", "itertools.starmap", "itertools.accumulate"),
        *("itertools.takewhile", "itertools.dropwhile", "itertools.filterfalse", "itertools.groupby"),
        *("numpy.vectorize", "numpy.frompyfunc", "numpy.fromiter", "numpy.apply_along_axis"),
        "numpy.apply_over_axes",
    }
)
"""What calls a function of Python's once for each entry."""

FOR, WHILE, COMPREHENSION, RECURSION = "a for loop", "a while loop", "a comprehension", "recursion"
CALLBACK, ENTRIES = (
    "a function that is handed over to be called for each entry",
    "an object that is gone through",
)
UNREAD = "code that the file does not show"
LOOPS = LOOPS_INSIDE | {FOR, WHILE, COMPREHENSION, RECURSION, CALLBACK, ENTRIES, UNREAD}
"""Everything that a `Loop` may be."""

_BY_KEY = frozenset({"sorted", "min", "max", "sort"})
_MAPS = frozenset({"map", "starmap", "imap", "imap_unordered", "applymap"})
"""Methods, such as those of a pool, that call what they are given for each entry."""

_ONE_BY_ONE = frozenset({"__iter__", "__next__", "__getitem__"})
"""Methods by which Python goes through an object."""

_HIDING = frozenset({"exec", "eval", "compile", "__import__", "importlib.import_module"})
_NAMESPACES = frozenset({"globals", "locals", "vars"})

_ALONGSIDE = frozenset({"enumerate", "zip", "reversed", "sorted"})
_MOST_FUNCTIONS, _MOST_LOOPS = 500, 50


class Loop(NamedTuple):
    """Something that runs code once for each entry: what, where, and whether the answer is sure to come there."""

    what: str
    where: str
    certain: bool


class _Place(NamedTuple):
    """A function or class of the submission's, with what its names may mean."""

    module: _Module
    node: Definition
    around: ast.ClassDef | None = None
    outer: tuple[Function, ...] = ()


def structure_of(read: Read, module: str, name: str, method: str = "") -> tuple[list[Loop], Counter[str]]:
    """Return the loops of an answer and of all that it uses of the submission's own, and how often it names what.

    Parameters
    ----------
    name, method
        A function or class of the module; one method of the class, or all.

    Returns
    -------
    tuple
        The loops; and for each full name such as ``numpy.linalg.inv``, and each method or attribute of something else
        such as ``.dot``, in how many places it stands.
    """
    code = _Code(read)
    start = code.find(f"{module}.{name}")
    if start is None:
        raise LookupError(f"{module} defines no {name}")
    if method and isinstance(start.node, ast.ClassDef):
        start = _method(code, start, method) or start
    return code.look(start)


def own_module(root: str, given: Iterable[str]) -> Read:
    """Return what reads the modules in the folder `root`, but for those that are `given`; a package ends with a dot."""

    def read(name: str) -> tuple[str, bytes] | None:
        if any(name == each or (each.endswith(".") and f"{name}.".startswith(each)) for each in given):
            return None
        place = name.replace(".", "/")
        for path in (f"{place}.py", f"{place}/__init__.py"):
            with contextlib.suppress(OSError), open(f"{root}/{path}", "rb") as file:
                return path, file.read()
        return None

    return read


class _Module:
    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        self.name, self.path = name, path
        self.definitions: dict[str, Definition] = {}
        self.meanings: dict[str, str] = {}
        self.modules: set[str] = set()
        self.stars: list[str] = []
        self._package = name if path.endswith("__init__.py") else name.rpartition(".")[0]
        for node in ast.walk(tree):
            self._import(node)
        for node in _top_level(tree.body):
            self._bind(node)

    def _import(self, node: ast.AST) -> None:
        """Note what names mean that are imported, anywhere in the module."""
        match node:
            case ast.Import(names=names):
                for alias in names:
                    top = alias.name if alias.asname else alias.name.partition(".")[0]
                    self.meanings[alias.asname or top] = top
                    self.modules.add(top.partition(".")[0])
            case ast.ImportFrom(names=names):
                home = self._home(node)
                self.modules.add(home.partition(".")[0])
                self.stars += [home for alias in names if alias.name == "*"]
                self.meanings |= {each.asname or each.name: f"{home}.{each.name}" for each in names}

    def _bind(self, node: ast.stmt) -> None:
        """Note what a statement of the top level binds to a name; the last of a name counts, as when it runs."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self._define(node.name, node)
            case ast.ImportFrom(names=names) if self._home(node) == self.name:
                # What a module takes from itself is what it had so far under that name.
                known = [each for each in names if each.name in self.definitions]
                for alias in known:
                    self._define(alias.asname or alias.name, self.definitions[alias.name])
            case ast.Assign(targets=[ast.Name(id=new)], value=ast.Name() | ast.Attribute() as old):
                if meaning := self.meaning(old):
                    self.definitions.pop(new, None)
                    self.meanings[new] = meaning
            case ast.Assign(targets=[ast.Name(id=new)], value=value) if _makes_a_function(value):
                made = ast.copy_location(ast.parse("def made(): pass").body[0], node)
                vars(made)["body"] = [ast.copy_location(ast.Expr(value), node)]
                self._define(new, made)  # type: ignore[arg-type]  # a function, as its text says

    def _home(self, node: ast.ImportFrom) -> str:
        """Return the full name of the module that is imported from, by its leading dots."""
        if not node.level:
            return node.module or ""
        above = self._package.split(".")
        return ".".join([*above[: len(above) - node.level + 1], *filter(None, [node.module])])

    def _define(self, name: str, node: Definition) -> None:
        self.definitions[name] = node
        self.meanings.pop(name, None)

    def meaning(self, node: ast.expr, unknown: frozenset[str] = frozenset()) -> str:
        """Return the full name of a name or of a chain of attributes; nothing of what is computed."""
        if isinstance(node, ast.Attribute):
            base = self.meaning(node.value, unknown)
            return f"{base}.{node.attr}" if base else ""
        if not isinstance(node, ast.Name) or node.id in unknown:
            return ""
        if node.id in self.definitions:
            return f"{self.name}.{node.id}"
        return self.meanings.get(node.id, node.id)


class _Code:
    """The submission's modules, read as they are come upon."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._modules: dict[str, _Module | None] = {}

    def module(self, name: str) -> _Module | None:
        if name not in self._modules:
            found = self._read(name)
            self._modules[name] = found and _Module(name, found[0], ast.parse(found[1]))
        return self._modules[name]

    def find(self, full: str, steps: int = 10) -> _Place | None:
        """Return the definition of that full name, wherever it was imported from; None if it is not its own."""
        home, _, name = full.rpartition(".")
        module = self.module(home) if home and steps else None
        if module is None:
            return None
        if name in module.definitions:
            return _Place(module, module.definitions[name])
        if name in module.meanings:
            return self.find(module.meanings[name], steps - 1)
        found = (self.find(f"{star}.{name}", steps - 1) for star in module.stars)
        return next((each for each in found if each is not None), None)

    def look(self, start: _Place) -> tuple[list[Loop], Counter[str]]:
        """Follow all that is used from a definition, each once; what only may be meant is uncertain."""
        looks: dict[ast.AST, _Look] = {}
        waiting: list[tuple[_Place, bool]] = [(start, True)]
        sure: set[ast.AST] = set()
        while waiting and len(looks) < _MOST_FUNCTIONS:
            place, certain = waiting.pop()
            if place.node in sure or (place.node in looks and not certain):
                continue
            look = looks.setdefault(place.node, _Look(self, place))
            if certain:
                sure.add(place.node)
            waiting += [(each, certain) for each in look.uses]
            waiting += [(each, False) for each in look.may_use]
        loops = [
            Loop(what, f"{each.place.module.path}:{line}", node in sure)
            for node, each in looks.items()
            for line, what in each.loops
        ]
        loops += [
            Loop(what, f"{each.place.module.path}:{line}", False)
            for each in looks.values()
            for line, what in each.may_loop
        ]
        loops += [
            Loop(RECURSION, f"{each.place.module.path}:{each.place.node.lineno}", node in sure)
            for node, each in looks.items()
            if _comes_back(node, looks)
        ]
        names = sum((each.names for each in looks.values()), Counter[str]())
        return sorted(loops, key=lambda each: not each.certain)[:_MOST_LOOPS], names


class _Look:
    """What one definition is made of.

    Attributes
    ----------
    loops, may_loop
        The line of each, and what it is; and of what may be one.
    names
        How often it uses what.
    uses, may_use
        Definitions of the submission's that it uses; those of methods that are called so, of who knows what.
    """

    def __init__(self, code: _Code, place: _Place) -> None:
        self.place = place
        self.loops: list[tuple[int, str]] = []
        self.may_loop: list[tuple[int, str]] = []
        self.names: Counter[str] = Counter()
        self.uses: list[_Place] = []
        self.may_use: list[_Place] = []
        self._code = code
        node = place.node
        if isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, Function))
            self.uses += [_Place(place.module, each, node, place.outer) for each in methods]
            return
        scopes = (*place.outer, node)
        self._inner = {each.name: each for scope in scopes for each in _inner(scope)}
        self._unknown = frozenset().union(*map(_own, scopes)) - self._inner.keys()
        waiting: list[ast.AST] = [*reversed(node.body), *node.decorator_list]
        while waiting:
            waiting += reversed(list(self._step(waiting.pop())))

    def _step(self, node: ast.AST) -> Iterable[ast.AST]:
        """Look at one node; return what to look at below it."""
        if isinstance(node, Definition):
            return node.decorator_list
        if isinstance(node, ast.If | ast.While) and isinstance(node.test, ast.Constant):
            if isinstance(node, ast.While) and node.test.value:
                self.loops.append((node.lineno, WHILE))
            return node.body if node.test.value else node.orelse
        if what := _loop(node):
            self.loops.append((node.lineno, what))  # type: ignore[attr-defined]  # each of them has a line
        if isinstance(node, ast.Call):
            self._call(node)
        if isinstance(node, ast.Name | ast.Attribute):
            return self._name(node)
        return ast.iter_child_nodes(node)

    def _call(self, node: ast.Call) -> None:
        """See what a call goes through without a loop of its own, and what it hides from who reads."""
        full = self.place.module.meaning(node.func, self._unknown)
        own = self._found(full) is not None
        last = full.rpartition(".")[2] or getattr(node.func, "attr", "")
        by_key = last in _BY_KEY and any(each.arg == "key" for each in node.keywords)
        by_pattern = full in {"re.sub", "re.subn"} and self._is_function(*node.args[1:2])
        if not own and (by_key or by_pattern or self._is_map(node)):
            self.loops.append((node.lineno, CALLBACK))
        if not own and any(map(self._is_gone_through, node.args)):
            self.loops.append((node.lineno, ENTRIES))
        looked_up = full == "getattr" and not isinstance(node.args[1:2] and node.args[1], ast.Constant)
        if full in _HIDING or full in _NAMESPACES or looked_up:
            self.may_loop.append((node.lineno, UNREAD))

    def _is_map(self, node: ast.Call) -> bool:
        """Whether a method of something unknown is called that is a map everywhere, with more than one argument."""
        func = node.func
        if not isinstance(func, ast.Attribute) or func.attr not in _MAPS or len(node.args) < 2:  # noqa: PLR2004
            return False
        return self._is_function(node.args[0])

    def _is_function(self, *nodes: ast.expr) -> bool:
        """Whether a value is a function of the submission's own."""
        for node in nodes:
            if isinstance(node, ast.Lambda) or (isinstance(node, ast.Name) and node.id in self._inner):
                return True
            if isinstance(node, ast.Name | ast.Attribute) and self._found(
                self.place.module.meaning(node, self._unknown)
            ):
                return True
        return False

    def _is_gone_through(self, node: ast.expr) -> bool:
        """Whether an argument is an object of the submission's own that Python goes through entry by entry."""
        if not isinstance(node, ast.Call):
            return False
        found = self._found(self.place.module.meaning(node.func, self._unknown))
        if found is None or not isinstance(found.node, ast.ClassDef):
            return False
        return any(_method(self._code, found, name) for name in _ONE_BY_ONE)

    def _found(self, full: str) -> _Place | None:
        """Return the definition of the submission's own that a full name means."""
        # What the module does not define may come from a module of which it takes everything.
        return self._code.find(full if "." in full else f"{self.place.module.name}.{full}") if full else None

    def _name(self, node: ast.Name | ast.Attribute) -> Iterable[ast.AST]:
        if not isinstance(node.ctx, ast.Load):
            return ast.iter_child_nodes(node)
        if isinstance(node, ast.Name) and node.id in self._inner:
            self.uses.append(
                _Place(self.place.module, self._inner[node.id], self.place.around, self._outer())
            )
            return ()
        full = self.place.module.meaning(node, self._unknown)
        if not full:
            return self._attribute(node) if isinstance(node, ast.Attribute) else ()
        self.names[full] += 1
        if full in LOOPS_INSIDE:
            self.loops.append((node.lineno, full))
        found = self._found(full)
        if found is not None and isinstance(found.node, ast.ClassDef):
            methods = (_method(self._code, found, name) for name in ("__init__", "__call__"))
            self.uses += [each for each in methods if each is not None]
        elif found is not None:
            self.uses.append(found)
        elif isinstance(node, ast.Attribute) and full.partition(".")[0] not in self.place.module.modules:
            return self._attribute(node)
        return ()

    def _attribute(self, node: ast.Attribute) -> Iterable[ast.AST]:
        """Look at an attribute of something that is no module."""
        self.names[f".{node.attr}"] += 1
        own = self.place.around
        first = self._first()
        if own is not None and isinstance(node.value, ast.Name) and node.value.id in {first, own.name}:
            found = _method(self._code, _Place(self.place.module, own), node.attr)
            self.uses += [found] if found else []
            return ()
        classes = (each for each in self.place.module.definitions.values() if isinstance(each, ast.ClassDef))
        methods = (_method(self._code, _Place(self.place.module, each), node.attr) for each in classes)
        self.may_use += [each for each in methods if each is not None]
        return (node.value,)

    def _first(self) -> str:
        """Return the name of the method's first parameter."""
        node = (*self.place.outer, self.place.node)[0]
        arguments = [*node.args.posonlyargs, *node.args.args] if isinstance(node, Function) else []
        return arguments[0].arg if arguments else ""

    def _outer(self) -> tuple[Function, ...]:
        node = self.place.node
        return (*self.place.outer, node) if isinstance(node, Function) else self.place.outer


def _loop(node: ast.AST) -> str:
    """Return what kind of loop a node is, if it is one that runs as often as the data say."""
    match node:
        case ast.For() | ast.AsyncFor() if not _written_out(node.iter):
            return FOR
        case ast.While():
            return WHILE
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            out = all(_written_out(each.iter) for each in node.generators)
            return "" if out else COMPREHENSION
    return ""


def _written_out(node: ast.expr) -> bool:  # noqa: PLR0911  # one for each kind
    """Whether the code itself says how often a loop over this runs: the axes of an array are as good as that."""
    match node:
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
            return not any(isinstance(each, ast.Starred) for each in parts)
        case ast.Dict() | ast.Constant(value=str()):
            return True
        case (
            ast.Attribute(attr="shape") | ast.Subscript(value=ast.Attribute(attr="shape"), slice=ast.Slice())
        ):
            return True
        case ast.Call(func=ast.Name(id="range"), args=[*numbers]):
            try:
                return len(range(*map(ast.literal_eval, numbers))) <= FEW
            except (ValueError, TypeError, OverflowError):
                return False
        case ast.Call(func=ast.Name(id=name), args=[*parts]) if name in _ALONGSIDE:
            return any(map(_written_out, parts)) if name == "zip" else all(map(_written_out, parts))
    return False


def _makes_a_function(value: ast.expr) -> bool:
    """Whether a value is a function: a lambda, or what something makes of functions, as ``np.vectorize(g)`` does."""
    if isinstance(value, ast.Call):
        return all(
            isinstance(each, ast.Name | ast.Attribute | ast.Lambda | ast.Constant) for each in value.args
        )
    return isinstance(value, ast.Lambda)


def _comes_back(node: ast.AST, looks: dict[ast.AST, _Look]) -> bool:
    """Whether a function comes to use itself."""
    waiting, seen = [node], set[ast.AST]()
    while waiting:
        each = looks.get(waiting.pop())
        for used in each.uses if each else ():
            if used.node is node:
                return True
            if used.node not in seen:
                seen.add(used.node)
                waiting.append(used.node)
    return False


def _method(code: _Code, place: _Place, name: str, steps: int = 10) -> _Place | None:
    """Return a method of a class of the submission's, its own or inherited."""
    if not isinstance(place.node, ast.ClassDef) or not steps:
        return None
    own = [each for each in place.node.body if isinstance(each, Function) and each.name == name]
    if own:
        return _Place(place.module, own[-1], place.node)
    bases = (code.find(place.module.meaning(each)) for each in place.node.bases)
    found = (_method(code, each, name, steps - 1) for each in bases if each is not None)
    return next((each for each in found if each is not None), None)


def _inner(function: Function) -> Iterator[Function]:
    """Yield the functions that are defined in a function's own body."""
    yield from (each for each in _top_level(function.body) if isinstance(each, Function))


def _own(function: Function) -> frozenset[str]:
    """Return the names of a function's variables, whose values the code does not tell."""
    names, outside = set[str](), set[str]()
    for each in ast.walk(function):
        if isinstance(each, ast.arg):
            names.add(each.arg)
        elif isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
            names.add(each.id)
        elif isinstance(each, ast.Global):
            outside.update(each.names)
    return frozenset(names - outside)


def _top_level(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield statements and those in the ``if``, ``try``, ``with`` and loops among them, in their order."""
    waiting = list(body)[::-1]
    while waiting:
        statement = waiting.pop()
        yield statement
        if not isinstance(statement, Definition):
            handlers = getattr(statement, "handlers", [])
            blocks = [getattr(each, "body", []) for each in (statement, *handlers)]
            blocks += [getattr(statement, name, []) for name in ("orelse", "finalbody")]
            waiting += [each for block in reversed(blocks) for each in reversed(block)]
