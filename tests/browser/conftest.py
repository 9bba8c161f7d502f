"""A real browser for tests of pages. Rooms with pages of their own use these fixtures and add none.

``chromium``
    The system's Chromium, started once. Without it, or without Playwright, what asks for it is skipped with the reason.
``look``
    ``look(address, scheme="light", origin="", **options)`` opens an address in a context of its own and returns a
    `tests.browser.looking.Look`: ``.page`` is Playwright's page, ``.faults`` what it did that no page may (a request to
    anything but `origin`, a dialog, an error, something its content policy refused), and ``.violations()`` what axe
    finds. A page of a server names the server as `origin`, such as ``"http://127.0.0.1:8000/"``; a file needs none.
    `options` are those of Playwright's ``new_context``, such as ``viewport`` or ``is_mobile``.

    ::

        seen = look(f"{server}/submission/ada", "dark", origin=server)
        seen.page.keyboard.press("n")
        assert seen.violations() == seen.faults == []
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from .looking import Look, browser, looking_with, missing


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Yield the system's Chromium."""
    if why := missing():
        pytest.skip(why)
    with browser() as opened:
        yield opened


@pytest.fixture
def look(chromium) -> Iterator[Callable[..., Look]]:
    """Return what opens a page; see above."""
    contexts = []

    def opened(address: str | Path, scheme: str = "light", origin: str = "", **options: Any) -> Look:
        url = address.as_uri() if isinstance(address, Path) else address
        context, look = looking_with(
            chromium,
            lambda asked: asked.startswith(origin or url) or asked.startswith("data:image/"),
            color_scheme=scheme,
            **options,
        )
        contexts.append(context)
        look.page.goto(url)
        return look

    yield opened
    for context in contexts:
        context.close()
