"""What became of one public check, and how it is said to a student."""

from __future__ import annotations

import traceback
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from grader.checking.failures import CheckStopped, Evidence, Failed
from grader.results import ErrorMap, Outcome, Scope, demand, family_of
from grader.sandbox.error_hints import hint
from grader.student.timelimit import TimeUp
from grader.student.workspace import ALL_CELLS, ImportFailed, Workspace

WORDS = MappingProxyType(
    {
        Outcome.PASSED: "passed",
        Outcome.FAILED: "not right",
        Outcome.NOT_IMPLEMENTED: "not written yet",
        Outcome.IMPORT_ERROR: "does not import",
        Outcome.ERROR: "raised an error",
        Outcome.BLOCKED: "needs another part",
        Outcome.TIMEOUT: "did not end",
        Outcome.INCONCLUSIVE: "could not tell",
        Outcome.GRADER_ERROR: "the check broke",
    }
)
"""Each outcome in the words of the tables and the panel."""


class NotTried(Exception):
    """A check that was left out because others of the same function did not end."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a check ended, in words, and where its error sits."""

    outcome: Outcome
    message: str = ""
    error_map: ErrorMap | None = None


@dataclass(frozen=True, slots=True)
class PublicResult:
    """One public check as it ran.

    Attributes
    ----------
    id, part, scope, title
        The check's name, the part it belongs to, whether the assignment asks for it, and what was tried.
    judgement
        What came out.
    seconds
        Wall time.
    printed
        What the student's code printed meanwhile, its last lines.
    question
        What to think about where it is not right.
    """

    id: str
    part: str
    scope: Scope
    title: str
    judgement: Judgement
    seconds: float
    printed: str = ""
    question: str = ""

    @property
    def family(self) -> str:
        """The parts that judge one answer together."""
        return family_of(self.part)

    @property
    def outcome(self) -> Outcome:
        """How the check ended."""
        return self.judgement.outcome

    @property
    def asked(self) -> str:
        """The question, where the answer is not right."""
        return f"Ask yourself: {self.question}" if self.question and self.outcome is Outcome.FAILED else ""

    @property
    def shown_title(self) -> str:
        """What was tried; of a check that did not pass, as what should hold."""
        return self.title if self.outcome is Outcome.PASSED else demand(self.title)

    @property
    def words(self) -> str:
        """The outcome in words."""
        return WORDS.get(self.outcome, self.outcome.value)

    @property
    def fine(self) -> bool:
        """Whether nothing is left to do: it passed, could not tell, or is advice."""
        return self.outcome.earns or self.scope is Scope.BEYOND


ADVICE = (
    "(advice) costs no points: it tries what a docstring promises on inputs that the assignment never uses."
)
"""What the word behind an outcome means."""


def all_fine(results: Iterable[PublicResult]) -> bool:
    """Whether every check that counts came out right."""
    return all(each.fine for each in results)


def tally(results: Iterable[PublicResult]) -> str:
    """Say in a few words how many checks came out how, such as ``3 passed, 2 not written yet``."""
    words = [each.words for each in results]
    return ", ".join(f"{words.count(each)} {each}" for each in dict.fromkeys(words)) or "no checks"


def headline(results: tuple[PublicResult, ...]) -> str:
    """Say how many checks came out how, and what is meant by advice where there is some."""
    advice = any(shown_words(each) != each.words for each in results)
    return f"{tally(results)}.{f' {ADVICE}' if advice else ''}"


def shown_words(result: PublicResult) -> str:
    """Return the outcome in words; what is only advice says so."""
    advice = result.scope is Scope.BEYOND and result.outcome is not Outcome.PASSED
    return f"{result.words} (advice)" if advice else result.words


def judge(error: BaseException | None, workspace: Workspace) -> Judgement:  # noqa: PLR0911  # one per kind of ending
    """Say how a check ended that raised `error`, or nothing.

    On the student's own machine nothing is hidden, so errors are told in full.
    """
    if error is None:
        return Judgement(Outcome.PASSED)
    match error:
        case CheckStopped():
            evidence = error.evidence if isinstance(error, Failed) else None
            if evidence is None:
                return Judgement(error.outcome, error.message)
            message = " ".join(filter(None, (error.message, yours_and_right(evidence))))
            return Judgement(error.outcome, message, evidence.error_map())
        case ImportFailed():
            return Judgement(Outcome.IMPORT_ERROR, _told(error.__cause__ or error, workspace))
        case TimeUp():
            return Judgement(Outcome.TIMEOUT, _stopped(error, workspace))
        case NotTried():
            return Judgement(Outcome.TIMEOUT, f"This was not tried: twice {error} did not end.")
        case NotImplementedError():
            return Judgement(Outcome.NOT_IMPLEMENTED, "The function raises NotImplementedError.")
    if _own_frame(error, workspace) is not None:
        return Judgement(Outcome.ERROR, _told(error, workspace))
    if isinstance(error, AssertionError):
        return Judgement(Outcome.FAILED, str(error) or "This came out wrong.")
    told = "".join(traceback.format_exception_only(error)).strip()
    message = f"The check could not make sense of what came out ({told})."
    return Judgement(Outcome.GRADER_ERROR, message)


def yours_and_right(evidence: Evidence) -> str:
    """Say both numbers where the error is largest: the inputs of a public check are no secret, nor are its results."""
    if evidence.comparison is None or evidence.comparison.worst_index is None:
        return ""
    index = evidence.comparison.worst_index
    yours, right = (np.asarray(each)[index] for each in (evidence.actual, evidence.expected))
    return f"{'There yours' if index else 'Yours'} is {yours:.6g}, and it should be {right:.6g}."


def _stopped(error: BaseException, workspace: Workspace) -> str:
    frame = _own_frame(error, workspace)
    where = f" in {_place(workspace, frame.filename, frame.lineno)}" if frame else ""
    line = f"\n    {frame.line}" if frame and frame.line else ""
    return f"The check was stopped{where}: its time was up. Is there a loop that never ends?{line}"


def _told(error: BaseException, workspace: Workspace) -> str:
    """Tell an exception of the student's code: what, where, which line, and what usually causes it."""
    name, text = type(error).__name__, str(error)
    frame = _own_frame(error, workspace)
    if isinstance(error, SyntaxError):
        place, line = _place(workspace, error.filename, error.lineno), (error.text or "").strip()
        text = error.msg
    else:
        place = _place(workspace, frame.filename, frame.lineno) if frame else ""
        line = (frame.line or "") if frame else ""
    said = f"{name}{f': {text}' if text else ''}{f' ({place})' if place else ''}"
    advice = hint(name, str(error))
    return "\n".join(filter(None, (said, f"    {line}" if line else "", advice and f"{advice}.")))


def _own_frame(error: BaseException, workspace: Workspace) -> traceback.FrameSummary | None:
    """Return the innermost line of the student's own code that `error` passed through."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [workspace.root / path for path in (*workspace.answers, *workspace.earlier, *workspace.given)]
    own += [workspace.root / f"{name}{end}" for name in workspace.cells for end in ("", ALL_CELLS)]
    return next((frame for frame in reversed(frames) if Path(frame.filename) in own), None)


def _place(workspace: Workspace, file: str | None, line: int | None) -> str:
    if not file:
        return ""
    path = Path(file)
    inside = path.is_relative_to(workspace.root)
    name = path.relative_to(workspace.root).as_posix() if inside else path.name
    if name.removesuffix(ALL_CELLS) in workspace.cells:
        return name.removesuffix(ALL_CELLS)  # its cells were joined, and no line has this number
    return f"{name}, line {line}"
