"""No page that a student gets holds a hidden input, an expected value, or what their code said when it was called.

What is released is looked through in tests/authoring; here it is what comes back after grading, for the sample class
and for submissions that tell all they are called with in every way that Python has.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from pathlib import Path

import pytest

from grader.bank.samples import solution_modules, write_sample_class
from grader.grading import Grader, load_grader
from grader.intake import find_submissions, packages_of, prepare
from grader.plan import GradingPlan
from grader.reporting.write import write_submission_page
from grader.results import SubmissionReport
from grader.sandbox import IsolationUnavailable, choose_isolation

MARK = "QQQTOLDQQQ"
KEY = "nothing-hidden"

TOLD = f'''
import logging, os, sys, warnings
import numpy as np

def told(arguments):
    """Return what the function is called with, as text."""
    arrays = [each for each in arguments if isinstance(each, np.ndarray)]
    return "{MARK}" + " ".join(repr(float(value)) for each in arrays for value in each.ravel()[:20])

def first(arguments):
    for each in arguments:
        if isinstance(each, np.ndarray) and each.size:
            return abs(float(each.ravel()[0]))
    return 0.5

def say(arguments):
    text = told(arguments)
    print(text)
    print(text, file=sys.stderr)
    os.write(1, text.encode())
    os.write(2, text.encode())
    warnings.warn(text)
    logging.error(text)
    return text
'''

WAYS = {
    "texts": """
    error = ValueError(say(arguments))
    error.add_note(told(arguments))
    raise error from KeyError(told(arguments))
""",
    "names": """
    raise type(told(arguments), (Exception,), {"__module__": told(arguments)})(told(arguments))
""",
    "not_written": """
    raise NotImplementedError(say(arguments))
""",
    "places": """
    exec(compile("raise ValueError", told(arguments).replace("/", ""), "exec"))
""",
    "lines": """
    exec(compile("\\\\n" * int(first(arguments) * 1e6) + "raise ValueError", __file__, "exec"))
""",
    "syntax": """
    raise SyntaxError(told(arguments), (__file__, int(first(arguments) * 1e6), 1, told(arguments)))
""",
    "values": """
    return told(arguments), {told(arguments): 1}, [told(arguments)]
""",
    "kinds": """
    return (np.zeros(3, dtype=[(told(arguments)[:60], "f8")]), type(told(arguments), (), {})(), None)
""",
    "shapes": """
    return np.zeros(int(first(arguments) * 1e6)), np.zeros((1, int(first(arguments) * 1e6))), None
""",
    "echoes": """
    arrays = [each for each in arguments if isinstance(each, np.ndarray)]
    return (arrays[0], arrays[0], arrays[0])
""",
}


@pytest.fixture(scope="module")
def grader(repository) -> Grader:
    """The assignment's grader, notebooks and all."""
    try:
        return load_grader(GradingPlan(repository.root, "cnn", choose_isolation(), KEY, notebooks=True))
    except IsolationUnavailable as error:
        pytest.skip(str(error))


def telling(grader: Grader, way: str) -> dict[str, bytes]:
    """Return a submission whose functions, and whose network, tell what they are called with."""
    symbols = [each for each in grader.assignment.symbols if each[0].islower()]
    functions = "\n".join(f"def {name}(*arguments):{WAYS[way]}" for name in symbols)
    network = (
        (
            "class ThreeLayerConvNet:\n    def __init__(self, **named):\n        self.params = {}\n"
            f"    def loss(self, *arguments):{WAYS[way]}".replace("\n    ", "\n        ")
        )
        .replace("        def __init__", "    def __init__")
        .replace("        def loss", "    def loss")
    )
    files = dict(solution_modules(grader.repository, grader.assignment))
    files["nndl/conv_layers.py"] = f"{TOLD}\n{functions}\n".encode()
    files["nndl/cnn.py"] = f"{TOLD}\n{network}\n".encode()
    files["CNN-BatchNorm.ipynb"] = (grader.repository.root / "starter" / "CNN-BatchNorm.ipynb").read_bytes()
    return files


def students_text(report: SubmissionReport, grader: Grader, out: Path) -> str:
    """Return the words of a student's page, those for screen readers among them, without the fingerprint.

    The executed notebooks have pages of their own. These come from a box in which no hidden input ever was, and say
    what the student's code printed there.
    """
    page, _staff = write_submission_page(report, grader.assignment, out)
    text = page.read_text(encoding="utf-8").replace(report.sha256, "").replace(report.sha256[:12], "")
    text = re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    spoken = re.findall(r'(?:alt|title|aria-label|data-\w+)="([^"]*)"', text)
    return html.unescape(" ".join((re.sub(r"<[^>]*>", " ", text), *spoken)))


def precise(text: str) -> list[str]:
    """Return the numbers of more than four significant digits."""
    numbers = re.findall(r"(?<![\w.#])(?<!\w-)\d[\d,]*\.?\d*", text)  # a minus is no hyphen of a name
    return [each for each in numbers if len(re.sub(r"\D", "", each).strip("0")) > 4]


@pytest.mark.parametrize("way", WAYS)
def test_what_code_says_while_it_is_checked_stays_with_staff(grader, way, tmp_path):
    """Whatever a submission prints, raises, names or returns, its student's page repeats none of it."""
    report = grader.grade_submission(prepare(way, telling(grader, way), grader.assignment, grader.release))
    assert report.checks
    text = students_text(report, grader, tmp_path)
    assert MARK not in text
    assert precise(text) == []


def test_the_sample_class_is_told_no_number_precisely(grader, repository, tmp_path):
    """The pages of right, wrong and unfinished submissions hold no number that could be an input or an answer."""
    write_sample_class(repository, grader.assignment, tmp_path / "class")
    without_notebooks = replace(grader, plan=replace(grader.plan, notebooks=False))
    for candidate in find_submissions(tmp_path / "class", packages_of(grader.assignment)):
        report = without_notebooks.grade(candidate)
        assert precise(students_text(report, grader, tmp_path / "out")) == [], candidate.id


def test_this_test_sees_what_it_looks_for():
    """Inputs as they would be printed are found; points, sizes and orders of magnitude are not."""
    said = "it is 0.12345 or 123456 or 1.7640523e+00, -0.97727, [-1.23456 -2.34567], x=-3.45678"
    assert precise(said) == ["0.12345", "123456", "1.7640523", "0.97727", "1.23456", "2.34567", "3.45678"]
    assert precise("12 of 100 points, 66.7 %, shape (2, 3, 7, 5), 1e-8, 10,000") == []
