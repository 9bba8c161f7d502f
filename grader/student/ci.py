"""What a run of the public checks leaves for machines: JSON, JUnit, a summary, notes at lines, Classroom 50's."""

from __future__ import annotations

import ast
import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from xml.etree import ElementTree as Xml

from grader.results import Outcome, Scope
from grader.student.results import PublicResult, all_fine, headline, shown_words
from grader.student.workspace import Workspace

FOLDER = "check-report"
"""Where the files go, in the assignment's folder."""

CLASSROOM = "classroom50/result/v1"
"""What Classroom 50 calls the form of its result.json."""

_PLACE = re.compile(r"([\w./-]+\.py), line (\d+)")
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Results = tuple[PublicResult, ...]


def as_json(workspace: Workspace, results: Results) -> str:
    """Return the results as a JSON document."""
    document = {
        "schema": 1,
        "assignment": workspace.id,
        "version": workspace.version,
        "fine": all_fine(results),
        "checks": [
            {
                "id": each.id,
                "part": each.part,
                "scope": each.scope.value,
                "title": each.title,
                "outcome": each.outcome.value,
                "message": each.judgement.message,
                "seconds": round(each.seconds, 3),
                **dict(zip(("file", "line"), place_of(workspace, each), strict=True)),
            }
            for each in results
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def place_of(workspace: Workspace, result: PublicResult) -> tuple[str, int]:
    """Return the file and the line that a check is about: where it failed, else where the answer is defined."""
    found = _PLACE.search(result.judgement.message)
    if found:
        return found[1], int(found[2])
    symbol = workspace.parts.get(result.part, "").partition(".")[0]
    for path in workspace.answers:
        try:
            tree = ast.parse((workspace.root / path).read_bytes())
        except (OSError, SyntaxError, ValueError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == symbol:
                return path, node.lineno
    return (workspace.answers or ("",))[0], 1


def junit(results: Results) -> str:
    """Return JUnit XML, with the whole message where each reader of it looks: in the attribute and in the text."""
    root = Xml.Element("testsuites")
    for family, checks in groupby(results, lambda each: each.family):
        suite = Xml.SubElement(root, "testsuite", name=family)
        for each in checks:
            case = Xml.SubElement(
                suite, "testcase", classname=each.part, name=_plain(each.title), time=f"{each.seconds:.3f}"
            )
            if each.outcome is not Outcome.PASSED:
                told = _plain("\n".join(filter(None, (each.words, each.judgement.message))))
                Xml.SubElement(case, "skipped" if each.fine else "failure", message=told).text = told
    Xml.indent(root)
    return Xml.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _plain(text: str) -> str:
    return _NO_XML.sub("?", text)


def summary(workspace: Workspace, results: Results) -> str:
    """Return the results in Markdown, what is not right first."""
    lines = [
        f"## {workspace.title}: public checks",
        "",
        headline(results),
        "",
        "| | check | result |",
        "| --- | --- | --- |",
    ]
    for each in sorted(results, key=lambda each: each.outcome is Outcome.PASSED):
        said = " ".join((shown_words(each), *([each.judgement.message] if not _silent(each) else [])))
        sign = "✓" if each.outcome is Outcome.PASSED else "✗"
        lines.append(f"| {sign} | `{each.part}` {_cell(each.shown_title)} | {_cell(said)} |")
    return "\n".join(lines) + "\n"


def _silent(result: PublicResult) -> bool:
    return result.outcome in {Outcome.PASSED, Outcome.NOT_IMPLEMENTED}


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def notes_at_lines(workspace: Workspace, results: Results) -> Iterator[str]:
    """Yield what GitHub shows beside the code: of each function the first that is not right, or that is not written."""
    for family, checks in groupby(results, lambda each: each.family):
        wrong = [each for each in checks if not each.fine]
        if wrong:
            first = min(wrong, key=lambda each: each.outcome is Outcome.NOT_IMPLEMENTED)
            path, line = place_of(workspace, first)
            kind = "notice" if first.outcome is Outcome.NOT_IMPLEMENTED else "error"
            said = "\n".join((f"{first.words.capitalize()}. {first.shown_title}", first.judgement.message))
            yield f"::{kind} file={_property(path)},line={line},title={_property(family)}::{_data(said)}"


def _data(text: str) -> str:
    return text.strip().replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def classroom_result(
    workspace: Workspace, results: Results, environment: Mapping[str, str], now: datetime
) -> dict[str, object]:
    """Return what Classroom 50 reads: whole numbers, and who this is as its runner says."""
    counting = [each for each in results if each.scope is Scope.HOMEWORK]
    parts = {part: list(group) for part, group in groupby(sorted(counting, key=_part), _part)}
    points = {part: Fraction(str(workspace.points.get(part, 1))) for part in workspace.parts if part in parts}
    fine = {part: all(each.outcome.earns for each in parts[part]) for part in points}
    unit = math.lcm(*(each.denominator for each in points.values()))
    most = {part: int(worth * unit) for part, worth in points.items()}
    tests = [
        {"test-name": part, "passed": fine[part], "score": most[part] * fine[part], "max-score": most[part]}
        for part in points
    ]
    commit = environment.get("COMMIT_URL", "")
    return {
        "schema": CLASSROOM,
        "classroom": environment.get("CLASSROOM", ""),
        "assignment": environment.get("ASSIGNMENT", ""),
        "assignment_type": environment.get("ASSIGNMENT_TYPE") or "individual",
        "owner": environment.get("OWNER") or environment.get("USERNAME", ""),
        "submission": environment.get("SUBMISSION_TAG", ""),
        "commit": commit,
        "release": environment.get("RELEASE_URL", ""),
        "review": environment.get("REVIEW_URL") or commit,
        "datetime": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "score": sum(most[part] for part in points if fine[part]),
        "max-score": sum(most.values()),
        "units-per-point": unit,
        "tests": tests,
    }


def _part(result: PublicResult) -> str:
    return result.part


def leave_reports(
    workspace: Workspace, results: Results, environment: Mapping[str, str], now: datetime
) -> tuple[str, ...]:
    """Write all of it where the environment's system looks for it; return the lines to print."""
    told = summary(workspace, results)
    folder = workspace.root / FOLDER
    folder.mkdir(exist_ok=True)
    for name, text in (
        ("check.json", as_json(workspace, results)),
        ("junit.xml", junit(results)),
        ("summary.md", told),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    if environment.get("GITHUB_STEP_SUMMARY"):
        _append(environment["GITHUB_STEP_SUMMARY"], told)
    if environment.get("CLASSROOM"):
        result = classroom_result(workspace, results, environment, now)
        text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
        (workspace.root / "result.json").write_text(text, encoding="utf-8")
        (workspace.root / "release-body.md").write_text(told, encoding="utf-8")
        if environment.get("GITHUB_OUTPUT"):
            status = "success" if all_fine(results) else "failure"
            said = f"{result['score']}/{result['max-score']}: {headline(results)}"
            _append(environment["GITHUB_OUTPUT"], f"status={status}\nsummary={' '.join(said.split())}\n")
    return tuple(notes_at_lines(workspace, results)) if environment.get("GITHUB_ACTIONS") else ()


def _append(path: str, text: str) -> None:
    with Path(path).open("a", encoding="utf-8") as file:
        file.write(text)
