"""A Canvas on loopback: courses, assignments, submissions and comment files, as its API documents them.

Lists come in pages with a Link header. A token that is none is 401 with WWW-Authenticate, one that may not is 401
without. Too many requests are 403 with a body that says so, or 429 with Retry-After. A file is announced, then
posted to another address without the token, and belongs to the submission it was announced for.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "1~letters-of-a-token"  # noqa: S105
COURSE, ASSIGNMENT = 7, 42
MOST_PER_PAGE = 100
_ONE = re.compile(rf"^/api/v1/courses/{COURSE}/assignments/{ASSIGNMENT}/submissions/(\d+)(/comments/files)?$")
_ALL = f"/api/v1/courses/{COURSE}/assignments/{ASSIGNMENT}/submissions"


@dataclass
class FakeCanvas:
    """What is on it, and what happened.

    Attributes
    ----------
    students
        Number to name.
    before, after
        Called with how many grades there were, before and after one is taken in.
    throttle
        Turn away each so-and-so-many-th request; 0 for none.
    """

    students: dict[int, str]
    points_possible: float = 10.0
    excused: set[int] = field(default_factory=set)
    tokens: dict[str, bool] = field(default_factory=lambda: {TOKEN: True})
    throttle: int = 0
    retry_after: str = "0"
    before: Callable[[int], None] = lambda _count: None
    after: Callable[[int], None] = lambda _count: None
    broken_replies: int = 0
    late_policy: float = 1.0
    grades: dict[int, list[str]] = field(default_factory=dict)
    comments: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    files: dict[int, tuple[int, dict[str, Any], bytes]] = field(default_factory=dict)
    announced: dict[str, tuple[int, str]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    turned_away: int = 0
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def at(self) -> str:
        """The address of the assignment's page."""
        return f"{self.url}/courses/{COURSE}/assignments/{ASSIGNMENT}"

    @property
    def graded(self) -> int:
        """How many grades were taken in."""
        return sum(map(len, self.grades.values()))

    def submission(self, user: int, include: list[str]) -> dict[str, Any]:
        """Return a submission as the API shows it."""
        last = self.grades.get(user, [None])[-1]
        found: dict[str, Any] = {
            "id": 10 * user,
            "user_id": user,
            "assignment_id": ASSIGNMENT,
            "grade": last,
            "score": None if last is None else float(last) * self.late_policy,
            "excused": user in self.excused,
        }
        if "submission_comments" in include:
            found["submission_comments"] = self.comments.get(user, [])
        if "user" in include:
            found["user"] = {"id": user, "name": self.students[user]}
        return found

    def put(self, user: int, form: dict[str, list[str]]) -> None:
        """Take in a grade and a comment."""
        ids = [int(each) for each in form.get("comment[file_ids][]", [])]
        assert all(self.files[each][0] == user for each in ids), "a file of another submission"
        self.grades.setdefault(user, []).append(form["submission[posted_grade]"][0])
        attachments = [self.files[each][1] for each in ids]
        comment = {"comment": form["comment[text_comment]"][0], "attachments": attachments}
        self.comments.setdefault(user, []).append(comment)


