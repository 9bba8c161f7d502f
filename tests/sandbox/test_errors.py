"""The tree of errors."""

from __future__ import annotations

import pickle

import pytest

from grader import sandbox
from grader.sandbox import SandboxError, StudentError, SubmissionError

SANDBOX = {"IsolationUnavailable", "BoxFailed"}
SUBMISSION = {
    *("StudentImportError", "StudentError", "NotTransportable", "WorkerTimeout"),
    *("WorkerOutOfMemory", "WorkerDied", "ProtocolViolation"),
}


@pytest.mark.parametrize(
    ("names", "parent", "other"),
    [(SANDBOX, SandboxError, SubmissionError), (SUBMISSION, SubmissionError, SandboxError)],
)
def test_every_error_is_somebodys_fault(names: set[str], parent: type, other: type) -> None:
    """Each error is the machine's fault or the submission's, never both."""
    for name in names:
        error = getattr(sandbox, name)
        assert issubclass(error, parent)
        assert not issubclass(error, other)


def test_student_error_reads_well_and_travels() -> None:
    """An error says what, where and why, and survives the way between grading processes."""
    error = StudentError("ValueError", "bad", "layers.py:3", "a hint")
    assert str(error) == "ValueError: bad at layers.py:3"
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    assert (again.type_name, again.text, again.where, again.hint) == (
        "ValueError",
        "bad",
        "layers.py:3",
        "a hint",
    )
