"""Lay out the first page: the class in numbers, its parts as items, and what stands out."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from grader.course.assignment import Assignment
from grader.reporting.charts import rate_bar
from grader.reporting.classreport.items import LITTLE, PartItem, part_items
from grader.reporting.classreport.plots import histogram
from grader.reporting.classreport.words import NOTHING, PERCENT, drawn, share_words
from grader.reporting.standing import PartRate, percent
from grader.results import ClassReport


@dataclass(frozen=True, slots=True)
class ItemView:
    """One part in the table of difficulty and discrimination."""

    item: PartItem
    bar: Markup
    share: str
    tells: str
    tone: str
    key: float


@dataclass(frozen=True, slots=True)
class Overview:
    """The first page."""

    count: int
    without_result: int
    figures: tuple[tuple[str, str], ...]
    histogram: Markup
    items: tuple[ItemView, ...]
    notes: tuple[Markup, ...]


def overview(report: ClassReport, assignment: Assignment) -> Overview:
    """Sum the class up."""
    percents = [each for each in map(percent, report.submissions) if each is not None]
    items = part_items(report.submissions, assignment)
    figures = [("Submissions", f"{len(report.submissions):,}")]
    if percents:
        figures += [
            ("Mean", share_words(statistics.fmean(percents), 1)),
            ("Median", share_words(statistics.median(percents), 1)),
            ("Standard deviation", share_words(statistics.pstdev(percents), 1)),
        ]
    without = sum(bool(each.error) for each in report.submissions)
    figures.append(("Without a result", f"{without:,}"))
    return Overview(
        count=len(report.submissions),
        without_result=without,
        figures=tuple(figures),
        histogram=drawn(histogram(percents, PERCENT, 20, "Scores")),
        items=tuple(map(_item_view, items)),
        notes=_notes(items),
    )


def _item_view(item: PartItem) -> ItemView:
    rate = PartRate(item.id, item.title, item.full, item.partial, item.none, 0)
    value = item.discrimination
    if value is None:
        tells, tone = NOTHING, "calm"
    else:
        tells = f"{value:.2f}".replace("-", "\N{MINUS SIGN}")
        tone = "bad" if value < 0 else "warn" if value < LITTLE else "good"
    return ItemView(
        item=item,
        bar=drawn(rate_bar(rate)),
        share=NOTHING if item.share is None else share_words(100 * item.share),
        tells=tells,
        tone=tone,
        key=-2.0 if value is None else value,
    )


def _notes(items: Sequence[PartItem]) -> tuple[Markup, ...]:
    """Say in sentences what a teacher would look for in the table."""
    known = [each for each in items if each.share is not None]
    notes = []
    if known:
        hardest = min(known, key=lambda each: each.share or 0.0)
        share = share_words(100 * (hardest.share or 0))
        notes.append(
            Markup("Hardest was <strong>{}</strong>: {} of its points were reached.").format(
                hardest.title, share
            )
        )
    measured = [each for each in items if each.discrimination is not None]
    if measured:
        sharpest = max(measured, key=lambda each: each.discrimination or 0.0)
        notes.append(
            Markup(
                "<strong>{}</strong> told best who can do the rest (item-rest correlation {:.2f})."
            ).format(sharpest.title, sharpest.discrimination or 0.0)
        )
    against = [each.title for each in measured if (each.discrimination or 0.0) < 0]
    if against:
        notes.append(
            Markup(
                "Those who did well elsewhere did worse in <strong>{}</strong>. "
                "Look at its checks and its wording before you trust it."
            ).format(", ".join(against))
        )
    everyone = [each.title for each in items if each.graded and each.full == each.graded]
    if everyone:
        notes.append(Markup("Everybody solved {}.").format(", ".join(everyone)))
    return tuple(notes)
