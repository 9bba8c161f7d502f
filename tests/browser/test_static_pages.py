"""Every static page in a real browser: pleasant for everybody, and inert whatever a submission puts on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from grader.reporting.class_report import ClassReportOptions, write_class_report
from grader.reporting.files import page_name
from grader.reporting.similarity import compare_class
from grader.reporting.write import write_reports
from grader.results import ClassReport, NotebookPage
from tests.notebooks.build import code, stdout
from tests.notebooks.test_page import HOSTILE as HOSTILE_OUTPUT, page as notebook_page, rich
from tests.reporting.samples import HOSTILE, NAMES, cnn, sample_class
from tests.reporting.test_similarity import EINSUM, LOOPS, RENAMED, answer

from .looking import SCHEMES, Look

LOOKED_AT = ("one-of-each", "damaged", "no-box", NAMES[0], NAMES[25])
"""Submissions whose pages differ in what is on them; the hostile ones come on top."""

LOADING = "img[src]:not([src^=data]), iframe, form, object, embed, link, base"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write all that staff and students are shown of the made class, the hostile submissions among it."""
    folder = tmp_path_factory.mktemp("site")
    made = sample_class()
    cells = (
        (code("print(1)"), rich(text_html=HOSTILE_OUTPUT, text_plain=HOSTILE_OUTPUT)),
        (
            code(f"'''{HOSTILE_OUTPUT}'''"),
            replace(rich(), outputs=(stdout(HOSTILE_OUTPUT),), note=HOSTILE_OUTPUT),
        ),
        (code("y"), rich(text_markdown=HOSTILE_OUTPUT)),
        (
            code("z"),
            rich(text_latex="\\href{javascript:alert(1)}{x} \\unicode{<img src=x onerror=alert(1)>}"),
        ),
        (code("s"), rich(image_svg="<svg onload=alert(1)></svg>", text_plain="s")),
    )
    html = notebook_page(*cells, title=HOSTILE["markup"], remarks=(HOSTILE["markup"],))
    run = NotebookPage(HOSTILE["markup"], HOSTILE["markup"], html)
    submissions = tuple(
        replace(each, notebooks=(run,)) if each.id.startswith("<script>") else each
        for each in made.submissions
    )
    report: ClassReport = replace(made, submissions=submissions, notes=(HOSTILE["markup"],))
    write_reports(report, cnn(), folder / "grades")
    answers = [answer(NAMES[0], LOOPS), answer(NAMES[1], RENAMED), answer(HOSTILE["markup"], EINSUM)]
    options = ClassReportOptions(
        out=folder / "report",
        grades=folder / "grades",
        similarity=compare_class(answers, []),
        answers={(each.owner, each.symbol): each for each in answers},
        unreadable=("damaged", HOSTILE["markup"]),
    )
    write_class_report(report, cnn(), options)
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> list[Path]:
    """Return the class index, the pages of submissions that differ, a notebook's, and the class report's."""
    one_of_each = [
        path for name in (*LOOKED_AT, "script-alert") for path in sorted(site.glob(f"grades/s*/{name}*.html"))
    ]
    assert len(one_of_each) > 2 * len(LOOKED_AT)
    return [site / "grades/index.html", *one_of_each, *sorted(site.glob("report/*.html"))]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_axe_has_nothing_to_say(pages: list[Path], look: Callable[..., Look], scheme: str) -> None:
    """No page has a violation of any kind, best practices among them, in light and in dark."""
    found = {f"{path.parent.name}/{path.name}": look(path, scheme).violations() for path in pages}
    assert {name: each for name, each in found.items() if each} == {}


def test_a_hostile_class_runs_asks_for_and_opens_nothing(site: Path, look: Callable[..., Look]) -> None:
    """Markup, SVG, LaTeX, names, file names, code, comments and outputs of notebooks stay what they are: words."""
    faults = {}
    theirs = tuple(page_name(text[:200]).removesuffix(".html") for text in HOSTILE.values())
    for path in sorted(site.rglob("*.html")):
        if path.parent.name in {"staff", "students"} and not path.name.startswith(theirs):
            continue
        seen = look(path)
        seen.unfold()
        seen.page.keyboard.press("Tab")
        assert seen.page.evaluate(f"document.querySelectorAll('{LOADING}').length") == 0
        if seen.faults:
            faults[path.name] = seen.faults
        seen.page.context.close()
    assert faults == {}


def test_the_watch_sees_what_a_page_must_not_do(tmp_path: Path, look: Callable[..., Look]) -> None:
    """A page that does ask, run and open is seen to: else silence would say nothing."""
    path = tmp_path / "bad.html"
    path.write_text("<img src='https://e.org/x.png'><script>alert(1); throw 1</script>", encoding="utf-8")
    seen = look(path)
    seen.page.wait_for_timeout(100)
    words = " ".join(seen.faults)
    assert "asked for https://e.org/x.png" in words
    assert "opened a dialog: 1" in words
    assert "failed: 1" in words
    assert any(each.startswith("image-alt") for each in seen.violations())
