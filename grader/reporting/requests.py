"""The text by which a student asks for another look at a grade: written on their page, and read back out of mails."""

from __future__ import annotations

import email
import email.policy
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr
from html import unescape
from pathlib import Path

from grader.reporting.text import clean, one_line
from grader.results import SubmissionReport

BEGIN = "---- numgrade request ----"
END = "---- end of request ----"

_PART = "(the name of the part; for the whole assignment, leave this line as it is)"
_WHY = "(what should be looked at again, and why)"
_HINT = re.compile(r"^\((?:which\s+one;|the\s+name\s+of|what\s+should\s+be)[^)]*\)")

_LARGEST = 2**20
"""Bytes of one mail that are looked at; what a student writes fits many times."""

_LONGEST_WHY = 4000
_LONGEST_ID = 200
_QUOTED = re.compile(r"^[ \t]*(?:>[ \t]?)+")
_BLOCK = re.compile(
    r"-+ *numgrade request *-+(?P<said>.*?)(?:-+ *end of request *-+|\Z)", re.DOTALL | re.IGNORECASE
)
_FIELD = re.compile(
    r"^(?P<name>assignment|submission|graded|part|why)[ \t]*:[ \t]*(?P<value>.*)$", re.IGNORECASE
)
_FROM_LINE = re.compile(rb"^From .*\d{4}\r?\n", re.MULTILINE)
_TAG = re.compile(r"<br[^>]*>|</p>|</div>|<[^>]*>")


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for.

    Attributes
    ----------
    id
        Tells it from others: the same words about the same submission are one request, however often they were sent.
    graded
        The first letters of the fingerprint of what the student saw graded.
    part
        As the student wrote it; empty for the submission as a whole.
    sender
        The address that the mail says it is from, which anybody can write there; empty where there is no mail.
    place
        The file that it was read from.
    """

    id: str
    assignment: str
    submission: str
    graded: str
    part: str
    why: str
    sender: str
    place: str


def request_text(submission: SubmissionReport, assignment_id: str) -> str:
    """Return the text for a student to fill in and send."""
    return "\n".join(
        (
            BEGIN,
            f"assignment: {assignment_id}",
            f"submission: {one_line(submission.id, _LONGEST_ID)}",
            f"graded: {submission.sha256[:12]}",
            f"part: {_PART}",
            f"why: {_WHY}",
            END,
        )
    )


def read_requests(place: Path) -> tuple[Request, ...]:
    """Return the requests in a folder of files, one file, or an mbox; each once, in the order of its files.

    A request is found in plain text, in a mail's text or HTML, and behind the signs of a quotation. Files that hold
    none are passed over.

    Raises
    ------
    OSError
        There is no such file or folder.
    """
    files = sorted(each for each in place.rglob("*") if each.is_file()) if place.is_dir() else [place]
    found: dict[str, Request] = {}
    for path in files:
        for data in _messages(path):
            for each in _requests(data, path):
                found.setdefault(each.id, each)
    return tuple(found.values())


def _messages(path: Path) -> Iterator[bytes]:
    """Yield a file, or each mail of an mbox."""
    data = path.read_bytes()
    starts = [each.start() for each in _FROM_LINE.finditer(data)] if data.startswith(b"From ") else []
    if not starts:
        yield data[:_LARGEST]
        return
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        yield data[start : min(end, start + _LARGEST)].partition(b"\n")[2]


def _requests(data: bytes, path: Path) -> Iterator[Request]:
    sender, text = _opened(data)
    unquoted = "\n".join(_QUOTED.sub("", line) for line in text.splitlines())
    for block in _BLOCK.finditer(unquoted):
        said = _fields(block["said"])
        if said.get("assignment") and said.get("submission"):
            words = {
                name: said.get(name, "") for name in ("assignment", "submission", "graded", "part", "why")
            }
            digest = hashlib.sha256(repr(words).encode("utf-8", "backslashreplace")).hexdigest()[:6]
            yield Request(id=digest, **words, sender=clean(sender), place=str(path))


def _opened(data: bytes) -> tuple[str, str]:
    """Return who a mail is from and its text; of a file that is no mail, nobody and the file."""
    head = data.lstrip()[:_LARGEST]
    if not re.match(rb"[A-Za-z-]+:[ \t]", head) or head.lower().startswith((b"assignment:", b"submission:")):
        return "", data.decode("utf-8", "replace")
    try:
        mail = email.message_from_bytes(data, policy=email.policy.default)
        body = mail.get_body(("plain", "html")) if isinstance(mail, EmailMessage) else None
        sender = parseaddr(str(mail.get("From", "")))[1]
        return sender, "" if body is None else _words(body)
    except (LookupError, ValueError, TypeError, AttributeError):  # what a mail may hold is endless
        return "", data.decode("utf-8", "replace")


def _words(body: MIMEPart) -> str:
    """Return the text of a mail's body; whoever names no encoding, or ASCII, means UTF-8."""
    packed, named = body.get_payload(decode=True), body.get_content_charset() or "us-ascii"
    text = (
        packed.decode("utf-8" if named == "us-ascii" else named, "replace")
        if isinstance(packed, bytes)
        else ""
    )
    if body.get_content_type() != "text/html":
        return text
    return unescape(_TAG.sub(lambda tag: "\n" if tag[0][1] in "b/" else "", text))


def _fields(text: str) -> dict[str, str]:
    """Return what each line says, with the lines without a name that follow; hints left standing say nothing."""
    said: dict[str, list[str]] = {}
    name = ""
    for line in clean(text).splitlines():
        found = _FIELD.match(line.strip())
        if found is not None and found["name"].lower() not in said:
            name = found["name"].lower()
            said[name] = [found["value"]]
        elif name:
            said[name].append(line.strip())
    plain = {name: _HINT.sub("", "\n".join(lines).strip()).strip() for name, lines in said.items()}
    why = plain.pop("why", "")[:_LONGEST_WHY]
    return {**{name: " ".join(each.split()) for name, each in plain.items()}, "why": why}
