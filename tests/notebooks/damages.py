"""What comes back in a class's notebooks: each damage makes a file of the solved one, and says what must be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.authoring.notebooks import student_notebook
from grader.intake.notebooks import Cell, Stored
from tests.notebooks.build import code, document, written

NAME = "CNN.ipynb"
ANSWER = "6 * 7"
SETUP = "import numpy as np\nimport matplotlib.pyplot as plt\n\n%matplotlib inline\n%load_ext autoreload\n%autoreload 2"
TASK = """answer = None
# ================================================================ #
# YOUR CODE HERE:
#   Set answer to a number.
# ================================================================ #
answer = 6 * 7
# ================================================================ #
# END YOUR CODE HERE
# ================================================================ #
"""
SHOW = "doubled = None if answer is None else 2 * answer\nprint('the answer is', answer)"
VALUE = "np.arange(3) + 1"
END = "for word in ('every', 'cell', 'ran'):\n    print(word, end=' ')"
CELLS = (
    Cell("markdown", "# A notebook\n\nRead this.", "intro"),
    code(SETUP, "setup"),
    code(TASK, "task", "answer"),
    code(SHOW, "show", printed="the answer is 42"),
    code(VALUE, "value"),
    code(END, "end"),
)
RELEASE = student_notebook(written(document(*CELLS)))
"""What students received: the answer is a stub."""

RAN = "every cell ran"
"""What the last given cell prints: it is on the page whatever happened before."""

Cells = tuple[Cell, ...]


@dataclass(frozen=True)
class Damage:
    """One way in which a notebook comes back.

    Attributes
    ----------
    make
        Gives the file of the cells of the solved notebook.
    said
        Pieces of text that the student's page must hold.
    answer
        What the given cell after the answer prints, or empty where it cannot run.
    """

    name: str
    make: Callable[[Cells], bytes]
    said: tuple[str, ...] = ()
    answer: str = "the answer is 42"


def as_file(cells: Sequence[Cell], minor: int = 5, **metadata: Any) -> bytes:
    """Write nbformat 4."""
    return written(document(*cells, minor=minor, **metadata))


def with_answer(source: str) -> Callable[[Cells], bytes]:
    """Return a damage that answers otherwise."""
    return lambda cells: as_file(
        [replace(cell, source=cell.source.replace(ANSWER, source)) for cell in cells]
    )


def with_own(*sources: str) -> Callable[[Cells], bytes]:
    """Return a damage that adds cells before the one that shows the answer."""
    own = [code(source) for source in sources]
    return lambda cells: as_file([*cells[:3], *own, *cells[3:]])


def edited(change: Callable[[dict[str, Any]], object]) -> Callable[[Cells], bytes]:
    """Return a damage to the document."""

    def make(cells: Cells) -> bytes:
        notebook = document(*cells)
        change(notebook)
        return written(notebook)

    return make


def textual(change: Callable[[str], str], encoding: str = "utf-8") -> Callable[[Cells], bytes]:
    """Return a damage to the text of the file."""
    return lambda cells: change(as_file(cells).decode()).encode(encoding)


def retyped(cells: Cells) -> bytes:
    """Type every cell anew: other comments and spacing, no ids."""
    return as_file([replace(cell, source=f"# mine\n\n{cell.source}\n\n\n", id="") for cell in cells])


def split(cells: Cells) -> bytes:
    """Cut the first cell of code into two."""
    first, _, second = cells[1].source.partition("\n\n%matplotlib")
    return as_file([cells[0], code(first), code(f"%matplotlib{second}"), *cells[2:]])


def version_3(cells: Cells, major: int = 3) -> bytes:
    """Write worksheets."""
    sheet = [
        {"cell_type": cell.kind, "input" if cell.kind == "code" else "source": cell.source} for cell in cells
    ]
    return written({"nbformat": major, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": sheet}]})


def conflict(text: str, ours: str, theirs: str) -> Callable[[str], str]:
    """Return a change that puts an unresolved merge in the place of `text`."""
    return lambda whole: whole.replace(text, f"<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> 1a2b3c4\n", 1)


def without(*names: str) -> Callable[[Cells], bytes]:
    """Return a damage that deletes cells."""
    return lambda cells: as_file([cell for cell in cells if cell.id not in names])


def set_all(key: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Return a change of one entry of every cell."""

    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            cell[key] = value

    return change


def drop(key: str) -> Callable[[dict[str, Any]], None]:
    """Return a change that takes an entry out of every cell."""

    def change(notebook: dict[str, Any]) -> None:
        for cell in notebook["cells"]:
            cell.pop(key, None)

    return change


def joined(notebook: dict[str, Any]) -> None:
    """Store sources as single strings."""
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])


UNANSWERED = "the answer is None"
CUT_OFF = ("cut off or damaged", "save it and hand it in again")
MERGE = "marks of an unresolved merge"


