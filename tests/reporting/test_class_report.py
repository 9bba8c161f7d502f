"""The site as a whole: its pages are well formed, load nothing, link what exists and escape what they quote."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from grader.course.policy import Policy
from grader.intake import Candidate
from grader.intake.arrivals import Arrival, Person
from grader.reporting.class_report import ClassReportOptions, write_class_report
from grader.reporting.similarity import TokenisedAnswer, compare_class
from grader.reporting.write import write_reports
from grader.results import ClassReport, Outcome
from tests.reporting import pagecheck
from tests.reporting.samples import HOSTILE, NAMES

from .test_similarity import EINSUM, LOOPS, RENAMED, answer

PAGES = {"index.html", "diagnoses.html", "checks.html", "time.html", "similar.html"}


@pytest.fixture(scope="module")
def answers() -> list[TokenisedAnswer]:
    """Return answers of three of the class, two of them the same."""
    return [answer(NAMES[0], LOOPS), answer(NAMES[1], RENAMED), answer(HOSTILE["markup"], EINSUM)]


@pytest.fixture(scope="module")
def site(report: ClassReport, assignment, answers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site of the made class beside its grades and return the folder."""
    folder = tmp_path_factory.mktemp("class")
    write_reports(report, assignment, folder / "grades")
    start = datetime(2026, 10, 5, tzinfo=UTC)
    arrivals = {
        each.id: Arrival(
            Candidate(each.id, folder), Person(each.id), start + timedelta(hours=n), 1, 60.0 * (n % 2)
        )
        for n, each in enumerate(report.submissions)
    }
    options = ClassReportOptions(
        out=folder / "site",
        grades=folder / "grades",
        arrivals=arrivals,
        similarity=compare_class(answers, []),
        answers={(each.owner, each.symbol): each for each in answers},
        unreadable=("damaged",),
    )
    assert write_class_report(report, assignment, options) == folder / "site" / "index.html"
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, str]:
    """Return every page's text by its name."""
    return {path.name: path.read_text(encoding="utf-8") for path in site.iterdir()}


def test_every_page_is_there_and_well_formed(pages) -> None:
    """Each page's elements are closed in order, and the pair that is alike has its own."""
    assert set(pages) == PAGES | {"pair-01.html"}
    for html in pages.values():
        pagecheck.parse(html)


def test_pages_load_nothing_and_run_only_their_own_script(pages) -> None:
    """The content security policy names the one style sheet and the one script by digest, and there is no other."""
    for html in pages.values():
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)[1]
        assert policy.startswith("default-src 'none'")
        for tag in ("style", "script"):
            (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            assert f"{tag}-src 'sha256-{digest}'" in policy
        page = pagecheck.parse(html)
        for element in page.elements:
            assert not {"style", "onclick", "onload", "src"} & set(element.attributes), element
            assert not element.attributes.get("href", "").startswith(("http", "//", "data:", "javascript:"))


def test_links_lead_to_pages_that_exist(site: Path, pages) -> None:
    """Every link is to a page of the site or to a staff page of the grades."""
    found = set()
    for html in pages.values():
        for link in pagecheck.parse(html).all("a"):
            target = link.attributes["href"]
            if not target.startswith("#"):
                assert (site / target).resolve().is_file(), target
                found.add(target.partition("/")[0])
    assert ".." in found


def test_nothing_of_a_submission_becomes_markup(pages) -> None:
    """Hostile names, messages and diagnoses stay text on every page."""
    for html in pages.values():
        page = pagecheck.parse(html)
        assert "alert(" not in "".join(each.text for each in page.all("script"))
        assert not page.all("img", "b")
        assert "\u202e" not in html


def test_the_matrix_carries_what_its_script_reads(pages, report) -> None:
    """Names, addresses and letters for every column, as JSON that survives hostile names."""
    (box,) = [
        each
        for each in pagecheck.parse(pages["checks.html"]).elements
        if each.attributes.get("id") == "matrix"
    ]
    names, links, words = (json.loads(box.attributes[f"data-{each}"]) for each in ("names", "pages", "words"))
    graded = [each for each in report.submissions if not each.error]
    assert len(names) == len(links) == len(graded)
    strips = re.findall(r'data-cells="([^"]*)"', pages["checks.html"])
    assert strips
    assert all(len(each) == len(graded) and set(each) <= set(words) for each in strips)


def test_what_sorts_has_a_key_in_every_row(pages) -> None:
    """A table that can be sorted has something to sort by in each cell of such a column."""
    for html in pages.values():
        for table in re.findall(r'<table class="[^"]*sortable".*?</table>', html, re.DOTALL):
            heads = re.findall(r"<th scope=\"col\"[^>]*>", table.partition("</thead>")[0])
            for row in re.findall(r"<tr>(.*?)</tr>", table.partition("<tbody>")[2], re.DOTALL):
                cells = re.findall(r"<t[hd][^>]*>", row)
                assert len(cells) == len(heads)
                for head, cell in zip(heads, cells, strict=True):
                    assert "data-order" not in head or "data-key" in cell, (head, cell)


def test_similarity_is_called_no_verdict_on_every_page_that_shows_it(pages) -> None:
    """Who reads of similar answers reads first that it proves nothing."""
    for name in ("similar.html", "pair-01.html"):
        text = pagecheck.parse(pages[name]).text
        assert "This proves nothing" in text
        assert text.index("This proves nothing") < text.index(NAMES[0])


def test_lateness_and_times_are_shown_where_they_are_known(pages) -> None:
    """With arrivals the page has a plot of times and names the late."""
    page = pagecheck.parse(pages["time.html"])
    assert len(page.all("circle")) > 10
    assert any("Late" in each.text for each in page.all("dt"))


def test_a_class_without_anybody_has_a_site_too(assignment, tmp_path: Path) -> None:
    """Nothing to show is no error."""
    empty = ClassReport(1, "cnn", "1.0.0", "0.1.0", ())
    write_class_report(empty, assignment, ClassReportOptions(tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == PAGES
    for path in tmp_path.iterdir():
        pagecheck.parse(path.read_text(encoding="utf-8"))


def test_what_charging_a_mistake_once_would_change_is_shown(report, assignment, tmp_path: Path) -> None:
    """Before it is switched on, the mistakes' page says how many points it would give back, and to whom."""
    first = report.submissions[0]
    wrong = [
        replace(each, outcome=Outcome.FAILED, points=0.0, diagnosis="The channels are mixed.")
        for each in first.checks
    ]
    one = replace(report, submissions=(replace(first, checks=tuple(wrong)),))
    for policy, words in ((Policy(), "would count it once"), (Policy(same_mistake=50), "costs most, and 50")):
        write_class_report(
            one, assignment.model_copy(update={"policy": policy}), ClassReportOptions(tmp_path)
        )
        page = pagecheck.parse((tmp_path / "diagnoses.html").read_text(encoding="utf-8")).text
        assert "Mistakes that cost points in several parts" in page
        assert words in page
