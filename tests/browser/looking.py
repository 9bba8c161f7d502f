"""Look at pages in a real browser that reaches nothing: what they do that they must not, and what axe says of them."""

from __future__ import annotations

import importlib.resources
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCHEMES = ("light", "dark")
NAMES = ("chromium", "chromium-browser")

_UNFOLD = "document.querySelectorAll('details').forEach(each => { each.open = true })"
_AXE = """() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations.map(each => ({
    id: each.id, help: each.help,
    nodes: each.nodes.slice(0, 5).map(node => [node.target.join(' '), node.failureSummary])})))"""


def missing() -> str:
    """Say why there is no browser here; nothing where there is one."""
    try:
        import axe_playwright_python  # noqa: F401, PLC0415
        import playwright  # noqa: F401, PLC0415
    except ImportError:
        return "Playwright or axe is not installed: pip install -e '.[dev]'"
    return "" if any(map(shutil.which, NAMES)) else "there is no Chromium: apt-get install chromium"


@contextmanager
def browser() -> Iterator[Any]:
    """Yield the system's Chromium, without a window."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=[*FLAGS])
        yield opened
        opened.close()


@dataclass
class Look:
    """A page in a context of its own.

    Attributes
    ----------
    page
        Playwright's page, to be driven further.
    faults
        What it did so far that no page may: asked for something elsewhere, opened a dialog, ran into an error, or
        had something refused by its content policy.
    """

    page: Any
    faults: list[str] = field(default_factory=list)

    def unfold(self) -> None:
        """Open all that is folded."""
        self.page.evaluate(_UNFOLD)

    def violations(self) -> list[str]:
        """Return what axe finds of any kind, with all that is folded opened; best practices count, too."""
        self.unfold()
        self.page.evaluate(_axe_source())
        found = self.page.evaluate(_AXE)
        return [f"{each['id']}: {each['help']}: {json.dumps(each['nodes'])[:1500]}" for each in found]


def looking_with(chromium: Any, allowed: Callable[[str], bool], **options: Any) -> tuple[Any, Look]:
    """Return a context in which only what is `allowed` is asked for, and a look at its first page."""
    context = chromium.new_context(**options)
    look = Look(context.new_page())
    watch(context, look, allowed)
    return context, look


def watch(context: Any, look: Look, allowed: Callable[[str], bool]) -> None:
    """Keep a context from leaving, and note what its page does."""

    def route(route: Any) -> None:
        if allowed(route.request.url):
            route.continue_()
        else:
            look.faults.append(f"asked for {route.request.url[:300]}")
            route.abort()

    def dialog(dialog: Any) -> None:
        look.faults.append(f"opened a dialog: {dialog.message[:300]}")
        dialog.dismiss()

    context.route("**/*", route)
    look.page.on("dialog", dialog)
    look.page.on("pageerror", lambda error: look.faults.append(f"failed: {error}"))
    look.page.on("popup", lambda popup: look.faults.append(f"opened {popup.url[:300]}"))
    look.page.on(
        "console",
        lambda said: (
            look.faults.append(f"said {said.text[:300]}") if said.type in {"error", "warning"} else None
        ),
    )


def _axe_source() -> str:
    return (importlib.resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
