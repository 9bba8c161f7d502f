"""A new release taken into work in progress: nothing that a student wrote is lost, and all that is new arrives."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from invoke import Collection, Program

from grader.authoring.release import release
from grader.course.assignment import load_assignment
from grader.course.repository import Course
from grader.student import commands, tasks
from grader.student.merge import merge_module, merge_notebook
from grader.student.update import EARLIER, MOST_EXPANDED, update
from grader.student.workspace import Workspace, WorkspaceError
from tests.authoring.homework import make_homework
from tests.authoring.test_kit import CHANGES, KIT
from tests.student.update_states import Release, changed, written

STATES = int(os.environ.get("UPDATE_STATES", "25"))
"""Of 500; all of them, times twenty releases, take some minutes: ``UPDATE_STATES=500``."""

RELEASES = 20


@pytest.mark.parametrize("number", range(RELEASES))
def test_nothing_is_lost_and_all_that_is_new_arrives(number: int) -> None:
    """Whatever was written and changed: the student's text stands in what comes out, once, and so does what is new.

    What is new may be missing only where it is named. A second time nothing changes.
    """
    base, new = Release.first(), changed(number)
    for state in range(STATES):
        work = written(state)
        module = merge_module(base.module, work.module, new.module)
        for text in work.own:
            assert module.text.count(text) == 1, (state, text)
        assert module.conflicts or _lines(new.module) <= _lines(module.text) | _gone(work.module), state
        notebook = merge_notebook(base.notebook, work.notebook, new.notebook)
        sources = ["".join(each["source"]) for each in json.loads(notebook.text)["cells"]]
        for text in work.own_cells:
            assert sum(text in source for source in sources) == 1, (state, text)
        added = {"".join(each["source"]) for each in new.cells if each["id"] == "extra"}
        assert notebook.conflicts or added <= set(sources), state
        assert merge_module(new.module, module.text, new.module).text == module.text


def _lines(module: str) -> set[str]:
    return {line.strip() for line in module.splitlines()} - {"pass", "out = 0"}


def _gone(module: str) -> set[str]:
    """Return the given lines that the student took out: they stay out."""
    return _lines(Release.first().module) - _lines(module)


def test_outputs_stay_while_their_cell_does() -> None:
    """A cell that the release mends was not run as it is now."""
    base, new = Release.first(), Release.first()
    document = json.loads(base.notebook)
    for each in document["cells"]:
        if each["cell_type"] == "code":
            each |= {
                "execution_count": 3,
                "outputs": [{"output_type": "stream", "name": "stdout", "text": "1"}],
            }
    new.cells[1]["source"] = ["x = 2"]
    merged = json.loads(merge_notebook(base.notebook, json.dumps(document), new.notebook).text)["cells"]
    assert (merged[1]["source"], merged[1]["outputs"], merged[1]["execution_count"]) == (["x = 2"], [], None)
    assert merged[3]["outputs"] == document["cells"][3]["outputs"]


def handed_out(root: Path, folder: Path, version: str) -> Path:
    """Release a version of the small assignment, and unpack it."""
    path = root / "assignments/tiny/assignment.toml"
    path.write_text(KIT.replace("2.1.0", version), encoding="utf-8")
    made = release(load_assignment(path.parent), root)
    with zipfile.ZipFile(made.archive) as archive:
        archive.extractall(folder)
    return next(folder.glob("tiny-*"))


@pytest.fixture
def two(tmp_path: Path) -> tuple[Workspace, Path]:
    """Return the work that began from a first release, and the archive of a second one."""
    make_homework(tmp_path / "course", CHANGES)
    mine = handed_out(tmp_path / "course", tmp_path / "mine", "2.1.0")
    smooth = mine / "nndl/smooth.py"
    smooth.write_text(
        smooth.read_text().replace("    pass\n", "    return signal  # mine\n", 1), encoding="utf-8"
    )
    solution = tmp_path / "course/solutions/nndl/smooth.py"
    solution.write_text(
        solution.read_text().replace("moving average of a signal", "mean of each window"), encoding="utf-8"
    )
    handed_out(tmp_path / "course", tmp_path / "new", "2.2.0")
    return Workspace.load(mine / "look"), tmp_path / "course/dist/tiny-2.2.0.zip"


def test_a_new_release_comes_into_the_work(two: tuple[Workspace, Path]) -> None:
    """The answer stays, what was given is new, a backup holds what was, and a second time changes nothing."""
    workspace, archive = two
    before = {path: path.read_bytes() for path in workspace.root.rglob("*") if path.is_file()}
    done = update(workspace, archive)
    text = (workspace.root / "nndl/smooth.py").read_text(encoding="utf-8")
    assert "mean of each window" in text
    assert (done.before, done.after, done.conflicts) == ("2.1.0", "2.2.0", {})
    assert Workspace.load(workspace.package).version == "2.2.0"
    with zipfile.ZipFile(done.backup) as kept:
        assert {workspace.root / name: kept.read(name) for name in kept.namelist()}.items() <= before.items()
        assert "nndl/smooth.py" in kept.namelist()
    assert update(Workspace.load(workspace.package), archive).written == []


def test_what_both_changed_is_named_and_the_new_text_lies_beside(two: tuple[Workspace, Path]) -> None:
    """The student's line stays, and the command says where to look."""
    workspace, archive = two
    path = workspace.root / "nndl/smooth.py"
    path.write_text(path.read_text().replace("moving average of a signal", "my own words"), encoding="utf-8")
    mine = path.read_text()
    done = update(workspace, archive)
    assert path.read_text() == mine
    (said,) = done.conflicts["nndl/smooth.py"]
    assert "changed the same lines" in said
    assert "mean of each window" in (workspace.root / "nndl/smooth.py.new").read_text()


