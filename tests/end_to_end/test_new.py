"""A new assignment from nothing: what it holds, that it passes every gate, and what is refused."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.authoring.check_release import check_release
from grader.authoring.new import TEMPLATE, Form, create_assignment, create_course
from grader.authoring.release import release
from grader.course.assignment import load_assignment
from grader.course.regions import NewAssignmentError
from grader.course.repository import Course, load_settings

REAL = Course.open(Path(__file__))


@pytest.fixture
def repository(tmp_path: Path) -> Course:
    """Return a repository without any assignment."""
    (tmp_path / "assignments").mkdir()
    shutil.copyfile(REAL.root / "pyproject.toml", tmp_path / "pyproject.toml")
    return Course(tmp_path)


@pytest.mark.parametrize(
    ("form", "package", "answers"),
    [
        (Form.PACKAGE, "numerics", "numerics/averages.py"),
        (Form.FLAT, "homework", "averages.py"),
        (Form.NOTEBOOK, "homework", "Averages.ipynb"),
    ],
)
def test_the_answer_may_be_elsewhere(repository: Course, form: Form, package: str, answers: str) -> None:
    """In a package of another name, in a module that stands alone, or in the notebook: it is graded."""
    create_assignment(repository, "rnn", form, package)
    assignment = repository.load("rnn")
    assert answers in {*assignment.release.answers, *assignment.release.notebooks}
    release(assignment, repository.root)
    assert check_release(assignment, repository.root) == []
    words = "grade", "--assignment", "rnn", "--jobs", "1"
    command = [sys.executable, "-m", "grader", *words]
    ran = subprocess.run(command, cwd=repository.root, capture_output=True, text=True, check=False)  # noqa: S603
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "ada        | 10 / 10" in ran.stdout
    assert "blaise     |  0 / 10" in ran.stdout


@pytest.mark.parametrize("package", ["", "two words", "class", "grader"])
def test_a_package_has_a_name_of_its_own(repository: Course, package: str) -> None:
    """Python imports it by that name, and finds nothing else there."""
    with pytest.raises(NewAssignmentError, match="cannot name the package"):
        create_assignment(repository, "rnn", package=package)
    assert not (repository.assignments / "rnn").exists()


def test_every_template_becomes_a_file(repository: Course) -> None:
    """Each file of the template is written, under its own name and with the assignment's."""
    files = create_assignment(repository, "hw-6")
    folder = repository.assignments / "hw-6"
    wanted = {
        path.relative_to(TEMPLATE).as_posix().replace("/package/", "/homework/")
        for path in TEMPLATE.rglob("*")
        if path.is_file()
    }
    assert {f"{path.relative_to(folder).as_posix()}.template" for path in files} == wanted
    assignment = load_assignment(folder)
    assert (assignment.id, assignment.title) == ("hw-6", "Hw 6")
    assert repository.solution(assignment) == folder / "solution"
    assert repository.starter(assignment) == folder / "starter"


def test_it_can_be_released(repository: Course) -> None:
    """Its release has stubs, notebook and public checks, hides what is hidden, and is up to date once made."""
    create_assignment(repository, "rnn")
    assignment = repository.load("rnn")
    release(assignment, repository.root)
    assert check_release(assignment, repository.root) == []
    starter = repository.starter(assignment)
    assert "mean()" not in (starter / "homework/averages.py").read_text(encoding="utf-8")
    assert (starter / "Averages.ipynb").is_file()
    assert (repository.dist / "rnn-0.1.0.zip").is_file()


