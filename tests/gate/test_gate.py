"""The gate's steps, and what each certificate counts as a problem."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from grader.bank.rebuild import as_files, rebuild
from grader.course.assignment import Assignment, Part, PartKind, Timed
from grader.course.repository import CourseError
from grader.gate import timings
from grader.gate.gate import Found, StepResult, accusations, alarms, course_steps, run_steps
from grader.gate.timings import Workload
from grader.results import CheckResult, Flag, Outcome, Scope, SubmissionReport, WaitingPart

RIGHT = CheckResult("double:small", "double", Scope.HOMEWORK, Outcome.PASSED, 1.0, 1.0, "It doubles.")


def report(*checks: CheckResult, flags: tuple[Flag, ...] = ()) -> SubmissionReport:
    """Return a report that holds `checks`."""
    return SubmissionReport("variant odd", "", 1.0, 1.0, "A", 0.0, flags=flags, checks=checks)


def test_every_step_runs_after_one_failed() -> None:
    """A step with problems does not keep the others from running, and each is told of as it ends."""
    told: list[StepResult] = []
    found: dict[str, Found] = {"first": ([], ["it is broken"]), "second": (["all well"], [])}
    steps = [(name, lambda name=name: found[name]) for name in found]
    results = run_steps(steps, told.append)
    assert [(each.name, each.figures, each.problems) for each in results] == [
        ("first", (), ("it is broken",)),
        ("second", ("all well",), ()),
    ]
    assert tuple(told) == results


def course(folder: Path, named: str) -> Path:
    """Return the root of a course that names its own steps."""
    (folder / "pyproject.toml").write_text(f"[tool.numgrade]\ngate = {named!r}\n", encoding="utf-8")
    return folder


def test_a_course_adds_its_own_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The function that a course names is found from the course's root; a course that names none adds nothing."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    assert course_steps(tmp_path) is None
    (tmp_path / "own_gate.py").write_text("def more(run):\n    return [('own', run)]\n", encoding="utf-8")
    steps = course_steps(course(tmp_path, "own_gate:more"))
    assert steps is not None
    assert steps("the run") == [("own", "the run")]  # type: ignore[arg-type]


@pytest.mark.parametrize("named", ["nowhere_to_be_found:steps", "json:steps"])
def test_own_steps_that_are_not_there_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    """A course whose steps cannot be imported is not validated as if it had none."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    with pytest.raises(CourseError, match=f"gate = '{named}'"):
        course_steps(course(tmp_path, named))


@pytest.mark.parametrize(
    ("outcome", "count"),
    [
        (Outcome.PASSED, 0),
        (Outcome.INCONCLUSIVE, 0),
        (Outcome.NOT_GRADED, 0),
        (Outcome.FAILED, 1),
        (Outcome.TIMEOUT, 1),
        (Outcome.TAMPERED, 1),
    ],
)
@pytest.mark.parametrize("scope", list(Scope))
def test_a_right_solution_is_held_to_every_check(outcome: Outcome, count: int, scope: Scope) -> None:
    """What a right solution does not pass is a problem, also where it costs no points."""
    found = list(alarms(report(RIGHT, replace(RIGHT, outcome=outcome, scope=scope, message="It does not."))))
    assert len(found) == count
    assert all(f"({scope}) ended {outcome}: It does not." in each for each in found)


def test_an_accused_right_solution_is_a_problem() -> None:
    """A right solution that is called tampering is one, whatever it scores."""
    assert list(alarms(report(RIGHT, flags=(Flag("tampering", "It looks so."),))))
    assert not list(alarms(report(RIGHT, flags=(Flag("noticed", "It prints."),))))


def test_honest_work_is_not_accused(cnn: Assignment) -> None:
    """Work that is only wrong is no tampering, and waits for nobody but where a person judges it in any case."""
    wrong = report(replace(RIGHT, outcome=Outcome.FAILED))
    assert not list(accusations(wrong, cnn))
    assert list(
        accusations(report(replace(RIGHT, outcome=Outcome.TAMPERED, message="It is copied.")), cnn)
    ) == ["variant odd: double:small calls it tampering: It is copied."]
    waiting = (WaitingPart("conv_forward_naive", 20.0, "Given code stands in it."),)
    assert list(accusations(replace(wrong, waiting=waiting), cnn)) == [
        "variant odd: conv_forward_naive waits: Given code stands in it."
    ]
    by_hand = cnn.parts[0].model_copy(update={"kind": PartKind.HAND})
    judged_by_hand = cnn.model_copy(update={"parts": (by_hand, *cnn.parts[1:])})
    assert not list(accusations(replace(wrong, waiting=waiting), judged_by_hand))


def test_two_verdicts_on_one_submission_are_a_problem() -> None:
    """The timing certificate passes when each workload met one verdict only."""
    fast, slow = Workload("loss.speed", 1), Workload("loss.speed", 20)
    steady = {fast: Counter({Outcome.PASSED: 5}), slow: Counter({Outcome.FAILED: 5})}
    assert not list(timings.problems_of(steady))
    flipping = {**steady, fast: Counter({Outcome.PASSED: 4, Outcome.INCONCLUSIVE: 1})}
    (problem,) = timings.problems_of(flipping)
    assert "loss.speed at full speed met more than one verdict" in problem
    assert "passed 4 times, inconclusive 1 times" in problem


def test_every_part_that_judges_speed_is_certified(cnn: Assignment) -> None:
    """Each such part gives the solution as it is and made slower by each factor; other parts give nothing."""
    part = Part(
        id="layer.speed", symbol="layer", points=1, title="Speed", timed=Timed(call="layer", slower=(4,))
    )
    both = cnn.model_copy(update={"parts": (*cnn.parts, part)})
    assert list(map(str, timings.workloads(both))) == [
        "ThreeLayerConvNet.speed at full speed",
        "ThreeLayerConvNet.speed 3 times slower",
        "ThreeLayerConvNet.speed 20 times slower",
        "layer.speed at full speed",
        "layer.speed 4 times slower",
    ]


def test_gradings_are_shared_out(cnn: Assignment) -> None:
    """Every workload is graded as often as asked, each time with another number and so with other inputs."""
    loads = timings.workloads(cnn)
    jobs = timings.chunks(loads, 2 * timings.AT_A_TIME + 3)
    for load in loads:
        numbers = [number for each, chunk in jobs if each == load for number in chunk]
        assert numbers == list(range(2 * timings.AT_A_TIME + 3))


@pytest.mark.parametrize("call", ["layer", "Network.loss"])
def test_a_slower_solution_does_its_work_several_times(call: str) -> None:
    """A function or a method that is made slower is called so often, and answers as before."""
    symbol = call.partition(".")[0]
    part = Part(id="speed", symbol=symbol, points=1, title="Speed", timed=Timed(call=call))
    source = (
        "calls = []\n\n\ndef layer(x):\n    calls.append(x)\n    return 2 * x\n\n\n"
        "class Network:\n    def loss(self, x, twice=True):\n        return layer(x) if twice else x\n"
    )
    files = as_files(timings.slowed(part, 3), {"own.py": source.encode()})
    module = rebuild(files)["own"]
    assert (module.layer(5) if call == "layer" else module.Network().loss(5, twice=True)) == 10
    assert module.calls == [5, 5, 5]
    assert as_files(timings.slowed(part, 1), {"own.py": source.encode()})["own.py"].decode() == source
