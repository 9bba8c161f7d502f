"""The HTML pages: safe whatever they quote, honest about what is staff's, and readable by everyone."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

import grader.reporting
from grader.course.assignment import Assignment
from grader.reporting.outcomes import FACES
from grader.reporting.page import LONGEST_MESSAGE, marked_up
from grader.reporting.submission_page import render_staff, render_student
from grader.results import ClassReport, Flag, Outcome, SubmissionReport, WaitingPart

from .pagecheck import Page, parse
from .samples import (
    HOSTILE,
    STAFF_ONLY,
    check,
    cnn,
    full_marks,
    no_result,
    one_of_each,
    scattered_map,
    submission,
    typical,
    unfinished,
)
from .strategies import anything, class_reports, submissions
from .whole import render_index

OUT = Path("my grades")


def student(each: SubmissionReport) -> Page:
    """Return the student's page, parsed."""
    return parse(render_student(each, cnn()))


def staff(each: SubmissionReport) -> Page:
    """Return the staff's page, parsed."""
    return parse(render_staff(each, cnn(), "../students/x.html", OUT))


def quoting(text: str) -> SubmissionReport:
    """Return a submission with `text` in every field that can quote one."""
    text = f"x{text}"
    quoted = {"title": text, "message": text, "diagnosis": text, "staff_note": text}
    figure = scattered_map((2, 2, 2, 3), (text, text, text, text))
    checks = [
        check("conv_forward_naive", 0, Outcome.FAILED, 4.0, **quoted, error_map=figure),
        replace(check("CNN.accuracy", 0, Outcome.PASSED, 4.0, **quoted), id=text),
        check(f"part {text}", 0, Outcome.NOT_IMPLEMENTED, 4.0, **quoted),
    ]
    return submission(text, checks, sha256=text, isolation=text, flags=(Flag(text, text),))


