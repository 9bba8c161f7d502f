"""Running an assignment's checks: verdicts, order, titles, seeds and faults."""

import os
from dataclasses import replace

import numpy as np
import pytest

from grader.checking.marks import generator_for, submission_seed
from grader.checking.reruns import confirm_faults
from grader.checking.run import ChecksBroken, run_checks
from grader.checking.waiting import left_to_people
from grader.results import Outcome, Scope
from tests.checking.conftest import REFERENCE, student_of

CHECKS = '''
import pytest
from grader.checking import assert_matches, beyond, part

@part("halve.dx")
def test_halve(student, reference, rng):
    """Half the gradient comes back."""
    x = rng.normal(size=3)
    _, cache = student.double(x)
    assert_matches(student.halve(x, cache), x / 2, "dx")

@part("double")
@pytest.mark.parametrize("size", [2, 5])
def test_double(student, reference, rng, size):
    """Twice the input comes out for {size} entries.

    This paragraph is for authors.
    """
    x = rng.normal(size=size)
    assert_matches(student.double(x)[0], reference.double(x)[0])

@beyond("double")
def test_empty(student):
    """Nothing doubled is nothing."""
    import numpy as np
    assert_matches(student.double(np.zeros(0))[0], np.zeros(0))
'''


def outcomes(records) -> dict[str, Outcome]:
    """Return check ids and how each ended."""
    return {each.id: each.verdict.outcome for each in records}


def test_the_reference_passes_every_check(context_for) -> None:
    """Checks run in the order of the parts, and right answers pass."""
    records = run_checks(context_for(REFERENCE, CHECKS))
    assert outcomes(records) == dict.fromkeys(
        ("double:double[2]", "double:double[5]", "double:empty", "halve.dx:halve"), Outcome.PASSED
    )


def test_what_the_environment_tells_pytest_reaches_no_check(context_for, monkeypatch) -> None:
    """Options and plugins for somebody's own tests change no verdict, and are there again afterwards."""
    monkeypatch.setenv("PYTEST_ADDOPTS", "-x --no-such-option")
    monkeypatch.setenv("PYTEST_PLUGINS", "no_such_plugin")
    records = run_checks(context_for(REFERENCE, CHECKS))
    assert set(outcomes(records).values()) == {Outcome.PASSED}
    assert os.environ["PYTEST_ADDOPTS"] == "-x --no-such-option"


def test_titles_and_scopes_come_from_the_check(context_for) -> None:
    """A title is the docstring's first paragraph with its parameters filled in."""
    first, _, third, _ = run_checks(context_for(REFERENCE, CHECKS))
    assert first.title == "Twice the input comes out for 2 entries."
    assert (first.mark.scope, third.mark.scope) == (Scope.HOMEWORK, Scope.BEYOND)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("return 3 * x, {}", Outcome.FAILED),
        ("return None", Outcome.ERROR),  # the check indexes the missing result: see the fault test below
        ("return None, None", Outcome.NOT_IMPLEMENTED),
        ("return 'text', {}", Outcome.FAILED),
    ],
)
def test_wrong_answers_end_in_typed_outcomes(context_for, body: str, outcome: Outcome) -> None:
    """Each kind of wrong answer has its own outcome."""
    context = context_for(f"def double(x):\n    {body}\n", CHECKS)
    control = replace(context, student=student_of(REFERENCE))
    records = confirm_faults(run_checks(context), control)
    assert outcomes(records)["double:double[2]"] is outcome


def test_a_missing_function_is_not_implemented(context_for) -> None:
    """A symbol that the submission defines nowhere is not an error of the grader."""
    context = context_for(REFERENCE, CHECKS)
    context.student._modules = {}  # what intake says of a submission without the function
    assert set(outcomes(run_checks(context)).values()) == {Outcome.NOT_IMPLEMENTED}


def test_a_check_that_breaks_on_the_reference_is_the_graders_fault(context_for) -> None:
    """A broken check leaves the total only when the reference breaks it as well."""
    broken = CHECKS.replace("assert_matches(student.halve(x, cache), x / 2", "assert_matches(1 / 0, x / 2")
    context = context_for(REFERENCE, broken)
    records = confirm_faults(run_checks(context), replace(context, student=student_of(REFERENCE)))
    assert outcomes(records)["halve.dx:halve"] is Outcome.GRADER_ERROR


WITH_WEIGHTS = CHECKS.replace(
    "def test_halve(student, reference, rng):", "def test_halve(student, reference, rng, resources):"
).replace(
    "    x = rng.normal(size=3)\n",
    "    x = rng.normal(size=3) if resources['weights'] is None else 1 / 0\n",
    1,
)


def test_what_only_handed_in_weights_break_waits(context_for) -> None:
    """A fault that the reference has with a submission's weights, and not without, is a person's to decide."""
    context = replace(context_for(REFERENCE, WITH_WEIGHTS), resources={"weights": "broken"})
    records = confirm_faults(run_checks(context), replace(context, student=student_of(REFERENCE)))
    verdict = {each.id: each.verdict for each in records}["halve.dx:halve"]
    assert (verdict.outcome, verdict.waits) == (Outcome.INCONCLUSIVE, True)
    (waiting,) = left_to_people(records, context.assignment.parts)
    assert waiting.part == "halve.dx"
    assert "a person will look at it" in waiting.why


