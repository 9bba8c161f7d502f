"""What an assignment declares as its libraries, answers may import, and a worker has them for milliseconds."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from grader.classrun.preflight import AssignmentBroken, load_or_explain
from grader.course.assignment import Assignment
from grader.course.version import verdict_version
from grader.plan import GradingPlan
from grader.sandbox import choose_isolation
from grader.sandbox.libraries import modules_used
from tests.kinds.course import Tiny, answer, function, make, outcomes, part

TOML = 'libraries = ["{library}"]\n[FOLDERS]\n[release]\nanswers = ["work/code.py"]\ngiven = ["work/__init__.py"]\n'
MOST_CPU_SECONDS = 0.1
"""Of a worker that imports its library: without one loaded before the fork they take from 0.2 to 1.2 s."""


def course(tmp_path: Path, library: str, head: str, body: str, checks: str, symbol: str = "double") -> Tiny:
    """Return a course whose only answer imports `library`."""
    pytest.importorskip(library, reason=f"{library} is not installed here")
    code = f"{head}\n\n\n{body}"
    toml = TOML.format(library=library) + part(symbol)
    return make(tmp_path, toml, checks, {"work/__init__.py": "", "work/code.py": code})


def double(expression: str) -> str:
    """Return an answer that says twice its argument in an odd way."""
    return function("double", "x", f"out = {expression}\n")


CHECK = f'''
import numpy as np

@part("double")
def test_double(student):
    """Twice the number is right, and a worker is cheap."""
    assert_matches(student.double(2.0), np.asarray(4.0))
    assert student.cpu_seconds() < {MOST_CPU_SECONDS}
'''


@pytest.mark.parametrize(
    ("library", "head", "expression"),
    [
        ("scipy", "from scipy import interpolate", "float(interpolate.interp1d([0, 9], [0, 18])(x))"),
        ("scipy", "import scipy.linalg as la", "float(la.solve([[0.5]], [x])[0])"),
        ("pandas", "import pandas as pd", "float(pd.Series([x, x]).sum())"),
        ("statsmodels", "import statsmodels.api as sm", "float(sm.OLS([2.0, 4.0], [1.0, 2.0]).fit().params[0] * x)"),
        ("torch", "import torch", "(torch.tensor(x) * 2).item()"),
    ],
)  # fmt: skip
def test_answers_may_import_what_is_declared(
    tmp_path: Path, library: str, head: str, expression: str
) -> None:
    """The library is there in the box, loaded before the fork."""
    tiny = course(tmp_path, library, head, double(expression), CHECK)
    assert outcomes(tiny.grade()) == {"double:double": "passed"}
    assert outcomes(tiny.grade(tiny.release())) == {"double:double": "not_implemented"}


STEP = '''
@part("step")
def test_step(student):
    """A step of an optimizer on a network's own parameters lowers the loss."""
    before, after = student.step(0.001).value()
    assert 0 < after < before
    assert student.cpu_seconds() < 1.0
'''


def test_torch_trains_in_the_box(tmp_path: Path) -> None:
    """Automatic gradients, a module's parameters and an optimizer work after the lockdown, in one thread."""
    body = function(
        "step",
        "rate",
        """\
        torch.manual_seed(0)
        net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
        best, x = torch.optim.Adam(net.parameters(), lr=rate), torch.ones(5, 3)
        out = []
        for _ in range(2):
            loss = (net(x) ** 2).mean() + 1e-3
            best.zero_grad()
            loss.backward()
            best.step()
            out.append(loss.item())
        assert torch.get_num_threads() == 1
        """,
    )
    tiny = course(tmp_path, "torch", "import torch", body, STEP, "step")
    assert outcomes(tiny.grade()) == {"step:step": "passed"}


def test_who_lacks_a_library_is_told_what_to_install(tmp_path: Path) -> None:
    """An assignment whose solution imports what is not installed here is not broken."""
    toml = TOML.format(library="no_such_library") + part("double")
    code = f"import no_such_library\n\n\n{double('2 * x')}"
    tiny = make(tmp_path, toml, CHECK, {"work/__init__.py": "", "work/code.py": code})
    with pytest.raises(AssignmentBroken, match=r"needs no_such_library, .*: pip install no_such_library"):
        load_or_explain(GradingPlan(tiny.root, tiny.id, choose_isolation("auto"), "key"))


def test_what_is_not_declared_is_not_there(tmp_path: Path) -> None:
    """Without the key an answer that uses a library gets no points, and is told why."""
    tiny = course(tmp_path, "scipy", "import scipy.linalg as la", double("float(la.norm(x)) * 2"), CHECK)
    path = tiny.folder / "assignment.toml"
    path.write_text(path.read_text().replace('libraries = ["scipy"]\n', ""))
    report = tiny.grade()
    assert outcomes(report) == {"double:double": "error"}
    assert "a package that it may not use" in report.checks[0].message


def test_students_install_what_is_declared(tmp_path: Path) -> None:
    """The student's package requires the libraries by the names they are installed under, and nothing of ours."""
    toml = TOML.format(library="sklearn") + part("double")
    tiny = make(tmp_path, toml, CHECK, {"work/__init__.py": "", "work/code.py": double("2 * x")})
    project = tomllib.loads((tiny.release() / "pyproject.toml").read_text())
    named = [each.partition(">")[0] for each in project["project"]["dependencies"]]
    assert named == ["matplotlib", "numpy", "scikit-learn"]


def test_versions_of_libraries_are_part_of_what_judges(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another release of a declared library is another version of all that judges."""
    toml = TOML.format(library="scipy") + part("double")
    tiny = make(tmp_path, toml, CHECK, {"work/__init__.py": "", "work/code.py": double("2 * x")})
    seen = set()
    for version in ("1.0", "1.1"):
        monkeypatch.setattr("importlib.metadata.version", lambda _name, version=version: version)
        seen.add(verdict_version(tiny.course, tiny.assignment))
    assert len(seen) == 2


@pytest.mark.parametrize(
    ("written", "read"), [("scikit-learn", "sklearn"), ("PyYAML", "yaml"), ("scipy", "scipy")]
)
def test_either_name_of_a_library_will_do(written: str, read: str, tmp_path: Path) -> None:
    """An author may write what pip calls a library."""
    toml = TOML.format(library=written) + part("double")
    tiny = make(tmp_path, toml, CHECK, {"work/code.py": answer("x = 1\n")})
    assert tiny.assignment.libraries == (read,)


def test_a_version_is_no_library(cnn: Assignment) -> None:
    """What cannot be imported is refused with what to write instead."""
    with pytest.raises(ValueError, match="without a version"):
        Assignment.model_validate(cnn.model_dump() | {"libraries": ["scipy>=1.2"]})


def test_modules_that_the_solution_uses_are_loaded_early() -> None:
    """Of libraries that load their parts on first use, the parts are known from the solution's imports."""
    source = "import numpy as np\nfrom scipy import linalg\nimport scipy.fft as f\nfrom os import path\n"
    assert modules_used([source], ("scipy",)) == ("scipy", "scipy.linalg", "scipy.fft")
