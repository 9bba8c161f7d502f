"""What it takes to judge one answer by hand, here and in nbgrader's formgrader: the same class, the same actions.

In a real browser, for each submission: read the answer, give points, write a sentence, go on to the next. Keys are
those that a person presses, clicks those of a mouse, and seconds what the machine takes until all is saved and the next
submission is there to be read; a person's own reading and typing take no time here. CPU seconds are those of server,
browser and what drives it, which say more where a machine has other work.
"""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.table import Table

from benchmarks.grade_class import TreeWatch
from benchmarks.imports import answered, cell_of, cpu_of, environment, write_notebook
from benchmarks.reviewed_class import write_reviewed_class
from grader.course.repository import Course, course_key
from tests.browser.looking import browser, missing

SIZE = 20
POINTS, SENTENCE = "3", "Say why it converges."
ANSWER = "I *think* that it converges, since $x^2$ does."

_ROOT = Path(__file__).resolve().parent.parent
_ASSIGNMENT = "ps1"
_THEIRS = "table a[href*='submissions']"
_THEIRS_READY = "formgrader.loaded && formgrader.grades.loaded && formgrader.comments.loaded"
_MATHJAX = """
const nothing = () => {};
const Startup = {signal: {Interest: (tell) => setTimeout(() => tell("End"))}};
window.MathJax = {Hub: new Proxy({Startup}, {get: (hub, name) => hub[name] || nothing})};
"""
"""In place of what formgrader loads from elsewhere, so that both work without a network."""

_LOOK_MILLISECONDS = 5

_PATIENCE = 120
"""Seconds until a server answers."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What one submission took, of a class that was judged with one tool."""

    tool: str
    size: int
    clicks: float
    keys: float
    seconds: float
    cpu: float
    kept: bool


@dataclass
class Hands:
    """What a person does at a page, counted."""

    page: Any
    clicks: int = 0
    keys: int = 0

    def press(self, key: str) -> None:
        """Press a key, or several together."""
        self.keys += 1
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        """Type a text."""
        self.keys += len(text)
        self.page.keyboard.type(text)

    def click(self, selector: str) -> None:
        """Click on the first such element."""
        self.clicks += 1
        self.page.locator(selector).first.click()


def run(size: int = SIZE) -> tuple[Judged, ...]:
    """Judge the class here and with formgrader after that, in one browser."""
    if why := missing():
        raise RuntimeError(why)
    with TemporaryDirectory(prefix="judging-") as name, browser() as chromium:
        folder = Path(name).resolve()
        return tuple(
            judge(folder / judge.__name__.strip("_"), chromium, size) for judge in (_review, _formgrader)
        )


def _review(folder: Path, chromium: Any, size: int) -> Judged:
    course = Course(_ROOT)
    assignment = course.load("cnn")
    folder.mkdir()
    write_reviewed_class(folder, assignment, size, key=course_key(_ROOT))
    port = _free_port()
    command = [sys.executable, "-m", "grader", "review", "--assignment", "cnn", "--out", str(folder)]
    with _served([*command, "--as", "grace", "--port", str(port), "--no-browser"], _ROOT) as process:
        link = next(found[0] for line in process.stdout if (found := re.search(r"http://\S+", line)))
        page = chromium.new_page()
        page.goto(link)
        first = page.locator("[data-row]").first
        first.focus()
        hands = Hands(page)
        began = _clocks()
        hands.press("Enter")
        for _ in range(size):
            page.wait_for_selector(".part-card[open] .written-text")
            key = page.locator("body").get_attribute("data-key")
            hands.press("s")
            hands.write(POINTS)
            hands.press("Tab")
            hands.write(SENTENCE)
            _saved(page, lambda: hands.press("Control+Shift+Enter"), "/s/")
            page.wait_for_selector(f"body:not([data-key='{key}'])")
        taken = [now - then for now, then in zip(_clocks(), began, strict=True)]
        page.close()
    from grader.gradebook import FILE, decisions_of, open_gradebook  # noqa: PLC0415 - after the server has ended

    with open_gradebook(folder / FILE) as book, book.reading() as session:
        entered = [each.why for _, each in decisions_of(session, assignment.id).entered]
    return _judged("invoke review", hands, taken, size, kept=entered.count(SENTENCE) == size)


