"""Write the site: a few pages that load nothing, need no script to be read, and escape all they quote."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from grader import reporting
from grader.course.assignment import Assignment
from grader.intake.arrivals import Arrival
from grader.reporting import classreport
from grader.reporting.classreport.answers import Answer
from grader.reporting.classreport.checks import matrix_view
from grader.reporting.classreport.likeness import DETAILED_PAIRS, pair_page, similar_view
from grader.reporting.classreport.mistakes import findings
from grader.reporting.classreport.overview import overview
from grader.reporting.classreport.pairs import side_by_side
from grader.reporting.classreport.people import Directory
from grader.reporting.classreport.similarity import Comparison
from grader.reporting.classreport.times import time_view
from grader.reporting.cleaning import clean_class
from grader.reporting.files import write_atomically
from grader.results import ClassReport

PAGES = (
    ("index.html", "Overview"),
    ("diagnoses.html", "Mistakes"),
    ("checks.html", "Checks"),
    ("time.html", "Time"),
    ("similar.html", "Similar answers"),
)


@dataclass(frozen=True)
class SiteOptions:
    """What the site is made of beside the report.

    Attributes
    ----------
    out
        The folder it is written to.
    grades
        The folder that `invoke grade` wrote, whose staff pages are linked; None for no links.
    arrivals
        Submission id to its arrival, where the download tells about it.
    comparison, answers
        The class's answers compared, and each by owner and symbol; None where there were no submissions to read.
    unreadable
        Ids of submissions that could not be read for comparing, or not in all.
    """

    out: Path
    grades: Path | None = None
    arrivals: Mapping[str, Arrival] = field(default_factory=dict)
    comparison: Comparison | None = None
    answers: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    unreadable: tuple[str, ...] = ()


def write_site(report: ClassReport, assignment: Assignment, options: SiteOptions) -> Path:
    """Write every page and return the first one's path.

    Raises
    ------
    ReportError
        A page cannot be written.
    """
    people = Directory([each.id for each in report.submissions], options.grades, options.out)
    renderer = _Renderer(report, assignment, people, options)
    written = [write_atomically(options.out / name, text) for name, text in renderer.pages()]
    return written[0]


class _Renderer:
    """Renders the pages of one class."""

    def __init__(
        self, report: ClassReport, assignment: Assignment, people: Directory, options: SiteOptions
    ) -> None:
        self.report = _kept_ids(report)
        self.assignment = assignment
        self.people = people
        self.options = options
        self.environment = _environment()

    def pages(self) -> list[tuple[str, str]]:
        """Return every page's name and text, the first page first."""
        known, puzzling = findings(self.report, self.people)
        matrix = matrix_view(self.report, self.assignment, self.people)
        times = time_view(self.report, self.assignment, self.people, self.options.arrivals)
        first = overview(self.report, self.assignment)
        return [
            ("index.html", self._render("index.html", "index.html", view=first, findings=known)),
            ("diagnoses.html", self._render("diagnoses.html", known=known, puzzling=puzzling)),
            ("checks.html", self._render("checks.html", view=matrix)),
            ("time.html", self._render("time.html", view=times)),
            *self._similar(),
        ]

    def _similar(self) -> list[tuple[str, str]]:
        comparison = self.options.comparison
        if comparison is None:
            return [("similar.html", self._render("similar.html", view=None, detailed=0))]
        view = similar_view(comparison, self.report, self.assignment, self.people, self.options.unreadable)
        pages = [("similar.html", self._render("similar.html", view=view, detailed=DETAILED_PAIRS))]
        for place, pair in enumerate(comparison.pairs[:DETAILED_PAIRS], start=1):
            sides = side_by_side(pair, self.options.answers)
            page = self._render("pair.html", "similar.html", pair=view.pairs[place - 1], sides=sides)
            pages.append((pair_page(place), page))
        return pages

    def _render(self, template: str, current: str = "", **context: object) -> str:
        return self.environment.get_template(f"site/{template}").render(
            assignment=self.assignment,
            report=self.report,
            pages=PAGES,
            current=current or template,
            **context,
        )


def _kept_ids(report: ClassReport) -> ClassReport:
    """Return the report cleaned, under the ids that its submissions had: they name pages and are cleaned when shown."""
    cleaned = clean_class(report)
    kept = (
        replace(each, id=original.id)
        for each, original in zip(cleaned.submissions, report.submissions, strict=True)
    )
    return replace(cleaned, submissions=tuple(kept))


def _environment() -> Environment:
    ours, shared = (Path(module.__path__[0]) / "templates" for module in (classreport, reporting))
    environment = Environment(
        loader=FileSystemLoader([ours, shared]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    style = (shared / "style.css").read_text(encoding="utf-8") + (ours / "site.css").read_text(
        encoding="utf-8"
    )
    script = (ours / "site.js").read_text(encoding="utf-8")
    environment.globals.update(
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        style_digest=_digest(style),
        script_digest=_digest(script),
    )
    return environment


def _digest(source: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(source.encode("utf-8")).digest()).decode("ascii")
