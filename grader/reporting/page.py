"""Render HTML pages: the one environment of templates, with the styles, the script and what a page may load.

A page is one file. It loads nothing, needs no script to be read, and carries a content security policy that
allows exactly its own style sheet and script, by digest; markup that slipped through would still be inert.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import re
import shlex
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.reporting import charts, figure, text
from grader.reporting.outcomes import FACES
from grader.reporting.prose import prose
from grader.results import CheckResult, ErrorMap, Outcome, demand

LONGEST_TITLE = 300
LONGEST_MESSAGE = 2_000
LONGEST_NOTE = 20_000
"""Characters shown; a submission decides how much it prints, and a page must stay a page."""

_TEMPLATES = Path(__file__).parent / "templates"
_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True)
class Looks:
    """The style sheet and the script of a kind of page; `name` is the class of its body."""

    name: str
    style: Markup
    script: Markup

    @functools.cached_property
    def style_digest(self) -> str:
        """What the content security policy names the style sheet by."""
        return _digest(self.style)

    @functools.cached_property
    def script_digest(self) -> str:
        """What the content security policy names the script by."""
        return _digest(self.script)


def render_page(template: str, **context: object) -> str:
    """Return the page of one submission: narrow, and without a script."""
    return environment().get_template(template).render(context, looks=_looks("single"))


def render_class_page(template: str, **context: object) -> str:
    """Return a page about the class: wide, with a script that sorts its tables and folds its lists."""
    return environment().get_template(template).render(context, looks=_looks("class"))


def render_row(template: str, **context: object) -> Markup:
    """Return a piece of a page about the class, to be put into it as it is."""
    return Markup(environment().get_template(template).render(context))  # noqa: S704 - escaped by the template


def marked_up(words: str) -> Markup:
    """Escape `words` and set what stands between backticks as code."""
    pieces = _CODE.split(words)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )


_JUDGED = Markup(' <span class="quiet">(judged {})</span>')


def check_title(check: CheckResult) -> Markup:
    """Return what a check is called, at a length that leaves the page a page, and where it was judged."""
    return _titled(check, check.title or check.id)


def demand_title(check: CheckResult) -> Markup:
    """Return the same, of a check that did not pass as what should hold."""
    title = check.title or check.id
    return _titled(check, title if check.outcome is Outcome.PASSED else demand(title))


def _titled(check: CheckResult, title: str) -> Markup:
    shown = marked_up(text.clip(title, LONGEST_TITLE))
    return shown if check.judged == "outside" else shown + _JUDGED.format(check.judged)


def _percent(value: float | None, digits: int = 0) -> str:
    return text.DASH if value is None else text.percent_words(value, digits)


def _error_figure(error_map: ErrorMap) -> Markup:
    return Markup(figure.figure_svg(error_map))  # noqa: S704 - integers and escaped axis names


def _figure_key(error_map: ErrorMap) -> list[tuple[Markup, str]]:
    levels = figure.levels_shown(error_map)
    return [(Markup(figure.key_svg(each)), figure.LEVEL_WORDS[each]) for each in levels]  # noqa: S704


_FILTERS: Mapping[str, Callable[..., object]] = MappingProxyType(
    {
        "clip_title": functools.partial(text.clip, limit=LONGEST_TITLE),
        "clip_message": functools.partial(text.clip, limit=LONGEST_MESSAGE),
        "clip_note": functools.partial(text.clip, limit=LONGEST_NOTE),
        "marked_up": marked_up,
        "prose": prose,
        "shell": shlex.quote,
        "check_title": check_title,
        "demand_title": demand_title,
        "number": text.number,
        "percent": _percent,
        "counted": text.counted,
        "plane_words": figure.plane_words,
        "worst_words": figure.worst_words,
        "error_figure": _error_figure,
        "figure_key": _figure_key,
    }
)
_GLOBALS: Mapping[str, object] = MappingProxyType(
    {
        "faces": FACES,
        "Outcome": Outcome,
        "dash": text.DASH,
        "points_bar": charts.points_bar,
        "rate_bar": charts.rate_bar,
        "cell_width": charts.cell_width,
        "matrix_row": charts.matrix_row,
        "matrix_heads": charts.matrix_heads,
        "row_height": charts.ROW_HEIGHT,
    }
)


@functools.cache
def environment() -> Environment:
    """Return the environment of all templates; a room with pages of its own adds to it."""
    kept = _TEMPLATES / "__pycache__"
    if not sys.dont_write_bytecode:
        with suppress(OSError):  # an engine that another user has installed
            kept.mkdir(exist_ok=True)
    may_keep = not sys.dont_write_bytecode and os.access(kept, os.W_OK)
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        bytecode_cache=FileSystemBytecodeCache(str(kept)) if may_keep else None,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(_FILTERS)
    environment.globals.update(_GLOBALS)
    return environment


@functools.cache
def _looks(name: str) -> Looks:
    if name == "single":
        return Looks(name, _source("style.css"), Markup(""))
    return Looks(name, _source("style.css") + _source("class.css"), _source("class.js"))


def _source(name: str) -> Markup:
    return Markup((_TEMPLATES / name).read_text(encoding="utf-8"))  # noqa: S704 - our own file


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode("utf-8")).digest()).decode("ascii")
