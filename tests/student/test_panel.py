"""The panel under a notebook's cell."""

from __future__ import annotations

from xml.etree import ElementTree

from grader.results import ErrorMap, Outcome, Scope
from grader.student.magic import Panel
from grader.student.results import Judgement, PublicResult

MAP = ErrorMap((2, 3), ("row", "column"), (1, 2), (1, 1), ((0, 0, 0), (0, 0, 5)), 1)


def result(
    outcome: Outcome, message: str = "", error_map: ErrorMap | None = None, **more: str
) -> PublicResult:
    """Return one result."""
    scope = Scope(more.get("scope", "homework"))
    judgement = Judgement(outcome, message, error_map)
    return PublicResult("f:x", "f", scope, "It <works>.", judgement, 0.125, more.get("printed", ""))


def html(*results: PublicResult) -> str:
    """Return the panel's markup."""
    return Panel(results)._repr_html_()


def test_well_formed_and_escaped() -> None:
    """The panel is well-formed, and text of the student's code is text in it."""
    page = html(
        result(Outcome.PASSED),
        result(Outcome.FAILED, "wrong <b>\n    a < b & c", MAP),
        result(Outcome.ERROR, "no", printed="<script>alert(1)</script>"),
    )
    ElementTree.fromstring(f"<body>{page}</body>")  # noqa: S314 - our own markup
    assert "<script>" not in page
    assert "wrong &lt;b&gt;" in page
    assert "<pre>a &lt; b &amp; c</pre>" in page


def test_pattern_is_drawn() -> None:
    """Where the error sits is drawn, and said for those who do not see it."""
    page = html(result(Outcome.FAILED, "wrong", MAP))
    assert '<svg class="error-map" role="img" aria-label="Map of the error over row by column' in page
    assert "Worst at row = 1, column = 2; 1 of 6 entries are off." in page


def test_seconds() -> None:
    """Every check has its seconds, in the panel and in its plain form."""
    assert "0.12 s" in html(result(Outcome.PASSED))
    assert "(0.12 s)" in repr(Panel((result(Outcome.PASSED),)))


def test_fine() -> None:
    """The panel is green when what counts came out right; advice alone does not spoil it."""
    assert 'class="ng-check fine"' in html(result(Outcome.PASSED), result(Outcome.FAILED, scope="beyond"))
    assert 'class="ng-check fine"' not in html(result(Outcome.PASSED), result(Outcome.FAILED))
    assert "not right (advice)" in html(result(Outcome.FAILED, scope="beyond"))
    assert "costs no points" in html(result(Outcome.FAILED, scope="beyond"))
    assert "costs no points" not in html(result(Outcome.FAILED))


def test_works_offline() -> None:
    """The panel fetches nothing and runs nothing."""
    page = html(result(Outcome.FAILED, "wrong", MAP))
    assert "http" not in page
    assert "<script" not in page


def test_plain_text() -> None:
    """Where there is no HTML, the plain form says the same."""
    text = repr(Panel((result(Outcome.FAILED, "wrong", MAP),), "Interrupted during f:x."))
    assert text.splitlines()[:4] == [
        "1 not right.",
        "Interrupted during f:x.",
        "not right            Should hold: It <works>. (0.12 s)",
        "    wrong",
    ]
