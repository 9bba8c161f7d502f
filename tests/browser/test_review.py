"""The review in a real browser: a class by keys, two people at once, a killed server, and strangers' words."""

from __future__ import annotations

import csv
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.reviewed_class import write_reviewed_class
from grader.course.assignment import Assignment
from grader.course.people import People
from grader.gradebook import FILE, open_gradebook
from grader.results import DecisionKind
from grader.review.class_view import ClassCache, ClassView
from tests.gradebook import server as database
from tests.reporting.samples import HOSTILE

from .looking import SCHEMES, Look
from .serving import KEY, ROOT, ReviewServer, served

SIZE = 200
KILLED_AT = 60
PATIENCE = 60_000
"""Milliseconds for what others do to arrive, on a busy machine."""

NAMELESS = "document.querySelectorAll('details[name]').forEach(each => each.removeAttribute('name'))"


def class_in(place: str | Path, cnn: Assignment) -> ClassView:
    """Return the class as its gradebook has it."""
    with open_gradebook(place) as book:
        return ClassCache(book, 1, cnn, People()).view()


def entered(seen: Look, server: ReviewServer) -> Any:
    """Wait until the link has let in; return the page."""
    seen.page.wait_for_url(f"{server.origin}/")
    seen.page.set_default_timeout(PATIENCE)
    return seen.page


