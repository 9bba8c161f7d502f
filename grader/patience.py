"""Wait where a server says that there were too many requests; it needs the package requests."""

from __future__ import annotations

import time
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0)
"""Seconds before each further try, where the server names none."""

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Where a secret may go without TLS."""

_TIMEOUT = 10, 60
_LONGEST_WAIT = 600.0


class Patient(HTTPAdapter):
    """Sends a request that was turned away again after a while, and never waits for ever on one."""

    def send(self, request: PreparedRequest, *given: Any, **named: Any) -> Response:
        """Send a request, again after a while if it was turned away."""
        named["timeout"] = _TIMEOUT
        for wait in WAITS:
            response: Response = super().send(request, *given, **named)
            if not _is_throttled(response):
                return response
            said = response.headers.get("Retry-After", "")
            time.sleep(min(float(said), _LONGEST_WAIT) if said.isdecimal() else wait)
        return super().send(request, *given, **named)


def _is_throttled(response: Response) -> bool:
    """Say whether a server did not look at a request because there were too many: some say it with 403."""
    if response.status_code == 403:  # noqa: PLR2004
        return b"rate limit" in response.content.lower()
    return response.status_code == 429  # noqa: PLR2004
