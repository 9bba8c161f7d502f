"""A submission that hangs, crashes or carries texts out costs itself what it spoils, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.checking import Blocked, Student
from grader.checking.student import AFTER_ANOTHER
from grader.checking.verdicts import judge
from grader.results import Outcome
from grader.sandbox import (
    Handle,
    StudentError,
    StudentImportError,
    SubmissionError,
    WorkerDied,
    WorkerOutOfMemory,
    WorkerTimeout,
)

MODULES = {"one": "answers", "two": "answers", "other": "elsewhere"}


class FakeWorker:
    """A worker whose functions are called by name; `behave` maps names to what they do."""

    flags: tuple[str, ...] = ()

    def __init__(self, behave: dict[str, Callable[[], object]]) -> None:
        self.idle = self.used = 0.0
        self.behave = behave
        self.names: dict[int, str] = {}

    def load(self, module: str) -> None:
        """Do what importing `module` does."""
        self.behave.get(module, lambda: None)()

    def load_in_parts(self, module: str, *, whole: bool = True) -> None:  # noqa: ARG002
        """Do what importing the parts of `module` does; what importing it does, where a test says nothing else."""
        self.behave.get(f"{module}_in_parts", self.behave.get(module, lambda: None))()

    def resolve(self, _module: str, name: str) -> Handle:
        """Give `name` a number."""
        if name == "lost":
            self.behave[name]()
        self.names[len(self.names)] = name
        return Handle(0, len(self.names) - 1)

    def call(self, target: Handle, _args: object = (), _kwargs: object = None) -> object:
        """Do what the function does."""
        return self.behave.get(self.names[target.id], lambda: 1)()

    def put(self, _value: object) -> Handle:
        """Do what keeping a value does."""
        self.behave.get("put", lambda: None)()
        return Handle(0, 99)

    def idle_seconds(self) -> float:
        """Return what a test set."""
        return self.idle

    def cpu_seconds(self) -> float:
        """Return what a test set."""
        return self.used

    def close(self) -> None:
        """End."""


def raising(error: Exception) -> Callable[[], object]:
    """Return a function that raises `error`."""

    def function() -> object:
        raise error

    return function


def student_with(
    places: frozenset[str] | None = None, **behave: Callable[[], object]
) -> tuple[Student, list]:
    """Return a student and the list of workers started for it."""
    workers: list[FakeWorker] = []

    def start(_root: str) -> FakeWorker:
        workers.append(FakeWorker(behave))
        return workers[-1]

    return Student(start, MODULES, 2, places, patience=5.0), workers  # type: ignore[arg-type]  # as far as asked


def test_waiting_without_computing_is_counted_over_all_workers() -> None:
    """A submission whose calls all come just in time is given up once they have taken too long together."""
    student, workers = student_with()
    for _ in range(2):
        student.begin("full")
        student.one()
        workers[-1].idle = 3.0
    with pytest.raises(Blocked, match="6 seconds in which its calls waited"):
        student.one()
    student.begin("full")
    with pytest.raises(Blocked):
        student.two()
    assert len(workers) == 2


def test_a_new_process_does_not_set_the_clock_back() -> None:
    """CPU time goes on from what the worker before had used."""
    student, workers = student_with(one=raising(WorkerDied("gone")))
    student.two()
    workers[-1].used = 7.0
    before = student.cpu_seconds()
    with pytest.raises(WorkerDied):
        student.one()
    student.two()
    workers[-1].used = 2.0
    assert (before, student.cpu_seconds(), len(workers)) == (7.0, 9.0, 2)


def test_what_hung_once_is_not_called_again() -> None:
    """The second call of a function that hung ends at once, in the same way; other functions go on."""
    student, workers = student_with(one=raising(WorkerTimeout("slow")))
    for _ in range(3):
        with pytest.raises(WorkerTimeout):
            student.one()
    assert student.two() == 1
    assert len(workers) == 2
    assert not student.stopped


def test_time_outs_add_up() -> None:
    """After as many time-outs as there are strikes, no further worker is started."""
    slow = raising(WorkerTimeout("slow"))
    student, workers = student_with(one=slow, two=slow)
    for function in ("one", "two"):
        with pytest.raises(WorkerTimeout):
            getattr(student, function)()
    assert student.stopped
    with pytest.raises(Blocked, match="2 calls that did not end"):
        student.other()
    assert len(workers) == 2


@pytest.mark.parametrize("error", [WorkerDied("gone"), WorkerOutOfMemory("full")])
def test_what_crashed_twice_is_not_called_again(error: Exception) -> None:
    """A function may crash twice, at the cost of a worker each; other functions go on."""
    student, workers = student_with(one=raising(error))
    for _ in range(5):
        with pytest.raises(type(error)):
            student.one()
    assert len(workers) == 2
    assert student.two() == 1
    assert not student.stopped


def test_keeping_values_may_crash_twice_as_well() -> None:
    """A submission that breaks workers from within is not given values for ever."""
    student, workers = student_with(put=raising(WorkerDied("gone")))
    for _ in range(5):
        with pytest.raises(WorkerDied):
            student.put(1)
    assert len(workers) == 2


def test_a_module_that_hangs_hangs_once() -> None:
    """A module that never finishes importing is tried once as a whole and once in parts, not for each function."""
    student, workers = student_with(answers=raising(WorkerTimeout("slow")))
    for function in ("one", "two", "one"):
        with pytest.raises(WorkerTimeout):
            getattr(student, function)()
    assert student.other() == 1
    assert len(workers) == 3
    assert not student.stopped


@pytest.mark.parametrize(
    "error",
    [StudentImportError("ImportError"), WorkerTimeout("slow"), WorkerDied("gone"), WorkerOutOfMemory("full")],
)
def test_a_module_that_does_not_import_is_taken_in_parts(error: SubmissionError) -> None:
    """Functions of a module that fails as a whole are called all the same, and why it failed is remembered."""
    student, _ = student_with(answers=raising(error), answers_in_parts=lambda: None)
    assert student.one() == 1
    student.begin("naive")
    assert student.two() == 1
    assert student.in_parts == {"answers": error}
    assert not student.stopped


def test_what_the_parts_lack_is_told_as_the_import_error() -> None:
    """A function that is not among the parts ends as the module did, and its neighbours go on."""

    def nothing() -> None:
        raise StudentError("AttributeError")

    student, _ = student_with(
        answers=raising(StudentImportError("OSError")), answers_in_parts=lambda: None, lost=nothing
    )
    with pytest.raises(StudentImportError):
        student.sibling("one", "lost")
    assert student.one() == 1


def test_import_errors_are_quoted_only_before_any_input() -> None:
    """The text of an import error is for the student as long as nothing hidden was in the box."""
    fails = raising(StudentImportError("ImportError", "carried out"))
    student, _ = student_with(elsewhere=fails)
    with pytest.raises(StudentImportError):
        _ = student.other
    student, _ = student_with(elsewhere=fails)
    student.one()
    with pytest.raises(StudentError) as caught:
        _ = student.other
    verdict = judge(caught.value, None)  # type: ignore[arg-type]  # no assertion, so no folder
    assert "carried out" not in verdict.message
    assert "carried out" in verdict.staff_note


def test_a_file_that_does_not_import_is_not_tried_again() -> None:
    """The first import error is raised again, with the text that was written before anything hidden was there."""
    student, _ = student_with(elsewhere=raising(StudentImportError("SyntaxError", "invalid syntax")))
    for _attempt in range(2):
        with pytest.raises(StudentImportError, match="invalid syntax"):
            _ = student.other
        student.one()


def test_made_up_places_are_dropped() -> None:
    """A place that the submission does not have is not passed on, and a real one is."""
    real, made_up = "answers.py:3", "0.73127.py:1"
    student, _ = student_with(
        frozenset({real}),
        one=raising(StudentError("ValueError", where=real)),
        two=raising(StudentError("ValueError", where=made_up)),
    )
    for function, where in (("one", real), ("two", "")):
        with pytest.raises(StudentError) as caught:
            getattr(student, function)()
        assert caught.value.where == where


@pytest.mark.parametrize(
    ("name", "shown"), [("ValueError", True), ("LinAlgError", True), ("E0.73127", False)]
)
def test_only_familiar_classes_are_named(name: str, shown: bool) -> None:
    """The name of a class of the submission's own could be anything, and is for staff."""
    verdict = judge(StudentError(name, "text"), None)  # type: ignore[arg-type]  # no assertion, so no folder
    assert verdict.outcome is Outcome.ERROR
    assert (name in verdict.message) is shown
    assert name in verdict.staff_note


def test_an_error_that_follows_another_names_the_first() -> None:
    """A backward pass that breaks on what stands in for the cache of a broken forward pass is not blamed for it."""
    broken = [raising(StudentError("ValueError", hint="unpacked")) for _ in range(2)]
    student, _workers = student_with(one=broken[0], two=broken[1])
    said = []
    for name in ("one", "two"):
        with pytest.raises(StudentError) as caught:
            getattr(student, name)()
        said.append(caught.value.hint)
    assert said == ["unpacked", AFTER_ANOTHER.format(names="one")]