@contextmanager
def running(canvas: FakeCanvas) -> Iterator[FakeCanvas]:
    """Serve it for as long as the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.canvas = canvas  # type: ignore[attr-defined]
    canvas.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield canvas
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # head and body in one packet, or each answer waits for an acknowledgement
    timeout = 10

    @property
    def canvas(self) -> FakeCanvas:
        return self.server.canvas  # type: ignore[attr-defined,no-any-return]

    def log_message(self, *_words: object) -> None:
        """Say nothing."""

    def handle_one_request(self) -> None:
        """Take one; who asked may have been killed meanwhile."""
        try:
            super().handle_one_request()
        except (ConnectionError, TimeoutError):
            self.close_connection = True

    def do_GET(self) -> None:
        if self._admitted():
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            one = _ONE.match(path)
            if path == f"/api/v1/courses/{COURSE}":
                self._reply(200, {"id": COURSE, "name": "Numerics"})
            elif path == _ALL.removesuffix("/submissions"):
                possible = self.canvas.points_possible
                self._reply(200, {"id": ASSIGNMENT, "course_id": COURSE, "points_possible": possible})
            elif path == _ALL:
                self._page(query)
            elif one and int(one[1]) in self.canvas.students:
                self._reply(200, self.canvas.submission(int(one[1]), query.get("include[]", [])))
            else:
                self._missing()

    def _page(self, query: dict[str, list[str]]) -> None:
        size = min(int(query.get("per_page", ["10"])[0]), MOST_PER_PAGE)
        at = int(query.get("page", ["1"])[0])
        users = sorted(self.canvas.students)
        include = query.get("include[]", [])
        more = "".join(f"&include[]={each}" for each in include)
        links = [f'<{self.canvas.url}{_ALL}?page=1&per_page={size}{more}>; rel="first"']
        if at * size < len(users):
            links.append(f'<{self.canvas.url}{_ALL}?page={at + 1}&per_page={size}{more}>; rel="next"')
        found = [self.canvas.submission(each, include) for each in users[(at - 1) * size : at * size]]
        self._reply(200, found, {"Link": ",".join(links)})

    def do_POST(self) -> None:
        body = self._body()
        if self.path.startswith("/upload/"):
            self._upload(body)
        elif self._admitted():
            one, form = _ONE.match(self.path), parse_qs(body.decode())
            if not one or not one[2] or int(one[1]) not in self.canvas.students:
                self._missing()
                return
            with self.canvas.lock:
                ticket = f"/upload/{len(self.canvas.announced)}"
                self.canvas.announced[ticket] = int(one[1]), form["name"][0]
            told = {
                "upload_url": self.canvas.url + ticket,
                "upload_params": {"key": ticket},
                "file_param": "file",
            }
            self._reply(200, told)

    def _upload(self, body: bytes) -> None:
        assert "Authorization" not in self.headers, "the token goes to Canvas alone"
        user, name = self.canvas.announced[self.path]
        boundary = b"--" + self.headers["Content-Type"].partition("boundary=")[2].encode()
        fields = [each for each in body.split(boundary) if b"Content-Disposition" in each]
        assert b'name="key"' in fields[0] and b'name="file"' in fields[-1], "the file comes last"
        content = fields[-1].partition(b"\r\n\r\n")[2].removesuffix(b"\r\n")
        with self.canvas.lock:
            number = len(self.canvas.files) + 1
            told = {
                "id": number,
                "display_name": name,
                "filename": name,
                "url": f"{self.canvas.url}/files/{number}",
            }
            self.canvas.files[number] = user, told, content
        self._reply(201, told)

    def do_PUT(self) -> None:
        body = self._body()
        one = _ONE.match(self.path)
        if not self._admitted():
            return
        if not one or int(one[1]) not in self.canvas.students:
            self._missing()
            return
        with self.canvas.lock:
            self.canvas.before(self.canvas.graded)
            self.canvas.put(int(one[1]), parse_qs(body.decode()))
            self.canvas.after(self.canvas.graded)
            if self.canvas.broken_replies:
                self.canvas.broken_replies -= 1
                self.close_connection = True
                self._reply(502, {"errors": [{"message": "bad gateway"}]})
                return
        self._reply(200, self.canvas.submission(int(one[1]), ["submission_comments"]))

    def _admitted(self) -> bool:
        """Say whether a request is looked at; answer it where it is not."""
        canvas = self.canvas
        canvas.requests.append(f"{self.command} {self.path}")
        given = self.headers.get("Authorization", "").removeprefix("Bearer ")
        if given not in canvas.tokens:
            told = {"errors": [{"message": "Invalid access token."}]}
            self._reply(401, told, {"WWW-Authenticate": 'Bearer realm="canvas-lms"'})
        elif not canvas.tokens[given]:
            message = {"message": "user not authorized to perform that action"}
            self._reply(401, {"status": "unauthorized", "errors": [message]})
        elif canvas.throttle and len(canvas.requests) % canvas.throttle == 0:
            canvas.turned_away += 1
            heads = {"X-Rate-Limit-Remaining": "0.0", "Retry-After": canvas.retry_after}
            self._send(
                429 if canvas.turned_away % 2 else 403, b"403 Forbidden (Rate Limit Exceeded)\n", heads
            )
        else:
            return True
        return False

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _missing(self) -> None:
        self._reply(404, {"errors": [{"message": "The specified resource does not exist."}]})

    def _reply(self, status: int, document: object, heads: dict[str, str] | None = None) -> None:
        self._send(
            status, json.dumps(document).encode(), {"Content-Type": "application/json", **(heads or {})}
        )

    def _send(self, status: int, body: bytes, heads: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**heads, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
