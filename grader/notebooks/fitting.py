"""Make what a cell put out fit for a page: harmless markup only, and no more of it than can be cleaned in time."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.notebooks.cells import Output

RICH_OUTPUT, RICH_PAGE = 20_000, 120_000
"""Characters of markup in one output and on one page. Hostile markup takes the square of its length to clean."""

PAGE = 4_000_000
"""Characters of all outputs on one page, pictures among them."""

TOO_RICH = "(This output is too long to be shown with its markup; this is its plain text.)\n"
TOO_MUCH = "(The outputs of this notebook are too long for one page; the rest was left out.)\n"

_TEXT_TAGS = (
    "a",
    "abbr",
    "b",
    "blockquote",
    "br",
    "code",
    "del",
    "em",
    "i",
    "p",
    "pre",
    "s",
    "span",
    "strong",
    "u",
)
_BLOCK_TAGS = (
    "dd",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "sub",
    "sup",
    "ul",
)
_TABLE_TAGS = ("table", "tbody", "td", "tfoot", "th", "thead", "tr")
_TAGS = frozenset((*_TEXT_TAGS, *_BLOCK_TAGS, *_TABLE_TAGS))
_PICTURES = ("image/png", "image/jpeg")


@dataclass
class Room:
    """What is left of a page."""

    rich: int = RICH_PAGE
    page: int = PAGE

    def fitting(self, outputs: Sequence[Output], number: int) -> list[Output]:
        """Return the outputs of cell `number` as they can be shown."""
        return [shown for output in outputs for shown in self._fit(output, number)]

    def _fit(self, output: Output, number: int) -> Iterator[Output]:
        if self.page <= 0:
            return
        fit = self._one(output, number)
        self.page -= _size(fit)
        yield fit
        if self.page <= 0:
            yield {"output_type": "stream", "name": "stderr", "text": TOO_MUCH}

    def _one(self, output: Output, number: int) -> Output:
        data = output.get("data")
        if data is None:
            return {**output, "text": output["text"][: self.page]} if "text" in output else output
        markup = self._markup(data)
        if markup is not None:
            return {**output, "data": {"text/html": markup}}
        for kind in _PICTURES:
            if kind in data and len(data[kind]) <= self.page:
                words = {"alt": f"Figure drawn by cell {number}"}
                return {**output, "data": {kind: data[kind]}, "metadata": {kind: words}}
        plain = data.get("text/plain") or data.get("text/latex") or ""
        note = TOO_RICH if {"text/html", "text/markdown"} & data.keys() else ""
        return {**output, "data": {"text/plain": note + plain[: self.page]}}

    def _markup(self, data: Mapping[str, str]) -> str | None:
        """Return the HTML to show, None where there is none or too much."""
        for kind in ("text/html", "text/markdown"):
            text = data.get(kind)
            if text is not None and len(text) <= min(RICH_OUTPUT, self.rich):
                self.rich -= len(text)
                return cleaned(text if kind == "text/html" else _from_markdown(text))
        return None


def cleaned(markup: str) -> str:
    """Return harmless markup only: no script, style, form, frame, handler or address outside the page."""
    return str(
        importlib.import_module("bleach").clean(
            markup,
            tags=_TAGS,
            attributes=_allowed,
            protocols={"data"},
            strip=True,
            strip_comments=True,
        )
    )


def _allowed(tag: str, name: str, value: str) -> bool:
    if tag == "img":
        return name in {"alt", "width", "height"} or (name == "src" and value.startswith("data:image/"))
    if tag == "a":
        return False
    return name in {"class", "colspan", "rowspan", "scope", "title"}


def _from_markdown(text: str) -> str:
    filters: Any = importlib.import_module("nbconvert.filters")
    return str(filters.markdown2html(text))


def _size(output: Output) -> int:
    data = output.get("data")
    return sum(map(len, data.values())) if data is not None else len(str(output.get("text", "")))
