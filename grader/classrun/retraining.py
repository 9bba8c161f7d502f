"""Run again the cell in which a student trained their network, and compare what it reaches with what was saved."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError
from dataclasses import replace
from pathlib import Path

from grader.checking.weights import Weights, WeightsUnreadable, read_weights
from grader.course.notebook_rules import Training
from grader.grading import Grader
from grader.intake import (
    Candidate,
    Stage,
    Submission,
    SubmissionUnreadable,
    read_submission,
    resolve_layout,
    stage_submission,
)
from grader.notebooks.goals import Ran
from grader.notebooks.grading import NotebookPlan, open_box, run_one, submitted_notebooks
from grader.notebooks.looking import Accuracies, accuracies
from grader.notebooks.running import CellRun, State, Wanted
from grader.results import Flag
from grader.sandbox import SandboxError
from grader.sandbox.scratch import temporary_folder

REPEATED, DIFFERENT, NOT_REPEATED = "trained_again", "trained_otherwise", "not_trained_again"
"""Kinds of flags: it came out alike, it did not, or there was nothing to compare."""


def train_again(
    grader: Grader,
    candidate: Candidate,
    training: Training,
    heard: Callable[[bytes], None] | None = None,
) -> Flag:
    """Run the training cell of one submission in a box of its own; return what staff should know of it.

    Parameters
    ----------
    heard
        Told what the cell prints, as it comes.
    """
    try:
        submission = read_submission(candidate, grader.assignment)
        with temporary_folder("stage-") as folder:
            Path(folder).chmod(0o755)  # the box runs as another user and must be able to enter
            layout = resolve_layout(submission, grader.assignment, grader.release)
            stage = stage_submission(layout, submission, grader.assignment, grader.release, Path(folder))
            return _trained(grader, submission, stage, training, heard)
    except (SubmissionUnreadable, SandboxError) as error:
        return Flag(NOT_REPEATED, f"The network was not trained again: {error}")
    except CancelledError:
        raise
    except Exception:  # one that breaks the grader must not cost the others what came of theirs
        return Flag(NOT_REPEATED, f"The grader failed on the training:\n{traceback.format_exc()}")


def _trained(
    grader: Grader,
    submission: Submission,
    stage: Stage,
    training: Training,
    heard: Callable[[bytes], None] | None,
) -> Flag:
    plan = _without_goals(grader.notebook_plan)
    notebooks = submitted_notebooks(stage, submission.files, plan)
    if training.notebook not in notebooks:
        return Flag(NOT_REPEATED, f"The network was not trained again: {training.notebook} is missing.")
    wanted = Wanted(training.seconds, accuracies(training, _weights(stage)), heard)
    with open_box(stage, plan, training.seconds) as box:
        ran = run_one(
            box, stage, training.notebook, notebooks[training.notebook], plan, {training.cell: wanted}
        )
    return compared(_cell(ran, training), training)


def compared(run: CellRun | None, training: Training) -> Flag:
    """Say what the training cell reached, and how that fits what was handed in."""
    where = f"{training.notebook}, cell {training.cell}"
    if run is None or run.state is not State.RAN:
        note = "there is no such cell." if run is None else " ".join((run.note, *_errors(run.outputs)))
        return Flag(NOT_REPEATED, f"{where}: the training did not come to its end. {note}")
    found = run.found if isinstance(run.found, Accuracies) else Accuracies(None, None)
    if found.reached is None:
        return Flag(NOT_REPEATED, f"{where}: after it, {training.model} is no network that can be measured.")
    said = f"{where}: trained again, the network gets {found.reached:.1%} of {found.images} images right"
    if found.saved is None:
        return Flag(REPEATED, f"{said}; there are no saved weights that it could be compared with.")
    kind = DIFFERENT if abs(found.reached - found.saved) > training.tolerance else REPEATED
    return Flag(kind, f"{said}, the one handed in {found.saved:.1%}.")


def _without_goals(plan: NotebookPlan) -> NotebookPlan:
    rules = plan.assignment.notebooks.model_copy(update={"goals": ()})
    return replace(plan, assignment=plan.assignment.model_copy(update={"notebooks": rules}))


def _cell(ran: Ran, training: Training) -> CellRun | None:
    merged, runs = ran
    pairs = zip(merged.cells, runs, strict=True)
    return next((run for each, run in pairs if each.cell.id == training.cell), None)


def _weights(stage: Stage) -> Weights | None:
    try:
        return None if stage.weights is None else read_weights(stage.weights)
    except WeightsUnreadable:
        return None


def _errors(outputs: Sequence[object]) -> list[str]:
    errors = [each for each in outputs if isinstance(each, dict) and each.get("output_type") == "error"]
    return [f"{each['ename']}: {each['evalue']}" for each in errors[-1:]]
