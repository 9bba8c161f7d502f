"""Who may use the application, and what of a request is believed before anything else looks at it.

A link carries a token. It is exchanged for a cookie that says who it is and as what, signed with a key that only this
course has: so a server that is started again knows its people, and two servers on one gradebook share them. Browsers
send the cookie with requests from our own pages alone (SameSite=Strict); every change must carry the cookie's own
token besides, come from our own address, and be small.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

from grader.course.roles import ROLES
from grader.reporting.text import whole_number

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
LARGEST_REQUEST = 64 * 1024
LONGEST_ADDRESS = 4_000
MOST_FIELDS = 200
VALID_SECONDS = 14 * 60 * 60
"""A working day, and its evening."""

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
INERT = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
"""What a page that shows a stranger's notebook may do: look like something."""


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who asks, and in which role of people.csv."""

    name: str
    role: str

    def may(self, act: str) -> bool:
        """Say whether the role allows something."""
        return act in ROLES.get(self.role, ())


class Keys:
    """Makes and reads what people are known by.

    Parameters
    ----------
    course_key
        The secret of the course, and of all that is signed here.
    place
        Tells this gradebook's cookies from another's.
    """

    def __init__(self, course_key: str, place: str) -> None:
        self._key = hmac.digest(course_key.encode(), b"review " + place.encode(), hashlib.sha256)
        self._links: dict[str, Reviewer] = {}

    def link(self, reviewer: Reviewer) -> str:
        """Return a token by which somebody gets in for as long as the server runs."""
        token = secrets.token_urlsafe(24)
        self._links[token] = reviewer
        return token

    def admitted(self, token: str) -> Reviewer | None:
        """Return whose token this is."""
        asked = token.encode("utf-8", "replace")
        return next(
            (who for known, who in self._links.items() if hmac.compare_digest(known.encode(), asked)), None
        )

    def cookie(self, reviewer: Reviewer) -> str:
        """Return the value of a cookie that says who somebody is, until a working day has passed."""
        said = f"{quote(reviewer.name, safe='')}|{reviewer.role}|{int(time.time()) + VALID_SECONDS}"
        return f"{said}|{self._signed(f'cookie {said}')}"

    def known(self, cookie: str) -> Reviewer | None:
        """Return whose cookie this is; None of one that is not ours or too old."""
        said, _, signature = cookie.rpartition("|")
        signed = self._signed(f"cookie {said}")  # no form's token is one of these
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), signed.encode()):
            return None
        name, role, until = said.split("|")
        return Reviewer(unquote(name), role) if int(until) > time.time() else None

    def form_token(self, cookie: str) -> str:
        """Return what every form must carry that is sent with this cookie."""
        return self._signed(f"form {cookie}")

    def _signed(self, words: str) -> str:
        return hmac.digest(self._key, words.encode("utf-8", "replace"), hashlib.sha256).hex()


@dataclass(frozen=True, slots=True)
class Served:
    """Where the application is served.

    Attributes
    ----------
    names
        What a request may call the host; addresses in figures are always believed, since no other site can be them.
    """

    host: str
    port: int
    names: frozenset[str] = field(default=LOOPBACK)

    @classmethod
    def at(cls, host: str, port: int) -> Served:
        """Return what is known of an address that was asked for."""
        own = LOOPBACK if host in LOOPBACK else {*LOOPBACK, host, socket.gethostname(), socket.getfqdn()}
        return cls(host, port, frozenset(each.casefold() for each in own))

    @property
    def is_local(self) -> bool:
        """Whether only this machine gets there."""
        return self.host in LOOPBACK

    @property
    def cookie_name(self) -> str:
        """Cookies of one host go to all of its ports; their names tell them apart."""
        return f"review-{self.port}"

    @property
    def address(self) -> str:
        """How links begin."""
        name = self.host
        if name in {"0.0.0.0", "::", ""}:  # noqa: S104 - what was asked for is compared, not bound
            name = socket.getfqdn()
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}"

    def is_called(self, host: str) -> bool:
        """Say whether a request to `host` means this server: a name that is not ours may be anybody's."""
        name, colon, port = host.rpartition(":")
        if not colon or host.endswith("]"):
            name, port = host, "80"  # which browsers leave out
        if not name or whole_number(port) != self.port:
            return False
        name = name.strip("[]").casefold()
        if name in self.names:
            return True
        try:
            address = ipaddress.ip_address(name)
        except ValueError:
            return False
        return address.is_loopback or not self.is_local


class Guard:
    """Stands before the application: refuses what is not meant for it, and says to browsers what pages may do."""

    def __init__(self, app: ASGIApp, served: Served) -> None:
        self._app = app
        self._served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if refused := self._refused(scope, headers):
            await refused(scope, receive, send)
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                said = MutableHeaders(scope=message)
                for name, value in _HEADERS:
                    said.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, guarded)

    def _refused(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        length = headers.get("content-length", "")
        sent, long = scope["method"] == "POST", len(scope["raw_path"] or b"") + len(scope["query_string"])
        reasons = (
            (
                not self._served.is_called(headers.get("host", "")),
                421,
                "The review is not served at this address.",
            ),
            (long > LONGEST_ADDRESS, 414, "The address is too long."),
            (scope["method"] not in {"GET", "HEAD", "POST"}, 405, "Pages are read and forms are sent."),
            (
                sent and ((size := whole_number(length)) is None or size > LARGEST_REQUEST),
                413,
                "That is too long; write less.",
            ),
            (sent and not _is_ours(headers), 403, "This was sent from another site."),
        )
        return next((PlainTextResponse(words, code) for holds, code, words in reasons if holds), None)


_HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cache-control", "no-store"),
)


def _is_ours(headers: Headers) -> bool:
    """Say whether a browser sent this from one of our pages, as far as it tells."""
    if headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        return False
    origin = headers.get("origin", "")
    return not origin or origin.partition("://")[2] == headers.get("host", "")


def form_fields(body: bytes) -> Mapping[str, str]:
    """Return the fields of a form; of one that stands twice the last."""
    return dict(
        parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    )


def people_with_links(staff: Sequence[Reviewer], keys: Keys, served: Served) -> list[tuple[Reviewer, str]]:
    """Return everybody with a link of their own."""
    return [(each, f"{served.address}/enter?token={keys.link(each)}") for each in staff]
