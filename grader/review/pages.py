"""What all pages of the review have: who looks at which state of the class, templates, and the files beside them."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader
from markupsafe import Markup

from grader.course.assignment import Assignment
from grader.reporting import page
from grader.reporting.prose import prose
from grader.reporting.text import one_line, signed
from grader.results import WHOLE, Decision, DecisionKind
from grader.review.access import Reviewer
from grader.review.class_view import ClassView, Reviewed, diagnosis_id

_HERE = Path(__file__).parent
FILES: Mapping[str, tuple[Path, str]] = {
    "style.css": (Path(page.__file__).parent / "templates/style.css", "text/css"),
    "review.css": (_HERE / "static/review.css", "text/css"),
    "review.js": (_HERE / "static/review.js", "text/javascript"),
}
"""What is served beside pages: these files and no others."""

_SHORT = 90
_DIGEST = 10


@dataclass(frozen=True, slots=True)
class Frame:
    """What all pages have: who looks, at which state of the class, and what forms must carry.

    Attributes
    ----------
    out
        The folder of results, which commands on the page name.
    has
        The digests of regions that the page in the browser has already.
    """

    view: ClassView
    reviewer: Reviewer
    form_token: str
    blind: bool
    out: Path
    has: frozenset[str] = frozenset()

    def digest(self, region: str) -> str:
        """Return what a piece of a page is known by, whichever state of the class its forms carry."""
        timeless = region.replace(f'name="seen" value="{self.view.version}"', "")
        return hashlib.sha256(timeless.encode("utf-8", "backslashreplace")).hexdigest()[:_DIGEST]

    @property
    def assignment(self) -> Assignment:
        """The assignment."""
        return self.view.assignment

    def replay(self, student: Reviewed) -> tuple[str, str]:
        """Return what a command that replays a check calls a submission, and the folder of results."""
        return student.key, str(self.out)

    def name(self, student: Reviewed) -> str:
        """Return what a submission is called here."""
        return one_line(student.name(blind=self.blind), page.LONGEST_TITLE)

    def names(self, decision: Decision) -> str:
        """Return whom a decision is about, where that is one submission; how many it is about else."""
        about = self.view.about.get(decision.undoes or decision.number, ())
        student = self.view.by_id.get(about[0] or "") if len(about) == 1 else None
        if student is not None:
            return self.name(student)
        return "all" if None in about else f"{len(about)} submissions"

    def why(self, decision: Decision) -> str:
        """Return the reason of a decision: of an item that is applied what it says, of a look none."""
        item = self.view.rubric.get(decision.item) if decision.kind is DecisionKind.APPLY else None
        if item is not None:
            return item.why
        return "" if decision.kind is DecisionKind.LOOK else decision.why


def render(template: str, frame: Frame, **context: object) -> str:
    """Return a page."""
    return templates().get_template(template).render(frame=frame, **context)


@functools.cache
def templates() -> Environment:
    """Return the environment of the static pages, with this room's templates before its own."""
    shared = page.environment()
    loaders = [FileSystemLoader(_HERE / "templates"), *([shared.loader] if shared.loader else [])]
    environment = shared.overlay(loader=ChoiceLoader(loaders))
    environment.globals = {
        **shared.globals,
        "version_of": file_version,
        "diagnosis_id": diagnosis_id,
        "WHOLE": WHOLE,
    }
    environment.filters = {**shared.filters, "signed": signed, "prose": _staff_prose, "short": _short}
    return environment


def _staff_prose(text: str) -> Markup:
    return prose(text, formulas=True)


def _short(text: str) -> str:
    return one_line(text, _SHORT)


@functools.cache
def file_version(name: str) -> str:
    """Return what changes with a file, so that a browser may keep it."""
    return hashlib.sha256(FILES[name][0].read_bytes()).hexdigest()[:_DIGEST]