def files() -> Iterator[Damage]:
    """Give what happens to the file."""
    yield Damage("nothing", as_file)
    yield Damage("nbformat_4_4", lambda cells: as_file(cells, minor=4))
    yield Damage("nbformat_4_0", lambda cells: as_file(cells, minor=0))
    yield Damage("nbformat_3", version_3, ("old format nbformat 3",))
    yield Damage("nbformat_2", lambda cells: version_3(cells, 2), ("old format nbformat 2",))
    yield Damage("ids_missing", edited(drop("id")))
    yield Damage("ids_all_the_same", edited(set_all("id", "same")), ("has the id of an earlier cell",))
    yield Damage("ids_of_no_use", edited(set_all("id", "not an id!")))
    yield Damage("metadata_missing", edited(drop("metadata")))
    yield Damage("metadata_null", edited(set_all("metadata", None)))
    yield Damage("outputs_null", edited(set_all("outputs", None)))
    yield Damage("sources_as_strings", edited(joined))
    yield Damage("cell_that_is_none", edited(lambda book: book["cells"].insert(1, None)), ("is no cell",))
    yield Damage("cell_of_unknown_kind", edited(lambda book: book["cells"].insert(1, {"cell_type": "poem"})))
    yield Damage("too_many_cells", edited(lambda book: book["cells"].extend([{}] * 600)), ("first 500",))
    yield Damage("byte_order_mark", textual(str, "utf-8-sig"))
    yield Damage("utf_16", textual(str, "utf-16"))
    yield Damage("latin_1", textual(lambda text: text.replace("Read", "Lis é"), "latin-1"), ("not UTF-8",))
    yield Damage("lines_of_windows", lambda cells: as_file(cells).replace(b"\\n", b"\\r\\n"))
    yield Damage("python_2", python_2, ("Python 2 kernel", "print statements were rewritten"))
    yield Damage(
        "another_language",
        lambda cells: as_file(cells, kernelspec={"name": "julia", "language": "julia"}),
        ("says that it is written in julia",),
    )
    yield Damage("colab", lambda cells: as_file(cells, colab={"provenance": []}, accelerator="GPU"))
    yield Damage("cut_at_the_end", textual(lambda text: text[:-40]), CUT_OFF)
    yield Damage("cut_after_the_answer", textual(lambda text: text[: text.index('"id": "show"')]), CUT_OFF)
    yield Damage(
        "cut_in_the_answer", textual(lambda text: text[: text.index(ANSWER)]), CUT_OFF, answer=UNANSWERED
    )
    yield Damage(
        "a_brace_is_missing", textual(lambda text: text.replace("{", "", 2)), ("cut off or damaged",)
    )
    yield Damage(
        "zeros_in_the_middle", textual(lambda text: text.replace('"id": "show"', "\0" * 40)), CUT_OFF
    )
    yield Damage("something_follows", textual(lambda text: text + "\n}\n"), ("follows the end",))
    yield Damage(
        "conflict_in_the_file",
        textual(conflict(' "metadata": {},\n "nbformat": 4', ' "metadata": {},\n', ' "metadata": 1,\n')),
        (MERGE,),
    )
    yield Damage("nothing_in_it", lambda _: b"", ("The file is empty",), answer=UNANSWERED)
    yield Damage("a_web_page", lambda _: b"<!DOCTYPE html><p>Jupyter", ("is no notebook",), answer=UNANSWERED)
    yield Damage("a_list", lambda _: b"[]", ("is no notebook",), answer=UNANSWERED)


def python_2(cells: Cells) -> bytes:
    """Answer with a print statement, under the old kernel."""
    told = [replace(cell, source=cell.source.replace(ANSWER, f"{ANSWER}\nprint answer")) for cell in cells]
    return as_file(told, minor=1, kernelspec={"name": "python2", "language": "python"})


def cells_changed() -> Iterator[Damage]:
    """Give what students do to cells."""
    yield Damage("copied", lambda cells: as_file([*cells, *cells[1:]]), ("copies of released cells",))
    yield Damage("split", split, ("was split into 2",))
    yield Damage("moved", lambda cells: as_file(cells[::-1]), ("Cells were moved",))
    yield Damage("retyped", retyped)
    yield Damage("deleted", without("setup", "value", "end"), ("given cell setup was deleted",))
    yield Damage("answer_deleted", without("task"), ("answer cell task was deleted",), answer=UNANSWERED)
    yield Damage("all_deleted", lambda _: as_file([]), ("has no cells",), answer=UNANSWERED)
    yield Damage(
        "given_changed",
        lambda cells: as_file([*cells[:3], code("print('the answer is 43')", "show"), *cells[4:]]),
        ("given cell show was changed; it ran as released",),
    )
    yield Damage(
        "given_emptied", lambda cells: as_file([*cells[:3], code("", "show"), *cells[4:]]), ("show",)
    )
    yield Damage(
        "conflict_in_the_answer",
        with_answer("6 * 7\n<<<<<<< a\n=======\nanswer = 0\n>>>>>>> b"),
        (MERGE, "the first side was used"),
    )
    yield Damage(
        "banners_removed",
        lambda cells: as_file([*cells[:2], code("answer = 6 * 7", "task", "answer"), *cells[3:]]),
    )


