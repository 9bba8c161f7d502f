"""Read otter's tests, in each of its formats, as cells: doctests and functions, with their points and messages."""

from __future__ import annotations

import ast
import doctest
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

from grader.authoring.imported import ImportRefused, part_id, text_of
from grader.course.inside import InsideTest
from grader.intake.notebooks import cell_python

_CONFIG_BEGINS = re.compile(r"(?:\w+\s*=\s*)?(\"\"\"|''')\s*#\s*BEGIN\s*TEST\s*CONFIG", re.IGNORECASE)
_CONFIG_ENDS = re.compile(r"(\"\"\"|''')\s*;?\s*#\s*END\s*TEST\s*CONFIG", re.IGNORECASE)
_HIDDEN = re.compile(r"\s*#.*\bhidden\b", re.IGNORECASE)
_MARK = re.compile(r"\s*#.*\b(?:hidden|public|test)\b", re.IGNORECASE)
_OF_A_CASE = frozenset({"points", "hidden", "success_message", "failure_message", "name"})


@dataclass(frozen=True, slots=True)
class OtterCase:
    """One test of a question.

    Attributes
    ----------
    source
        A cell that fails by an exception, or puts out something else than `output`, where that is given.
    """

    source: str
    output: str | None = None
    hidden: bool = False
    points: float | None = None
    success: str = ""
    failure: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class OtterTest:
    """The tests of a question; `points` are the question's, or one number for each test."""

    name: str
    points: Any
    all_or_nothing: bool
    cases: tuple[OtterCase, ...]


def inside_tests(test: OtterTest) -> tuple[InsideTest, ...]:
    """Return the tests with the points that otter gives to each.

    What a question is worth and its tests do not name is shared by those that name none; where nothing is named, the
    question is worth one point.
    """
    points = list(_points(test))
    if test.all_or_nothing:
        source = "\n\n".join(map(_asserting, test.cases))
        words = {
            "success": " ".join(filter(None, (each.success for each in test.cases))),
            "failure": " ".join(filter(None, (each.failure for each in test.cases))),
        }
        hidden = any(each.hidden for each in test.cases)
        return (InsideTest(name="all", source=source, points=sum(points), hidden=hidden, **words),)
    return tuple(
        InsideTest(
            name=part_id(each.name) if each.name else f"test-{number}",
            source=each.source,
            points=worth,
            hidden=each.hidden,
            output=each.output,
            success=each.success,
            failure=each.failure,
        )
        for number, (each, worth) in enumerate(zip(test.cases, points, strict=True), 1)
    )


def _points(test: OtterTest) -> Iterator[float]:
    whole, named = test.points, [each.points for each in test.cases]
    if isinstance(whole, list):
        if len(whole) != len(named):
            raise ImportRefused(
                f"question {test.name} names points for {len(whole)} tests, and has {len(named)}"
            )
        named, whole = whole, None
    said = sum(each for each in named if each is not None)
    open_ = sum(each is None for each in named)
    if whole is None:
        whole = said or (1.0 if open_ else 0.0)
    if said > whole:
        raise ImportRefused(f"question {test.name}: its tests have {said:g} points, and it has {whole:g}")
    yield from (float((whole - said) / open_ if each is None else each) for each in named)


def read_test_cell(entry: Mapping[str, Any], question: str, place: str, *, functions: bool) -> OtterTest:
    """Read a test cell of a master notebook; its stored output is what it must put out.

    Raises
    ------
    ImportRefused
        It is no Python, or says what no test can say.
    """
    lines = text_of(entry).splitlines()
    hidden = bool(lines and _HIDDEN.match(lines[0]))
    says: Mapping[str, Any] = {}
    if lines and _CONFIG_BEGINS.match(lines[0]):
        end = next((at for at, line in enumerate(lines) if at and _CONFIG_ENDS.match(line.strip())), 0)
        says = yaml.safe_load("\n".join(lines[1:end])) or {}
        lines = lines[end + 1 :]
    elif lines and _MARK.match(lines[0]):
        lines = lines[1:]
    if not isinstance(says, dict) or set(says) - _OF_A_CASE:
        raise ImportRefused(
            f"{place}: a test of {question} says {says!r}; known are {', '.join(sorted(_OF_A_CASE))}"
        )
    code = "\n".join(lines).strip("\n")
    try:
        made = _called(code) if functions else expected(code, _stored(entry))
    except (SyntaxError, ValueError) as error:
        raise ImportRefused(f"{place}: a test of {question} cannot be read: {error}") from error
    return OtterTest(question, None, False, (_described(made, {"hidden": hidden, **says}),))


def never_run(entry: Mapping[str, Any], test: OtterTest) -> bool:
    """Say whether a test cell judges by what it puts out, and was saved without having run."""
    if entry.get("outputs") or entry.get("execution_count") is not None:
        return False
    return any(each.output == "" and not _asserts(each.source) for each in test.cases)


def _asserts(code: str) -> bool:
    """Whether a cell ends in the call of an assertion, which puts out nothing."""
    last = ast.parse(cell_python(code)).body[-1]
    called = last.value.func if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call) else None
    return called is not None and "assert" in ast.unparse(called)


def read_spec(spec: object, name: str) -> OtterTest:
    """Read a test that ``otter assign`` wrote: a mapping with doctests, or the text of a file with functions.

    Raises
    ------
    ImportRefused
        It is neither.
    """
    if isinstance(spec, str):
        return _of_file(spec, name)
    if not isinstance(spec, dict) or not isinstance(spec.get("suites"), list):
        raise ImportRefused(f"the test of question {name} is not in a format of otter's")
    cases = [each for suite in spec["suites"] for each in suite.get("cases", ())]
    return OtterTest(
        name=str(spec.get("name", name)),
        points=spec.get("points"),
        all_or_nothing=spec.get("all_or_nothing") is True,
        cases=tuple(_described(_of_doctest(str(each["code"])), {"hidden": True, **each}) for each in cases),
    )


