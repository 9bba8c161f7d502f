"""Move tests that are judged inside out of the box, where they are seen to judge solution and stubs as before."""

from __future__ import annotations

import ast
import shutil
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from grader.authoring.release import release
from grader.bank.samples import solution_modules, starter_modules
from grader.checking.run import CHECKS
from grader.course.assignment import ASSIGNMENT_FILE, Assignment, stands_for_cells
from grader.course.inside import FOLDER, file_name, inside_tests
from grader.course.repository import PROJECT_FILE, Course
from grader.gate.gate import grade_files
from grader.gate.move_out import (
    HIDDEN_FILE,
    SHOWN_FILE,
    Moved,
    NotebookNames,
    checks_text,
    described_anew,
    move_out,
    tree_of,
)
from grader.grading import load_grader
from grader.intake.notebooks import read_notebook
from grader.intake.release import ReleaseSource
from grader.notebooks.box import NotebookPlan
from grader.notebooks.merge import is_answer
from grader.notebooks.run import released_notebook
from grader.plan import GradingPlan
from grader.results import Refusal
from grader.sandbox import Isolation


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What moved, and why each other part stays inside.

    Attributes
    ----------
    files
        What was written, by path in the assignment's folder.
    """

    moved: tuple[Moved, ...]
    stay: Mapping[str, str]
    files: Mapping[str, str]


def rewrite(root: Path, assignment_id: str, isolation: Isolation) -> Rewritten:
    """Move what can be moved of the assignment's tests, in its folder; its release is still to be made.

    A part moves where each of its tests passes on the solution and none earns a point on the stubs, in a copy.
    """
    course = Course(root)
    assignment = course.load(assignment_id)
    moved, stay = move_out(assignment, inside_tests(assignment), _names(course, assignment, isolation))
    while moved:
        wrong = _tried(course, assignment, moved, isolation)
        stay = {**stay, **wrong}
        left = tuple(each for each in moved if each.part not in wrong)
        if left == moved:
            break
        moved = left
    files = _files(assignment, moved) if moved else {}
    _write(files, moved, assignment.folder)
    return Rewritten(moved, stay, files)


def _names(course: Course, assignment: Assignment, isolation: Isolation) -> dict[str, NotebookNames]:
    plan = NotebookPlan(assignment, ReleaseSource.of(course, assignment), isolation)
    found = {}
    for name in {part.notebook for part in assignment.inside}:
        released = released_notebook(plan, name).cells
        given = {each.id for each in released if not is_answer(each)}
        cells = read_notebook(plan.release.notebooks[name]).cells
        tests = {part.cell for part in assignment.inside if part.notebook == name}
        shown = {each.id: each.source for each in released if each.id in tests}
        found[name] = NotebookNames.of(cells, frozenset(each.id for each in cells) - given, shown)
    return found


def _tried(
    course: Course, assignment: Assignment, moved: Sequence[Moved], isolation: Isolation
) -> dict[str, str]:
    """Say which of the parts do not judge as before, and why."""
    with TemporaryDirectory(prefix="moved-") as name:
        copy = _copy(course, assignment, Path(name).resolve())
        folder = copy.assignments / assignment.id
        _write(_files(assignment, moved), moved, folder)
        try:
            release(copy.load(assignment.id), copy.root)
            grader = load_grader(GradingPlan(copy.root, assignment.id, isolation, "moved"))
            solution = grade_files(grader, "solution", solution_modules(copy, grader.assignment))
            stubs = grade_files(grader, "starter", starter_modules(copy, grader.assignment))
        except Refusal as error:
            why = f"with it nothing could be graded: {error}"
            return _apart(course, assignment, moved, isolation, why)
        except Exception as error:  # the solution is a program, and may raise whatever it likes
            where = _stopped(error, course, assignment)
            said = f"the solution does not run as a module: {type(error).__name__}: {error}{where}"
            return dict.fromkeys((each.part for each in moved), said)
    ours = {each.part for each in moved}
    wrong = {
        check.part: f"outside it says of the solution: {check.message} {check.staff_note}".strip()[:300]
        for check in solution.checks
        if check.part in ours and not check.outcome.earns
    }
    return {
        **wrong,
        **{
            check.part: "outside the stubs would pass it"
            for check in stubs.checks
            if check.part in ours - wrong.keys() and check.outcome.earns
        },
    }


def _stopped(error: Exception, course: Course, assignment: Assignment) -> str:
    """Return in which cell of the solution a module made of its cells stopped, if that can be told."""
    frames = traceback.extract_tb(error.__traceback__)
    line = next((each.line for each in frames if stands_for_cells(Path(each.filename).name)), None)
    for name in dict.fromkeys(part.notebook for part in assignment.inside if line):
        for cell in read_notebook((course.solution(assignment) / name).read_bytes()).cells:
            lines = ast.unparse(tree_of(cell.source)).splitlines() if cell.kind == "code" else []
            if line and line in map(str.strip, lines):
                return f" (in cell {cell.id} of {name})"
    return ""


def _apart(
    course: Course, assignment: Assignment, moved: Sequence[Moved], isolation: Isolation, why: str
) -> dict[str, str]:
    """Say which of the parts prevent that anything is graded: each is tried by itself."""
    alone = [(each,) for each in moved] if len(moved) > 1 else []
    found = [_tried(course, assignment, each, isolation) for each in alone]
    wrong = {part: said for each in found for part, said in each.items()}
    return wrong or dict.fromkeys((each.part for each in moved), why)


def _copy(course: Course, assignment: Assignment, root: Path) -> Course:
    """Copy what an assignment is made of."""
    copy = Course(root)
    places = {course.solution(assignment), course.support(assignment), assignment.folder}
    for place in sorted(each for each in places if each.is_dir()):
        shutil.copytree(place, root / place.relative_to(course.root), dirs_exist_ok=True)
    if (course.root / PROJECT_FILE).is_file():
        shutil.copy(course.root / PROJECT_FILE, root / PROJECT_FILE)
    return copy


def _files(assignment: Assignment, moved: Sequence[Moved]) -> dict[str, str]:
    """Return the texts to write in the assignment's folder, by path; an existing file of checks is added to."""
    described = (assignment.folder / ASSIGNMENT_FILE).read_text(encoding="utf-8")
    files = {ASSIGNMENT_FILE: described_anew(described, moved)}
    for name, shown in ((HIDDEN_FILE, False), (SHOWN_FILE, True)):
        checks = [text for each in moved for text, public in each.checks if public is shown]
        if checks:
            path = assignment.folder / CHECKS / name
            before = path.read_text(encoding="utf-8") if path.is_file() else ""
            files[f"{CHECKS}/{name}"] = checks_text(name, checks, before)
    return files


def _write(files: Mapping[str, str], moved: Sequence[Moved], folder: Path) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for each in moved:
        (folder / FOLDER / file_name(each.part)).unlink(missing_ok=True)
    if moved and (inside := folder / FOLDER).is_dir() and not any(inside.iterdir()):
        inside.rmdir()


def told(found: Rewritten) -> Iterator[str]:
    """Say what came of it, a line each."""
    for each in found.moved:
        yield f"{each.part}: judged outside now, by {len(each.checks)} checks of {each.symbol}"
    for part, why in found.stay.items():
        yield f"{part}: stays inside: {why}"
