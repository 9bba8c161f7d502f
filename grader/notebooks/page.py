"""Make one HTML file of an executed notebook: it loads nothing, runs nothing and marks what did not work.

What cells put out is cut to what can be cleaned in time, and cleaned to harmless markup.
"""

from __future__ import annotations

import base64
import hashlib
import html
import importlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from grader.intake.notebooks import Cell
from grader.notebooks.execute import CellRun, CellState, Output
from grader.notebooks.merge import Merged, MergedCell, Origin
from grader.results import cell_anchor

_MOST_SOURCE = 50_000
"""Characters of a cell's source on the page."""

RICH_OUTPUT, RICH_PAGE = 20_000, 120_000
"""Characters of markup in one output and on one page. Hostile markup takes the square of its length to clean."""

PAGE = 4_000_000
"""Characters of all outputs on one page, pictures among them."""

TOO_RICH = "(This output is too long to be shown with its markup; this is its plain text.)\n"
TOO_MUCH = "(The outputs of this notebook are too long for one page; the rest was left out.)\n"

# fmt: off
_TAGS = frozenset((
    "a", "abbr", "b", "blockquote", "br", "code", "del", "em", "i", "p", "pre", "s", "span", "strong", "u",
    "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "sub", "sup", "ul",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr",
))
_MATH = frozenset((
    "math", "mfrac", "mi", "mn", "mo", "mover", "mrow", "mspace", "msqrt", "msub", "msubsup", "msup", "mtable", "mtd",
    "mtext", "mtr", "munder", "munderover",
))
# fmt: on
_FORMULA = re.compile(
    r"<(?P<code>code|pre)\b.*?</(?P=code)>|\$\$(?P<shown>[^$]{1,2000})\$\$|\$(?P<inline>[^$\n]{1,500})\$",
    re.DOTALL,
)
"""A formula between dollars; what stands in code is none."""

_PICTURES = ("image/png", "image/jpeg")

COLOURED_CELL, COLOURED_PAGE, COLOURED_LINE = 20_000, 200_000, 400
"""Characters of source that are coloured: a hostile line takes the square of its length."""

_MARKED = {CellState.FAILED, CellState.STOPPED, CellState.SKIPPED, CellState.WAITING, CellState.NOT_RUN}
_WORDS = {
    CellState.RAN: "ran",
    CellState.FAILED: "failed",
    CellState.STOPPED: "had to be stopped",
    CellState.SKIPPED: "skipped as too slow or without its data",
    CellState.WAITING: "waiting for a skipped cell",
    CellState.NOT_RUN: "not run",
}
_HEADING, _LOWEST = re.compile(r"(</?h)([1-6])"), 6
_OUTPUTS = '<div class="output_wrapper">'
"""How nbconvert begins them; in what it makes of the code, this is escaped."""

_EMPTY = '<p class="empty">(empty cell)</p>'
_STYLE = """
:root { color-scheme: light; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; color: #1b1b1b;
  background: #fff; }
pre { padding: .5rem; margin: .2rem 0; background: #f6f6f6; border: 1px solid #ddd; white-space: pre-wrap;
  overflow-wrap: anywhere; }
.output pre, .jp-OutputArea pre { background: #fff; }
img { max-width: 100%; height: auto; }
table { border-collapse: collapse; } td, th { border: 1px solid #ccc; padding: .2rem .5rem; }
.name { margin: 1.4rem 0 .2rem; font-size: .85rem; color: #555; }
.mark { border-left: .4rem solid #b00020; padding: .2rem .7rem; margin: .2rem 0; background: #fdecee;
  font-weight: 600; }
.mark.skipped, .mark.waiting, .mark.not { border-color: #666; background: #f1f1f1; }
.empty { color: #555; }
a:focus-visible { outline: .2rem solid #1a5fb4; outline-offset: .1rem; }
@media print { body { max-width: none; padding: 0; } img, .mark, tr { break-inside: avoid; }
  .name, .mark, h2, h3, h4 { break-after: avoid; } }
"""


def notebook_page(title: str, merged: Merged, runs: Sequence[CellRun], remarks: Sequence[str] = ()) -> str:
    """Return the page.

    Parameters
    ----------
    title
        Name of the notebook.
    remarks
        Sentences about the file as a whole, for the student.
    """
    style = _STYLE + _code_style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="robots" content="noindex">',
            f"<title>{html.escape(title)}</title><style>{style}</style></head><body>",
            f"<header><h1>{html.escape(title)}</h1>",
            f"<p>{html.escape(summary(runs))}</p>",
            _list(remarks),
            _troubles(runs),
            "</header><main>",
            *_cells(merged, runs),
            "</main></body></html>\n",
        ]
    )


def summary(runs: Sequence[CellRun]) -> str:
    """Return what became of the code cells, in one sentence."""
    counts = {state: sum(run.state is state for run in runs) for state in _WORDS}
    told = [f"{count} {_WORDS[state]}" for state, count in counts.items() if count]
    return f"Cells of code: {', '.join(told)}." if told else "There are no cells of code."


def executed_document(merged: Merged, runs: Sequence[CellRun]) -> dict[str, Any]:
    """Return the executed notebook as nbformat 4.5 has it; cells that are marked come without their old outputs."""
    room = Room()
    cells = [
        _entry(number, each.cell, room.fitting(run.outputs, number))
        for number, (each, run) in enumerate(_pairs(merged, runs), 1)
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def _pairs(merged: Merged, runs: Sequence[CellRun]) -> list[tuple[Any, CellRun]]:
    return list(zip(merged.cells, runs, strict=True))


def _entry(number: int, cell: Cell, outputs: Sequence[Output]) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": f"cell-{number}",
        "metadata": {},
        "source": cell.source[:_MOST_SOURCE],
    }
    if cell.kind == "code":
        entry |= {"execution_count": None, "outputs": list(outputs)}
    return entry


