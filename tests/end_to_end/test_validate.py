"""What the gate says of an assignment that must not be released, and with which exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from grader import __version__
from grader.authoring.new import create_assignment
from grader.authoring.release import release
from grader.course.repository import Course

REAL = Course.open(Path(__file__))

UNNEEDED_CHECK = '''

@part("moving_average")
def test_numbers(student):
    """The averages of a signal are numbers."""
    if np.any(np.isnan(student.moving_average(np.ones(8), 2))):
        raise Failed("Not all averages are numbers.")


@part("moving_average")
def test_strict(student, rng):
    """The averages are those of NumPy, to the last bit."""
    signal = rng.normal(size=64) * 1e9
    if not np.array_equal(student.moving_average(signal, 7), np.convolve(signal, np.ones(7), "valid") / 7):
        raise Failed("The averages differ in the last bit.")
'''

MISTAKE = '''

@mistake("moving_average")
def hardly_wrong(signal, width):
    """The average of one entry alone is wrong."""
    stretches = range(len(signal) - width + 1)
    return np.array([signal[start : start + width].mean() + (width > 40) for start in stretches])
'''


@pytest.fixture
def broken(tmp_path: Path) -> Course:
    """A repository with an assignment that has been spoilt in several ways."""
    (tmp_path / "assignments").mkdir()
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "broken"\n', encoding="utf-8")
    repository = Course(tmp_path)
    create_assignment(repository, "rnn")
    release(repository.load("rnn"), repository.root)
    folder = repository.assignments / "rnn"
    checks = folder / "checks" / "test_averages.py"
    imports = "import numpy as np\n\nfrom grader.checking import Failed\n"
    checks.write_text(checks.read_text(encoding="utf-8") + "\n" + imports + UNNEEDED_CHECK, encoding="utf-8")
    mistakes = folder / "mistakes" / "moving_average.py"
    numpy = mistakes.read_text(encoding="utf-8").replace("from grader", "import numpy as np\nfrom grader", 1)
    mistakes.write_text(numpy + MISTAKE, encoding="utf-8")
    stub = folder / "starter" / "homework" / "averages.py"
    stub.write_text(
        stub.read_text(encoding="utf-8").replace("return out", "return np.ones(1)"), encoding="utf-8"
    )
    return repository


def test_every_fault_is_named_and_nothing_is_released(broken: Course) -> None:
    """One run names a mistake nobody catches, a check nobody needs, paid stubs and a right answer that loses points."""
    code = (
        "import sys; from pathlib import Path\n"
        "from grader.commands.validate import run_validate\n"
        "if __name__ == '__main__':\n"
        "    sys.exit(run_validate(Path(sys.argv[1]), 'rnn', certify=False, matrix=False))\n"
    )
    script = broken.root / "validate.py"  # a file, because the processes of the pool import it
    script.write_text(code, encoding="utf-8")
    done = subprocess.run(  # noqa: S603  # the code above
        [sys.executable, str(script), str(broken.root)], capture_output=True, text=True, check=False
    )
    said = " ".join(done.stdout.split())
    assert done.returncode == 1, done.stderr
    assert "mistake hardly_wrong: no homework check of moving_average catches it" in said
    assert "check moving_average:numbers catches no mistake" in said
    assert "the stubs earn" in said
    assert "variant by_running_sums: moving_average:strict (homework) ended failed" in said
    assert f"attacks: certified with engine {__version__}" in said
    assert "not to be released" in said


def test_an_unknown_homework_is_said_plainly(capfd: pytest.CaptureFixture[str]) -> None:
    """An assignment that is not there ends with the list of those that are."""
    from grader.commands.validate import run_validate  # noqa: PLC0415  # imports the whole engine

    assert run_validate(REAL.root, "nonsense", certify=False, matrix=False) == 1
    assert "nonsense" in capfd.readouterr().out
