"""A class to review, made without grading, and somebody's browser as far as requests go."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from benchmarks.reviewed_class import write_reviewed_class
from grader.course.assignment import Assignment
from grader.course.people import CourseMember, People
from grader.gradebook import FILE, Gradebook, PageRecord, open_gradebook, publish
from grader.review.access import Keys, Reviewer, Served
from grader.review.application import Review
from grader.review.class_view import ClassCache, ClassView, Reviewed

SIZE = 12
PORT = 8123
PEOPLE = People(
    tuple(CourseMember(f"student-{at:04}", section="AB"[at % 2], team=f"t{at // 3}") for at in range(SIZE))
)


@dataclass
class Browser:
    """What one reviewer sees and sends."""

    client: TestClient
    review: Review
    who: str

    @property
    def view(self) -> ClassView:
        """The class as it is now."""
        return self.review.cache.view()

    def get(self, path: str) -> str:
        """Return a page."""
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def form(self) -> str:
        """Return what forms of this visit carry."""
        found = re.search(r'name="form" value="(\w+)"', self.get("/"))
        assert found
        return found[1]

    def post(self, path: str, **fields: object):
        """Send a form as a page would; return the answer."""
        body = urlencode({"form": self.form(), "seen": self.view.version, **fields})
        headers = {"content-type": "application/x-www-form-urlencoded"}
        return self.client.post(path, content=body, headers=headers, follow_redirects=False)

    def decide(self, student: Reviewed, status: int = 303, **fields: object):
        """Send a form of a submission's page."""
        answer = self.post(f"/s/{student.key}", **fields)
        assert answer.status_code == status, answer.text
        return answer


@pytest.fixture(scope="session")
def made_class(cnn: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the gradebook of a class."""
    folder = tmp_path_factory.mktemp("class")
    write_reviewed_class(folder, cnn, SIZE, key="key")
    return folder


@pytest.fixture
def review(made_class: Path, tmp_path: Path, cnn: Assignment) -> Iterator[Review]:
    """Return the application on a copy of the class."""
    shutil.copytree(made_class, tmp_path / "grades")
    with open_gradebook(tmp_path / "grades" / FILE) as book:
        publish(book, 1, (), PageRecord(str((tmp_path / "grades").resolve()), 1))
        yield review_of(book, cnn, tmp_path / "grades")


def review_of(book: Gradebook, cnn: Assignment, out: Path) -> Review:
    """Return the application of a gradebook, as a server of it has it."""
    keys, served = Keys("key", "here"), Served.at("127.0.0.1", PORT)
    return Review(book, cnn, ClassCache(book, 1, cnn, PEOPLE), out, keys, served)


Visit = Callable[..., Browser]


@pytest.fixture
def visit(review: Review) -> Visit:
    """Return what lets somebody in."""

    def visited(who: str = "ada", role: str = "staff", of: Review = review) -> Browser:
        client = TestClient(of.app(), base_url=f"http://127.0.0.1:{PORT}")
        answer = client.get(f"/enter?token={review.keys.link(Reviewer(who, role))}")
        assert answer.status_code == 200
        return Browser(client, of, who)

    return visited


@pytest.fixture
def ada(visit: Visit) -> Browser:
    """Return the browser of a reviewer who may everything."""
    return visit()
