"""Fetch the repositories of an organisation on GitHub: its API lists them, and git clones them into a folder.

A clone goes no deeper than the newest commit of its branch, whose time is when the work came. The token is in git's
environment and not in its arguments, goes to the one server, and is written nowhere. What was cloned is a stranger's:
no configuration is read, no hook runs, links become plain files, and a clone is put in its place when it is whole.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from requests import RequestException, Response, Session

from grader.intake.names import printable
from grader.patience import LOOPBACK, Patient
from grader.results import Refusal

TOKEN = "GITHUB_TOKEN"  # noqa: S105 - the name of an environment variable

_ADDRESS = re.compile(r"(?P<host>https?://[^/\s@]+)/(?:orgs/)?(?P<owner>[A-Za-z0-9][A-Za-z0-9-]*)/?")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_PAGE = 100
_AT_ONCE = 6
_SECONDS = 300
_MOST_BLOCKS = 2**20
"""Of 512 or 1024 bytes, as the shell counts: how large a file git may write."""

_LONGEST = 120
_SAID = {
    401: "GitHub does not take the token (expired, or deleted?); make a new one and put it into {token}",
    403: "the token may not list the repositories of {owner}; it needs to read them (classic: repo, read:org)",
    404: "{host} has no organisation {owner} for you; look at the address after --from, and at what the token may do",
}


class CollectError(Refusal):
    """Nothing can be collected as asked; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation on a server of GitHub's kind.

    Attributes
    ----------
    host
        With its scheme: ``https://github.com``.
    """

    host: str
    owner: str

    @classmethod
    def at(cls, address: str) -> Self:
        """Return the organisation whose page has this address.

        Raises
        ------
        CollectError
            It is no such address, or a token would go there unencrypted.
        """
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise CollectError(
                f"{address} is neither a folder of clones nor an organisation; write https://github.com/ORGANISATION"
            )
        if address.startswith("http:") and urlsplit(address).hostname not in LOOPBACK:
            raise CollectError(f"{found['host']} would get the token unencrypted; write https://")
        return cls(found["host"].lower(), found["owner"])

    @property
    def api(self) -> str:
        """Where its API is: of a server of a university's own, below its address."""
        return "https://api.github.com" if self.host == "https://github.com" else f"{self.host}/api/v3"

    def repositories(self, token: str, prefix: str) -> tuple[str, ...]:
        """Return the names of the repositories that begin with `prefix`, in any case, page by page.

        Raises
        ------
        CollectError
            GitHub does not say, or there are none.
        """
        names: list[str] = []
        url: str | None = f"{self.api}/orgs/{self.owner}/repos?per_page={_PAGE}&type=all"
        with Session() as session:
            session.auth = partial(_authorised, token)
            for scheme in ("https://", "http://"):
                session.mount(scheme, Patient())
            while url:
                if not url.startswith(f"{self.api}/"):
                    raise CollectError(f"{self.host} sends on to another place, which would get the token")
                answer = self._answer(session, url)
                names += [str(each.get("name")) for each in answer.json() if isinstance(each, dict)]
                url = answer.links.get("next", {}).get("url")
        found = sorted(
            {each for each in names if each.lower().startswith(prefix.lower()) and _NAME.fullmatch(each)}
        )
        if not found:
            there = f": {', '.join(map(printable, names[:3]))} ..." if names else ""
            raise CollectError(
                f"of {len(names)} repositories of {self.owner} none begins with {prefix!r}{there}; "
                "say how they begin: --prefix hw5-"
            )
        return tuple(found)

    def _answer(self, session: Session, url: str) -> Response:
        try:
            answer = session.get(
                url, headers={"Accept": "application/vnd.github+json"}, allow_redirects=False
            )
            if answer.status_code == 200 and isinstance(answer.json(), list):  # noqa: PLR2004
                return answer
        except (RequestException, ValueError) as error:
            raise CollectError(
                f"{self.host} does not answer as it should ({type(error).__name__}); run this again later"
            ) from None
        said = _SAID.get(answer.status_code, "{host} answers {status}; run this again later")
        words = {"token": TOKEN, "owner": self.owner, "host": self.host, "status": answer.status_code}
        raise CollectError(said.format(**words))

    def clone(self, token: str, folder: Path, name: str) -> str:
        """Clone a repository into `folder`, in place of what was cloned before; return why not, maybe nothing."""
        place = folder / name
        if place.exists() and not (place / ".git").exists():
            return "something that is no clone has its place; move that away"
        url = f"{self.host}/{self.owner}/{name}.git"
        options = ("--quiet", "--depth=1", "--single-branch", "--no-tags", "--template=")
        with tempfile.TemporaryDirectory(prefix=".clone-", dir=folder) as temporary:
            new = Path(temporary) / name
            limited = f'ulimit -f {_MOST_BLOCKS}; exec git "$@"'
            command = ["sh", "-c", limited, "git", "clone", *options, "--", url, str(new)]
            try:
                done = subprocess.run(  # noqa: S603
                    command,
                    env=self._environment(token, temporary),
                    stdin=subprocess.DEVNULL,
                    capture_output=True,
                    timeout=_SECONDS,
                    check=False,
                )
            except subprocess.TimeoutExpired:
                return f"took more than {_SECONDS} seconds"
            if done.returncode:
                said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git failed"]
                return printable(said[-1])[:_LONGEST]
            if place.exists():
                place.rename(Path(temporary) / "before")
            new.rename(place)
        return ""

    def _environment(self, token: str, home: str) -> dict[str, str]:
        """Return git's environment: what a network needs of ours, and no configuration but this."""
        secret = base64.b64encode(f"x-access-token:{token}".encode()).decode()
        configured = {
            f"http.{self.host}/.extraHeader": f"Authorization: Basic {secret}",
            "http.followRedirects": "false",
            "core.hooksPath": os.devnull,
            "core.symlinks": "false",
        }
        numbered: dict[str, str] = {}
        for at, (key, value) in enumerate(configured.items()):
            numbered |= {f"GIT_CONFIG_KEY_{at}": key, f"GIT_CONFIG_VALUE_{at}": value}
        return {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith("GIT") and name != TOKEN
            },
            **numbered,
            "GIT_CONFIG_COUNT": str(len(configured)),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ALLOW_PROTOCOL": urlsplit(self.host).scheme,
            "HOME": home,
        }


def collect(
    organisation: Organisation, prefix: str, folder: Path, step_of: Callable[[int], Callable[[str], None]]
) -> Mapping[str, str]:
    """Clone what begins with `prefix` into `folder`; return by repository why it could not be, where it could not.

    Parameters
    ----------
    step_of
        Told how many there are, returns what is to be called with the name of each.

    Raises
    ------
    CollectError
        There is no token, no such organisation, or no such repository.
    """
    token = os.environ.get(TOKEN, "")
    if not token:
        raise CollectError(f"put a GitHub token into the environment variable {TOKEN}; it is never shown")
    if shutil.which("git") is None:
        raise CollectError("this needs git; install it")
    names = organisation.repositories(token, prefix)
    folder.mkdir(parents=True, exist_ok=True)
    step = step_of(len(names))
    why: dict[str, str] = {}
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for name, said in zip(
            names, pool.map(partial(organisation.clone, token, folder), names), strict=True
        ):
            step(name)
            if said:
                why[name] = said
    return why


def _authorised(token: str, request: Any) -> Any:
    request.headers["Authorization"] = f"Bearer {token}"
    return request
