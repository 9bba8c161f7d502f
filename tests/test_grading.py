"""Grading whole submissions, in the box: who gets what, in every layout and tier, and what bad input comes to."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from grader.bank.entries import load_mistakes
from grader.bank.rebuild import as_files
from grader.bank.samples import solution_modules, starter_modules, to_layout
from grader.checking.reruns import NOTE
from grader.course.assignment import Assignment, CarriedForward, Part, PartKind
from grader.grading import Grader, by_hand
from grader.intake import Candidate, prepare
from grader.results import Outcome, Scope, SubmissionReport, WaitingPart
from grader.sandbox import Isolation

SOLUTION_POINTS = 95.0
"""All parts but CNN.accuracy, which needs CIFAR-10 and trained weights."""

TIERS = pytest.mark.parametrize("tier", [Isolation.A, Isolation.B])


@pytest.fixture(scope="session")
def solution(repository, cnn) -> dict[str, bytes]:
    """Return the complete modules."""
    return solution_modules(repository, cnn)


@pytest.fixture(scope="session")
def mistake(cnn, solution):
    """Make the solution's files with a named mistake built in."""
    bank = {each.name: each for each in load_mistakes(cnn.folder)}
    return lambda name: as_files(bank[name], solution)


def grade(grader: Grader, files: Mapping[str, bytes]) -> SubmissionReport:
    """Grade a submission made of these files."""
    return grader.grade_submission(prepare("someone", files, grader.assignment, grader.release))


def lost_parts(report: SubmissionReport) -> dict[str, float]:
    """Return the points lost, by part."""
    lost: dict[str, float] = {}
    for check in report.checks:
        if check.scope is Scope.HOMEWORK and check.points < check.max_points:
            lost[check.part] = lost.get(check.part, 0.0) + check.max_points - check.points
    return {part: round(points, 3) for part, points in lost.items()}


@TIERS
def test_the_solution_gets_every_point(grader_in, solution, tier) -> None:
    """The reference scores full marks in both tiers, and nothing is noticed about it."""
    report = grade(grader_in(tier), solution)
    assert (report.score, report.max_score) == (SOLUTION_POINTS, SOLUTION_POINTS)
    assert report.isolation == tier.value
    assert not report.flags


@TIERS
def test_the_stubs_get_nothing(grader_in, repository, cnn, tier) -> None:
    """What is handed out scores zero, told apart from wrong answers."""
    report = grade(grader_in(tier), starter_modules(repository, cnn))
    assert report.score == 0.0
    outcomes = {check.outcome for check in report.checks if check.scope is Scope.HOMEWORK}
    assert outcomes <= {Outcome.NOT_IMPLEMENTED, Outcome.BLOCKED, Outcome.NOT_GRADED}


def test_the_worked_sheets_bug_costs_its_own_part_only(grader_in, mistake) -> None:
    """Indexing dx by filter and adding costs the points of conv_backward_naive.dx, and says which mistake it is."""
    report = grade(grader_in(Isolation.B), mistake("conv_dx_by_filter_and_added"))
    assert lost_parts(report) == {"conv_backward_naive.dx": 8.0}
    explained = [check.diagnosis for check in report.checks if check.part == "conv_backward_naive.dx"]
    assert any("added where they should be multiplied" in text for text in explained)


def test_weights_that_spread_too_far_are_called_just_that(grader_in, mistake) -> None:
    """Weights drawn without weight_scale have mean zero; only their deviation is held against them."""
    report = grade(grader_in(Isolation.B), mistake("network_init_scale_missing"))
    said = {check.message for check in report.checks if "weights" in check.id and not check.outcome.earns}
    assert said == {"The entries of W1 do not have the standard deviation weight_scale."}


@pytest.mark.parametrize("layout", ["utils", "cs231n"])
@pytest.mark.parametrize("below", ["", "assignment2/"])
def test_every_layout_is_graded_alike(grader_in, cnn, solution, mistake, layout, below) -> None:
    """The same answers score the same in every layout, at any depth."""
    place = next(each for each in cnn.layouts if each.name == layout)
    for files, points in (
        (solution, SOLUTION_POINTS),
        (mistake("conv_dx_by_filter_and_added"), SOLUTION_POINTS - 8),
    ):
        moved = {below + path: content for path, content in to_layout(files, cnn, place).items()}
        assert grade(grader_in(Isolation.B), moved).score == points


