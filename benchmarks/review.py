"""What a page of the review costs in a class of a thousand, and how long it takes from the command to the first page.

The class is made, not graded. Pages are asked for in the process of the application, so CPU time is the server's, and
the client's few milliseconds; the start is measured from outside, as somebody sees it.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from rich.table import Table
from starlette.testclient import TestClient

from benchmarks.reviewed_class import write_reviewed_class
from grader.course.people import People
from grader.course.repository import Course
from grader.gradebook import FILE, open_gradebook
from grader.review.access import Keys, Reviewer, Served
from grader.review.application import Review
from grader.review.class_view import ClassCache

ASSIGNMENT = "cnn"
SIZE = 1000
SIZE_WHEN_QUICK = 100
SMALL = 20
ROUNDS = 15
STARTS = 5
PORT = 8123
KEY = "benchmark"


@dataclass(frozen=True, slots=True)
class PageCost:
    """Of one page: milliseconds of CPU time, and of wall time; the median of some rounds."""

    page: str
    cpu: float
    wall: float


def run(size: int) -> list[PageCost]:
    """Measure every kind of page, an entry, and the start."""
    root = Path(__file__).resolve().parents[1]
    assignment = Course(root).load(ASSIGNMENT)
    with TemporaryDirectory() as name:
        out = Path(name)
        write_reviewed_class(out, assignment, size, key=KEY)
        write_reviewed_class(out / "small", assignment, SMALL, key=KEY)
        starts = [_first_page(root, out / "small", SMALL), _first_page(root, out, size)]
        with open_gradebook(out / FILE) as book:
            cache = ClassCache(book, 1, assignment, People())
            costs = [_cost("the class is read", lambda: cache.view(), 1)]  # noqa: PLW0108 - reads as the others do
            keys = Keys(KEY, book.name)
            review = Review(book, assignment, cache, out, keys, Served.at("127.0.0.1", PORT))
            client = TestClient(review.app(), base_url=f"http://127.0.0.1:{PORT}")
            client.get(f"/enter?token={keys.link(Reviewer('ada', 'staff'))}")
            costs += _pages(client, review)
    return [*costs, *starts]


def _pages(client: TestClient, review: Review) -> Iterator[PageCost]:
    view = review.cache.view()
    key = view.students[len(view.students) // 2].key
    diagnosis = next(iter(view.diagnoses))
    pages = {
        "the queue": "/",
        "its last page": "/?page=20",
        "by diagnosis": "/?group=diagnosis",
        "one diagnosis that waits": f"/?diagnosis={diagnosis}&waiting=1",
        "a search": "/?q=family",
        "a submission": f"/s/{key}",
        "its attempts": f"/s/{key}/attempts",
        "decisions": "/decisions",
        "what changed": f"/changes?s={key}",
    }
    for name, path in pages.items():
        client.get(path)
        yield _cost(name, lambda path=path: client.get(path).raise_for_status())
    form = re.search(r'name="form" value="(\w+)"', client.get("/").text)
    numbers = iter(range(10**6))

    def enter() -> None:
        fields = {"form": form and form[1], "do": "comment", "text": f"word {next(numbers)}"}
        headers = {"content-type": "application/x-www-form-urlencoded"}
        client.post(f"/s/{key}", content=urlencode(fields), headers=headers).raise_for_status()

    yield _cost("an entry, and the page after it", enter)


def _cost(name: str, work: object, rounds: int = ROUNDS) -> PageCost:
    cpu, wall = [], []
    for _ in range(rounds):
        before = time.process_time(), time.perf_counter()
        work()  # type: ignore[operator]
        cpu.append(time.process_time() - before[0])
        wall.append(time.perf_counter() - before[1])
    return PageCost(name, 1000 * statistics.median(cpu), 1000 * statistics.median(wall))


def _first_page(root: Path, out: Path, size: int) -> PageCost:
    """Return what it takes from the command to the first page at best; the first start compiles, and does not count."""
    cpu, wall = map(min, zip(*[_start(root, out) for _ in range(STARTS + 1)][1:], strict=True))
    return PageCost(f"from the command to the first page, a class of {size:,}", 1000 * cpu, 1000 * wall)


def _start(root: Path, out: Path) -> tuple[float, float]:
    """Return the server's CPU seconds, and the seconds from the command to the first page of the queue."""
    command = [sys.executable, "-m", "grader", "review", "--assignment", ASSIGNMENT, "--out", str(out)]
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603
        [*command, "--as", "ada", "--no-browser"],
        cwd=root,
        env={**os.environ, "GRADER_COURSE_KEY": KEY, "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": ""},
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        link = re.search(r"http://\S+", server.stdout.readline() if server.stdout else "")
        browser = build_opener(HTTPCookieProcessor())
        if link:
            browser.open(link[0]).read()
            browser.open(link[0].partition("/enter")[0] + "/").read()
        taken = time.perf_counter() - began
        ticks = Path(f"/proc/{server.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13]
        server.terminate()
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), taken


def table(costs: list[PageCost]) -> Table:
    """Return the figures."""
    found = Table("page", "CPU ms", "wall ms", title="What a page of the review costs, medians")
    for each in costs:
        found.add_row(each.page, f"{each.cpu:.0f}" if each.cpu else "", f"{each.wall:.0f}")
    return found
