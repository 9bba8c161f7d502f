"""Mail to each student, over SMTP or into a file of mails.

A server cannot be asked what it has taken. So a mail during whose sending a run was ended is not sent again by
itself; one that is sent again has the same Message-ID, by which most mailboxes drop the second.
"""

from __future__ import annotations

import mailbox
import os
import re
import shutil
import smtplib
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP as LINES_OF_SMTP
from email.utils import format_datetime, parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit

from grader.course.people import CourseMember
from grader.course.repository import Course
from grader.gradebook.database import now
from grader.intake.arrivals import Person
from grader.reporting.files import advice
from grader.reporting.returning.feedback import Feedback
from grader.reporting.returning.targets import ReturnOptions, ReturnRefused, ReturnStopped, Sender, Target
from grader.reporting.text import one_line

PASSWORD = "SMTP_PASSWORD"  # noqa: S105 - the name of an environment variable
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_TIMEOUT = 60
_LONGEST = 120
_FOR_GOOD = 500
_PLAIN = r"[^\s@,;:<>()\[\]\"\\]+"
_ONE_ADDRESS = re.compile(
    rf"({_PLAIN}@{_PLAIN})|(?:\"[^\"\r\n]*\"|[^@,;:<>\"\r\n]*)[ \t]*<({_PLAIN}@{_PLAIN})>"
)
"""An address, or a name with one in angle brackets; a second would be sent a stranger's page."""

_OURS = "@numgrade>"
"""How the Message-ID of each mail from here ends."""


def mail_target(options: ReturnOptions) -> Target:
    """Return the mail server or file that the options name.

    Raises
    ------
    ReturnRefused
        They name none, or say not who the mails are from.
    """
    if "@" not in parseaddr(options.sender)[1]:
        raise ReturnRefused("say who the mails are from: --sender 'Ada Lovelace <ada@example.edu>'")
    if not options.at:
        raise ReturnRefused(
            "name a server, --at smtp://USER@HOST (or smtps://), or a file of mails to write, --at FILE"
        )
    title = one_line(Course(options.root).load(options.assignment).title, _LONGEST)
    letters = Letters(one_line(options.sender, _LONGEST), title)
    if "://" not in options.at:
        return MailFile(Path(options.at), letters)
    if urlsplit(options.at).scheme not in {"smtp", "smtps"} or not urlsplit(options.at).hostname:
        raise ReturnRefused(f"{options.at} names no mail server; write smtp://USER@HOST or smtps://USER@HOST")
    return MailServer(options.at, letters, again=options.again)


@dataclass(frozen=True, slots=True)
class Letters:
    """Writes the mails of one assignment."""

    sender: str
    title: str

    def write(self, item: Feedback) -> EmailMessage:
        """Return the mail to one student: the words, and the student's own pages."""
        letter = EmailMessage(policy=LINES_OF_SMTP)
        letter["From"], letter["To"] = self.sender, item.to
        letter["Subject"] = f"Feedback: {self.title}"
        letter["Date"], letter["Message-ID"] = format_datetime(now()), message_id(item)
        letter.set_content(item.words + "\n")
        for path in (item.page, *item.notebooks):
            name = item.page_name if path == item.page else path.name
            letter.add_attachment(path.read_bytes(), maintype="text", subtype="html", filename=name)
        return letter


def message_id(item: Feedback) -> str:
    """Return what the mail with just this feedback is called, however often it is written."""
    return f"<{item.content[:40]}{_OURS}"