def own_cells() -> Iterator[Damage]:
    """Give what students write: each stands in a cell of their own, or in the answer."""
    yield Damage(
        "magics", with_own("%time 1 + 1\n%timeit -n1 -r1 2\n%config InlineBackend.figure_format='retina'")
    )
    yield Damage("cell_magic", with_own("%%time\nprint('timed', 3)"), ("timed 3",))
    yield Damage("autoreload_again", with_own("%reload_ext autoreload\n%autoreload 3\n%aimport numpy"))
    yield Damage(
        "other_screens", with_own("%matplotlib notebook\n%matplotlib qt\n%matplotlib widget\n%pylab inline")
    )
    yield Damage(
        "check_magic", with_own("%load_ext nndl_check\n%check conv_forward_naive"), ("on your own machine",)
    )
    yield Damage(
        "shell", with_own("!pip install torch\n%pip install torch\n%%bash", "!ls"), ("are not run where",)
    )
    yield Damage("plots", with_own("plt.plot([1, 2])\nplt.show()"), ('alt="Figure drawn by cell 4"',))
    yield Damage(
        "display",
        with_own(
            "from IPython.display import *\ndisplay(HTML('<b>bold word</b>'))\ndisplay(Markdown('*m*'))"
        ),
        ("<b>bold word</b>",),
    )
    yield Damage("rich_values", with_own("np.arange(4) * 10"), ("array([ 0, 10, 20, 30])",))
    yield Damage(
        "scripts",
        with_own(
            "from IPython.display import *\ndisplay(Javascript('alert(1)'), HTML('<p>kept</p><script>x()'))"
        ),
        ("kept",),
    )
    yield Damage("bars", with_own("for i in range(50): print(f'\\rstep {i}', end='')"), ("step 49",))
    yield Damage(
        "cleared",
        with_own("from IPython.display import clear_output\nprint(1)\nclear_output()\nprint('cleared')"),
        ("cleared",),
    )
    yield Damage("megabytes", with_own("print('x' * 5_000_000)"), ("characters more were put out",))
    yield Damage(
        "a_million_lines", with_own("for i in range(200_000): print(i)"), ("characters more were put out",)
    )
    yield Damage("endless", with_own("while True: pass"), ("This cell was stopped after 1 s",))
    yield Damage(
        "endless_sleep", with_own("import time\ntime.sleep(3600)"), ("This cell was stopped after 1 s",)
    )
    yield Damage(
        "endless_and_deaf",
        with_own("import signal\nsignal.setitimer(signal.ITIMER_REAL, 0)\nwhile True: pass"),
        ("This cell had to be stopped",),
    )
    yield Damage(
        "endless_answer", with_answer("0\nwhile True: pass"), ("stopped after 1 s",), answer="the answer is 0"
    )
    yield Damage("own_error", with_own("1 / 0"), ("This cell failed", "ZeroDivisionError"))
    yield Damage("own_syntax", with_own("if True print(1)"), ("This cell failed", "SyntaxError"))
    yield Damage(
        "answer_fails",
        with_answer("undefined_name"),
        ("This cell failed", "undefined_name"),
        answer=UNANSWERED,
    )
    yield Damage("answer_does_not_parse", with_answer("(6 *"), ("This cell failed", "SyntaxError"), answer="")
    yield Damage("exit", with_own("exit()", "quit()"))
    yield Damage("sys_exit", with_own("import sys; sys.exit(1)"), ("This cell failed",))
    yield Damage("process_ended", with_own("import os; os._exit(1)"), ("This cell had to be stopped",))
    yield Damage("input", with_own("name = input('Who?')"), ("This cell failed",))
    yield Damage("files", with_own("open('notes.txt', 'w').write('x')"), ("This cell failed",))
    yield Damage(
        "network",
        with_own("import urllib.request as r\nr.urlopen('http://127.0.0.1:9', timeout=1)"),
        ("This cell failed",),
    )
    yield Damage("memory", with_own("np.ones(10**12)"), ("This cell failed", "MemoryError"))
    yield Damage("recursion", with_own("def f(): f()\nf()"), ("This cell failed", "RecursionError"))
    yield Damage(
        "threads",
        with_own("import threading\nthreading.Thread(target=print, args=('from a thread',)).start()"),
    )
    yield Damage("await", with_own("import asyncio\nawait asyncio.sleep(0)\nprint('awaited')"), ("awaited",))
    yield Damage("letters", with_own("print('naïve ∂L/∂w 🙂')"), ("naïve ∂L/∂w 🙂",))
    yield Damage("not_installed", with_own("from google.colab import drive"), ("This cell failed", "google"))
    yield Damage(
        "stored_otherwise",
        lambda cells: as_file(
            [*cells[:3], replace(cells[3], stored=Stored("the answer is 41", there=True)), *cells[4:]]
        ),
    )


DAMAGES: tuple[Damage, ...] = (*files(), *cells_changed(), *own_cells())