def test_it_can_be_graded_and_needs_every_check(repository: Course) -> None:
    """The solution earns all points in a box, the stubs none; each mistake is caught, each check needed."""
    create_assignment(repository, "rnn")
    release(repository.load("rnn"), repository.root)
    # In a process of its own: another assignment's package of the same name may be imported in this one.
    code = (
        "import sys; from pathlib import Path\n"
        "from grader.grading import load_grader\n"
        "from grader.plan import GradingPlan\n"
        "from grader.sandbox import choose_isolation\n"
        "from concurrent.futures import ThreadPoolExecutor\n"
        "from contextlib import nullcontext\n"
        "from grader.gate.gate import GateRun, check_ends, check_mistakes, check_variants\n"
        "grader = load_grader(GradingPlan(Path(sys.argv[1]), 'rnn', choose_isolation(), 'tests'))\n"
        "with ThreadPoolExecutor(1) as executor:\n"
        "    ends = check_ends(grader)\n"
        "    run = GateRun(grader, executor, False, lambda _count, _what: nullcontext(print))\n"
        "    variants = check_variants(run)\n"
        "    matrix = check_mistakes(run, lambda matrix: None)\n"
        "print(ends[0], ends[1] + variants[1] + matrix[1])\n"
    )
    ran = subprocess.run(  # noqa: S603 - the code above
        [sys.executable, "-c", code, str(repository.root)], capture_output=True, text=True, check=False
    )
    assert ran.stdout.splitlines()[-1:] == ["['solution 10 of 10, starter 0 of 10'] []"], ran.stderr


def test_it_is_clean(repository: Course) -> None:
    """An author begins with files that the linter has nothing to say about."""
    (repository.root / "grader").symlink_to(REAL.root / "grader")  # so that it is no library to the linter
    create_assignment(repository, "rnn")
    for command in (["check"], ["format", "--check"]):
        ran = subprocess.run(  # noqa: S603 - our own linter
            [sys.executable, "-m", "ruff", *command, "--no-cache", str(repository.assignments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=repository.root,
        )
        assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("wrong", ["", "RNN", "6th", "hw_6", "hw 6", "../hw", "hw/6", "-hw", "é"])
def test_what_is_no_id_is_refused(repository: Course, wrong: str) -> None:
    """An ill-formed id is an error that says what an id is, and nothing is written."""
    with pytest.raises(NewAssignmentError, match="lower-case"):
        create_assignment(repository, wrong)
    assert list(repository.assignments.iterdir()) == []


def test_what_is_there_is_never_overwritten(repository: Course) -> None:
    """A second assignment of the same name is refused, and the first stays as it is."""
    first = create_assignment(repository, "rnn")
    first[0].write_text("mine", encoding="utf-8")
    with pytest.raises(NewAssignmentError, match="rnn is there already"):
        create_assignment(repository, "rnn")
    assert first[0].read_text(encoding="utf-8") == "mine"


def test_a_course_is_content_alone(tmp_path: Path) -> None:
    """A new course opens, loads what is made in it, and its tasks are two lines beside a docstring."""
    files = create_course(tmp_path / "Kurs Zürich")
    course = Course.open(tmp_path / "Kurs Zürich" / "assignments")
    create_assignment(course, "hw1")
    assert course.load().id == "hw1"
    assert load_settings(course.root).time_zone == "UTC"
    names = {path.relative_to(course.root).as_posix() for path in files}
    assert {".gitignore", ".gitlab-ci.yml", ".github/workflows/course.yml", "README.md"} < names
    assert {"pyproject.toml", "tasks.py", "tests/test_course.py", "assignments/.gitkeep"} < names
    assert "from numgrade import namespace" in (course.root / "tasks.py").read_text(encoding="utf-8")
    texts = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert {name for name, text in texts.items() if "$" in text} == {"course.yml", ".gitlab-ci.yml"}
    assert "pip install ${{ vars.NUMGRADE }} ." in texts["course.yml"]


def test_a_course_overwrites_nothing(tmp_path: Path) -> None:
    """A folder that holds something, and a name without letters, are refused."""
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "notes.txt").touch()
    with pytest.raises(NewAssignmentError, match="there already"):
        create_course(tmp_path / "there")
    with pytest.raises(NewAssignmentError, match="no letter"):
        create_course(tmp_path / "___")
    assert [path.name for path in tmp_path.iterdir()] == ["there"]