def test_a_check_may_leave_its_part_to_people(context_for) -> None:
    """What a check raises as waiting is no failure, and its words are the student's."""
    doubting = CHECKS.replace(
        "assert_matches(student.halve(x, cache)", "from grader import Waits; raise Waits('See.'"
    )
    doubting = doubting.replace("raise Waits('See.', x / 2, \"dx\")", "raise Waits('See.')")
    records = run_checks(context_for(REFERENCE, doubting))
    assert [
        each.why for each in left_to_people(records, context_for(REFERENCE, doubting).assignment.parts)
    ] == ["See."]


def test_several_students_share_one_session(context_for) -> None:
    """Each context gets its own fixtures and its own records."""
    right = context_for(REFERENCE, CHECKS)
    wrong = replace(right, student=student_of("def double(x):\n    return x, {}\n"))
    of_right, of_wrong, again = map(run_checks, (right, wrong, right))
    assert outcomes(of_right) == outcomes(again)
    assert outcomes(of_wrong)["double:double[2]"] is Outcome.FAILED


def test_selection_keeps_the_order_and_drops_the_rest(context_for) -> None:
    """Only selected checks run."""
    records = run_checks(context_for(REFERENCE, CHECKS), lambda mark, _id: mark.part == "halve.dx")
    assert [each.id for each in records] == ["halve.dx:halve"]


@pytest.mark.parametrize(
    ("checks", "complaint"),
    [
        ("def test_unmarked(): pass", "no @part"),
        ("from grader.checking import part\n@part('other')\ndef test_it(): pass", "does not have"),
        ("import nowhere_to_be_found", "nowhere_to_be_found"),
    ],
)
def test_broken_check_modules_are_named(context_for, checks: str, complaint: str) -> None:
    """A check nobody could score, or that does not import, stops the run with its reason."""
    with pytest.raises(ChecksBroken, match=complaint):
        run_checks(context_for(REFERENCE, checks))


def test_generators_repeat_under_one_name_only() -> None:
    """The same seed and name draw the same numbers; another key, submission or name draws others."""
    seed = submission_seed("key", "cnn", "1", "aa")
    first = generator_for(seed, "a", 1).normal(size=4)
    assert np.array_equal(first, generator_for(seed, "a", 1).normal(size=4))
    others = [
        generator_for(seed, "a", 2),
        generator_for(submission_seed("other", "cnn", "1", "aa"), "a", 1),
        generator_for(submission_seed("key", "cnn", "1", "ab"), "a", 1),
    ]
    assert not any(np.array_equal(first, each.normal(size=4)) for each in others)


STACKED = """
import traceback
import grader
from grader.checking import part

@part("double")
def test_stack(resources):
    \"\"\"The stack is told.\"\"\"
    (engine,) = grader.__path__
    resources["stack"] += [each.name for each in traceback.extract_stack() if each.filename.startswith(engine)]
"""


def test_a_check_is_two_steps_from_running_them(context_for) -> None:
    """Between `run_checks` and the author's function stand one function of the engine, and pytest's own."""
    context = replace(context_for(REFERENCE, STACKED), resources={"stack": []})
    run_checks(context)
    assert context.resources["stack"] == ["run_checks", "run"]


HELPED = '''
from grader.checking import Failed, assert_matches, part

@part("double")
def test_made_there(student, reference, in_box):
    """What the author's module makes in the box is passed in, and kept as long as its worker."""
    twice = student.double(in_box.Numbers(3).times(in_box.FACTOR))[0]
    assert_matches(twice, reference.double(in_box.here.Numbers(3).times(2.0))[0])
    if in_box.called(in_box.add) != 5.0 or in_box.here.called(in_box.here.add) != 5.0:
        raise Failed("functions cross by name")
    counter = in_box.Numbers(1)
    counter.seen = 4
    if counter.seen != 4:
        raise Failed("objects stay in the box")

@part("double")
def test_unknown(in_box):
    """A name that the module lacks is the check's fault."""
    in_box.nothing
'''

IN_BOX = """
import numpy as np

FACTOR = 2.0

class Numbers:
    def __init__(self, count):
        self.count = count
    def times(self, factor):
        return factor * np.ones(self.count)

def add(a, b):
    return a + b

def called(f):
    return f(2.0, 3.0)
"""


def test_an_authors_module_lives_in_the_box(context_for) -> None:
    """Checks get its functions, classes and values by name; one that is not there is named to the author."""
    context = context_for(REFERENCE, HELPED)
    (context.assignment.folder / "checks" / "in_box.py").write_text(IN_BOX)
    made, unknown = run_checks(context)
    assert made.verdict.outcome is Outcome.PASSED, made.verdict
    assert unknown.verdict.outcome is Outcome.GRADER_ERROR
    assert "defines no 'nothing'; it has FACTOR, Numbers, add, called, np" in unknown.verdict.staff_note
