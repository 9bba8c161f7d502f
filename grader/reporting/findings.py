"""Turn checks into what a page says of them: what was tried, what came out, where, and what to look at again."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from grader.reporting import figure
from grader.reporting.outcomes import FACES, Face
from grader.reporting.standing import is_advice
from grader.reporting.text import clip
from grader.results import CheckResult, ErrorMap, Outcome

LONGEST_TITLE = 300
LONGEST_MESSAGE = 2_000
LONGEST_NOTE = 20_000
"""Characters shown; a submission decides how much it prints, and a page must stay a page."""

_CODE = re.compile(r"`([^`\n]+)`")


@dataclass(frozen=True, slots=True)
class KeyView:
    """One line of a figure's key."""

    square: Markup
    word: str


@dataclass(frozen=True, slots=True)
class FigureView:
    """A figure of where the error sits, its caption and key."""

    svg: Markup
    plane: str
    worst: str
    block: str
    key: tuple[KeyView, ...]


@dataclass(frozen=True, slots=True)
class TriedView:
    """What one check tried, and for staff its name and time."""

    title: Markup
    id: str
    seconds: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """What came out of one check, or of several that came out alike: a reader need not read it thrice."""

    face: Face
    tried: tuple[TriedView, ...]
    message: Markup
    idea: Markup
    free: str
    figure: FigureView | None
    staff_note: str

    @property
    def is_plain(self) -> bool:
        """Whether its message is all there is to it."""
        return self.face.tone in {"warn", "calm"} and not (self.idea or self.figure or self.staff_note)


def findings(checks: Iterable[CheckResult]) -> tuple[FindingView, ...]:
    """Put checks together that did not pass and have the same to say, in the order they first come up."""
    alike: dict[object, list[CheckResult]] = {}
    for check in checks:
        if check.outcome is not Outcome.PASSED:
            says = (
                check.outcome,
                check.message,
                check.diagnosis,
                check.error_map,
                check.staff_note,
                _free(check),
            )
            alike.setdefault(says, []).append(check)
    return tuple(_finding(group) for group in alike.values())


def _finding(checks: Sequence[CheckResult]) -> FindingView:
    first = checks[0]
    face = FACES[first.outcome]
    return FindingView(
        face=face,
        tried=tuple(_tried(check) for check in checks),
        message=marked_up(clip(first.message or face.help, LONGEST_MESSAGE)),
        idea=marked_up(clip(first.diagnosis, LONGEST_MESSAGE)),
        free=_free(first),
        figure=None if first.error_map is None else _figure_view(first.error_map),
        staff_note=clip(first.staff_note, LONGEST_NOTE),
    )


def _tried(check: CheckResult) -> TriedView:
    return TriedView(
        marked_up(clip(check.title or check.id, LONGEST_TITLE)), check.id, f"{check.seconds:.2f} s"
    )


def passed(checks: Iterable[CheckResult]) -> tuple[TriedView, ...]:
    """Return the checks that passed, by name."""
    return tuple(_tried(check) for check in checks if check.outcome is Outcome.PASSED)


def marked_up(text: str) -> Markup:
    """Escape `text` and set what stands between backticks as code."""
    pieces = _CODE.split(text)
    return Markup("").join(
        Markup("<code>{}</code>").format(piece) if place % 2 else escape(piece)
        for place, piece in enumerate(pieces)
    )


def _free(check: CheckResult) -> str:
    """Say that an unlucky outcome costs nothing, where it does not."""
    if is_advice(check):
        return ""
    if check.outcome.excused:
        return "This costs you no points: the check is left out of your total."
    if check.outcome is Outcome.INCONCLUSIVE and check.points >= check.max_points:
        return "This costs you no points: you keep all of this check's."
    return ""


def _figure_view(error_map: ErrorMap) -> FigureView:
    rows, columns = error_map.block
    levels = figure.levels_shown(error_map)
    return FigureView(
        svg=Markup(figure.figure_svg(error_map)),  # noqa: S704 - integers and escaped axis names
        plane=figure.plane_words(error_map),
        worst=figure.worst_words(error_map),
        block=""
        if rows == columns == 1
        else f"Each square stands for {rows} by {columns} entries, at their worst.",
        key=tuple(KeyView(Markup(figure.key_svg(each)), figure.LEVEL_WORDS[each]) for each in levels),  # noqa: S704
    )
