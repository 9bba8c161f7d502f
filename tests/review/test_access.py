"""Nobody gets in without a link, nothing is changed by a request from elsewhere, and no other file is served."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from grader.review.access import LARGEST_REQUEST, VALID_SECONDS, Keys, Reviewer, Served
from grader.review.application import Review

from .conftest import PORT, Browser, Visit


def test_a_link_lets_in_and_nothing_else_does(review: Review) -> None:
    """Without the token of a link every page but the way in is refused; a wrong or forged one is, too."""
    client = TestClient(review.app(), base_url=f"http://127.0.0.1:{PORT}")
    assert {client.get(path).status_code for path in ("/", "/decisions", "/changes", "/s/x")} == {401}
    assert {client.get(f"/enter?token={each}").status_code for each in ("guessed", "ü", "%ff")} == {403}
    link = review.keys.link(Reviewer("ada", "staff"))
    cookie = client.get(f"/enter?token={link}").headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert client.get("/").status_code == 200
    for forged in ("", "ada|staff|9999999999|", "ada|staff|9999999999|" + "0" * 64):
        assert client.get("/", headers={"cookie": f"review-{PORT}={forged}"}).status_code == 401


def test_a_cookie_ends_with_the_day_and_outlives_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another server of the same course knows it; a course with another key, or another day, does not."""
    cookie = Keys("key", "here").cookie(Reviewer("a|b", "grader"))
    assert Keys("key", "here").known(cookie) == Reviewer("a|b", "grader")
    assert Keys("other", "here").known(cookie) is None
    assert Keys("key", "elsewhere").known(cookie) is None
    keys = Keys("key", "here")
    assert keys.known(f"form {cookie}|{keys.form_token(cookie)}") is None  # what pages carry signs no cookie
    later = time.time() + VALID_SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert Keys("key", "here").known(cookie) is None


@pytest.mark.parametrize("host", ["evil.example:8123", "127.0.0.1:80", "127.0.0.1", "192.168.1.5:8123", ""])
def test_a_name_that_is_not_ours_is_refused(ada: Browser, host: str) -> None:
    """A page whose name was bound to this machine after it was loaded reads nothing."""
    assert ada.client.get("/", headers={"host": host}).status_code == 421


def test_hosts_that_are_believed() -> None:
    """Names of this machine and addresses in figures; figures of others only where others are let in."""
    local, open_to_all = Served.at("127.0.0.1", 1), Served.at("::", 1)
    assert local.is_called("localhost:1")
    assert local.is_called("[::1]:1")
    assert not local.is_called("10.0.0.1:1")
    usual = Served.at("127.0.0.1", 80)
    assert all(map(usual.is_called, ("127.0.0.1", "localhost", "[::1]", "127.0.0.1:80")))
    for port in ("²", "٨", "9" * 5000, "", "-1", "1 "):
        assert not local.is_called(f"127.0.0.1:{port}")
        assert not usual.is_called(f"127.0.0.1:{port}")
    assert open_to_all.is_called("10.0.0.1:1")
    assert not open_to_all.is_called("evil.example:1")


def test_what_other_sites_send_changes_nothing(ada: Browser) -> None:
    """A form from elsewhere, without this visit's token, of another method or too long is refused before it is read."""
    student = ada.view.students[0]
    path, body = f"/s/{student.key}", "do=comment&text=x"
    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert ada.client.post(path, content=body, headers=kind).status_code == 403
    mine = f"{body}&form={ada.form()}"
    for header in ({"origin": "http://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        assert ada.client.post(path, content=mine, headers={**kind, **header}).status_code == 403
    assert (
        ada.client.post(path, content=mine + "&a=" + "a" * LARGEST_REQUEST, headers=kind).status_code == 413
    )
    assert ada.client.post(path, content=mine + "&a=1" * 300, headers=kind).status_code == 400
    assert ada.client.put(path, content=mine, headers=kind).status_code == 405
    assert ada.client.get("/?q=" + "q" * 5000).status_code == 414
    assert not ada.view.decided.entered


@pytest.mark.parametrize(("name", "said"), [("host", "127.0.0.1:\xb2"), ("content-length", "\xb2")])
def test_figures_that_are_none_are_refused(ada: Browser, name: str, said: str) -> None:
    """A superscript two in a header, which Python calls a digit, is an answer as well and no traceback."""
    given = {"host": f"127.0.0.1:{PORT}", "content-length": "1", name: said}
    headers = [(key.encode(), value.encode("latin-1")) for key, value in given.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "raw_path": b"/", "query_string": b""}
    told: list[Any] = []

    async def send(message: Any) -> None:
        told.append(message)

    answer = ada.review.app()({**scope, "headers": headers}, None, send)
    with ThreadPoolExecutor(1) as beside:  # a browser's tests keep a loop running in this thread
        beside.submit(asyncio.run, answer).result()
    assert told[0]["status"] == {"host": 421, "content-length": 413}[name]


def test_a_number_without_end_is_as_good_as_none(ada: Browser) -> None:
    """What a page says that it has seen, and which page of the queue is asked for."""
    student = ada.view.students[0]
    ada.decide(student, do="comment", text="x", seen="9" * 5000)
    assert ada.get(f"/?page={'9' * 3000}") == ada.get("/")


@pytest.mark.parametrize(
    "path",
    ["/static/../gradebook.sqlite", "/static/%2e%2e%2fpages.py", "/static/review.html", "/gradebook.sqlite"],
)
def test_no_other_file_is_served(ada: Browser, path: str) -> None:
    """Three files of the package are, by name; no path leads to another."""
    assert ada.client.get(path).status_code == 404
    answer = ada.client.get("/static/review.js")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]


def test_who_only_looks_enters_nothing(visit: Visit) -> None:
    """An observer sees everything and changes nothing; who grades a share does not publish."""
    observer, grader = visit("olga", "observer"), visit("gus", "grader")
    student = observer.view.students[0]
    assert "may not comment as observer" in observer.decide(student, 400, do="comment", text="x").text
    assert "<textarea" not in observer.get(f"/s/{student.key}")
    assert "may not publish as grader" in grader.post("/publish").text
    void = {"do": "points", "kind": "void", "part": "conv_forward_naive", "text": "x"}
    assert "may not void" in grader.decide(student, 400, **void).text
    assert "may not void" in grader.decide(student, 400, **void | {"kind": "void "}).text
    grader.decide(student, do="comment", text="x")
    assert len(grader.view.decided.entered) == 1


def test_who_may_not_leave_a_part_out_does_not_bring_it_back(visit: Visit) -> None:
    """Undoing takes what the undone took, for one and for all, and so does undoing that."""
    ada, grader = visit(), visit("gus", "grader")
    student = ada.view.students[0]
    ada.decide(student, do="points", kind="void", part="conv_forward_naive", text="x")
    number = ada.view.version
    assert "may not void" in grader.decide(student, 400, do="remove", number=number).text
    assert "may not void" in grader.post("/decisions", number=number).text
    assert ada.post("/decisions", number=number).status_code == 303
    assert "may not void" in grader.post("/decisions", number=ada.view.version).text
    grader.decide(student, do="points", kind="give", part="conv_forward_naive", text="x")
    assert grader.post("/decisions", number=ada.view.version).status_code == 303