def test_a_regrade_repeats_exactly(grader_in, mistake) -> None:
    """The same submission meets the same hidden inputs, and gets the same report but for the seconds."""
    files = mistake("batchnorm_without_gamma")
    first, second = (grade(grader_in(Isolation.B), files) for _ in range(2))
    assert [replace(check, seconds=0) for check in first.checks] == [
        replace(check, seconds=0) for check in second.checks
    ]


def test_an_endless_loop_costs_its_own_part_only(grader_in, cnn, solution) -> None:
    """A function that never returns is stopped once; every other part keeps its points."""
    endless = b"\n\ndef max_pool_forward_naive(x, pool_param):\n    while True:\n        pass\n"
    files = {**solution, "nndl/conv_layers.py": solution["nndl/conv_layers.py"] + endless}
    grader = grader_in(Isolation.B)
    quick = cnn.model_copy(update={"limits": replace(cnn.limits, call_seconds=2.0)})
    report = grade(replace(grader, assignment=quick), files)
    assert set(lost_parts(report)) == {"max_pool_forward_naive"}
    assert {c.outcome for c in report.checks if c.part == "max_pool_forward_naive"} == {Outcome.TIMEOUT}


def test_wrong_earlier_layers_are_told_apart(grader_in, cnn, mistake) -> None:
    """A network that is right but for the student's own affine layer says so, and counts if the assignment does."""
    files = mistake("network_affine_without_bias")
    grader = grader_in(Isolation.B)
    reported = grade(grader, files)
    families = {part.partition(".")[0] for part in lost_parts(reported)}
    assert families == {"ThreeLayerConvNet"}
    failed = [
        check for check in reported.checks if check.part == "ThreeLayerConvNet.loss" and check.diagnosis
    ]
    assert any(NOTE in check.diagnosis for check in failed)
    counting = cnn.model_copy(update={"carried_forward": CarriedForward.SCORE})
    assert grade(replace(grader, assignment=counting), files).score == SOLUTION_POINTS


def test_one_part_can_be_graded_alone(grader_in, solution) -> None:
    """With `only`, other parts do not run and the total is that part's."""
    grader = grader_in(Isolation.B)
    report = grade(replace(grader, plan=replace(grader.plan, only="conv_backward_naive.db")), solution)
    assert report.max_score == 4.0
    assert {check.part for check in report.checks} == {"conv_backward_naive.db"}


def test_a_module_that_does_not_parse_is_an_import_error(grader_in, solution) -> None:
    """The student reads which line does not parse; the other module's parts are graded."""
    files = {**solution, "nndl/cnn.py": b"class ThreeLayerConvNet(:\n    pass\n"}
    report = grade(grader_in(Isolation.B), files)
    network = [check for check in report.checks if check.part.startswith("ThreeLayerConvNet")]
    assert {check.outcome for check in network} == {Outcome.IMPORT_ERROR}
    assert all("cnn.py:1" in check.message for check in network)
    assert report.score == SOLUTION_POINTS - 23


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file of these files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 cut short", "damaged"),
        (zipped({"../../nndl/conv_layers.py": b"x = 1\n"}), ".."),
        (zipped({"nndl/conv_layers.py": bytes(300 * 2**20)}), ""),
        (zipped({"readme.txt": b"hello"}), ""),
    ],
    ids=["empty", "damaged", "traversal", "bomb", "nothing to grade"],
)
def test_an_unusable_archive_gets_a_report_with_its_reason(grader_in, tmp_path, content, reason) -> None:
    """Bad input ends in a message that names the submission; no check runs and nothing is scored."""
    path = tmp_path / "eve.zip"
    path.write_bytes(content)
    report = grader_in(Isolation.B).grade(Candidate("eve", path))
    assert report.error
    assert "eve" in report.error
    assert reason in report.error
    assert not report.checks


def test_a_symlink_out_is_not_followed(grader_in, tmp_path, solution) -> None:
    """A link to a file outside is left out and flagged; the rest is graded."""
    secret = tmp_path / "secret.py"
    secret.write_text("KEY = 'secret'\n", encoding="utf-8")
    folder = tmp_path / "mallory"
    for path, content in solution.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "nndl" / "helper.py").symlink_to(secret)
    report = grader_in(Isolation.B).grade(Candidate("mallory", folder))
    assert report.score == SOLUTION_POINTS
    assert any("helper.py" in flag.message for flag in report.flags)