def _cells(merged: Merged, runs: Sequence[CellRun]) -> list[str]:
    """Return one section per cell: a mark where it did not work, and what nbconvert makes of it."""
    nbformat = _library("nbformat")
    document, coloured = executed_document(merged, runs), COLOURED_PAGE
    sections = []
    for number, (each, run) in enumerate(_pairs(merged, runs), 1):
        entry = document["cells"][number - 1]
        plain = each.cell.kind == "code" and not _colourable(entry["source"], coloured)
        coloured -= len(entry["source"])
        single = nbformat.from_dict({**document, "cells": [entry]})
        body, _resources = _exporter(plain).from_notebook_node(single)
        source = f'<pre class="source">{html.escape(entry["source"])}</pre>' if plain else ""
        content = source + _content(each, body) if each.cell.source.strip() else _EMPTY
        sections.append(_section(number, each, _mark(run) + content))
    return sections


def _section(number: int, each: MergedCell, content: str) -> str:
    """Return a cell of code as a group with a name; text stands for itself."""
    # Where people judge a released cell, their page leads here; a student's own cell may have any id.
    here = cell_anchor(each.cell.id) if each.origin is not Origin.OWN and each.cell.id else ""
    if here:  # before the outputs, such as a figure, where there are any: the code is above them
        source, output, rest = content.partition(_OUTPUTS)
        anchor = f'<a id="{here}"></a>'
        content = f"{source}{anchor}{output}{rest}" if output else f"{anchor}{content}"
    if each.cell.kind != "code":
        return f"<div>{content}</div>"
    who = {Origin.ANSWER: "your answer", Origin.OWN: "your own cell"}.get(each.origin, "given")
    name = f'<p class="name" id="name-{number}">Cell {number}, {who}</p>'
    return (
        f'<section role="group" id="cell-{number}" aria-labelledby="name-{number}">{name}{content}</section>'
    )


def _troubles(runs: Sequence[CellRun]) -> str:
    """Return links to the cells that did not work."""
    bad = [number for number, run in enumerate(runs, 1) if run.state in {CellState.FAILED, CellState.STOPPED}]
    links = ", ".join(f'<a href="#cell-{number}">cell {number}</a>' for number in bad)
    return f'<nav aria-label="Cells that did not work"><p>Look at {links}.</p></nav>' if bad else ""


def _colourable(source: str, left: int) -> bool:
    short = max(map(len, source.split("\n"))) <= COLOURED_LINE
    return short and len(source) <= min(COLOURED_CELL, left)


def _content(each: MergedCell, body: str) -> str:
    """Return what nbconvert made of a cell; of code it is escaped, and its outputs are clean already."""
    if each.cell.kind == "code":
        return body
    # The page's own title is the only heading of the first level.
    text = _HEADING.sub(lambda found: f"{found[1]}{min(int(found[2]) + 1, _LOWEST)}", cleaned(body))
    # A student's formula stays as it is written: no stranger's text is parsed by one more library.
    return _FORMULA.sub(_typeset, text) if each.origin is Origin.GIVEN else text


def _typeset(found: re.Match[str]) -> str:
    """Return a formula as MathML, which browsers show without a script; as it is where that cannot be."""
    tex = found["shown"] or found["inline"]
    return (formula(html.unescape(tex), shown=bool(found["shown"])) if tex else "") or found[0]


@lru_cache(maxsize=512)  # a class has the same given formulas in every notebook
def formula(tex: str, *, shown: bool) -> str:
    """Return a formula that is no stranger's as harmless MathML; nothing where that cannot be."""
    try:
        made = _library("latex2mathml.converter").convert(tex, display="block" if shown else "inline")
    except Exception:  # not installed, or a formula that it does not know
        return ""
    return str(_library("bleach").clean(made, tags=_MATH, attributes={"math": ["display"]}, strip=True))


def _mark(run: CellRun) -> str:
    if run.state not in _MARKED:
        return ""
    kind = run.state.value.split()[0] if run.state is not CellState.WAITING else "waiting"
    return f'<p class="mark {kind}">{html.escape(run.note)}</p>'


@cache
def _exporter(without_source: bool) -> Any:
    """Return nbconvert's exporter for the bare body of a notebook, without the scripts of its pages."""
    hidden = {"exclude_input_prompt": True, "exclude_output_prompt": True, "exclude_anchor_links": True}
    hidden["exclude_input"] = without_source
    config = _library("traitlets.config").Config({"TemplateExporter": hidden, "HTMLExporter": hidden})
    return _library("nbconvert").HTMLExporter(template_name="basic", config=config)


@cache
def _code_style() -> str:
    return str(_library("pygments.formatters").HtmlFormatter(style="xcode").get_style_defs(".highlight"))


def _library(name: str) -> Any:
    """Return a module of nbconvert or of what it requires; importing them takes seconds, and many runs need none."""
    return importlib.import_module(name)


def _list(remarks: Sequence[str]) -> str:
    items = "".join(f"<li>{html.escape(each)}</li>" for each in remarks)
    return f"<ul>{items}</ul>" if items else ""


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
        _library("bleach").clean(
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
    return str(_library("nbconvert.filters").markdown2html(text))


def _size(output: Output) -> int:
    data = output.get("data")
    return sum(map(len, data.values())) if data is not None else len(str(output.get("text", "")))
