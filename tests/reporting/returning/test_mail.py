"""Mail reaches each student once: through a server that cannot be asked, or into a file that can."""

from __future__ import annotations

import mailbox
import socketserver
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from grader.commands.terminal import NOTHING_DONE
from grader.course.people import CourseMember
from grader.intake.arrivals import Person
from grader.reporting.returning.mail import Letters, MailFile

from .classes import SECRET

SENDER = "Ada L. <ta@example.edu>"


class MailServer(socketserver.ThreadingTCPServer):
    """Takes mails by SMTP; hangs up behind the one that `hang_up` counts to, and refuses one address.

    What it `says` to a word is no mail taken; to an empty text it hangs up.
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[Message] = []
        self.hang_up = 0
        self.says: dict[bytes, str] = {}


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            word = line.split(b":")[0].strip().upper()
            said = next((self.server.says[each] for each in self.server.says if word.startswith(each)), None)
            if said is not None:
                if not said:
                    return
                self._say(said)
                continue
            if word == b"DATA":
                self._say("354 go on")
                data = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.taken.append(message_from_bytes(data))
                if len(self.server.taken) == self.server.hang_up:
                    return
            refused = word == b"RCPT TO" and b"carl@" in line
            if word == b"QUIT":
                self._say("221 bye")
                return
            self._say("550 no such person" if refused else "250 fine")

    def _say(self, words: str) -> None:
        self.wfile.write(words.encode() + b"\r\n")


@contextmanager
def serving() -> Iterator[tuple[MailServer, str]]:
    """Yield a server and its address."""
    with MailServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server, f"smtp://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def test_a_server_gets_one_mail_for_each_address(give) -> None:
    """Who has no address and whom the server refuses is said; the mail holds words and page."""
    with serving() as (server, at):
        code, said = give("mail", at=at, sender=SENDER)
        assert code == 1, said
        assert "1 student gets nothing: nobody knows" in said
        assert "carl-13 gets nothing: the mail server refuses" in said
        assert [each["To"] for each in server.taken] == ["blaise@example.edu"]
        text, page = server.taken[0].get_payload()
        assert "2 of 10 points." in text.get_payload()
        assert page.get_filename().startswith("feedback-")
        assert SECRET.encode() not in page.get_payload(decode=True)
        give("mail", at=at, sender=SENDER)
        assert len(server.taken) == 1


def test_a_mail_that_may_have_arrived_is_not_sent_again_by_itself(give) -> None:
    """The server hung up behind the text and before its word: a person is told, and --again sends the same mail."""
    with serving() as (server, at):
        server.hang_up = 1
        assert give("mail", at=at, sender=SENDER)[0] == NOTHING_DONE
        said = give("mail", at=at, sender=SENDER)[1]
        assert "may have it" in said
        assert len(server.taken) == 1
        give("mail", at=at, sender=SENDER, again=True)
        assert len({each["Message-ID"] for each in server.taken}) == 1
        assert len(server.taken) == 2


@pytest.mark.parametrize(
    ("says", "code", "words"),
    [
        ({b"DATA": "451 busy"}, 1, "takes it not for now: b'busy'"),
        ({b"DATA": "554 spam"}, 1, "takes it not: b'spam'"),
        ({b"NOOP": ""}, NOTHING_DONE, "has hung up; run this again"),
        (
            {b"EHLO": "250-here\r\n250 AUTH PLAIN", b"AUTH": "535 no"},
            NOTHING_DONE,
            "refuses the name or the password",
        ),
    ],
)
def test_what_a_server_refuses_is_said(give, says: dict[bytes, str], code: int, words: str) -> None:
    """For one student, or for all; nobody is taken to have anything."""
    with serving() as (server, at):
        server.says = says
        where = at.replace("//", "//ta@") if b"AUTH" in says else at
        found, said = give("mail", at=where, sender=SENDER)
        assert (found, server.taken) == (code, [])
        assert words in " ".join(said.split())


def test_a_file_that_cannot_be_written_is_said(give, tmp_path: Path) -> None:
    """Its folder is a file."""
    (tmp_path / "mails").write_text("", encoding="utf-8")
    code, said = give("mail", at=str(tmp_path / "mails" / "out.mbox"), sender=SENDER)
    assert code == NOTHING_DONE
    assert "cannot write" in said


def test_a_file_of_mails_holds_each_once(give, tmp_path: Path) -> None:
    """What is in the file stays, also somebody else's; what is there is not put in again."""
    path = tmp_path / "out.mbox"
    give("mail", at=str(path), sender=SENDER, student="blaise-12")
    give("mail", at=str(path), sender=SENDER)
    said = give("mail", at=str(path), sender=SENDER, again=True)[1]
    assert "2 had them already" in said
    with closing(mailbox.mbox(path)) as box:
        assert sorted(each["To"] for each in box) == ["blaise@example.edu", "carl@example.edu"]


def test_who_sends_and_by_what_must_be_said(give) -> None:
    """The messages say how."""
    for asked, words in (
        ({}, "say who the mails are from"),
        ({"sender": SENDER}, "name a server"),
        ({"sender": SENDER, "at": "imap://x"}, "names no mail server"),
        ({"sender": SENDER, "at": "smtp://127.0.0.1:1"}, "does not answer"),
    ):
        code, said = give("mail", **asked)
        assert code == NOTHING_DONE
        assert words in said


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("a@x.edu", "a@x.edu"),
        (" a@x.edu ", "a@x.edu"),
        ("Ada <a@x.edu>", "a@x.edu"),
        ('"Lovelace, Ada" <a+b@x.edu>', "a+b@x.edu"),
        *(
            (several, "")
            for several in (
                "a@x.edu, b@y.edu",
                "a@x.edu; b@y.edu",
                "a@x.edu b@y.edu",
                "b@y.edu <a@x.edu>",
                "<a@x.edu>, <b@y.edu>",
                "Class: a@x.edu, b@y.edu;",
                "a@x.edu\nBcc: b@y.edu",
                "a@x.edu,",
                "a@b@y.edu",
                "a",
            )
        ),
    ],
)
def test_a_page_goes_to_exactly_one_address(written: str, address: str) -> None:
    """Whatever could be two addresses, in people.csv or a download, is nobody's."""
    target = MailFile(Path("out.mbox"), Letters(SENDER, "hw1"))
    assert target.identity(Person("ada", email=written), None) == address
    assert target.identity(Person("ada"), CourseMember("ada", email=written)) == address