def read_test_file(path: Path) -> OtterTest:
    """Read a file of ``tests/``.

    Raises
    ------
    ImportRefused
        It is in no format of otter's.
    """
    return _of_file(path.read_text(encoding="utf-8"), path.stem)


def _of_file(text: str, name: str) -> OtterTest:
    try:
        body = ast.parse(text).body
        values = {
            node.targets[0].id: node.value
            for node in body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }
        if "test" in values:
            return read_spec(ast.literal_eval(values["test"]), name)
        said = {
            key: ast.literal_eval(values[key])
            for key in ("name", "points", "all_or_nothing")
            if key in values
        }
        cases = tuple(_function_cases(text, body))
    except (SyntaxError, ValueError, KeyError) as error:
        raise ImportRefused(f"the tests of {name} are not in a format of otter's: {error}") from error
    if not cases:
        raise ImportRefused(f"the tests of {name} hold no test case")
    return OtterTest(
        str(said.get("name", name)), said.get("points"), said.get("all_or_nothing") is True, cases
    )


def _function_cases(text: str, body: Sequence[ast.stmt]) -> Iterator[OtterCase]:
    """Give the decorated functions of a file of tests, each with what stands beside them."""
    beside = [
        ast.get_source_segment(text, node) or ""
        for node in body
        if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef)
        and not _decoration(node)
        and not (isinstance(node, ast.ImportFrom) and str(node.module).startswith("otter"))
    ]
    for node in body:
        if decoration := _decoration(node):
            says = {str(each.arg): ast.literal_eval(each.value) for each in decoration.keywords}
            source = ast.get_source_segment(text, node) or ""
            yield _described(_called("\n".join((*beside, source))), says)


def _decoration(node: ast.stmt) -> ast.Call | None:
    made = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    calls = [each for each in made if isinstance(each, ast.Call)]
    return next((each for each in calls if ast.unparse(each.func).endswith("test_case")), None)


def _called(code: str) -> OtterCase:
    """Return a case that calls the function which `code` ends with; its parameters are names of the notebook."""
    tree = ast.parse(code)
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if not functions:
        raise ValueError("it holds no function")
    function = functions[-1]
    rest = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef)]
    source = "\n".join(ast.get_source_segment(code, node) or "" for node in rest)
    given = (each.arg for each in (*function.args.args, *function.args.kwonlyargs))
    arguments = ", ".join(f"{name}={'globals()' if name == 'env' else name}" for name in given)
    return OtterCase(f"{source}\n\n{function.name}({arguments})")


def _of_doctest(code: str) -> OtterCase:
    """Return a case for the examples of a doctest, which put out their values one after the other."""
    examples = doctest.DocTestParser().get_examples(dedent(code))
    *before, last = (each.source.rstrip("\n") for each in examples)
    shown = [
        _printing(source) if each.want else source for source, each in zip(before, examples, strict=False)
    ]
    return expected("\n".join((*shown, last)), "".join(each.want for each in examples))


def _printing(source: str) -> str:
    """Return an example that puts out its value though others follow it."""
    tree = ast.parse(source)
    value = tree.body[-1] if tree.body else None
    if not isinstance(value, ast.Expr) or ast.unparse(value).startswith("print("):
        return source
    return f"print(repr({ast.unparse(value)}))"


def expected(code: str, output: str) -> OtterCase:
    """Return a case for a cell that must put out `output`: an assertion where that is a plain yes."""
    python = cell_python(code)
    body = ast.parse(python).body
    last = body[-1] if body else None
    if not isinstance(last, ast.Expr):
        return OtterCase(code, f"{output.rstrip()}\n" if output.strip() else None)
    if output.strip() in {"True", "np.True_"} and python == code:
        return OtterCase(_with_last(code, last, "assert {}"))
    asserts = any(isinstance(node, ast.Assert) for node in body)
    return OtterCase(
        code, None if asserts and not output.strip() else f"{output.rstrip()}\n" if output.strip() else ""
    )


def _asserting(case: OtterCase) -> str:
    """Return a case that fails by an exception alone, so that it can stand before another."""
    body = ast.parse(cell_python(case.source)).body
    last = body[-1] if body else None
    if case.output is None or not isinstance(last, ast.Expr) or cell_python(case.source) != case.source:
        return case.source
    if not case.output:
        return _with_last(case.source, last, "assert {} is None")
    return _with_last(case.source, last, f"assert repr({{}}) == {case.output.rstrip()!r}")


def _with_last(code: str, last: ast.Expr, form: str) -> str:
    """Return `code` with its last expression put into `form`."""
    lines = code.splitlines()
    segment = ast.get_source_segment(code, last.value) or ""
    joined = f"({segment})" if "\n" in segment else segment
    return "\n".join((*lines[: last.lineno - 1], form.replace("{}", joined)))


def _described(case: OtterCase, says: Mapping[str, Any]) -> OtterCase:
    points = says.get("points")
    return replace(
        case,
        hidden=says.get("hidden") is True,
        points=None if points is None else float(points),
        success=str(says.get("success_message") or ""),
        failure=str(says.get("failure_message") or ""),
        name=str(says.get("name") or ""),
    )


def _stored(entry: Mapping[str, Any]) -> str:
    """Return what a cell put out when its author ran it."""
    found = []
    for each in entry.get("outputs", ()):
        text = each.get("text", each.get("data", {}).get("text/plain", ""))
        found.append(text if isinstance(text, str) else "".join(text))
    return "".join(found)
