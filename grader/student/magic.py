"""`%check` and `%submit` in a notebook, the panel under the cell, and a note of when cells were run."""

from __future__ import annotations

import time
from collections.abc import Callable
from html import escape
from typing import TYPE_CHECKING

from IPython.core.magic import Magics, line_magic, magics_class
from IPython.display import Javascript, display

from grader.reporting.figure import (
    LEVEL_WORDS as SIZES,
    describe,
    figure_svg,
    key_svg,
    levels_shown,
    plane_words,
    worst_words,
)
from grader.results import ErrorMap, Outcome
from grader.student import commands
from grader.student.live import bring_up_to_date, in_colab, notebook_name
from grader.student.results import PublicResult, all_fine, headline, shown_words
from grader.student.session import run_public_checks
from grader.student.submit import note_run
from grader.student.unwritten import GoOn
from grader.student.workspace import Workspace, WorkspaceError

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

EACH = "In Colab each notebook hands over its own text: run %submit once in each; the last one makes the zip."

# Half-transparent colours and the notebook's own text colour, so that the panel is right on light and on dark themes.
STYLE = """
.ng-check { border: 1px solid #8888; border-left: 6px solid #b3541e; border-radius: 4px; padding: 8px 12px;
  max-width: 44em; font-family: system-ui, sans-serif; font-size: 13px; line-height: 1.45; }
.ng-check.fine { border-left-color: #2e7d32; }
.ng-check p { margin: 2px 0; }
.ng-check ul { list-style: none; margin: 6px 0 0; padding: 0; }
.ng-check li { margin: 0; padding: 4px 0; border-top: 1px solid #8883; }
.ng-check pre { margin: 3px 0; padding: 3px 6px; background: #8882; white-space: pre-wrap; font-size: 12px; }
.ng-check .row { display: grid; grid-template-columns: 10em 1fr auto; column-gap: .8em; }
.ng-check .seconds { opacity: .7; font-variant-numeric: tabular-nums; }
.ng-check .mark { font-weight: 600; }
.ng-check summary { cursor: pointer; margin-top: 4px; }
.ng-check .error-map { display: block; margin: 4px 0; }
.ng-check .error-map text { fill: currentColor; font-size: 10px; }
.ng-check .ring { fill: none; stroke: currentColor; stroke-width: 1.5; }
.ng-check .level-0 { fill: #8886; } .ng-check .level-1 { fill: #f2c14e; } .ng-check .level-2 { fill: #ee9b3a; }
.ng-check .level-3 { fill: #de6f2b; } .ng-check .level-4 { fill: #bf4326; } .ng-check .level-5 { fill: #8e1b2e; }
.ng-check .key { vertical-align: middle; }
.ng-check .sizes span { margin-right: 1em; white-space: nowrap; }
"""


@magics_class
class CheckMagics(Magics):
    """The magics of this extension.

    Parameters
    ----------
    shell
        The notebook's shell.
    workspace
        Whose public checks.
    """

    def __init__(self, shell: InteractiveShell, workspace: Workspace) -> None:
        super().__init__(shell)
        self._names = shell.user_ns
        self._workspace = workspace

    @line_magic
    def check(self, line: str) -> None:
        """Run the public checks of what is named, such as ``%check conv_forward_naive``; alone, run all."""
        try:
            run = run_public_checks(self._workspace, tuple(line.replace(",", " ").split()))
        except WorkspaceError as error:
            print(error)
            return
        note = f"Interrupted during {run.interrupted}." if run.interrupted else ""
        display(Panel(run.results, note))  # type: ignore[no-untyped-call]  # IPython's has no types

    @line_magic
    def submit(self, line: str) -> None:
        """Write down this notebook as it is now, run the public checks, and pack; ``%submit --anyway`` packs anyway."""
        note = bring_up_to_date(self._workspace, self._names, _run_in_page)
        print(note, end="\n" if note else "")
        refused = commands.submit(anyway="--anyway" in line.split(), workspace=self._workspace)
        if refused and in_colab() and len(self._workspace.notebooks) > 1:
            print(EACH)

    @property
    def modules(self) -> tuple[str, ...]:
        """Dotted names of the student's modules."""
        return self._workspace.modules

    def after_cell(self, _result: object = None) -> None:
        """Note that a cell of the notebook ran now."""
        notebook = notebook_name(self._names)
        if notebook in self._workspace.notebooks:
            note_run(self._workspace, notebook, time.time())