def test_a_notebook_that_is_not_json_is_flagged(grader_in, solution) -> None:
    """A damaged notebook costs nothing by itself and is named to staff."""
    report = grade(grader_in(Isolation.B), {**solution, "CNN-Layers.ipynb": b"<<<<<<< HEAD\n{}"})
    assert report.score == SOLUTION_POINTS
    assert any("CNN-Layers.ipynb" in flag.message for flag in report.flags)


def test_a_fault_of_the_grader_costs_the_class_nothing(grader_in, tmp_path) -> None:
    """A submission that the grader itself fails on gets a report that says so, with the details for staff."""
    grader = replace(grader_in(Isolation.B), release=None)
    path = tmp_path / "zoe.zip"
    path.write_bytes(zipped({"nndl/conv_layers.py": b"x = 1\n"}))
    report = grader.grade(Candidate("zoe", path))
    assert "staff" in report.error
    assert any(flag.kind == "grader_fault" for flag in report.flags)


def test_a_submission_that_takes_the_graders_memory_is_named(
    grader_in, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the grading process cannot hold is said as such; the process goes on to the next submission."""

    def grade_submission(_grader, _submission):
        raise MemoryError

    monkeypatch.setattr(Grader, "grade_submission", grade_submission)
    path = tmp_path / "mia.zip"
    path.write_bytes(zipped({"nndl/conv_layers.py": b"x = 1\n"}))
    report = grader_in(Isolation.B).grade(Candidate("mia", path))
    assert report.error == "grading it took more memory than there is; staff must look at it"
    assert any(flag.kind == "grader_fault" for flag in report.flags)


def saved_network(seed: int, **arguments: int) -> bytes:
    """Return a best_model.npz with random weights, as the notebook's last cell writes it."""
    rng = np.random.default_rng(seed)
    arrays = {
        "W1": rng.normal(size=(2, 3, 3, 3)),
        "b1": np.zeros(2),
        "W2": rng.normal(size=(2 * 16 * 16, 4)),
        "b2": np.zeros(4),
        "W3": rng.normal(size=(4, 10)),
        "b3": np.zeros(10),
    }
    buffer = io.BytesIO()
    description = json.dumps({"class": "ThreeLayerConvNet", "module": "nndl.cnn", "arguments": arguments})
    np.savez(buffer, **arrays, model=np.array(description))
    return buffer.getvalue()


def test_accuracy_is_measured_on_held_out_images(grader_in, solution, cifar10: Path) -> None:
    """Saved weights run through the student's own network; untrained ones miss the goal and say by how much."""
    grader = grader_in(Isolation.B)
    plan = replace(grader.plan, data=cifar10, only="CNN.accuracy")
    weights = saved_network(0, num_filters=2, filter_size=3, hidden_dim=4)
    report = grade(replace(grader, plan=plan), {**solution, "best_model.npz": weights})
    assert [check.outcome for check in report.checks] == [Outcome.FAILED]
    assert "% of 4000 images" in report.checks[0].message


def test_without_weights_the_claim_earns_nothing(grader_in, solution, cifar10: Path) -> None:
    """A submission without best_model.npz has not done the open task."""
    grader = grader_in(Isolation.B)
    plan = replace(grader.plan, data=cifar10, only="CNN.accuracy")
    report = grade(replace(grader, plan=plan), solution)
    assert [check.outcome for check in report.checks] == [Outcome.NOT_IMPLEMENTED]


def test_what_a_person_judges_waits(grader_in, cnn: Assignment, solution) -> None:
    """Each part for people waits with its points, where it was asked for; no check is needed for it."""
    essay = Part(id="why.text", kind=PartKind.HAND, points=5, notebook="CNN.ipynb", cell="why")
    grader = replace(grader_in(Isolation.B), assignment=cnn.model_copy(update={"parts": (*cnn.parts, essay)}))
    submission = prepare("ada", solution, cnn, grader.release)

    def waiting(only: str | None) -> tuple[WaitingPart, ...]:
        return by_hand(submission, replace(grader, plan=replace(grader.plan, only=only)))

    assert waiting(None) == waiting("why") == (WaitingPart("why.text", 5.0),)
    assert waiting("conv_forward_naive") == ()
