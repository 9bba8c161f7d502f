"""A GitHub on loopback: an organisation's repositories, listed page by page, and git's own protocol to clone them."""

from __future__ import annotations

import base64
import gzip
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

TOKEN = "ghp-letters-of-a-token"  # noqa: S105
OWNER = "our-course"


@dataclass
class FakeGitHub:
    """What is on it, and what happened.

    Attributes
    ----------
    repositories
        A folder of bare repositories, ``NAME.git`` each.
    turn_away
        Answers of these codes come first, to whatever is asked of the API.
    per_page
        The most that one page holds, whatever is asked for.
    """

    repositories: Path
    turn_away: list[int] = field(default_factory=list)
    per_page: int = 2
    requests: list[str] = field(default_factory=list)
    url: str = ""


@contextmanager
def running(github: FakeGitHub) -> Iterator[FakeGitHub]:
    """Serve for as long as the block runs."""

    class Handler(_Handler):
        there = github

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    github.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield github
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    there: FakeGitHub

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """List repositories, or tell git what there is."""
        self.there.requests.append(self.path)
        parts, query = urlsplit(self.path), parse_qs(urlsplit(self.path).query)
        if parts.path.startswith("/api/v3/"):
            self._list(parts.path, int(query.get("page", ["1"])[0]))
        elif query.get("service") == ["git-upload-pack"] and self._known():
            said = self._git(parts.path.removesuffix("/info/refs"), b"", "--advertise-refs")
            kind = "application/x-git-upload-pack-advertisement"
            self._answer(200, b"001e# service=git-upload-pack\n0000" + said, kind)
        else:
            self._answer(401, b"", "text/plain", **{"WWW-Authenticate": 'Basic realm="GitHub"'})

    def do_POST(self) -> None:
        """Send git a pack."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        said = self._git(urlsplit(self.path).path.removesuffix("/git-upload-pack"), body)
        self._answer(200, said, "application/x-git-upload-pack-result")

    def _list(self, path: str, page: int) -> None:
        github = self.there
        if github.turn_away:
            code = github.turn_away.pop(0)
            words = b"You have exceeded a secondary rate limit" if code == 403 else b"{}"
            self._answer(code, words, **{"Retry-After": "0"})
        elif self.headers["Authorization"] != f"Bearer {TOKEN}":
            self._answer(401, b"{}")
        elif path != f"/api/v3/orgs/{OWNER}/repos":
            self._answer(404, b"{}")
        else:
            names = sorted(each.stem for each in github.repositories.glob("*.git"))
            shown = names[(page - 1) * github.per_page : page * github.per_page]
            more = f'<{github.url}{path}?page={page + 1}>; rel="next"'
            headers = {"Link": more} if page * github.per_page < len(names) else {}
            self._answer(200, json.dumps([{"name": each} for each in shown]).encode(), **headers)

    def _known(self) -> bool:
        secret = base64.b64encode(f"x-access-token:{TOKEN}".encode()).decode()
        return self.headers.get("Authorization") == f"Basic {secret}"

    def _git(self, path: str, body: bytes, *options: str) -> bytes:
        folder = self.there.repositories / path.removeprefix(f"/{OWNER}/")
        protocol = {"GIT_PROTOCOL": self.headers.get("Git-Protocol", "")}
        command = ["git", "upload-pack", "--stateless-rpc", *options, str(folder)]
        done = subprocess.run(  # noqa: S603
            command, input=body, env={**os.environ, **protocol}, capture_output=True, check=False
        )
        return done.stdout

    def _answer(self, code: int, body: bytes, kind: str = "application/json", **headers: str) -> None:
        self.send_response(code)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