def skeleton(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return tags and the names of their attributes in order; code is left out, backticks may make it."""
    return [(each.tag, tuple(each.attributes)) for each in parse(html).elements if each.tag != "code"]


@settings(max_examples=40)
@given(anything)
def test_no_text_changes_the_markup(text: str) -> None:
    """Whatever a submission puts into any field, its pages have the tags and attributes of harmless text."""
    hostile, harmless = quoting(text), quoting("plain")
    assert skeleton(render_student(hostile, cnn())) == skeleton(render_student(harmless, cnn()))
    assert skeleton(render_staff(hostile, cnn(), "s", OUT)) == skeleton(
        render_staff(harmless, cnn(), "s", OUT)
    )
    one, other = (ClassReport(1, each.id, each.id, each.id, (each,)) for each in (hostile, harmless))
    assert skeleton(render_index(one, cnn())) == skeleton(render_index(other, cnn()))


@settings(max_examples=40)
@given(class_reports)
def test_any_report_gives_whole_pages(report: ClassReport) -> None:
    """Every report that can be made renders to pages whose tags are closed in order."""
    parse(render_index(report, cnn()))
    for each in report.submissions:
        student(each)
        staff(each)


@settings(max_examples=40)
@given(submissions)
def test_the_students_page_depends_on_nothing_staff_only(each: SubmissionReport) -> None:
    """Taking notes, flags, times and isolation out of a report leaves the student's page as it was."""
    checks = tuple(replace(check, staff_note="", seconds=0.0) for check in each.checks)
    bare = replace(each, flags=(), isolation="", seconds=0.0, checks=checks)
    assert render_student(each, cnn()) == render_student(bare, cnn())


def test_staff_words_are_on_staff_pages_only(report: ClassReport, assignment: Assignment) -> None:
    """No student's page of the class holds a staff note or a flag, and the staff's pages hold them all."""
    for each in report.submissions:
        assert STAFF_ONLY not in render_student(each, assignment)
        noted = each.flags or any(check.staff_note for check in each.checks)
        assert (STAFF_ONLY in render_staff(each, assignment, "s", OUT)) == bool(noted)
    page = staff(one_of_each(assignment))
    assert "the worker answered a call that was never made" in page.text
    assert "operands could not be broadcast" in page.text


def test_only_staff_are_told_how_to_replay_a_check() -> None:
    """The command names submission and check as a shell takes them, whatever they are called."""
    odd = replace(check("conv_forward_naive", 0, Outcome.FAILED, 4.0), id="conv::x[a b]")
    each = submission("it's ada", [odd])
    assert "numgrade replay 'it'\"'\"'s ada' 'conv::x[a b]' --out 'my grades'" in staff(each).text
    assert "replay" not in student(each).text


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_words_are_shown_as_words(kind: str, report: ClassReport) -> None:
    """A hostile text is on the page for people to read, and no script or image of its making is."""
    names = [text[:200] for text in HOSTILE.values()]
    each = report.submissions[len(report.submissions) - len(names) + list(HOSTILE).index(kind)]
    page = student(each)
    assert not page.all("script", "img", "iframe", "object", "base", "form")
    if kind in {"markup", "rich", "formula", "path"}:
        assert HOSTILE[kind][:40] in page.all("h1")[0].text


def test_long_output_is_cut_and_says_so(report: ClassReport) -> None:
    """Ten thousand letters are cut to a readable length with a note, so that a page stays a page."""
    each = next(each for each in report.submissions if each.id.startswith("xxx"))
    assert max(map(len, student(each).text.splitlines())) <= LONGEST_MESSAGE + 40
    assert "[8,000 more characters]" in student(each).text


def test_pages_load_nothing(report: ClassReport, assignment: Assignment) -> None:
    """Pages refer to pages of the same folder only: no script, style, image or font comes from elsewhere."""
    pages = [
        render_index(report, assignment),
        *(render_student(each, assignment) for each in report.submissions),
    ]
    pages += [render_staff(each, assignment, "../students/s.html", OUT) for each in report.submissions]
    for html in pages:
        page = parse(html)
        for each in page.elements:
            assert not {"src", "srcset", "style", "action", "background"} & set(each.attributes)
            assert not [name for name in each.attributes if name.startswith("on")]
            assert re.match(r"(#|\.\./|staff/|students/|$)", each.attributes.get("href", ""))
        assert not page.all("link", "img", "iframe", "use")
        (style,) = page.all("style")
        assert not re.search(r"url\(|@import|https?:", style.text)


def test_the_policy_allows_only_our_own_style_and_script(report: ClassReport, assignment: Assignment) -> None:
    """The content security policy names the page's style by digest, and a script on the index only."""
    policies = {}
    for name, html in (
        ("student", render_student(report.submissions[0], assignment)),
        ("index", render_index(report, assignment)),
    ):
        metas = parse(html).all("meta")
        policies[name] = next(
            each.attributes["content"]
            for each in metas
            if each.attributes.get("http-equiv") == "Content-Security-Policy"
        )
        assert html.index("Content-Security-Policy") < html.index("<style")
    assert policies["student"].startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src 'none'" in policies["student"]
    assert re.search(r"script-src 'sha256-[A-Za-z0-9+/]{43}='", policies["index"])
    assert not any("unsafe" in each or "*" in each for each in policies.values())


@pytest.fixture(scope="module")
def pages(assignment: Assignment, report: ClassReport) -> list[Page]:
    """Return one page of each kind."""
    each = one_of_each(assignment)
    kinds = [
        student(each),
        staff(each),
        student(unfinished("u", assignment)),
        student(no_result("n", "unreadable")),
    ]
    return [*kinds, parse(render_index(report, assignment))]


def test_pages_have_landmarks_and_a_way_past_them(pages: list[Page]) -> None:
    """Every page names its language and title, has one main part and one h1, and a link past the header."""
    for page in pages:
        assert page.all("html")[0].attributes["lang"] == "en"
        assert page.all("title")[0].text
        assert [len(page.all(tag)) for tag in ("main", "h1")] == [1, 1]
        assert page.all("header")
        skip = page.all("a")[0]
        assert (skip.attributes["class"], skip.attributes["href"]) == ("skip", "#main")
        assert page.all("main")[0].attributes["id"] == "main"


def test_headings_go_down_one_step_at_a_time(pages: list[Page]) -> None:
    """No heading skips a level."""
    for page in pages:
        levels = [int(each.tag[1]) for each in page.all("h1", "h2", "h3", "h4")]
        assert levels[0] == 1
        assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


def test_references_inside_a_page_lead_somewhere(pages: list[Page]) -> None:
    """Ids are distinct, and every anchor and aria-labelledby names one."""
    for page in pages:
        ids = [each.attributes["id"] for each in page.elements if "id" in each.attributes]
        assert len(ids) == len(set(ids))
        named = [
            each.attributes["aria-labelledby"]
            for each in page.elements
            if "aria-labelledby" in each.attributes
        ]
        anchors = [each.attributes["href"][1:] for each in page.all("a") if each.attributes["href"][0] == "#"]
        assert set(named + anchors) <= set(ids)


def test_tables_have_captions_and_scoped_headers(pages: list[Page]) -> None:
    """Every table has a caption, and every header cell says what it is the header of."""
    assert sum(len(page.all("table")) for page in pages) >= 4
    for page in pages:
        assert len(page.all("caption")) == len(page.all("table"))
        assert all(each.attributes.get("scope") in {"row", "col"} for each in page.all("th"))


def test_drawings_speak_or_are_hidden(pages: list[Page]) -> None:
    """Each drawing is hidden from screen readers because words stand beside it, or has a text of its own."""
    for page in pages:
        for each in page.all("svg"):
            spoken = each.attributes.get("role") == "img" and len(each.attributes.get("aria-label", "")) > 20
            assert spoken != (each.attributes.get("aria-hidden") == "true")


def test_every_outcome_is_said_in_words(assignment: Assignment) -> None:
    """Each outcome's own word is on the student's page: neither colour nor icon speaks alone."""
    page = student(one_of_each(assignment))
    words = {each.text.strip() for each in page.marked("badge")}
    assert words == {face.word for outcome, face in FACES.items() if outcome is not Outcome.PASSED}


def test_a_failure_shows_what_was_tried_what_came_out_and_the_idea(assignment: Assignment) -> None:
    """A failed check holds its title as what should hold, its message, its diagnosis set apart, and the figure."""
    page = student(one_of_each(assignment))
    failed = next(each for each in page.marked("finding") if "Failed" in each.text)
    assert "Should hold: The result matches for stride 1 and padding 0." in failed.text
    assert "off on the outer rows and columns only" in failed.text
    assert "cropped with pad:-pad" in page.marked("idea")[0].text
    assert page.marked("error-map")


def test_checks_that_came_out_alike_are_told_once(assignment: Assignment) -> None:
    """Three checks with the same message are one finding, and an unfinished submission is a short page."""
    page = student(unfinished("u", assignment))
    assert page.text.count("The function still returns what the hand-out returned.") == 1
    assert page.marked("finding") == []
    assert len(page.all("details")) == len(assignment.parts)


def test_advice_is_apart_and_free(assignment: Assignment) -> None:
    """Checks beyond the assignment are in a section of their own, marked as costing nothing."""
    page = student(one_of_each(assignment))
    (beyond,) = page.marked("beyond")
    assert "cost no points." in beyond.text
    assert beyond.text.count("Overlapping windows") == 3
    assert page.text.count("Overlapping windows") == 3


def test_luck_costs_nothing_and_the_page_says_so(assignment: Assignment) -> None:
    """Undecided, the grader's fault and not graded each say that they cost no points."""
    page = student(one_of_each(assignment))
    for word in ("Undecided", "Grader's fault", "Not graded"):
        finding = next(each for each in page.marked("finding") if word in each.text)
        assert "This costs you no points" in finding.text


def test_an_ungraded_part_explains_itself(assignment: Assignment) -> None:
    """A part this machine could not grade shows no points, says why, and is named in the summary."""
    page = student(typical("t", assignment, 0))
    assert "This machine has no CIFAR-10" in page.text
    assert "1 part was not graded and is left out of the total." in page.text
    assert "of 95 points" in page.text


def test_no_result_shows_the_reason_and_no_score() -> None:
    """A submission that could not be graded shows why, and no zero that could be taken for a score."""
    page = student(no_result("n", "n.zip is not a zip archive."))
    assert "n.zip is not a zip archive." in page.text
    assert not page.marked("score")
    assert not staff(no_result("n", "x")).marked("score")


def test_a_full_score_is_said_plainly(assignment: Assignment) -> None:
    """Nothing to look at means no section to look at."""
    page = student(submission("s", full_marks(assignment)))
    assert "Every part is solved." in page.text
    assert [each.text for each in page.all("h2")] == ["Points by part", "Solved", "Ask for another look"]


def test_grading_without_isolation_is_stamped(report: ClassReport, assignment: Assignment) -> None:
    """The staff's page and the index say loudly that nothing stood between; the student's page does not."""
    bare = next(each for each in report.submissions if each.isolation == "none")
    assert "Graded without isolation" in staff(bare).marked("notice")[0].text
    index = parse(render_index(report, assignment))
    assert index.marked("concerns")[0].text.strip().startswith("Graded without isolation 1")
    assert [each.text for each in index.marked("loud")] == ["No isolation"]
    assert "solation" not in student(bare).text


def test_the_index_has_a_row_for_everybody(report: ClassReport, assignment: Assignment) -> None:
    """Every submission has a row with sortable keys that leads to its two pages."""
    page = parse(render_index(report, assignment))
    links = [each.attributes["href"] for each in page.all("a")]
    assert len({link for link in links if link.startswith("students/")}) == len(report.submissions)
    assert len({link for link in links if link.startswith("staff/")}) == len(report.submissions)
    row = page.marked("roster")[0].text
    assert "damaged.zip is not a zip archive" in row


def test_the_index_names_who_needs_a_look(report: ClassReport, assignment: Assignment) -> None:
    """Concerns come first, each once, with the submissions they are about."""
    page = parse(render_index(report, assignment))
    titles = [each.text for each in page.all("h3")]
    assert titles == [
        "Graded without isolation 1",
        "No result 1",
        "Tampering 1",
        "The grader's own fault 1",
        "Read in part 1",
        "Waits for a person 11",
    ]
    clean = replace(report, submissions=report.submissions[:3])
    assert not parse(render_index(clean, assignment)).marked("concerns")
    waits = tuple(replace(each, waiting=(WaitingPart("why", 4.0),)) for each in clean.submissions)
    named = parse(render_index(replace(clean, submissions=waits), assignment)).all("h3")
    assert [each.text for each in named] == ["Waits for a person 3"]


def test_an_empty_class_is_a_page_too(assignment: Assignment) -> None:
    """A report without submissions renders, with dashes for what cannot be said."""
    page = parse(render_index(ClassReport(1, "cnn", "1", "1", ()), assignment))
    assert "Mean" in page.text


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("use `np.pad` here", "use <code>np.pad</code> here"),
        ("`<b>`", "<code>&lt;b&gt;</code>"),
        ("one ` alone", "one ` alone"),
        ("``", "``"),
    ],
)
def test_backticks_set_code(text: str, markup: str) -> None:
    """Text between backticks is set as code and escaped like the rest."""
    assert marked_up(text) == markup


