"""Keep true what the documentation shows: what commands print, and the schema of grades.json.

``python docs/keep.py`` writes both anew, ``python docs/keep.py --check`` says what is out of date. Commands stand
behind ``$`` in blocks of the pages of docs/commands/, and run one after the other in a course made for it, as a reader
would run them. A block marked ``console varies`` shows what one machine said: ``--check`` leaves it out, so what comes
after must not need it.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter

from grader import results, tasks

DOCS = Path(__file__).resolve().parent
SCHEMA = DOCS / "grades.schema.json"
NAV = yaml.safe_load((DOCS.parent / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
PAGES = tuple(DOCS / page for section in NAV for page in section.get("Commands", ()))
"""In the order in which they run: each finds what those before it made."""

BLOCK = re.compile(r"^```console(?P<varies> varies)?\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PROGRESS = re.compile(r"^\w[\w ]*: \d+ of \d+ \(.*\)\n", re.MULTILINE)
CHANGING = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00"), "2026-11-29T12:00:00+00:00"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "5f0c…"),
    (re.compile(r"\b\d+ KiB"), "310 KiB"),
    (re.compile(r"(?<=Released hw1 0\.1\.0: )\d+"), "57"),  # with each module that the kit takes along
    (re.compile(r"\d+(?= files changed\. Commit it)"), "62"),
    (re.compile(r"\b\d+(\.\d+)? s\b"), "1 s"),
    (re.compile(r"(?<=  )\d+\.\d\d$", re.MULTILINE), "0.00"),  # seconds, in the last column of a table
)
"""What is another at each run, and what is shown for it."""


def kept(page: Path, place: Place) -> str:
    """Return the text of a page with what its commands print now."""

    def run(block: re.Match[str]) -> str:
        if block["varies"] and not place.writing:
            return block[0]
        commands = [line[2:] for line in block["text"].splitlines() if line.startswith("$ ")]
        shown = "".join(f"$ {each}\n{place.run(each)}" for each in commands)
        return f"```console{block['varies'] or ''}\n{shown}```"

    return BLOCK.sub(run, page.read_text(encoding="utf-8"))


class Place:
    """Where the commands run, one after the other.

    Attributes
    ----------
    writing
        Whether blocks that vary are to be written anew, too.
    """

    def __init__(self, home: Path, *, writing: bool) -> None:
        self.home = self.folder = home
        self.writing = writing
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        fixed = {
            "PATH": path,
            "COLUMNS": "100",
            "GRADER_COURSE_KEY": "documentation",
            "USER": "ta",
            "LOGNAME": "ta",
        }
        self.environment = {**os.environ, **fixed}

    def run(self, command: str) -> str:
        """Return what a command printed, without what is another each time; ``cd`` changes where the next ones run.

        Raises
        ------
        RuntimeError
            It ended in a traceback.
        """
        if command.startswith("numgrade --help "):
            return manual(command.split())
        if command.startswith("cd "):
            self.folder = self.folder / command.removeprefix("cd ")
            return ""
        done = subprocess.run(  # noqa: S603
            ["bash", "-c", command],  # noqa: S607
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if "Traceback" in done.stdout:
            raise RuntimeError(f"{command} ended in a traceback, which is nothing to show:\n{done.stdout}")
        said = PROGRESS.sub("", done.stdout).replace(str(self.home), "~")
        for pattern, shown in CHANGING:
            said = pattern.sub(shown, said)
        return "".join(f"{line.rstrip()}\n" for line in said.strip("\n").splitlines())


def manual(words: list[str]) -> str:
    """Return what ``numgrade --help TASK`` prints, without a process of its own."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        tasks.Numgrade(name="numgrade", binary="numgrade", namespace=tasks.namespace).run(words, exit=False)
    return "".join(f"{line.rstrip()}\n" for line in said.getvalue().strip("\n").splitlines())


def schema() -> str:
    """Return the JSON Schema of grades.json, with what the docstrings say of each field."""
    document = TypeAdapter(results.ClassReport).json_schema()
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **document, "title": "grades.json"}
    document["properties"]["schema"] = {"const": results.SCHEMA, "description": "Version of this contract."}
    definitions = document["$defs"]
    for kind in ("NotebookPage", "CodeText", "AnswerLines"):  # for pages alone
        definitions.pop(kind)
    for name in ("notebooks", "code"):
        definitions["SubmissionReport"]["properties"].pop(name)
    for name, each in (("ClassReport", document), *definitions.items()):
        _describe(getattr(results, name), each)
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _describe(thing: Any, definition: dict[str, Any]) -> None:
    """Put the first paragraph of a docstring, and what it says of attributes, where a schema has them."""
    summary, _, attributes = inspect.cleandoc(thing.__doc__ or "").partition("Attributes\n")
    definition["description"] = " ".join(summary.partition("\n\n")[0].split())
    for names, words in re.findall(r"^(\w[\w, ]*)\n((?:    .*\n?)+)", attributes, re.MULTILINE):
        for name in names.split(", "):
            if name in definition.get("properties", {}):
                definition["properties"][name]["description"] = " ".join(words.replace("``", "`").split())


def wanted(*, writing: bool) -> Iterator[tuple[Path, str]]:
    """Yield every file that is kept true, with what it should hold."""
    yield SCHEMA, schema()
    with tempfile.TemporaryDirectory() as home:
        place = Place(Path(home), writing=writing)
        for page in PAGES:
            yield page, kept(page, place)


def main(words: list[str]) -> int:
    """Write, or with ``--check`` compare; return the exit code."""
    writing = words != ["--check"]
    outdated = []
    for path, text in wanted(writing=writing):
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            outdated.append(path)
            if writing:
                path.write_text(text, encoding="utf-8")
    for path in outdated:
        print(
            f"{path.relative_to(DOCS.parent)}: {'written' if writing else 'out of date; run: invoke docs --write'}"
        )
    return 1 if outdated and not writing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
