"""Forty students who work and hand in each in a way of their own: by the tool and by hand, and all are right."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import grader
from grader.authoring.new import Form, create_assignment
from grader.authoring.release import release
from grader.course.repository import Course
from grader.results import EARLIER_RELEASE
from grader.student.live import bring_up_to_date
from grader.student.submit import pack
from grader.student.update import update
from grader.student.workspace import Workspace

NOW = datetime(2026, 11, 29, tzinfo=UTC)
MODULE, NOTEBOOK = "homework/averages.py", "Averages.ipynb"
STUB = "# ================================================================ #\n\n"
RIGHT = "out = np.array([np.mean(signal[i : i + width]) for i in range(len(signal) - width + 1)])\n"
BY_HELPER = "out = np.array([mean_of(signal, i, width) for i in range(len(signal) - width + 1)])\n"
HELPER = "import numpy as np\n\n\ndef mean_of(signal, i, width):\n    return np.mean(signal[i : i + width])\n"


class Student:
    """One student's folder, and what is handed in of it.

    Parameters
    ----------
    work
        The unpacked release.
    new
        The archive of the release of today.
    out
        Where submissions go; the name of this one is its own.
    """

    def __init__(self, work: Path, new: Path, out: Path) -> None:
        self.work, self.new, self.out = work, new, out

    @property
    def workspace(self) -> Workspace:
        """The kit's view of it."""
        return Workspace.load(next(self.work.glob("*_check")))

    def answer(self, answer: str = RIGHT, top: str = "") -> None:
        """Write the answer into the module, and lines before it."""
        path = self.work / MODULE
        indented = "".join(f"    {line}\n" for line in answer.splitlines())
        text = path.read_text(encoding="utf-8").replace("    out = None\n", f"    out = None\n{indented}", 1)
        path.write_text(
            text.replace("import numpy as np\n", f"import numpy as np\n{top}", 1), encoding="utf-8"
        )

    def write(self, path: str, content: str | bytes) -> None:
        """Write a file of the student's own."""
        place = self.work / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)

    def cells(self, change: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Change the notebook, and return it."""
        document: dict[str, Any] = json.loads((self.work / NOTEBOOK).read_text(encoding="utf-8"))
        change(document)
        self.write(NOTEBOOK, json.dumps(document))
        return document

    def by_tool(self) -> None:
        """Hand in what the tool packs."""
        shutil.copy(pack(self.workspace, (), NOW).path, self.out.with_suffix(".zip"))

    def by_hand(self, name: Callable[[str], str] = str, *more: tuple[str, bytes]) -> None:
        """Hand in a zip of the folder, made with whatever makes them."""
        with zipfile.ZipFile(self.out.with_suffix(".zip"), "w") as archive:
            for path, content in (*self.files(), *more):
                archive.writestr(name(path), content)

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Yield the student's files."""
        for path in sorted(self.work.rglob("*")):
            if path.is_file() and "_check" not in path.parts[-2] and "_engine" not in path.parts:
                yield path.relative_to(self.work).as_posix(), path.read_bytes()


Way = Callable[[Student], None]


def _ran(document: dict[str, Any]) -> None:
    for number, cell in enumerate(document["cells"], 1):
        if cell["cell_type"] == "code":
            cell |= {
                "execution_count": number,
                "outputs": [{"output_type": "stream", "name": "stdout", "text": "0.0\n"}],
            }


def _colab(document: dict[str, Any]) -> None:
    _ran(document)
    document["metadata"] = {"colab": {"name": NOTEBOOK, "provenance": []}, "kernelspec": {"name": "python3"}}
    for number, cell in enumerate(document["cells"]):
        cell["metadata"] = {**cell["metadata"], "id": f"x{number}Yz"}
        cell.pop("id", None)
    document["nbformat_minor"] = 0


def _old_format(document: dict[str, Any]) -> None:
    for cell in document["cells"]:
        cell.pop("id", None)
    document["nbformat_minor"] = 2


def _format_3(document: dict[str, Any]) -> None:
    for cell in document["cells"]:
        if cell["cell_type"] == "code":
            cell["input"] = cell.pop("source")
    document["worksheets"] = [{"cells": document.pop("cells")}]
    document["nbformat"], document["nbformat_minor"] = 3, 0


def _handed(
    change: Callable[[Student], object], *, answer: str = RIGHT, top: str = "", tool: bool = True
) -> Way:
    """Return a way: the answer is written, something is done, and it is handed in by the tool or by hand."""

    def way(student: Student) -> None:
        student.answer(answer, top)
        change(student)
        student.by_tool() if tool else student.by_hand()

    return way


def _only(send: Callable[[Student], object]) -> Way:
    """Return a way whose last step is its own."""

    def way(student: Student) -> None:
        student.answer()
        send(student)

    return way


def _in_colab(student: Student) -> None:
    shown = json.loads((student.work / NOTEBOOK).read_text(encoding="utf-8"))
    _colab(shown)
    bring_up_to_date(student.workspace, {}, print, lambda: shown, colab=True)


def _renamed(name: str) -> Callable[[Student], object]:
    return lambda student: (student.work / NOTEBOOK).rename(student.work / name)


def _as(path: str, change: Callable[[bytes], bytes]) -> Callable[[Student], object]:
    return lambda student: student.write(path, change((student.work / path).read_bytes()))


def _updated(student: Student) -> None:
    done = update(student.workspace, student.new)
    assert done.conflicts == {}
    assert "\n    Returns the means.\n" in (student.work / MODULE).read_text(encoding="utf-8")


def _tar(student: Student) -> None:
    with tarfile.open(student.out.with_suffix(".tar.gz"), "w:gz") as archive:
        for path, content in student.files():
            member = tarfile.TarInfo(f"hw/{path}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def _folder(student: Student) -> None:
    shutil.copytree(student.work, student.out)


def _single(name: str) -> Callable[[Student], object]:
    def send(student: Student) -> None:
        student.out.mkdir()
        shutil.copy(student.work / MODULE, student.out / name)

    return send


def _zip_in_zip(student: Student) -> None:
    student.by_hand()
    inner = student.out.with_suffix(".zip").read_bytes()
    with zipfile.ZipFile(student.out.with_suffix(".zip"), "w") as archive:
        archive.writestr("final.zip", inner)


def _into_notebook(student: Student) -> None:
    def add(document: dict[str, Any]) -> None:
        source = f"def moving_average(signal, width):\n    {RIGHT}    return out\n"
        _colab(document)
        document["cells"].insert(3, {"cell_type": "code", "metadata": {}, "source": source, "outputs": []})

    student.cells(add)
    student.by_hand()


CLUTTER = (
    ("__MACOSX/._averages.py", b"\0\5\26\7"),
    (".DS_Store", b"\0\0\0\1Bud1"),
    (".ipynb_checkpoints/Averages-checkpoint.ipynb", b"{}"),
)
IMPORT = "\nfrom my_helpers import mean_of\n"

MODULES: dict[str, Way] = {
    "lab": _handed(lambda student: student.cells(_ran)),
    "colab": _handed(_in_colab),
    "vscode": _handed(
        lambda student: student.cells(lambda each: (_ran(each), each["metadata"].update(vscode={"x": 1})))
    ),
    "helper": _handed(lambda student: student.write("my_helpers.py", HELPER), answer=BY_HELPER, top=IMPORT),
    "package": _handed(
        lambda student: (student.write("mine/__init__.py", ""), student.write("mine/sums.py", HELPER)),
        answer=BY_HELPER,
        top="\nfrom mine.sums import mean_of\n",
    ),
    "beside": _handed(
        lambda student: student.write("homework/sums.py", HELPER),
        answer=BY_HELPER,
        top="\nfrom .sums import mean_of\n",
    ),
    "browser-copy": _handed(_renamed("Averages (1).ipynb")),
    "lab-copy": _handed(_renamed("Averages-Copy1.ipynb")),
    "drive-copy": _handed(_renamed("Copy of Averages.ipynb")),
    "windows-lines": _handed(_as(MODULE, lambda text: text.replace(b"\n", b"\r\n"))),
    "byte-order": _handed(_as(MODULE, lambda text: b"\xef\xbb\xbf" + text)),
    "no-ids": _handed(lambda student: student.cells(_old_format)),
    "old-tool": _handed(lambda _student: None),
    "old-updated": _handed(_updated),
    "old-updated-helper": _handed(
        lambda student: (student.write("my_helpers.py", HELPER), _updated(student)),
        answer=BY_HELPER,
        top=IMPORT,
    ),
    "hand": _handed(lambda _student: None, tool=False),
    "hand-folder": _only(lambda student: student.by_hand(lambda path: f"My Homework (final)/{path}")),
    "hand-windows": _only(lambda student: student.by_hand(lambda path: "hw\\" + path.replace("/", "\\"))),
    "hand-mac": _only(lambda student: student.by_hand(str, *CLUTTER)),
    "hand-tar": _only(_tar),
    "hand-unpacked": _only(_folder),
    "hand-module": _only(_single("averages.py")),
    "hand-module-copy": _only(_single("averages (1).py")),
    "hand-text": _only(_single("averages.py.txt")),
    "hand-cp1252": _handed(
        _as(MODULE, lambda text: text.replace(b"out = None", "out = None  # größer".encode("cp1252"))),
        tool=False,
    ),
    "hand-twice": _only(_zip_in_zip),
    "hand-helper": _handed(
        lambda student: student.write("my_helpers.py", HELPER), answer=BY_HELPER, top=IMPORT, tool=False
    ),
    "hand-clone": _handed(lambda student: student.write(".git/config", "[core]\n"), tool=False),
    "hand-in-notebook": _into_notebook,
    "old-hand": _handed(lambda _student: None, tool=False),
}


def _solved(document: dict[str, Any], answer: str = RIGHT) -> None:
    for cell in document["cells"]:
        if "YOUR CODE HERE" in (text := "".join(cell["source"])):
            indented = "".join(f"    {line}\n" for line in answer.splitlines())
            cell["source"] = text.replace("    out = None\n", f"    out = None\n{indented}", 1)


def _in_cells(change: Callable[[dict[str, Any]], object], send: Callable[[Student], object]) -> Way:
    def way(student: Student) -> None:
        student.cells(lambda document: (_solved(document), change(document)))
        send(student)

    return way


def _own_cells(document: dict[str, Any]) -> None:
    _colab(document)
    own = "%matplotlib inline\n!pip install nothing\nimport numpy as np\nx = np.ones(3)\nx?"
    document["cells"].insert(1, {"cell_type": "code", "metadata": {}, "source": own, "outputs": []})


def _second_try(document: dict[str, Any]) -> None:
    _solved(document)
    at = next(at for at, cell in enumerate(document["cells"]) if "YOUR CODE HERE" in "".join(cell["source"]))
    again = {**document["cells"][at], "id": "again"}
    document["cells"][at] = {
        **document["cells"][at],
        "source": "".join(again["source"]).replace(RIGHT.strip(), "pass"),
    }
    document["cells"].insert(at + 1, again)


def _named(name: str) -> Callable[[Student], object]:
    def send(student: Student) -> None:
        _renamed(name)(student)
        student.by_hand()

    return send


NOTEBOOKS: dict[str, Way] = {
    "lab": _in_cells(_ran, Student.by_hand),
    "colab": _in_cells(_colab, Student.by_hand),
    "colab-own-cells": _in_cells(_own_cells, Student.by_hand),
    "browser-copy": _in_cells(_ran, _named("Averages (1).ipynb")),
    "drive-copy": _in_cells(_colab, _named("Copy of Averages.ipynb")),
    "json": _in_cells(_ran, _named("Averages.ipynb.json")),
    "no-ids": _in_cells(_old_format, Student.by_hand),
    "format-3": _in_cells(_format_3, Student.by_hand),
    "second-try": _in_cells(_second_try, Student.by_hand),
    "old": _in_cells(_ran, Student.by_hand),
}
"""Where the answers are in a notebook; there is no kit for these."""


def _mend(solution: Path) -> None:
    """Change the docstring around the answer, as a second release does."""
    text = solution.read_text(encoding="utf-8")
    if solution.suffix == ".ipynb":
        text = text.replace('"    Parameters\\n"', '"    Returns the means.\\n", "    Parameters\\n"', 1)
    else:
        text = text.replace("    Parameters\n", "    Returns the means.\n    Parameters\n", 1)
    assert "Returns the means." in text
    solution.write_text(text, encoding="utf-8")


def graded(root: Path, form: Form, ways: dict[str, Way]) -> grader.ClassReport:
    """Return what a class gets that works in these ways, some from a first release and most from a second one."""
    (root / "course/assignments").mkdir(parents=True)
    (root / "course/pyproject.toml").write_text("[tool.numgrade]\n", encoding="utf-8")
    (root / "class").mkdir()
    course = Course(root / "course")
    create_assignment(course, "hw", form)
    first = release(course.load("hw"), course.root).archive
    description = course.assignments / "hw/assignment.toml"
    description.write_text(
        description.read_text(encoding="utf-8").replace("0.1.0", "0.2.0"), encoding="utf-8"
    )
    solution = course.assignments / "hw/solution" / (NOTEBOOK if form is Form.NOTEBOOK else MODULE)
    _mend(solution)
    second = release(course.load("hw"), course.root).archive
    for name, way in ways.items():
        with zipfile.ZipFile(first if name.startswith("old") else second) as archive:
            archive.extractall(root / "work" / name)  # noqa: S202  # our own
        way(Student(next((root / "work" / name).iterdir()), second, root / "class" / name))
    return grader.grade(course.root, submissions=root / "class", jobs=2)


@pytest.mark.parametrize(("form", "ways"), [(Form.PACKAGE, MODULES), (Form.NOTEBOOK, NOTEBOOKS)])
def test_forty_ways_are_right(tmp_path: Path, form: Form, ways: dict[str, Way]) -> None:
    """Everybody's answer is right, so everybody has all points; staff read who began from the earlier release."""
    assert len(MODULES) + len(NOTEBOOKS) == 40
    report = graded(tmp_path, form, ways)
    scores = {each.id: (each.score, each.max_score, each.error) for each in report.submissions}
    assert scores == dict.fromkeys(ways, (10.0, 10.0, ""))
    earlier = {
        each.id for each in report.submissions if any(flag.kind == EARLIER_RELEASE for flag in each.flags)
    }
    assert earlier == {name for name in ways if name.startswith("old") and "updated" not in name}
