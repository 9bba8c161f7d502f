"""The staff's page about a class: numbers, who needs a look, and one row for each submission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from grader.course.assignment import Assignment
from grader.reporting.charts import PERCENT, histogram, points_bar, stacked_bar
from grader.reporting.class_statistics import ClassTally
from grader.reporting.files import index_name, page_name
from grader.reporting.outcomes import FACES, NO_ISOLATION, TAMPERING, flag_counts, isolation_words
from grader.reporting.page import render_class_page, render_row
from grader.reporting.shared_flags import FlagPattern, pattern_of, shared_flags
from grader.reporting.standing import percent
from grader.reporting.text import one_line, shown_name
from grader.results import NEEDS_A_LOOK, ClassReport, Outcome, SubmissionReport
from grader.scoring import is_advice

LONGEST_ERROR = 160
LONGEST_FLAG = 400
BINS = 10
"""Bars of the histogram of scores: one for every ten percent."""

ROWS = 500
"""Rows of a page: a browser lays out so many at once, and thousands while one waits."""

_NAMES_SHOWN = 12
"""Submissions named beside a concern before the rest is counted."""


@dataclass(frozen=True, slots=True)
class Concern:
    """A reason to look at submissions before anything is published."""

    title: str
    explanation: str
    tone: str
    applies: Callable[[SubmissionReport], bool]


@dataclass(frozen=True, slots=True)
class _Concerned:
    """A submission that a concern is about."""

    name: str
    page: str


@dataclass(frozen=True, slots=True)
class _Row:
    """What the table says of one submission; its flags wait until it is known what the class shares."""

    cells: Mapping[str, object]
    flags: tuple[FlagPattern, ...]
    lost: bool

    def draw(self, shared: Mapping[FlagPattern, int]) -> Markup:
        own = flag_counts(each.kind for each in self.flags if each not in shared)
        return render_row("class_row.html", **self.cells, flags=own)


class ClassIndex:
    """Lays out a class, one submission after the other; of each only what its row says is kept."""

    def __init__(self, assignment: Assignment) -> None:
        self._assignment = assignment
        self._tally = ClassTally(assignment)
        self._rows: list[_Row] = []
        self._said: dict[FlagPattern, str] = {}
        self._without_result = 0
        self._concerned: dict[Concern, list[_Concerned]] = {each: [] for each in _CONCERNS}

    def add(self, submission: SubmissionReport, id: str) -> None:
        """Add the row of a cleaned submission, whose pages are those of `id`."""
        name, page = shown_name(submission.id), page_name(id)
        self._tally.add(submission)
        self._without_result += bool(submission.error)
        self._rows.append(_row(submission, name, page))
        for concern, links in self._concerned.items():
            if concern.applies(submission):
                links.append(_Concerned(name, page))
        for flag in submission.flags:
            self._said.setdefault(pattern_of(flag), one_line(flag.message, LONGEST_FLAG))

    def render(self, header: ClassReport) -> Iterator[tuple[str, str]]:
        """Yield the pages of the class so far by their names: each has `ROWS` rows, and the first what sums them up.

        Parameters
        ----------
        header
            Says what was graded; its own submissions are not looked at.
        """
        standing = self._tally.standing
        shared = shared_flags([row.flags for row in self._rows])
        starts = range(0, max(len(self._rows), 1), ROWS)
        pages = [(index_name(at), self._rows[start : start + ROWS]) for at, start in enumerate(starts, 1)]
        links = [(name, rows[0].cells["name"], rows[-1].cells["name"]) for name, rows in pages if rows]
        for at, (name, rows) in enumerate(pages, 1):
            yield (
                name,
                render_class_page(
                    "class_index.html",
                    assignment=self._assignment,
                    report=header,
                    standing=standing,
                    without_result=self._without_result,
                    histogram=histogram(standing.percents, PERCENT, BINS, "Submissions by score"),
                    concerns=[(each, found) for each, found in self._concerned.items() if found],
                    names_shown=_NAMES_SHOWN,
                    shared=list(self._shared(shared)),
                    rows=(row.draw(shared) for row in rows),
                    pages=links,
                    at=at,
                ),
            )

    def _shared(self, shared: Mapping[FlagPattern, int]) -> Iterator[tuple[int, int, str, str]]:
        """Yield how many carry a flag, how many of them lack points, its kind, and the words of the first."""
        for each, carriers in shared.items():
            lacking = sum(row.lost and each in row.flags for row in self._rows)
            (kind,) = flag_counts([each.kind])
            yield carriers, lacking, kind.word, self._said[each]


def _row(submission: SubmissionReport, name: str, page: str) -> _Row:
    """Return what the table says of one submission."""
    outcomes = Counter(check.outcome for check in submission.checks if not is_advice(check))
    tones: Counter[str] = Counter()
    for outcome, count in outcomes.items():
        tones[FACES[outcome].tone] += count
    cells = {
        "score": submission.score,
        "max_score": submission.max_score,
        "waits": bool(submission.waiting),
        "waiting": sum(each.points for each in submission.waiting),
        "seconds": submission.seconds,
        "name": name,
        "page": page,
        "error": one_line(submission.error, LONGEST_ERROR),
        "percent": percent(submission),
        "score_bar": points_bar(submission.score, submission.max_score, "ink"),
        "outcome_bar": stacked_bar(tones),
        "passed": outcomes[Outcome.PASSED],
        "checks": sum(count for outcome, count in outcomes.items() if not outcome.excused),
        "others": [
            (outcomes[each], FACES[each].word.lower()) for each in Outcome if each is not Outcome.PASSED
        ],
        "isolation": isolation_words(submission.isolation),
        "isolated": submission.isolation != NO_ISOLATION,
    }
    return _Row(cells, tuple(map(pattern_of, submission.flags)), _lost(submission))


def _tampered(submission: SubmissionReport) -> bool:
    flagged = any(flag.kind == TAMPERING for flag in submission.flags)
    return flagged or any(check.outcome is Outcome.TAMPERED for check in submission.checks)


def _lost(submission: SubmissionReport) -> bool:
    return submission.score < submission.max_score


def _not_importable(submission: SubmissionReport) -> bool:
    return any(check.outcome is Outcome.IMPORT_ERROR for check in submission.checks)


def _read_in_part(submission: SubmissionReport) -> bool:
    flagged = any(flag.kind in NEEDS_A_LOOK for flag in submission.flags)
    return _lost(submission) and (flagged or _not_importable(submission))


_CONCERNS = (
    Concern(
        "Graded without isolation",
        "Nothing stood between these submissions and this machine or their own scores. "
        "Grade them again in a box before you trust or publish anything here.",
        "bad",
        lambda submission: submission.isolation == NO_ISOLATION,
    ),
    Concern(
        "No result",
        "These could not be graded. They have no score, which is not the same as zero.",
        "bad",
        lambda submission: bool(submission.error),
    ),
    Concern(
        "Tampering",
        "Something tried to reach around the checks. Scores count honest work only; "
        "read the notes before you accuse anybody.",
        "bad",
        _tampered,
    ),
    Concern(
        "The grader's own fault",
        "A check broke on our side. It is left out of the total; grade again once the cause is mended.",
        "warn",
        lambda submission: any(check.outcome is Outcome.GRADER_ERROR for check in submission.checks),
    ),
    Concern(
        "Lateness unknown",
        "There is a due date, and nobody tells when these came. Until somebody does, they count as in time.",
        "warn",
        lambda submission: submission.time_unknown,
    ),
    Concern(
        "Read in part",
        "Something that was handed in could not be read or run as it stands, and points are missing. "
        "The flags name the lines; perhaps they are why.",
        "warn",
        _read_in_part,
    ),
    Concern(
        "Waits for a person",
        "Texts and other parts that people judge. They count 0 until somebody has: numgrade review.",
        "warn",
        lambda submission: bool(submission.waiting),
    ),
)
