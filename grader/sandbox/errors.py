"""What can go wrong with a box, and whose fault it is.

::

    SandboxError
    ├── IsolationUnavailable     this machine cannot isolate as asked; says why, tier by tier
    └── BoxFailed                the grader's or the machine's fault, never the submission's

    SubmissionError
    ├── StudentImportError       the module does not import
    ├── StudentError             the student's code raised
    ├── NotTransportable         what came back is not plain data, or is too large to cross
    ├── WorkerTimeout            wall or CPU time ran out
    ├── WorkerOutOfMemory        memory ran out
    ├── WorkerDied               the worker ended in the middle
    └── ProtocolViolation        what came over the wire is no reply: tampering, or a crash

Nothing a worker says becomes a `SandboxError`. Faults of the grader are excused when scores are added up,
so a submission that could feign one could hide a part it cannot solve.

Every text that comes from a submission (exception text, type names, file names) is cleaned of control
characters on receipt and is for staff only: it can carry the hidden inputs.
"""

from __future__ import annotations

from grader.results import Refusal


class SandboxError(Refusal):
    """The sandbox itself could not do its work."""


class IsolationUnavailable(SandboxError):
    """No tier that was asked for works here; the message says why, tier by tier, and what to install."""


class BoxFailed(SandboxError):
    """The box did not start or did not answer, through no fault of the submission."""


class SubmissionError(Exception):
    """The submission did not give what was asked of it."""


class _Raised(SubmissionError):
    """An exception inside the submission, told without holding the exception itself.

    Attributes
    ----------
    type_name
        Name of the exception's class, such as ``"NotImplementedError"``.
    text
        The exception's own text. For staff only.
    where
        ``"conv_layers.py:41"``: the innermost line of the submission itself, or empty when there is none.
    hint
        What usually causes this, in words a student can use; empty when unknown. Holds no text of the
        submission, so it may be shown.
    """

    def __init__(self, type_name: str, text: str = "", where: str = "", hint: str = "") -> None:
        super().__init__(type_name, text, where, hint)
        self.type_name = type_name
        self.text = text
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        place = f" at {self.where}" if self.where else ""
        text = f": {self.text}" if self.text else ""
        return f"{self.type_name}{text}{place}"


class StudentImportError(_Raised):
    """The submission's module could not be imported."""


class StudentError(_Raised):
    """The submission's code raised an exception."""


class NotTransportable(SubmissionError):
    """A result cannot cross as plain data; the message says why."""


class WorkerTimeout(SubmissionError):
    """The worker used up its wall or CPU time and was killed."""


class WorkerOutOfMemory(SubmissionError):
    """The submission asked for more memory than a worker has."""


class WorkerDied(SubmissionError):
    """The worker ended before it answered; the message says how."""


class ProtocolViolation(SubmissionError):
    """The worker sent something that is no reply and was killed."""


FATAL = (WorkerTimeout, WorkerOutOfMemory, WorkerDied, ProtocolViolation)
"""After these the worker is gone and the next call needs a fresh one."""
