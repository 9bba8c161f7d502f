"""Requests for another look come back out of whatever a mail program made of them."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from grader.reporting.requests import Request, read_requests, request_text
from grader.results import SubmissionReport

ADA = SubmissionReport("Ada_Lovelace-\u00e9", "5f0c" * 16, 1.0, 2.0, "A", 1.0)
WHY = "My answer divides by the width,\nas the handout says: see page 3."
TEXT = (
    request_text(ADA, "hw1")
    .replace("(the name of the part; for the whole assignment, leave this line as it is)", "moving_average")
    .replace("(what should be looked at again, and why)", WHY)
)


def mail(**changed: str) -> EmailMessage:
    """Return a mail with the request, as some program sent it."""
    message = EmailMessage()
    message["From"] = "Ada Lovelace <ada@example.edu>"
    message["Subject"] = "My grade"
    message.set_content(f"Hello,\n\n{TEXT}\n\nBest, Ada", **changed)
    return message


def as_html() -> bytes:
    """Return a mail that is HTML alone."""
    message = EmailMessage()
    message["From"] = "ada@example.edu"
    lines = "".join(f"<div>{line}</div>" for line in TEXT.splitlines())
    message.set_content(f"<p>Hello,</p>{lines}<p>Ada</p>", subtype="html")
    return message.as_bytes()


@pytest.mark.parametrize(
    "sent",
    [
        TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode(),
        b"".join(b"> > " + line for line in TEXT.encode().splitlines(keepends=True)),
        mail().as_bytes(),
        mail(cte="base64").as_bytes(),
        mail(cte="quoted-printable").as_bytes(),
        as_html(),
        f"Hi,\n\n> {BEGIN}\n{TEXT}\nOn Monday somebody wrote:\n> {TEXT}".encode()
        if (BEGIN := "nothing")
        else b"",
    ],
)
def test_a_request_is_read_however_it_was_sent(tmp_path: Path, sent: bytes) -> None:
    """As a text, quoted twice, encoded, as HTML, and once where a reply repeats it."""
    (tmp_path / "mail.eml").write_bytes(sent)
    (found,) = read_requests(tmp_path)
    assert (found.assignment, found.submission, found.part, found.why) == (
        "hw1",
        ADA.id,
        "moving_average",
        WHY,
    )
    assert ADA.sha256.startswith(found.graded)
    assert found.sender in {"", "ada@example.edu"}


def test_an_mbox_holds_many_and_what_was_left_standing_says_nothing(tmp_path: Path) -> None:
    """Each mail once; a text that nobody filled in asks about the whole, with no reason."""
    empty = request_text(ADA, "hw2").encode()
    start = b"From ada@example.edu Sat Nov 28 10:00:00 2026\n"
    mails = (
        mail().as_bytes(),
        mail().as_bytes(),
        b"From: b@example.edu\n\n" + empty,
        b"Subject: lunch\n\nAt noon?",
    )
    box = tmp_path / "inbox.mbox"
    box.write_bytes(b"".join(start + each + b"\n" for each in mails))
    first, second = read_requests(box)
    assert (first.why, second) == (
        WHY,
        Request(second.id, "hw2", ADA.id, "5f0c5f0c5f0c", "", "", "b@example.edu", str(box)),
    )


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_are_read(tmp_path_factory: pytest.TempPathFactory, data: bytes, mailed: bool) -> None:
    """Whatever somebody sends is a request, or none, and no error."""
    path = tmp_path_factory.mktemp("in") / "x"
    path.write_bytes(
        (b"From: x\nContent-Type: text/plain; charset=" if mailed else b"") + data + TEXT.encode()
    )
    assert len(read_requests(path)) <= 1