def _formgrader(folder: Path, chromium: Any, size: int) -> Judged:
    programs = environment("nbgrader")
    _write_their_class(folder, programs, size)
    port = _free_port()
    command = [str(programs / "jupyter"), "server", "--no-browser", f"--port={port}", "--allow-root"]
    options = ["--IdentityProvider.token=t", f"--ServerApp.root_dir={folder}"]
    enabled = 'ServerApp.jpserver_extensions={"nbgrader.server_extensions.formgrader": True}'
    with _served([*command, *options, f"--{enabled}"], folder, programs):
        origin = f"http://127.0.0.1:{port}"
        _wait_for(f"{origin}/api?token=t")
        page = chromium.new_page()
        page.add_init_script(_MATHJAX)
        page.route("https://**", lambda route: route.abort())
        page.goto(f"{origin}/tree?token=t")  # which lets the browser in
        page.goto(f"{origin}/formgrader/gradebook/{_ASSIGNMENT}/ps1")
        hands = Hands(page)
        page.wait_for_selector(_THEIRS)
        began = _clocks()
        hands.click(_THEIRS)
        for at in range(size):
            page.wait_for_selector("input.score:focus" if at else "input.score")
            page.wait_for_function(_THEIRS_READY)  # what is typed before is not saved
            address = page.url.partition("?")[0]
            if not at:  # from here on, the same field of the next submission is ready to be written into
                hands.click("input.score")
            hands.write(POINTS)
            _saved(page, lambda: hands.press("Tab"), "/api/grade/")
            hands.press("Tab")
            hands.write(SENTENCE)
            _saved(page, lambda: hands.press("Control+."), "/api/comment/")
            while page.url.startswith(address):
                page.wait_for_timeout(_LOOK_MILLISECONDS)
        taken = [now - then for now, then in zip(_clocks(), began, strict=True)]
        page.close()
    code = (
        "from nbgrader.api import Gradebook\n"
        f"with Gradebook('sqlite:///{folder}/gradebook.db') as book:\n"
        f"    all = book.notebook_submissions('ps1', {_ASSIGNMENT!r})\n"
        "    found = [each.manual_comment for one in all for each in one.comments]\n"
        f"print(found.count({SENTENCE!r}))"
    )
    kept = subprocess.run([programs / "python", "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    return _judged("nbgrader's formgrader", hands, taken, size, kept=int(kept.stdout) == size)


def _write_their_class(folder: Path, programs: Path, size: int) -> None:
    """Write and grade nbgrader's course: one question for a person, answered by everybody."""
    about = {
        "grade": True,
        "solution": True,
        "locked": False,
        "schema_version": 3,
        "grade_id": "why",
        "points": 5,
    }
    question = cell_of("markdown", "Why does it converge?", "question")
    write_notebook(
        folder / "source" / _ASSIGNMENT / "ps1.ipynb",
        [question, cell_of("markdown", "YOUR ANSWER HERE", "why", nbgrader=about)],
    )
    cpu_of([str(programs / "nbgrader"), "generate_assignment", _ASSIGNMENT], folder)
    released = json.loads((folder / "release" / _ASSIGNMENT / "ps1.ipynb").read_text(encoding="utf-8"))
    for student in range(size):
        cells = list(answered(released["cells"], {"why": ANSWER}))
        write_notebook(folder / "submitted" / f"s{student:02}" / _ASSIGNMENT / "ps1.ipynb", cells, released)
    cpu_of([str(programs / "nbgrader"), "autograde", _ASSIGNMENT], folder)


def _judged(tool: str, hands: Hands, taken: Sequence[float], size: int, *, kept: bool) -> Judged:
    return Judged(
        tool, size, hands.clicks / size, hands.keys / size, *(each / size for each in taken), kept=kept
    )


def _clocks() -> tuple[float, float]:
    """Return the time, and the CPU seconds of all that this process began and that still runs."""
    watch = TreeWatch(os.getpid())
    watch.look()
    return time.perf_counter(), watch.cpu


def _saved(page: Any, act: Callable[[], None], part: str) -> None:
    """Act, and wait until the server has answered what was to be saved."""
    with page.expect_response(lambda answer: part in answer.url and answer.request.method in {"POST", "PUT"}):
        act()


@contextmanager
def _served(
    command: Sequence[str], folder: Path, programs: Path | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a server for as long as the block."""
    path = f"{programs}{os.pathsep}{os.environ['PATH']}" if programs else os.environ["PATH"]
    home = {"JUPYTER_CONFIG_DIR": str(folder / ".config"), "JUPYTER_RUNTIME_DIR": str(folder / ".run")}
    process = subprocess.Popen(  # noqa: S603  # our own commands
        command,
        cwd=folder,
        env={
            **os.environ,
            "PATH": path,
            "COLUMNS": "400",
            "PYTHONUNBUFFERED": "1",
            **(home if programs else {}),
        },
        stdout=subprocess.DEVNULL if programs else subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(url: str) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310  # loopback
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"no server at {url.partition('?')[0]}")


def table(found: Sequence[Judged]) -> Table:
    """Return the figures for a terminal."""
    result = Table(
        "tool", "clicks", "keys", "machine s", "CPU s", "all kept",
        title=f"To judge one answer by hand, a class of {found[0].size}: points, a sentence, on to the next",
    )  # fmt: skip
    for each in found:
        row = each.tool, f"{each.clicks:.2f}", f"{each.keys:.1f}", f"{each.seconds:.2f}", f"{each.cpu:.2f}"
        result.add_row(*row, "yes" if each.kept else "NO")
    return result