def _address(person: Person, member: CourseMember | None) -> str:
    """Return people.csv's mail, else the platform's; none where it is not exactly one."""
    found = _ONE_ADDRESS.fullmatch(((member.email if member is not None else "") or person.email).strip())
    return found[1] or found[2] if found else ""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server that sends mails, by SMTP over TLS."""

    url: str
    letters: Letters
    again: bool = False
    together: bool = False
    place: str = "mail"

    def identity(self, person: Person, member: CourseMember | None) -> str:
        """Return somebody's address."""
        return _address(person, member)

    @contextmanager
    def connect(self, items: Sequence[Feedback]) -> Iterator[Sender]:  # noqa: ARG002 - a server keeps nothing
        """Log in at the server."""
        parts = urlsplit(self.url)
        try:
            with self._opened() as server:
                if parts.username:
                    server.login(unquote(parts.username), os.environ.get(PASSWORD, ""))
                yield _MailSender(server, self.letters, again=self.again)
        except smtplib.SMTPAuthenticationError as error:
            raise ReturnStopped(
                f"the mail server refuses the name or the password; put the password into {PASSWORD}"
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ReturnStopped(
                f"the mail server does not answer as it should ({one_line(str(error), _LONGEST)}); run this again: "
                "it goes on with what is left"
            ) from error

    def _opened(self) -> smtplib.SMTP:
        parts, secure = urlsplit(self.url), ssl.create_default_context()
        host = parts.hostname or ""
        if parts.scheme == "smtps":
            return smtplib.SMTP_SSL(
                host, parts.port or smtplib.SMTP_SSL_PORT, timeout=_TIMEOUT, context=secure
            )
        server = smtplib.SMTP(host, parts.port or 587, timeout=_TIMEOUT)
        if host not in _LOOPBACK:  # a server without TLS is refused: pages and password are nobody else's
            server.starttls(context=secure)
        return server


class _MailSender:
    """Sends one mail after the other."""

    def __init__(self, server: smtplib.SMTP, letters: Letters, *, again: bool) -> None:
        self.notes: list[str] = []
        self._again = again
        self._server = server
        self._letters = letters

    def has(self, item: Feedback) -> bool | None:
        """Say that nobody knows, where a run was ended while it sent just this; a person may have it sent again."""
        return None if item.unsure and not self._again else False

    def send(self, items: Sequence[Feedback]) -> Mapping[str, str]:
        """Send mails; whom the server refuses is told."""
        found = {item.student: self._send(item) for item in items}
        return {student: reason for student, reason in found.items() if reason}

    def _send(self, item: Feedback) -> str:
        try:
            self._server.noop()  # what is no longer connected is found before anything is on its way
        except (smtplib.SMTPException, OSError) as error:
            raise ReturnStopped("the mail server has hung up; run this again", nothing_sent=True) from error
        try:
            self._server.send_message(self._letters.write(item))
        except smtplib.SMTPRecipientsRefused as error:
            return f"the mail server refuses {item.to}: {one_line(str(error.recipients), _LONGEST)}"
        except smtplib.SMTPResponseException as error:
            when = "" if error.smtp_code >= _FOR_GOOD else " for now"
            return f"the mail server takes it not{when}: {one_line(str(error.smtp_error), _LONGEST)}"
        return ""


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file of mails (mbox), for a mail program to send."""

    path: Path
    letters: Letters
    together: bool = True

    @property
    def place(self) -> str:
        """What the gradebook calls it."""
        return f"mail {self.path.resolve()}"

    def identity(self, person: Person, member: CourseMember | None) -> str:
        """Return somebody's address."""
        return _address(person, member)

    @contextmanager
    def connect(self, items: Sequence[Feedback]) -> Iterator[Sender]:  # noqa: ARG002 - what it has stays in it
        """Write to the file."""
        yield _MailFileSender(self.path, self.letters)


class _MailFileSender:
    """Puts mails behind those that a file has, all of them or none."""

    def __init__(self, path: Path, letters: Letters) -> None:
        self.notes: list[str] = []
        self._path = path
        self._letters = letters
        self._last = _last_in(path)

    def has(self, item: Feedback) -> bool | None:
        """Ask which mail is the last of ours to this address: an older one was followed by something else."""
        return self._last.get(item.to.casefold()) == message_id(item)

    def send(self, items: Sequence[Feedback]) -> Mapping[str, str]:
        """Add mails."""
        temporary = self._path.with_name(f".{self._path.name}.tmp")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            temporary.touch(0o600)
            if self._path.exists():
                shutil.copyfile(self._path, temporary)
            with closing(mailbox.mbox(temporary)) as box:
                for item in items:
                    box.add(self._letters.write(item))
            temporary.replace(self._path)
        except OSError as error:
            raise ReturnStopped(f"cannot write {self._path}: {advice(error)}") from error
        finally:
            with suppress(OSError):  # it may not be there, nor its folder
                temporary.unlink()
        self.notes.append(f"{self._path}: {len(items)} mails, for a mail program to send")
        return {}


def _last_in(path: Path) -> dict[str, str]:
    """Return by address the Message-ID of the last mail of ours in a file."""
    if not path.exists():
        return {}
    with closing(mailbox.mbox(path, create=False)) as box:
        named = [(parseaddr(str(each["To"]))[1].casefold(), str(each["Message-ID"]).strip()) for each in box]
    return {address: name for address, name in named if name.endswith(_OURS)}
