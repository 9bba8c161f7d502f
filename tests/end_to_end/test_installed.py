"""A course needs the installed engine and nothing else: every task works in a folder that has no grader/.

Runs by itself, with the Python of an environment that holds the wheel and no source tree: ``.ci/wheel`` makes one,
copies this file to an empty folder and runs it there. Elsewhere it is skipped.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    "NUMGRADE_INSTALLED" not in os.environ, reason="needs an environment with the wheel: .ci/wheel makes one"
)

SCORES = {"ada": 10.0, "blaise": 0.0, "florence": 0.0}
"""What the sample class of a new assignment comes to."""


def run(*words: str, folder: Path, code: int | None = 0) -> str:
    """Run a program of the environment and return what it said; a traceback is never an answer."""
    program = Path(sys.executable).parent / words[0]
    done = subprocess.run([str(program), *words[1:]], cwd=folder, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    assert "Traceback" not in said, said
    assert code is None or done.returncode == code, said
    return said


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a course with one assignment, in a folder with a space and letters that are not English."""
    folder = tmp_path_factory.mktemp("a course")
    run("numgrade", "init", "Kurs Zürich", folder=folder)
    run("numgrade", "new", "hw1", folder=folder / "Kurs Zürich")
    return folder / "Kurs Zürich"


@pytest.fixture(scope="module")
def graded(course: Path) -> Path:
    """Return the course once its sample class is graded."""
    run("numgrade", "grade", folder=course)
    return course


def scores(course: Path) -> dict[str, float]:
    """Return who has what, as grades.json says."""
    document = json.loads((course / "grades" / "grades.json").read_text(encoding="utf-8"))
    return {each["id"]: each["score"] for each in document["submissions"]}


def test_the_engine_is_the_installed_one() -> None:
    """No source tree is on the path, and what notebooks need is not installed."""
    grader = importlib.metadata.distribution("numgrade").locate_file("grader")
    assert "site-packages" in str(grader)
    assert not Path("grader").exists()


def test_the_sample_class_is_graded(graded: Path) -> None:
    """From the command, and in the course's folder from invoke as well; what has not changed is not graded again."""
    assert scores(graded) == SCORES
    assert "3 unchanged, 0 graded" in run("invoke", "grade", folder=graded)


def test_the_gate_passes(course: Path) -> None:
    """As the course's own CI asks it: gate and release check of every assignment."""
    assert "2 passed" in run("pytest", "-p", "no:cacheprovider", folder=course)


def test_the_release_is_up_to_date(course: Path) -> None:
    """Made again it is the same."""
    run("numgrade", "release", folder=course)
    assert "up to date" in run("numgrade", "release", "--check", folder=course)


def test_people_and_regrades(graded: Path) -> None:
    """Points by hand move the score, a regrade keeps them and moves nobody."""
    run(
        "numgrade",
        "adjust",
        "blaise",
        "moving_average",
        "2",
        "--why",
        "unclear",
        "--who",
        "TA",
        folder=graded,
    )
    assert scores(graded)["blaise"] == 2
    assert "0 of 3 scores would change" in run("numgrade", "regrade", folder=graded)


@pytest.mark.parametrize("target", ["csv", "junit", "gradescope"])
def test_scores_leave(graded: Path, target: str) -> None:
    """Each export that needs no file of a platform is written."""
    run("numgrade", "export", "--to", target, folder=graded)


@pytest.mark.parametrize(
    ("target", "sheet"),
    [
        (
            "canvas",
            "Student,ID,SIS User ID,SIS Login ID,Section,hw1 (7)\n    Points Possible,,,,,10\nada,1,ada,ada,1,\n",
        ),
        ("moodle", "Identifier,Full name,Email address,Grade,Maximum Grade\nParticipant 1,ada,ada,,10\n"),
    ],
)
def test_a_gradebook_is_filled_in(graded: Path, target: str, sheet: str) -> None:
    """Who is in it gets the score; who is not is named, which the exit code tells."""
    (graded / "sheet.csv").write_text(sheet, encoding="utf-8")
    run("numgrade", "export", "--to", target, "--template", "sheet.csv", folder=graded, code=1)
    assert "10" in (graded / "sheet-graded.csv").read_text(encoding="utf-8").splitlines()[-1]


def test_the_class_is_reported(graded: Path) -> None:
    """The site is written."""
    run("numgrade", "report", folder=graded)
    assert (graded / "reports" / "index.html").is_file()


def test_the_doctor_looks_at_the_machine(course: Path) -> None:
    """Whatever it finds, it says it."""
    assert "CPU clock" in run("numgrade", "doctor", folder=course, code=None)


def test_notebooks_say_what_they_need(course: Path) -> None:
    """Nobody is graded before what is missing is named, with the way to install it."""
    try:
        importlib.metadata.distribution("matplotlib")
    except importlib.metadata.PackageNotFoundError:
        said = run("numgrade", "grade", "--notebooks", "--out", "elsewhere", folder=course, code=2)
        assert "numgrade[notebooks]" in said
        assert not (course / "elsewhere").exists()


def test_a_student_checks_and_hands_in(course: Path, tmp_path: Path) -> None:
    """The release of a new assignment works as students get it: the stub fails, the answer passes and is packed."""
    with zipfile.ZipFile(course / "dist" / "hw1-0.1.0.zip") as archive:
        archive.extractall(tmp_path)
    (release,) = tmp_path.iterdir()
    assert "moving_average" in run("invoke", "check", folder=release, code=1)
    shutil.copytree(course / "assignments" / "hw1" / "solution", release, dirs_exist_ok=True)
    run("invoke", "check", folder=release)
    run("invoke", "submit", "--anyway", folder=release)
    assert list(release.glob("*.zip"))


def test_gradescope_grades_with_what_the_zip_brings(course: Path, tmp_path: Path) -> None:
    """In a copy of Gradescope's folders: setup.sh installs engine and lock, run_autograder writes the result."""
    run("numgrade", "export", "--to", "autograder", "--out", str(tmp_path / "autograder.zip"), folder=course)
    source = tmp_path / "autograder" / "source"
    with zipfile.ZipFile(tmp_path / "autograder.zip") as archive:
        archive.extractall(source)
    shutil.copytree(course / "assignments" / "hw1" / "solution", tmp_path / "autograder" / "submission")
    environment = {**os.environ, "AUTOGRADER_ROOT": str(tmp_path / "autograder")}
    subprocess.run(
        ["bash", "setup.sh"], cwd=source, check=True, env=environment | {"AUTOGRADER_PYTHON": sys.executable}
    )
    subprocess.run(["bash", source / "run_autograder"], cwd="/", check=True, env=environment)
    document = json.loads((tmp_path / "autograder" / "results" / "results.json").read_text(encoding="utf-8"))
    assert document["score"] == 10
    locked = dict(
        line.split("==") for line in (source / "constraints.txt").read_text().split() if "==" in line
    )
    python = source / ".venv" / "bin" / "python"
    code = "import importlib.metadata as m; print(m.version('numpy'))"
    installed = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    assert installed == locked["numpy"]
