"""`numgrade doctor`: findings from what was measured."""

from pathlib import Path

import pytest

from grader.classrun.machine import clock_finding, clock_readings, data_finding, kernel_of, package_finding
from grader.commands.doctor import Health, course_findings, isolation_findings
from grader.course.assignment import NotebookRules
from grader.course.repository import Build, Course
from grader.sandbox import Isolation, ProbeReport


def test_a_working_tier_says_what_the_canary_tried() -> None:
    """A tier that holds is good, and lists the attempts that failed."""
    report = ProbeReport(Isolation.B, works=True, attempts=(("read a file", "refused"), ("fork", "refused")))
    (finding,) = isolation_findings([report])
    assert finding.state is Health.GOOD
    assert "read a file, fork" in finding.detail


def test_a_missing_tier_says_why_and_what_to_install() -> None:
    """A tier that does not work carries its reason and its advice."""
    report = ProbeReport(Isolation.A, works=False, reason="no bwrap", advice="install bubblewrap")
    (finding,) = isolation_findings([report])
    assert (finding.state, finding.detail, finding.advice) == (
        Health.MISSING,
        "no bwrap",
        "install bubblewrap",
    )


@pytest.mark.parametrize(
    ("readings", "state"),
    [([1.0, 1.1, 1.2], Health.GOOD), ([1.0, 2.0, 3.0], Health.LIMITED), ([0.0, 1.0], Health.LIMITED)],
)
def test_the_clock_is_judged_by_its_spread(readings: list[float], state: Health) -> None:
    """A typical reading far above the shortest, or readings of zero, make timing less sure."""
    assert clock_finding(readings).state is state


def test_real_readings_are_positive() -> None:
    """The machine's own clock moves during the work that is timed."""
    assert all(reading > 0 for reading in clock_readings())


@pytest.mark.parametrize(
    ("build", "kernel", "state", "words"),
    [
        (Build.CURRENT, "avx2", Health.GOOD, "compiled, avx2 kernel"),
        (Build.CURRENT, "", Health.GOOD, "compiled"),
        (Build.OUTDATED, "avx2", Health.LIMITED, "compiled, avx2 kernel, but older than its sources"),
        (Build.MISSING, "numpy", Health.LIMITED, "not compiled: numpy stands in"),
    ],
)
def test_a_support_package_says_how_it_is_built(
    tmp_path: Path, build: Build, kernel: str, state: Health, words: str
) -> None:
    """An extension that is missing or older than its sources is to be built; which kernel it runs is said."""
    (finding,) = package_finding(tmp_path / "layers", build, kernel)
    assert (finding.subject, finding.state, finding.detail) == ("layers", state, words)
    assert bool(finding.advice) is (state is not Health.GOOD)


def test_a_package_without_an_extension_is_no_finding(tmp_path: Path) -> None:
    """Nothing is said of a package that has nothing to compile."""
    assert not list(package_finding(tmp_path, Build.NONE, ""))


def test_a_package_may_name_its_kernel(tmp_path: Path) -> None:
    """The first module that has a `kernel_name` is asked; one that cannot be imported is passed over."""
    package = tmp_path / "a_support_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "fast.py").write_text("def kernel_name():\n    return 'wide'\n", encoding="utf-8")
    assert kernel_of(package, ("not_built", "fast")) == "wide"
    assert kernel_of(package, ("__init__",)) == ""


def test_a_data_set_is_where_its_variable_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder counts if it is there; otherwise the variable to set is named."""
    monkeypatch.setenv("NUMBERS", str(tmp_path))
    assert data_finding(NotebookRules(data_variable="NUMBERS")).state is Health.GOOD
    monkeypatch.delenv("NUMBERS")
    assert "set NUMBERS" in data_finding(NotebookRules(data_variable="NUMBERS")).advice


def test_the_course_of_this_repository_is_looked_at(repository: Course) -> None:
    """A package that two assignments share is one finding, as is a data set."""
    subjects = [each.subject for each in course_findings(repository)]
    assert [each for each in subjects if not each.startswith("assignment ")] == [
        "cs231n",
        "data set",
    ]  # beside libraries that are not installed here
