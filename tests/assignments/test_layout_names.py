"""A layout has names of its own: students are asked by theirs, and lose nothing by what they were never given."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from grader.bank.entries import load_variants
from grader.bank.samples import right_submission, solution_modules, to_layout
from grader.checking.student import Student
from grader.course.assignment import Argument, Assignment, Names
from grader.gate.gate import check_layouts
from grader.grading import Grader
from grader.intake import prepare
from grader.results import SubmissionReport
from grader.sandbox import Isolation

OPTIM, NETWORK = "cs231n/optim.py", "cs231n/classifiers/fc_net.py"


@pytest.fixture(scope="module")
def grader(grader_in) -> Grader:
    """Return the grader of the fully connected networks."""
    return grader_in(Isolation.B, "fc")


@pytest.fixture(scope="module")
def right(grader: Grader) -> Mapping[str, bytes]:
    """Return a right submission in CS231n's names, without what it never asked or asks no longer."""
    assignment = grader.assignment
    variants = load_variants(assignment.folder)
    return right_submission(grader.repository, assignment, assignment.layout("cs231n"), variants)


def grade(grader: Grader, files: Mapping[str, bytes], **changed: tuple[str, str]) -> SubmissionReport:
    """Grade files, with a text replaced in each that is named by the last word of its module."""
    edited = {
        path: content.replace(*map(str.encode, changed.get(path.split("/")[-1][:-3], ("", ""))))
        for path, content in files.items()
    }
    return grader.grade_submission(prepare("someone", edited, grader.assignment, grader.release))


def points(assignment: Assignment, *families: str) -> float:
    """Return what some families of parts are worth."""
    return sum(part.points for part in assignment.parts if part.family in families)


def test_a_right_submission_gets_full_marks_by_its_own_names(grader: Grader, right) -> None:
    """The state is called cache, m and v, the arguments normalization and dropout_keep_ratio."""
    report = grade(grader, right)
    lacking = points(grader.assignment, "sgd_nesterov_momentum", "svm_loss", "TwoLayerNet")
    assert report.score == report.max_score == 100 - lacking
    assert [flag.message.split(":")[0] for flag in report.flags if flag.kind == "not_in_layout"] == [
        "sgd_nesterov_momentum, svm_loss, TwoLayerNet"
    ]


def test_each_name_is_told_by_itself(grader: Grader, right) -> None:
    """Releases of 2018 say normalization, and dropout as the release here does."""
    report = grade(grader, right, fc_net=("dropout_keep_ratio", "dropout"))
    assert report.score == report.max_score


def test_moved_files_keep_the_names_of_the_release(grader: Grader) -> None:
    """Who keeps the files as CS231n does and the names of the release is asked by these, and has every part."""
    assignment = grader.assignment
    files = solution_modules(grader.repository, assignment)
    report = grade(grader, to_layout(files, assignment, assignment.layout("cs231n")))
    assert report.score == report.max_score == 100


def test_another_name_still_costs_its_points(grader: Grader, right) -> None:
    """A name that neither the release nor the layout has is wrong, and the words use the student's own names."""
    report = grade(grader, right, optim=('"m"', '"momentum"'))
    assert {check.part for check in report.checks if check.points < check.max_points} == {"adam"}
    end = '(np.sqrt(config["cache"]) + config["epsilon"]), '
    spoilt = grade(grader, right, optim=(f"{end}config", f'{end}{{**config, "cache": 0 * dw}}'))
    said = [each.message for each in spoilt.checks if each.id.startswith("rmsprop:memory")]
    assert "config['cache']" in said[0]


def test_what_a_layout_may_lack_counts_where_it_is_begun(grader: Grader, right) -> None:
    """A stub is a part that was given and not solved; what does not parse is no way out either."""
    stub = b"\n\ndef sgd_nesterov_momentum(w, dw, config=None):\n    return None, config\n"
    report = grade(grader, {**right, OPTIM: right[OPTIM] + stub})
    lacking = points(grader.assignment, "svm_loss", "TwoLayerNet")
    assert (report.score, report.max_score) == (100 - lacking - 4, 100 - lacking)
    broken = grade(grader, {**right, OPTIM: right[OPTIM] + b"\n\ndef sgd_nesterov_momentum(:\n"})
    assert broken.max_score >= report.max_score


def test_the_gate_asks_for_a_submission_by_every_name(
    grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a variant that uses a layout's names, the gate says which one to write."""
    monkeypatch.setattr("grader.gate.gate.load_variants", lambda _folder: ())
    _, problems = check_layouts(grader)
    assert [each for each in problems if "no variant uses its names for adam" in each]


def test_arguments_are_passed_as_the_layout_takes_them() -> None:
    """An argument that is true becomes a word, and is left out where it is false; others keep their values."""
    names = Names(arguments={"use": Argument(name="kind", true="batch"), "keep": "ratio"})
    assert names.passed({"use": True, "keep": 0.5, "reg": 1}) == {"kind": "batch", "ratio": 0.5, "reg": 1}
    assert names.passed({"use": False}) == {}
    assert names.only({"keep"}).passed({"use": True, "keep": 0.5}) == {"use": True, "ratio": 0.5}


def test_a_student_without_names_is_asked_by_those_of_the_release() -> None:
    """Nothing is translated for who calls everything as the release does."""
    assert Student(lambda _root: None, {}).names_of("adam") == Names()  # type: ignore[arg-type,return-value]