def attach(shell: InteractiveShell) -> None:
    """Add the magics to `shell`, once: loading the extension again replaces them."""
    try:
        magics = CheckMagics(shell, Workspace.load())
    except WorkspaceError as error:
        print(error)
        return
    shell.register_magics(magics)
    go_on = GoOn(shell, magics.modules)
    _register(shell, "pre_run_cell", go_on.before_cell)
    _register(shell, "post_run_cell", go_on.after_cell)
    _register(shell, "post_run_cell", magics.after_cell)


def _register(shell: InteractiveShell, event: str, callback: Callable[..., None]) -> None:
    """Have `callback` called at an event, in place of that of an extension that was loaded before."""
    for each in list(shell.events.callbacks[event]):
        if getattr(each, "__qualname__", "") == callback.__qualname__:
            shell.events.unregister(event, each)
    shell.events.register(event, callback)


def _run_in_page(script: str) -> None:
    display(Javascript(script))  # type: ignore[no-untyped-call]  # IPython's has no types


class Panel:
    """Results of public checks, to be displayed in a notebook.

    Parameters
    ----------
    results
        What became of the checks.
    note
        A sentence above them, such as that the run was interrupted.
    """

    def __init__(self, results: tuple[PublicResult, ...], note: str = "") -> None:
        self._results = results
        self._note = note

    def _repr_html_(self) -> str:
        fine = all_fine(self._results) and not self._note
        body = [f"<p><strong>{escape(headline(self._results))}</strong></p>"]
        body += [f"<p>{escape(self._note)}</p>"] if self._note else []
        body += _list([each for each in self._results if each.outcome is not Outcome.PASSED])
        # What is right takes one line, and opens to the list.
        passed = [each for each in self._results if each.outcome is Outcome.PASSED]
        if passed:
            body += ["<details><summary>What passed</summary>", *_list(passed), "</details>"]
        kind = "ng-check fine" if fine else "ng-check"
        return f'<style>{STYLE}</style><div class="{kind}" role="status">{"".join(body)}</div>'

    def __repr__(self) -> str:
        """Say the same in plain text."""
        lines = [headline(self._results), *filter(None, [self._note])]
        for each in self._results:
            lines.append(f"{each.words:<20} {each.shown_title} ({each.seconds:.2f} s)")
            lines += [f"    {line}" for line in _words(each)]
        return "\n".join(lines)


def _list(results: list[PublicResult]) -> list[str]:
    return ["<ul>", *map(_item, results), "</ul>"] if results else []


def _item(result: PublicResult) -> str:
    seconds = f'<span class="seconds">{result.seconds:.2f} s</span>'
    sign = "✓" if result.outcome is Outcome.PASSED else "✗" if not result.outcome.earns else "?"
    mark = f'<span class="mark">{sign} {escape(shown_words(result))}</span>'
    parts = [f'<li><div class="row">{mark} <span>{escape(result.shown_title)}</span> {seconds}</div>']
    if result.outcome is not Outcome.PASSED:
        parts += [_paragraph(line) for line in result.judgement.message.splitlines()]
        if result.judgement.error_map is not None:
            parts.append(_figure(result.judgement.error_map))
        parts += [_paragraph(result.asked)] if result.asked else []
        if result.printed:
            parts.append(f"<p>Your code printed:</p><pre>{escape(result.printed)}</pre>")
    return "".join((*parts, "</li>"))


def _paragraph(line: str) -> str:
    if line.startswith("    "):
        return f"<pre>{escape(line.strip())}</pre>"
    return f"<p>{escape(line)}</p>"


def _figure(error_map: ErrorMap) -> str:
    sizes = "".join(
        f"<span>{key_svg(level)} {escape(SIZES[level])}</span>" for level in levels_shown(error_map)
    )
    words = f"Where it is off: {plane_words(error_map)}. {worst_words(error_map)}"
    return f'<p>{escape(words)}</p>{figure_svg(error_map)}<p class="sizes">{sizes}</p>'


def _words(result: PublicResult) -> list[str]:
    if result.outcome is Outcome.PASSED:
        return []
    error_map = result.judgement.error_map
    lines = result.judgement.message.splitlines()
    return [*lines, *([describe(error_map)] if error_map is not None else []), *filter(None, [result.asked])]
