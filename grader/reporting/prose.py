"""Render what people write, in Markdown with formulas, to markup that does nothing: no links, pictures or raw HTML."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from grader.reporting.text import clean, clip

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

LONGEST_PROSE = 20_000
"""Characters that are rendered, the most that is kept of an answer."""

LONGEST_FORMULA, MOST_FORMULAS = 400, 50
"""Characters of a formula, and formulas of one text, that are set as such."""

_FORMULA = re.compile(r"\$\$(?P<shown>[^$]+)\$\$|\$(?P<inline>[^\s$](?:[^$\n]*[^\s$])?)\$(?!\d)")
_OFF = ("link", "image", "autolink", "html_inline", "html_block", "reference", "linkify")
"""Rules of Markdown that lead out of a page or let markup in; what they would match is shown as it was written."""


def prose(text: str, *, formulas: bool = False) -> Markup:
    """Return Markdown as harmless markup.

    Parameters
    ----------
    formulas
        Whether formulas between dollars are set, as of what staff write. A student's stay as they were written: no
        stranger's text is parsed by one more library.
    """
    shown = clip(clean(text), LONGEST_PROSE)
    made = _markdown().render(shown, {"formulas": MOST_FORMULAS if formulas else 0})
    return Markup(made)  # noqa: S704 - made of tokens whose texts are escaped


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - few pages have comments

    markdown = (
        MarkdownIt("commonmark", {"html": False, "maxNesting": 12}).enable("table").disable(list(_OFF), True)
    )
    markdown.inline.ruler.before("escape", "formula", _formula)
    markdown.core.ruler.push("no_style", _without_style)
    markdown.add_render_rule("formula", _formula_markup)
    for end in ("open", "close"):
        markdown.add_render_rule(f"heading_{end}", _heading)
    for kind in ("fence", "code_block"):
        markdown.add_render_rule(kind, _code)
    return markdown


def _without_style(state: StateCore) -> None:
    """Drop how a table aligns its columns: pages have no style but their own."""
    for token in state.tokens:
        token.attrs.pop("style", None)


def _formula(state: StateInline, silent: bool) -> bool:  # as markdown-it calls it
    found = _FORMULA.match(state.src, state.pos) if state.src[state.pos] == "$" else None
    if found is None or found.end() > state.posMax:
        return False
    if not silent:
        token = state.push("formula", "", 0)
        token.content, token.markup = found["shown"] or found["inline"], found[0]
        token.block = bool(found["shown"])
    state.pos = found.end()
    return True


def _formula_markup(
    _renderer: object, tokens: Sequence[Token], at: int, _options: object, env: dict[str, Any]
) -> str:
    token, made = tokens[at], ""
    if env["formulas"] > 0 and len(token.content) <= LONGEST_FORMULA:
        env["formulas"] -= 1
        from grader.notebooks.page import formula  # noqa: PLC0415 - what reads notebooks, and few comments have any

        made = formula(token.content, shown=token.block)
    return made or f"<code>{escape(token.markup)}</code>"


def _heading(
    _renderer: object, tokens: Sequence[Token], at: int, _options: object, _env: Mapping[str, Any]
) -> str:
    """Return a heading as a paragraph in bold: the page's own headings say where one is."""
    return "<p><strong>" if tokens[at].nesting == 1 else "</strong></p>\n"


def _code(_renderer: object, tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    return f"<pre><code>{escape(tokens[at].content)}</code></pre>\n"
