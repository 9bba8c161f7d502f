"""The real assignment, from a class's download folder to modules that run."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.course.assignment import Assignment, Layout
from grader.course.repository import Course
from grader.intake import (
    ReleaseIncomplete,
    ReleaseSource,
    Stage,
    SubmissionUnreadable,
    find_submissions,
    packages_of,
    prepare_contents,
    read_contents,
    write_stage,
)
from grader.intake.layout import places
from grader.intake.rewrite import REFUSAL, rewired
from grader.intake.source import module_name
from tests.intake.build import folder_of, tar_of, zip_of
from tests.intake.homework import said

ROOT = Path(__file__).parents[2]
ARRAYS = "(n.ones((1, 2, 4, 4)), n.ones((3, 2, 3, 3)), n.ones(3), {'stride': 1, 'pad': 1})"


@pytest.fixture(scope="module")
def real_release(assignment: Assignment) -> ReleaseSource:
    """Return the assignment's own release."""
    try:
        return ReleaseSource.of(Course(ROOT), assignment)
    except ReleaseIncomplete as error:
        pytest.skip(f"the homework is not complete: {error}")


def answers_in(layout: Layout, assignment: Assignment) -> dict[str, str | bytes]:
    """Return the solution's answer modules alone, where `layout` keeps them."""
    modules = {module_name(old): module_name(new) for old, new in places(layout).items()}
    modules |= dict.fromkeys(assignment.release.support, layout.support)
    texts = {place: (ROOT / "solutions" / home).read_text() for home, place in layout.answers.items()}
    pairs = frozenset(modules.items())
    return {place: rewired(text, pairs, module_name(place)) for place, text in texts.items()}


def staged(
    folder: Path, assignment: Assignment, release: ReleaseSource, stages: Path
) -> dict[str, Stage | str]:
    """Stage every submission below `folder`, or keep the reason why it cannot be read."""
    results: dict[str, Stage | str] = {}
    for candidate in find_submissions(folder, packages_of(assignment)):
        try:
            contents = read_contents(candidate, assignment)
        except SubmissionUnreadable as error:
            results[candidate.id] = error.reason
            continue
        submission = prepare_contents(contents, assignment, release)
        stage = write_stage(submission, release, stages / candidate.id)
        stage.carry()
        results[candidate.id] = stage
    return results


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_solutions_answers_run_in_every_layout(
    number: int, assignment: Assignment, real_release: ReleaseSource, tmp_path: Path
) -> None:
    """Answers alone, in a zip with clutter, get all else from the release and compute the same everywhere."""
    layout = assignment.layouts[number]
    files = {**answers_in(layout, assignment), f"{layout.support}/solver.py": "", ".DS_Store": ""}
    folder_of(
        tmp_path / "class", {"alice/hw5.zip": zip_of({f"hw5/{path}": text for path, text in files.items()})}
    )
    stage = staged(tmp_path / "class", assignment, real_release, tmp_path / "stages")["alice"]
    assert isinstance(stage, Stage)
    assert stage.submission.layout == layout.name
    conv, net = stage.submission.modules["conv_forward_naive"], stage.submission.modules["ThreeLayerConvNet"]
    for root in stage.roots.values():
        out = f"float(c.conv_forward_naive(*{ARRAYS})[0].sum())"
        assert (
            said(root, out, "numpy as n", f"{conv} as c") == "648.0"
        )  # 3 filters * (2 channels * 10 * 10 + 16)
    loss = "c.ThreeLayerConvNet(input_dim=(3, 8, 8)).loss(n.zeros((2, 3, 8, 8)), n.zeros(2, dtype=int))[0]"
    value = said(stage.roots["full"], f"round(float({loss}), 3)", "numpy as n", f"{net} as c")
    assert (
        value
        == said(stage.roots["carried"], f"round(float({loss}), 3)", "numpy as n", f"{net} as c")
        == "2.303"
    )
    assert said(stage.roots["naive"], loss, "numpy as n", f"{net} as c") == f"RuntimeError: {REFUSAL}"


def test_one_bad_submission_does_not_touch_the_others(
    assignment: Assignment, real_release: ReleaseSource, tmp_path: Path
) -> None:
    """Every kind of bad input in one class gets a reason or a stage, each under its own name."""
    good = answers_in(assignment.layouts[0], assignment)
    bad: dict[str, str | bytes] = {
        "bomb.zip": zip_of({"nndl/cnn.py": b"\0" * 30_000_000}),
        "cut.zip": zip_of(good)[:500],
        "empty.tar.gz": b"",
        "climbing.tar": tar_of({"../cnn.py": ""}, "w"),
        "nothing/report.pdf": "",
    }
    mixed: dict[str, str | bytes] = {
        **{f"broken/{path}": text for path, text in good.items()},
        "broken/nndl/conv_layers.py": "def f(:\n",
        "broken/CNN.ipynb": "{",
        **{f"hollow/{path}": "" for path in good},
    }
    root = folder_of(tmp_path / "class", {**bad, **mixed, "good.tgz": tar_of(good)})
    (root / "linked").symlink_to(tmp_path)
    results = staged(root, assignment, real_release, tmp_path / "stages")
    reasons = {name: each for name, each in results.items() if isinstance(each, str)}
    assert set(reasons) == {"bomb", "cut", "empty", "climbing", "nothing", "linked"}
    assert set(results) - set(reasons) == {"broken", "hollow", "good"}
    broken, hollow = results["broken"], results["hollow"]
    assert isinstance(broken, Stage)
    assert isinstance(hollow, Stage)
    assert {"does_not_parse", "notebook_not_json"} <= {each.kind for each in broken.submission.flags}
    assert not hollow.submission.modules
