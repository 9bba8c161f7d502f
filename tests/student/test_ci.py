"""What a server shows of a run of the public checks, with the readers on the other side played."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from grader.student import commands
from grader.student.ci import FOLDER, classroom_result, junit, leave_reports, notes_at_lines
from grader.student.session import run_public_checks
from grader.student.workspace import Workspace
from tests.student.test_session import FORWARD, LAYERS
from tests.student.workspaces import edit, make_workspace

NOW = datetime(2026, 11, 29, tzinfo=UTC)
RUNNER = {
    "CLASSROOM": "cs231n",
    "ASSIGNMENT": "cnn",
    "ASSIGNMENT_TYPE": "individual",
    "USERNAME": "ada",
    "OWNER": "ada",
    "SUBMISSION_TAG": "submit/2026-11-29T00-00-00Z-abc1234",
    "COMMIT_URL": "https://git.example/c",
    "RELEASE_URL": "https://git.example/r",
    "REVIEW_URL": "https://git.example/v",
}
"""What Classroom 50's runner tells an entrypoint."""


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return work of which one function is right, one wrong, one raises, and the rest is not written."""
    workspace = make_workspace(tmp_path_factory.mktemp("work"), solved=True)
    edit(workspace, LAYERS, FORWARD, FORWARD + "    b = 2 * b\n")
    edit(
        workspace,
        LAYERS,
        "def max_pool_forward_naive(x, pool_param):",
        "def max_pool_forward_naive(x, pool):",
    )
    return workspace


@pytest.fixture(scope="module")
def results(wrong: Workspace):
    """Return what the checks say of it."""
    return run_public_checks(
        wrong, ("conv_forward_naive", "conv_backward_naive", "max_pool_forward_naive")
    ).results


def refused(data: dict[str, object], runner: dict[str, str]) -> str:  # noqa: PLR0911  # one for each rule
    """Return why Classroom 50's runner and collector would refuse a result, by the rules that they publish."""

    def whole(value: object) -> bool:
        return type(value) is int and value >= 0

    if data["schema"] != "classroom50/result/v1":
        return "schema"
    for field, variable in (("classroom", "CLASSROOM"), ("assignment", "ASSIGNMENT"), ("owner", "OWNER")):
        if data[field] != runner[variable]:
            return field
    if data["assignment_type"] != runner["ASSIGNMENT_TYPE"] or not str(data["submission"]).startswith(
        "submit/"
    ):
        return "submission"
    if not all(
        isinstance(data[each], str) and data[each] for each in ("commit", "release", "review", "datetime")
    ):
        return "links"
    if not (whole(data["score"]) and whole(data["max-score"]) and data["score"] <= data["max-score"]):  # type: ignore[operator]
        return "score"
    for test in data["tests"]:  # type: ignore[attr-defined]
        if not (
            isinstance(test["test-name"], str) and test["test-name"] and isinstance(test["passed"], bool)
        ):
            return "test"
        if not (whole(test["score"]) and whole(test["max-score"]) and test["score"] <= test["max-score"]):
            return "test's score"
    return ""


def test_classroom_50_takes_the_result(wrong: Workspace, results) -> None:
    """Whole numbers whatever the points are, and every field as the runner demands it."""
    data = classroom_result(wrong, results, RUNNER, NOW)
    assert refused(data, RUNNER) == ""
    by_name = {each["test-name"]: each["passed"] for each in data["tests"]}  # type: ignore[attr-defined]
    assert (by_name["conv_forward_naive"], by_name["conv_backward_naive.dx"]) == (False, True)
    halves = wrong.__class__(
        **{name: getattr(wrong, name) for name in wrong.__slots__}
        | {"points": dict.fromkeys(wrong.parts, 2.5)}
    )
    data = classroom_result(halves, results, RUNNER, NOW)
    assert refused(data, RUNNER) == ""
    assert (data["units-per-point"], data["max-score"]) == (2, 5 * len(by_name))


def test_junit_says_all_in_the_text_as_well(results) -> None:
    """GitLab shows the text of a failure alone, others its message; names are no two alike within a class."""
    root = Xml.fromstring(junit(results))  # noqa: S314  # our own
    failed = root.findall(".//failure")
    assert failed
    assert all(each.text == each.get("message") for each in failed)
    assert any(
        "every entry is twice" in (each.text or "") or "There yours is" in (each.text or "")
        for each in failed
    )
    names = [(each.get("classname"), each.get("name")) for each in root.iter("testcase")]
    assert len(names) == len(set(names)) == len(results)


def test_notes_stand_at_lines(wrong: Workspace, results) -> None:
    """One for each function: where the answer is defined, or where it raised."""
    notes = [
        re.fullmatch(r"::(\w+) file=([^,]+),line=(\d+),title=([^:]+)::(.*)", line)
        for line in notes_at_lines(wrong, results)
    ]
    assert all(notes)
    found = {note[4]: (note[1], note[2], int(note[3])) for note in notes if note}
    source = (wrong.root / LAYERS).read_text(encoding="utf-8").splitlines()
    kind, path, line = found["conv_forward_naive"]
    assert (kind, path) == ("error", LAYERS)
    assert source[line - 1].startswith("def conv_forward_naive(")
    assert "pool" in "".join(source[found["max_pool_forward_naive"][2] - 1])


def test_each_system_finds_its_files(wrong: Workspace, results, tmp_path: Path) -> None:
    """A summary and outputs for GitHub, result.json where Classroom 50 runs it, a folder for everyone."""
    system = {
        **RUNNER,
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_ACTIONS": "true",
    }
    assert leave_reports(wrong, results, system, NOW)
    assert {path.name for path in (wrong.root / FOLDER).iterdir()} == {
        "check.json",
        "junit.xml",
        "summary.md",
    }
    assert (
        (tmp_path / "summary")
        .read_text(encoding="utf-8")
        .startswith("## Convolutional neural networks: public checks")
    )
    assert re.fullmatch(
        r"status=failure\nsummary=[^\n]+\n", (tmp_path / "output").read_text(encoding="utf-8")
    )
    assert refused(json.loads((wrong.root / "result.json").read_text(encoding="utf-8")), RUNNER) == ""
    (wrong.root / "result.json").unlink()
    assert leave_reports(wrong, results, {}, NOW) == ()
    assert not (wrong.root / "result.json").exists()


def test_json_of_a_run(wrong: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`invoke check --json FILE` writes each check with its place; a bad file is refused in a sentence."""
    monkeypatch.setattr(Workspace, "load", classmethod(lambda _cls: wrong))
    assert commands.check("max_pool_forward_naive", json=str(tmp_path / "check.json")) == 1
    document = json.loads((tmp_path / "check.json").read_text(encoding="utf-8"))
    assert (document["assignment"], document["fine"]) == ("cnn", False)
    assert {"id", "part", "outcome", "message", "file", "line"} <= document["checks"][0].keys()
    assert commands.check("max_pool_forward_naive", json=str(tmp_path / "none/check.json")) == 1
