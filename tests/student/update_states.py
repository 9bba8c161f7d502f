"""Made states of student work, and made changes of a release, each by a number: what an update has to cope with."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from grader.course.regions import CLOSES, OPENS, RULE

NAMES = ("scale", "shift", "blend", "trace", "fold")


def function(
    name: str, *, hint: str = "Write it.", doc: str = "Return what is asked.", inside: str = "    pass\n"
) -> str:
    """Return a stub as a release has it."""
    return (
        f'def {name}(x, y):\n    """{doc}"""\n    out = None\n'
        f"    {RULE}\n    # {OPENS}\n    #   {hint}\n    {RULE}\n{inside}    {RULE}\n    # {CLOSES}\n    {RULE}\n"
        f"    return out\n"
    )


def cell(name: str, source: str, kind: str = "code") -> dict[str, Any]:
    """Return a notebook's cell."""
    run = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": name, "metadata": {}, "source": source.splitlines(keepends=True), **run}


@dataclass
class Release:
    """What is handed out: the head of a module, its functions, the cells of a notebook."""

    head: str = '"""Given."""\n\nimport numpy as np\n'
    functions: dict[str, str] = field(default_factory=lambda: {name: function(name) for name in NAMES[:4]})
    cells: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def first(cls) -> Release:
        """Return the release that everybody begins from."""
        task = f"{RULE}\n# {OPENS}\n#   Train {{}}.\n{RULE}\n\n{RULE}\n# {CLOSES}\n{RULE}"
        cells = [cell("title", "# Work", "markdown"), cell("setup", "import numpy as np\nx = np.ones(3)")]
        for name in NAMES[:3]:
            cells.append(cell(f"say-{name}", f"Now write `{name}`.", "markdown"))
            cells.append(cell(f"try-{name}", f"print({name}(x, x))"))
            cells.append(cell(f"do-{name}", task.format(name)))
        return cls(cells=cells)

    @property
    def module(self) -> str:
        """The module's text."""
        return "\n\n".join((self.head, *self.functions.values()))

    @property
    def notebook(self) -> str:
        """The notebook's text."""
        document = {"cells": self.cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def changed(number: int) -> Release:
    """Return release `number`: the first with one to four changes."""
    rng = random.Random(f"release {number}")  # noqa: S311
    release = Release.first()
    for change in rng.sample(CHANGES, rng.randint(1, 4)):
        change(release, rng)
    return release


def _one(release: Release, rng: random.Random) -> str:
    return rng.choice(list(release.functions))


def _hint(release: Release, rng: random.Random) -> None:
    name = _one(release, rng)
    release.functions[name] = release.functions[name].replace("Write it.", "Write it without a loop.")


def _doc(release: Release, rng: random.Random) -> None:
    name = _one(release, rng)
    release.functions[name] = release.functions[name].replace("what is asked", "x times y, of shape (N, D)")


def _stub(release: Release, rng: random.Random) -> None:
    name = _one(release, rng)
    release.functions[name] = release.functions[name].replace("    pass\n", "    out = 0\n")


def _given_line(release: Release, rng: random.Random) -> None:
    name = _one(release, rng)
    release.functions[name] = release.functions[name].replace("    out = None\n", "    out = np.zeros(3)\n")


def _another(release: Release, _rng: random.Random) -> None:
    release.functions[NAMES[4]] = function(NAMES[4])


def _without(release: Release, rng: random.Random) -> None:
    del release.functions[_one(release, rng)]


def _renamed(release: Release, rng: random.Random) -> None:
    name = _one(release, rng)
    release.functions = {
        (f"{each}_naive" if each == name else each): text.replace(f"def {name}(", f"def {name}_naive(")
        for each, text in release.functions.items()
    }


def _reordered(release: Release, rng: random.Random) -> None:
    names = list(release.functions)
    rng.shuffle(names)
    release.functions = {name: release.functions[name] for name in names}


def _head(release: Release, _rng: random.Random) -> None:
    release.head = release.head.replace("import numpy as np\n", "import math\n\nimport numpy as np\n")


def _given_cell(release: Release, rng: random.Random) -> None:
    found = rng.choice([each for each in release.cells if not each["id"].startswith("do-")])
    found["source"] = ["# mended\n" if found["cell_type"] == "code" else "Mended. ", *found["source"]]


def _answer_cell(release: Release, rng: random.Random) -> None:
    found = rng.choice([each for each in release.cells if each["id"].startswith("do-")])
    found["source"] = [line.replace("Train", "Train and print") for line in found["source"]]


def _new_cell(release: Release, rng: random.Random) -> None:
    release.cells.insert(rng.randint(0, len(release.cells)), cell("extra", "assert x.sum() == 3"))


def _no_cell(release: Release, rng: random.Random) -> None:
    del release.cells[rng.randrange(len(release.cells))]


CHANGES: tuple[Callable[[Release, random.Random], None], ...] = (
    *(_hint, _doc, _stub, _given_line, _another, _without, _renamed, _reordered, _head),
    *(_given_cell, _answer_cell, _new_cell, _no_cell),
)


@dataclass
class Work:
    """A student's files, and what of them nobody else wrote.

    Attributes
    ----------
    module, notebook
        The texts.
    own
        Pieces of text that the student wrote into the module.
    own_cells
        The same, in cells.
    """

    module: str
    notebook: str
    own: list[str]
    own_cells: list[str]


def written(number: int) -> Work:
    """Return the work in state `number`: some answers, and whatever else students do to a file."""
    rng = random.Random(f"work {number}")  # noqa: S311
    release = Release.first()
    module, own = release.module, []
    for name in release.functions:
        if rng.random() < 0.7:
            answer = _answer(rng, "    ")
            own.append(answer)
            start = module.index(f"def {name}(")
            place = module.index("    pass\n", start)
            module = module[:place] + answer + module[place + len("    pass\n") :]
    for edit in rng.sample(_MODULE_EDITS, rng.randint(0, 3)):
        module = edit(module, own, rng)
    if rng.random() < 0.2:
        module = module.replace("\n", "\r\n")
        own = [text.replace("\n", "\r\n") for text in own]
    cells, own_cells = copy.deepcopy(release.cells), list[str]()
    for each in cells:
        if each["id"].startswith("do-") and rng.random() < 0.7:
            answer = _answer(rng, "")
            own_cells.append(answer)
            text = "".join(each["source"]).replace(f"{RULE}\n\n{RULE}", f"{RULE}\n{answer}{RULE}")
            each["source"] = text.splitlines(keepends=True)
        if each["cell_type"] == "code" and rng.random() < 0.5:
            each["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["1.0\n"]}]
            each["execution_count"] = rng.randint(1, 99)
    for change in rng.sample(_CELL_EDITS, rng.randint(0, 3)):
        change(cells, own_cells, rng)
    release.cells = cells
    return Work(module, release.notebook, own, own_cells)


def _answer(rng: random.Random, indent: str) -> str:
    lines = [
        rng.choice(
            (
                "out = x * y",
                "# größer als null ∂L/∂x",
                "for i in range(3):\n{0}    out = i",
                "pass",
                "",
                "out = '''a\nb'''",
            )
        )
        for _ in range(rng.randint(1, 4))
    ]
    mark = f"{indent}out = {rng.random()}\n"  # so that it can be found again
    return mark + "".join(f"{indent}{line.format(indent)}\n" if line else "\n" for line in lines)


def _helper(module: str, own: list[str], rng: random.Random) -> str:
    text = f"\n\ndef helper_{rng.randrange(10**6)}(a):\n    return a\n"
    own.append(text)
    return module + text


def _import(module: str, own: list[str], rng: random.Random) -> str:
    line = f"import json as j{rng.randrange(10**6)}\n"
    own.append(line)
    return module.replace("import numpy as np\n", f"import numpy as np\n{line}", 1)


def _comment(module: str, own: list[str], rng: random.Random) -> str:
    place = module.find("    return out\n", rng.randrange(len(module)))
    if place < 0:
        return module
    own.append(line := f"    # my note {rng.randrange(10**6)}\n")
    return module[:place] + line + module[place:]


def _no_banner(module: str, _own: list[str], rng: random.Random) -> str:
    return module.replace(f"    # {CLOSES}\n", "", rng.randint(1, 2))


def _given_edit(module: str, own: list[str], rng: random.Random) -> str:
    line = f"    out = np.empty({rng.randrange(10**6)})\n"
    own.append(line)
    return module.replace("    out = None\n", line, 1)


_MODULE_EDITS = (_helper, _import, _comment, _no_banner, _given_edit)


def _own_cell(cells: list[dict[str, Any]], own: list[str], rng: random.Random) -> None:
    text = f"mine = {rng.random()}\n"
    own.append(text)
    cells.insert(rng.randint(0, len(cells)), cell(f"c{rng.randrange(10**6)}", text))


def _other_ids(cells: list[dict[str, Any]], _own: list[str], rng: random.Random) -> None:
    for each in cells:
        if rng.random() < 0.8:
            each["id"] = f"r{rng.randrange(10**9)}"


def _no_ids(cells: list[dict[str, Any]], _own: list[str], _rng: random.Random) -> None:
    for each in cells:
        each.pop("id", None)


def _edited_given(cells: list[dict[str, Any]], own: list[str], rng: random.Random) -> None:
    text = f"y = {rng.random()}\n"
    found = next(
        (each for each in cells if each["cell_type"] == "code" and "print(" in "".join(each["source"])), None
    )
    if found is not None:
        own.append(text)
        found["source"] = [text, *found["source"]]


def _moved(cells: list[dict[str, Any]], _own: list[str], rng: random.Random) -> None:
    cells.insert(rng.randrange(len(cells)), cells.pop(rng.randrange(len(cells))))


def _lost(cells: list[dict[str, Any]], _own: list[str], _rng: random.Random) -> None:
    cells[:] = [each for each in cells if each.get("id") != "title"]


_CELL_EDITS = (_own_cell, _other_ids, _no_ids, _edited_given, _moved, _lost)