def test_work_of_an_unknown_release_is_left_alone(two: tuple[Workspace, Path]) -> None:
    """Without the text that it began from nothing can be told apart; the new files lie beside."""
    workspace, archive = two
    description = workspace.package / "assignment.json"
    description.write_text(description.read_text().replace("2.1.0", "1.0.0"), encoding="utf-8")
    mine = (workspace.root / "nndl/smooth.py").read_bytes()
    done = update(Workspace.load(workspace.package), archive)
    assert (workspace.root / "nndl/smooth.py").read_bytes() == mine
    assert "is not known here" in done.conflicts["nndl/smooth.py"][0]


@pytest.mark.parametrize("damage", ["none", "empty", "other"])
def test_what_is_no_release_of_it_changes_nothing(
    two: tuple[Workspace, Path], damage: str, tmp_path: Path
) -> None:
    """A wrong file is refused in a sentence."""
    workspace, archive = two
    wrong = tmp_path / "wrong.zip"
    if damage == "empty":
        wrong.write_bytes(b"")
    if damage == "other":
        with zipfile.ZipFile(archive) as old, zipfile.ZipFile(wrong, "w") as made:
            for name in old.namelist():
                made.writestr(name, old.read(name).replace(b'"id": "tiny"', b'"id": "large"'))
    before = {path: path.read_bytes() for path in workspace.root.rglob("*") if path.is_file()}
    with pytest.raises(WorkspaceError):
        update(workspace, wrong)
    assert {path: path.read_bytes() for path in workspace.root.rglob("*") if path.is_file()} == before


def test_a_release_keeps_the_one_that_it_replaces(two: tuple[Workspace, Path], tmp_path: Path) -> None:
    """In the course, where it is committed; the kit carries what was other then."""
    assert two[1].is_file()
    root = tmp_path / "course"
    kept = json.loads((root / "assignments/tiny/releases/2.1.0.json").read_text(encoding="utf-8"))
    assert "moving average of a signal" in kept["files"]["nndl/smooth.py"]
    earlier = json.loads((next((tmp_path / "new").glob("*")) / "look" / EARLIER).read_text(encoding="utf-8"))
    assert set(earlier["2.1.0"]) == {"nndl/smooth.py"}
    assert Course(root).load("tiny").version == "2.2.0"


def test_the_command_says_what_it_did(
    two: tuple[Workspace, Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a few lines, with the backup first."""
    workspace, archive = two
    monkeypatch.setattr(commands.Workspace, "load", lambda: workspace)
    program = Program(namespace=Collection.from_module(tasks))
    program.run(["invoke", "update", str(archive)], exit=False)
    said = capsys.readouterr().out
    assert said.startswith("before-update-2.1.0.zip holds everything as it was.")
    assert "From 2.1.0 to 2.2.0" in said
    assert "Changed around your work: nndl/smooth.py" in " ".join(said.split())
    assert commands.update(str(archive) + "x") == 1
    assert "There is no" in " ".join(capsys.readouterr().out.split())
    program.run(["invoke", "update"], exit=False)
    assert "'release'" in capsys.readouterr().err


def test_of_a_folder_only_what_the_release_lists_is_read(two: tuple[Workspace, Path], tmp_path: Path) -> None:
    """An environment that was installed in it may be as large as it likes, and is not copied."""
    workspace, archive = two
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "unpacked")
    (root,) = (tmp_path / "unpacked").iterdir()
    (root / ".venv").mkdir()
    with (root / ".venv" / "library.so").open("wb") as file:
        file.truncate(2 * MOST_EXPANDED)
    done = update(workspace, root)
    assert done.written
    assert not (workspace.root / ".venv").exists()
