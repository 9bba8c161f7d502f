"""Rules for notebooks: what a path may be, and which rules an assignment refuses."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from grader.course.assignment import Assignment, NotebookRules, path_steps


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("accuracy", ("accuracy", ())),
        ("solver.history[-1]", ("solver", (("attribute", "history"), ("item", -1)))),
        ('data["X_val"]', ("data", (("item", "X_val"),))),
        ("a[0].b[2]", ("a", (("item", 0), ("attribute", "b"), ("item", 2)))),
    ],
)
def test_a_path_is_a_variable_and_steps_from_it(path, steps):
    """Names, attributes and constant items are steps, in the order in which they are taken."""
    assert path_steps(path) == steps


@pytest.mark.parametrize(
    "path", ["", "f()", "a + b", "a[b]", "a[1:2]", "a.b[", "1", "[x for x in y]", "a[1.5]"]
)
def test_anything_that_computes_is_no_path(path):
    """Calls, sums, slices and variables as keys are refused with a message that shows what a path looks like."""
    with pytest.raises(ValueError, match="no path like"):
        path_steps(path)


def test_a_rule_names_a_part_and_a_notebook_that_there_are(cnn):
    """A goal of an unknown part, and one in a notebook that is not released, are refused when they are read."""
    document = cnn.model_dump(mode="json")
    for field, value, said in (("part", "nothing", "no part"), ("notebook", "x.ipynb", "not among")):
        goal = {**document["notebooks"]["goals"][0], field: value}
        with pytest.raises(ValidationError, match=said):
            Assignment.model_validate({**document, "notebooks": {"goals": [goal]}})


def test_without_rules_nothing_is_looked_at():
    """An assignment need not say anything about its notebooks."""
    rules = NotebookRules()
    assert rules.goals == () and rules.training is None