@pytest.fixture(scope="module")
def small(cnn: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a class whose submissions say hostile things wherever they can."""
    out = tmp_path_factory.mktemp("hostile")
    write_reviewed_class(out, cnn, len(HOSTILE), key=KEY, hostile=tuple(HOSTILE.values()))
    return out


@pytest.fixture(scope="module")
def server(small: Path) -> Iterator[ReviewServer]:
    """Return a server of that class."""
    with served(small, "ada") as running:
        yield running


class Grader:
    """Somebody who reviews with the keyboard alone; what was entered leaves its field, so that keys are keys again."""

    def __init__(self, page: Any, server: ReviewServer) -> None:
        self.page, self.server, self.judged = page, server, 0
        self.keys = page.keyboard

    def begin(self) -> None:
        """Go to the share, and open its first submission."""
        self.page.goto(f"{self.server.origin}/?mine=1")
        self.keys.press("j")
        self.keys.press("Enter")
        self.page.wait_for_selector("#look")

    def make_item(self) -> None:
        """Make an item of the rubric for the part that waits; it is applied here."""
        self.keys.press("i")
        self.keys.type("2")
        self.keys.press("Tab")
        self.keys.type("Says why")
        self.keys.press("Control+Enter")
        self.page.wait_for_selector('[data-digit="1"][aria-pressed="true"]')

    def judge(self, *, apply: bool = True) -> None:
        """Apply the item, say a word to every tenth, and go to the next."""
        if apply:
            self.keys.press("1")
        if self.judged % 10 == 0:
            self.keys.press("c")
            self.keys.type(f"Seen by {self.server.who}, {self.judged}")
            self.keys.press("Control+Enter")
        before = self.page.url
        self.keys.press("l")
        self.judged += 1
        self.page.wait_for_function("before => location.href !== before", arg=before)


def test_a_class_is_judged_by_two_with_keys_and_a_killed_server(
    cnn: Assignment, tmp_path: Path, look: Callable[..., Look]
) -> None:
    """200 submissions, two graders, two servers, one of them killed while it is sent something: all is there, once."""
    write_reviewed_class(tmp_path, cnn, SIZE, key=KEY)
    before = {each.key: each.report.score for each in class_in(tmp_path / FILE, cnn).students}
    with served(tmp_path, "ada") as hers, served(tmp_path, "ben") as his:
        pages = [entered(look(each.link, origin=each.origin), each) for each in (hers, his)]
        pages[0].get_by_text("Who does what").click()
        pages[0].get_by_label("Share what is listed among").fill("ada, ben")
        pages[0].keyboard.press("Enter")
        pages[0].wait_for_selector("text=100 / 100")
        ada, ben = Grader(pages[0], hers), Grader(pages[1], his)
        for each in (ada, ben):
            each.begin()
        ada.make_item()
        ben.page.wait_for_selector("text=Says why")
        for turn in range(SIZE // 2):
            if turn == KILLED_AT:
                ada.keys.press("1")
                hers.end(signal.SIGKILL)
                ada.keys.press("c")
                ada.keys.type("Written while the server was gone")
                ada.keys.press("Control+Enter")
                ben.judge()
                hers.start()
                ada.page.wait_for_selector("text=Entered")
            ada.judge(apply=turn not in {0, KILLED_AT})
            if turn != KILLED_AT:
                ben.judge()
        for each in (ada, ben):
            each.page.wait_for_url("**/?mine=1")
    view = class_in(tmp_path / FILE, cnn)
    kinds = [each.kind for _, each in view.decided.entered]
    assert kinds.count(DecisionKind.LOOK) == SIZE
    assert kinds.count(DecisionKind.APPLY) == SIZE
    assert kinds.count(DecisionKind.COMMENT) == 2 * (SIZE // 2 // 10) + 1
    assert [len(each.looked) for each in view.students] == [1] * SIZE
    assert {each.key: each.report.score for each in view.students} == {
        key: pytest.approx(score + 2) for key, score in before.items()
    }


def test_a_day_with_keys_from_points_to_what_the_student_gets(
    cnn: Assignment, tmp_path: Path, look: Callable[..., Look]
) -> None:
    """Points and on, a word at a line, an item, the same for all and back by one key, published and given back."""
    write_reviewed_class(tmp_path / "grades", cnn, 20, key=KEY)
    with served(tmp_path / "grades", "ada") as server:
        page = entered(look(server.link, origin=server.origin), server)
        keys = page.keyboard
        keys.press("j")
        keys.press("Enter")
        page.wait_for_selector("#look")
        first = page.url
        keys.press("s")
        keys.type("3")
        keys.press("Tab")
        keys.type("Says why")
        keys.press("Control+Shift+Enter")
        page.wait_for_function("before => location.href !== before", arg=first)
        keys.press("n")
        keys.press("c")
        keys.type("What is $x^2$ here?")
        keys.press("Tab")
        keys.type("6")
        keys.press("Control+Enter")
        page.wait_for_selector(".listing math")
        Grader(page, server).make_item()
        keys.press("a")
        keys.press("ArrowDown")
        keys.press("Control+Enter")
        page.wait_for_selector("#preview .go:focus")
        assert page.get_by_text("Says why").is_visible()
        keys.press("Enter")
        page.wait_for_selector("#undo:has-text('submissions')")
        page.wait_for_load_state()  # from here on the page hears keys
        keys.press("u")
        page.wait_for_selector("#undo:not(:has-text('submissions'))")
        page.get_by_role("link", name="Publish").press("Enter")
        page.get_by_role("button", name="Publish").press("Enter")
        page.wait_for_selector("text=0 of 20 scores would change")
    hand_out = tmp_path / "hand out"
    options = [
        "--assignment",
        "cnn",
        "--out",
        tmp_path / "grades",
        "--to",
        "folder",
        "--at",
        hand_out,
        "--send",
    ]
    subprocess.run([sys.executable, "-m", "grader", "return", *options], cwd=ROOT, check=False)  # noqa: S603
    (row,) = csv.DictReader(
        (hand_out / "index.csv").read_text(encoding="utf-8").splitlines()
    )  # the others wait
    assert "Says why" in (hand_out / row["page"]).read_text(encoding="utf-8")
    view = class_in(tmp_path / "grades" / FILE, cnn)
    assert [sum(each.item > 0 for each in student.decisions) for student in view.students].count(1) == 1
    assert [student.facts.id for student in view.students if student.looked] == [row["student"]]


@pytest.fixture(params=["a file", "PostgreSQL"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str | Path]:
    """Return where a gradebook is to be: two servers serve one file, or one database."""
    if request.param == "a file":
        yield tmp_path / FILE
    elif why := database.why_not():
        pytest.skip(f"no PostgreSQL: {why}")
    else:
        with database.running() as url:
            yield url


def test_two_people_see_each_other(
    cnn: Assignment, tmp_path: Path, place: str | Path, look: Callable[..., Look]
) -> None:
    """What one enters appears at the other's, who goes on writing; points over points unseen are a conflict.

    A server that is killed loses nothing, in a file or in PostgreSQL.
    """
    with open_gradebook(place) as book:
        write_reviewed_class(tmp_path, cnn, 3, key=KEY, book=book)
    with served(tmp_path, "ada", f"{place}") as hers, served(tmp_path, "ben", f"{place}") as his:
        ada, ben = (entered(look(each.link, origin=each.origin), each) for each in (hers, his))
        for each, server in ((ada, hers), (ben, his)):
            each.goto(server.origin + "/")
            each.keyboard.press("j")
            each.keyboard.press("Enter")
            each.wait_for_selector("#look")
        ada.wait_for_selector("text=ben is here, too")
        ada.keyboard.press("c")
        ada.keyboard.type("I am still writing")
        ben.keyboard.press("n")
        ben.keyboard.press("c")
        ben.keyboard.type("Ben was here")
        ben.keyboard.press("Control+Enter")
        ada.wait_for_selector("text=Ben was here", state="attached")
        assert ada.locator(".part-card[open] [data-comment]").input_value() == "I am still writing"
        ada.keyboard.press("Escape")
        ben.route("**/changes*", lambda route: route.abort())  # so that he does not see it in time
        for each, points in ((ada, "3"), (ben, "4")):
            part = each.locator(".part-card").first
            part.evaluate("each => { each.open = true }")
            part.locator("[data-points]").fill(points)
            part.get_by_label("Why").fill(f"{points} points it is")
            part.locator("[data-points]").press("Enter")
            if each is ada:
                ada.wait_for_selector("strong:text('set to 3')")
        ben.wait_for_selector("#conflict")
        assert ben.get_by_text("3 points it is").is_visible()
        assert ben.get_by_label("Text").input_value() == "4 points it is"
        assert ben.evaluate("document.activeElement.id") == "conflict-title"
        ben.get_by_role("button", name="Enter mine after theirs").press("Enter")
        ada.wait_for_selector("strong:text('set to 4')")
        hers.end(signal.SIGKILL)
        ada.keyboard.press("Escape")
        ada.locator(".part-card[open] [data-comment]").fill("Written while the server was gone")
        ada.keyboard.press("Control+Enter")
        hers.start()
        ada.wait_for_selector(".said-list >> text=Written while")
    reasons = [each.why for _, each in class_in(place, cnn).decided.entered]
    assert reasons == [
        "Ben was here",
        "3 points it is",
        "4 points it is",
        "Written while the server was gone",
    ]


def review_pages(page: Any, origin: str) -> list[str]:
    """Return an address of each kind of page."""
    page.goto(origin + "/")
    submission = page.locator("[data-row]").first.get_attribute("href")
    paths = ("/", "/?group=diagnosis", "/?waiting=1&new=1", submission, f"{submission}/attempts")
    return [origin + path for path in (*paths, "/decisions", "/publish", "/s/nobody")]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [1300, 380])
def test_axe_has_nothing_to_say_of_the_review(
    server: ReviewServer, look: Callable[..., Look], scheme: str, width: int
) -> None:
    """No page of the review has a violation of any kind, wide or narrow, in light and in dark."""
    seen = look(server.link, scheme, server.origin, viewport={"width": width, "height": 800})
    page, found = entered(seen, server), {}
    for address in review_pages(page, server.origin):
        page.goto(address)
        page.evaluate(NAMELESS)
        found[address] = seen.violations()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    page.goto(server.origin)
    page.keyboard.press("?")
    found["keys"] = seen.violations()
    assert {name: each for name, each in found.items() if each} == {}


def test_a_hostile_class_stays_words(server: ReviewServer, look: Callable[..., Look]) -> None:
    """Names, code, flags, answers, outputs of notebooks and comments run nothing, ask for nothing, open nothing."""
    seen = look(server.link, origin=server.origin)
    page = entered(seen, server)
    rows = page.locator("[data-row]").evaluate_all("all => all.map(each => each.href)")
    assert len(rows) == len(HOSTILE)
    for at, row in enumerate(rows):
        page.goto(row)
        page.keyboard.press("c")
        page.locator(".part-card[open] [data-comment]").fill(list(HOSTILE.values())[at].replace("\0", ""))
        page.keyboard.press("Control+Enter")
        page.wait_for_selector(".said-list .remark")
        page.evaluate(NAMELESS)
        seen.unfold()
        page.locator("iframe").first.scroll_into_view_if_needed()
        assert page.evaluate("document.scripts.length") == 1
    for address in review_pages(page, server.origin)[:-1]:
        page.goto(address)
    refused = (
        "sandbox",
        "/notebook/",
    )  # a kept notebook is raw markup here, and its page's policy blocks what it tries
    assert [
        each for each in seen.faults if not (each.startswith("said") and any(map(each.count, refused)))
    ] == []


def test_hidden_names_are_on_no_page(server: ReviewServer, look: Callable[..., Look]) -> None:
    """After one press no page tells who anybody is, and names come back by another."""
    page = entered(look(server.link, origin=server.origin), server)
    assert "Family" in page.locator("body").inner_text()
    page.get_by_role("button", name="Hide names").press("Enter")
    page.get_by_role("button", name="Show names").wait_for()
    for address in review_pages(page, server.origin):
        page.goto(address)
        text = page.content()
        assert "Family0" not in text
        assert "student-0" not in text
    page.get_by_role("button", name="Show names").press("Enter")
    page.get_by_role("button", name="Hide names").wait_for()
