"""From the exception that ended a check to an outcome and to words for the student and for staff.

Where an error happened is text of the submission's own, which students read: `SourceLocations` says what is believed.
"""

from __future__ import annotations

import builtins
import re
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from types import MappingProxyType

from grader.checking.failures import CheckStopped, Evidence, Waits
from grader.intake.rewrite import REFUSAL
from grader.results import Outcome
from grader.sandbox import (
    NotTransportable,
    ProtocolViolation,
    SandboxError,
    StudentError,
    StudentImportError,
    WorkerDied,
    WorkerOutOfMemory,
    WorkerTimeout,
)
from grader.sandbox.box.failures import CALLED_FROM


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome with its words.

    Attributes
    ----------
    evidence
        What was compared, where arrays were.
    carried
        What grading it again without the student's earlier layers showed; see `grader.checking.reruns`.
    unexplained
        The check broke in a way that nobody foresaw; see `grader.checking.reruns`.
    earned
        Which share of its points it earns; None where the outcome says so, all or nothing.
    waits
        Whether a person has to decide before the part has points.
    """

    outcome: Outcome
    message: str = ""
    staff_note: str = ""
    evidence: Evidence | None = None
    carried: str = ""
    unexplained: bool = False
    earned: float | None = None
    waits: bool = False


PASSED = Verdict(Outcome.PASSED)


BROKEN_OFF: Mapping[type[BaseException], tuple[Outcome, str]] = MappingProxyType(
    {
        NotTransportable: (Outcome.FAILED, "The returned value is not made of numbers and arrays."),
        WorkerTimeout: (Outcome.TIMEOUT, "The call did not end within its time limit."),
        WorkerOutOfMemory: (Outcome.MEMORY, "The call asked for more memory than it may use."),
        WorkerDied: (Outcome.ERROR, "The call ended the Python process it ran in."),
        ProtocolViolation: (
            Outcome.TAMPERED,
            "The call broke off the connection to the grader; staff will look.",
        ),
    }
)
"""What is said of calls that brought no answer; their own text goes to staff."""

GAVE_NONE = "What the check uses of it came back as None"

FAMILIAR = frozenset(
    {
        name
        for name, each in vars(builtins).items()
        if isinstance(each, type) and issubclass(each, BaseException)
    }
    | {"AxisError", "LinAlgError", "_ArrayMemoryError", "_UFuncInputCastingError", "_UFuncNoLoopError"}
)
"""Classes of exceptions, Python's and NumPy's, whose names are shown to students."""


def judge(error: BaseException | None, checks: Path) -> Verdict:  # noqa: PLR0911  # one per kind of ending
    """Classify how a check of the folder `checks` ended.

    The submission's own exception text goes to staff alone: it can carry the hidden inputs of the call.
    An import happens before any hidden input exists, so its text is for the student too.
    """
    match error:
        case None:
            return PASSED
        case CheckStopped():
            evidence = getattr(error, "evidence", None)
            waits = isinstance(error, Waits)
            return Verdict(error.outcome, error.message, error.staff_note, evidence, waits=waits)
        case StudentImportError():
            return _import_error(error)
        case StudentError():
            return _student_error(error)
        case AssertionError() if _raised_in(error, checks):
            return Verdict(Outcome.FAILED, str(error) or "This came out wrong.")
    if type(error) in BROKEN_OFF:
        outcome, message = BROKEN_OFF[type(error)]
        return Verdict(outcome, message, str(error))
    note = "".join(traceback.format_exception(error))
    message = "The grader failed here; this costs you nothing."
    return Verdict(Outcome.GRADER_ERROR, message, note, unexplained=not isinstance(error, SandboxError))


def _raised_in(error: AssertionError, checks: Path) -> bool:
    """Whether an author's own assert failed, rather than one in a library that the check called."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and Path(frames[-1].filename).is_relative_to(checks)


def _import_error(error: StudentImportError) -> Verdict:
    message = " ".join(filter(None, (f"The file could not be imported: {error}.", error.hint)))
    return Verdict(Outcome.IMPORT_ERROR, message, str(error))


def _student_error(error: StudentError) -> Verdict:
    where = f" at {error.where}" if error.where else ""
    if error.type_name == "NotImplementedError":
        return Verdict(Outcome.NOT_IMPLEMENTED, f"The function raises NotImplementedError{where}.")
    if (error.type_name, error.text) == ("RuntimeError", REFUSAL):
        message = f"The call used the given fast layers{where}; {REFUSAL}."
        return Verdict(Outcome.ERROR, message, str(error))
    if not where and error.type_name in {"AttributeError", "TypeError"} and "NoneType" in error.text:
        # The check's own code met None, which an open method gives as an open function does.
        return Verdict(Outcome.NOT_IMPLEMENTED, f"{GAVE_NONE}: this part is not written yet.", str(error))
    # A class of the submission's own may be called anything, also by a hidden input.
    name = error.type_name if error.type_name in FAMILIAR else "an exception of its own"
    message = f"The call raised {name}{where}."
    return Verdict(Outcome.ERROR, f"{message} {error.hint}".strip(), str(error))


_LOCATION = re.compile(r"(?P<path>[^:]+\.py):(?P<line>[1-9][0-9]{0,6})")


_IMPORT = re.compile(r"^[^\S\n]*(?:import|from)\s+([\w., ]+)", re.MULTILINE)


class SourceLocations:
    """The lines of the files in some folders, and what they import.

    A submission can make up the name of a file and the number of a line, and with them carry hidden inputs into a
    report. What names a line that is there can carry next to nothing.

    Parameters
    ----------
    roots
        Folders whose files are meant.
    """

    def __init__(self, roots: Iterable[Path]) -> None:
        self._roots = tuple(roots)
        self._lines = cache(self._count)

    def __contains__(self, where: object) -> bool:
        """Whether `where` is a line, or two that `CALLED_FROM` joins, or ``import`` and what a line imports."""
        if isinstance(where, str) and where.startswith("import "):
            return where.removeprefix("import ") in self._imported
        steps = where.split(CALLED_FROM, 1) if isinstance(where, str) else [where]
        return all(map(self._is_line, steps))

    @cached_property
    def _imported(self) -> frozenset[str]:
        texts = (path.read_text("utf-8", "replace") for root in self._roots for path in root.rglob("*.py"))
        lines = (found for text in texts for found in _IMPORT.findall(text))
        return frozenset(name for line in lines for name in re.split(r"\W+", line))

    def _is_line(self, where: object) -> bool:
        found = _LOCATION.fullmatch(where) if isinstance(where, str) else None
        return found is not None and int(found["line"]) <= self._lines(found["path"])

    def _count(self, path: str) -> int:
        """Return the most lines that a file of that name has in any root, 0 where there is none."""
        files = [root / path for root in self._roots if ".." not in Path(path).parts]
        return max((each.read_bytes().count(b"\n") + 1 for each in files if each.is_file()), default=0)