STYLE = (Path(grader.reporting.__file__).parent / "templates" / "style.css").read_text(encoding="utf-8")


def schemes() -> dict[str, dict[str, str]]:
    """Return the colours of the light, the dark and the printed page."""
    light, dark, paper = (
        dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", block))
        for block in re.findall(r":root \{(.*?)\}", STYLE, re.S)
    )
    return {"light": light, "dark": light | dark, "print": light | paper}


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * each for each in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_text_has_the_contrast_of_wcag_aa(scheme: str) -> None:
    """Every colour of text reaches 4.5 on each ground it is set on, and drawings reach 3."""
    colour = schemes()[scheme]
    pairs = [(ink, "paper") for ink in ("ink", "quiet", "link", "good", "warn", "bad", "calm")]
    pairs += [("ink", "raised"), ("quiet", "raised"), ("paper", "bad")]
    pairs += [(tone, f"{tone}-soft") for tone in ("good", "warn", "bad", "calm")]
    pairs += [(ink, f"{tone}-soft") for tone in ("warn", "bad") for ink in ("ink", "link")]
    faint = [pair for pair in pairs if contrast(colour[pair[0]], colour[pair[1]]) < 4.5]
    assert faint == []
    assert all(
        contrast(colour[each], colour["paper"]) >= 3 for each in ("ring", "level-3", "level-4", "level-5")
    )


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_levels_differ_in_lightness_alone(scheme: str) -> None:
    """The levels get steadily further from the paper, so they read without seeing hue."""
    colour = schemes()[scheme]
    away = [contrast(colour[f"level-{level}"], colour["paper"]) for level in range(6)]
    assert away == sorted(away)
    assert all(far / near > 1.2 for near, far in itertools.pairwise(away))


def test_the_style_serves_every_reader() -> None:
    """The style sheet has a dark scheme, print rules, a visible focus and respect for less motion."""
    for need in (
        "prefers-color-scheme: dark",
        "@media print",
        ":focus-visible",
        "prefers-reduced-motion",
        "max-width",
    ):
        assert need in STYLE
    assert "outline: none" not in STYLE.replace("main:focus { outline: none; }", "")


def test_a_cause_is_told_once_in_a_row(assignment: Assignment) -> None:
    """Checks of a part that share their likely cause name it at the first; another cause is told again."""
    causes = ("The filters are flipped.", "The filters are flipped.", "The bias is missing.")
    checks = [
        check("conv_forward_naive", number, Outcome.FAILED, 4.0, message=f"Wrong {number}.", diagnosis=cause)
        for number, cause in enumerate(causes)
    ]
    page = parse(render_student(submission("Ada", checks), assignment))
    assert page.text.count(causes[0]) == page.text.count(causes[2]) == 1
    assert page.text.count("The likely cause is the same as above.") == 1
