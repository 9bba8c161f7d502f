"""Read an assignment of otter: a master notebook, or what ``otter assign`` made of it, with the solutions.

In a master notebook raw cells say what follows: ``# BEGIN QUESTION`` with the question's settings, ``# BEGIN
SOLUTION``, ``# BEGIN TESTS``. What was assigned has its tests in the notebook's metadata or in ``tests/*.py``, in the
format of doctests or as functions. No code of the assignment runs here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from grader.authoring.imported import (
    GIVEN,
    Imported,
    ImportedPart,
    ImportRefused,
    author_document,
    files_beside,
    libraries_of,
    part_id,
    text_of,
    with_source,
)
from grader.authoring.notebooks import ANSWER_TAG
from grader.authoring.otter_cells import TYPE_HERE, answered, kept, shown_tests
from grader.authoring.otter_tests import (
    OtterTest,
    inside_tests,
    never_run,
    read_spec,
    read_test_cell,
    read_test_file,
)
from grader.course.assignment import Seed
from grader.course.libraries import imported_as
from grader.course.regions import answers
from grader.intake.notebooks import Cell

_BOUNDARY = re.compile(r"#\s*(BEGIN|END)\s+(QUESTION|PROMPT|SOLUTION|TESTS)\b", re.IGNORECASE)
_CONFIG = re.compile(r"#\s*ASSIGNMENT CONFIG\b", re.IGNORECASE)
_PLUGIN = re.compile(r"#\s*(BEGIN |END )?PLUGIN\b", re.IGNORECASE)
_OLD = re.compile(r"^```\s*\n\s*BEGIN (ASSIGNMENT|QUESTION)\b", re.MULTILINE)
_FENCED = re.compile(r"^```otter[ \t]*\n(.*?)\n```[ \t]*$", re.MULTILINE | re.DOTALL)
_IGNORED = re.compile(r"\s*#+\s*ignore\s*#*\s*$", re.IGNORECASE | re.MULTILINE)
_CHECK = re.compile(r"^\s*grader\s*\.\s*check\(\s*([\"'])(?P<name>.+?)\1\s*\)", re.MULTILINE)
_ITS_OWN = re.compile(r"^\s*(?:import otter\b|from otter\b|grader\s*[.=]|# Initialize Otter)")
_BEGIN_BY_HAND, _END_BY_HAND = "<!-- BEGIN QUESTION -->", "<!-- END QUESTION -->"
_SOLUTION_TAG, _ANSWER_TAG = "otter_assign_solution_cell", "otter_answer_cell"

_ABOUT_FILES = frozenset(
    {
        "init_cell",
        "check_all_cell",
        "export_cell",
        "solutions_pdf",
        "template_pdf",
        "run_tests",
        "runs_on",
        "tests",
    }
    | {
        "show_question_points",
        "save_environment",
        "ignore_modules",
        "python_version",
        "channel_priority_strict",
    }
    | {
        "overwrite_requirements",
        "suppress_no_tests_warning",
        "name",
        "files",
        "requirements",
        "seed",
        "generate",
    }
    | {"strip_solutions_from_all_cells", "environment"}
)
"""Settings that are taken over, or that say how otter writes its own files and pages."""

_ABOUT_GRADING = frozenset(
    {"seed", "seed_variable", "show_stdout", "show_hidden", "show_all_public", "pdfs", "zips"}
)
_OF_A_QUESTION = frozenset({"name", "manual", "points", "check_cell", "export", "all_or_nothing"})


def read_otter(path: Path) -> Imported:
    """Read the assignment at `path`: a notebook, or a folder with one and, where it was assigned, its tests.

    Raises
    ------
    ImportRefused
        There is no notebook, more than one, or one that cannot be read as otter's.
    """
    notebook = path if path.is_file() else _notebook_in(path)
    document = author_document(notebook)
    reading = _Reading(notebook.name)
    if any(_OLD.search(text_of(each)) for each in document["cells"] if each.get("cell_type") == "markdown"):
        raise ImportRefused(
            f"{notebook} has the format before otter 3, with settings in ``` blocks; write them as raw cells first"
        )
    assigned = _assigned_tests(document, notebook.parent)
    if assigned:
        reading.assigned(document["cells"], assigned)
    else:
        reading.master(document["cells"])
    if not reading.parts:
        raise ImportRefused(
            f"{notebook} has no question; name a master notebook or what `otter assign` made of it"
        )
    if any(not each.get("id") for each in document["cells"]):
        reading.notes.append(
            "its cells have no ids, so that answers in notebooks that otter released are not recognised; import what "
            "`otter assign` made of it, dist/autograder, instead"
        )
    return reading.imported(notebook, assigned=bool(assigned))


def _notebook_in(folder: Path) -> Path:
    places = (folder / "dist" / "autograder", folder / "autograder", folder)
    found = next((each for each in (sorted(place.glob("*.ipynb")) for place in places) if each), [])
    if len(found) != 1:
        raise ImportRefused(f"{folder} holds {len(found)} notebooks; name the one to import")
    return found[0]


def _assigned_tests(document: Mapping[str, Any], folder: Path) -> dict[str, OtterTest]:
    """Return the tests that ``otter assign`` wrote, by the name of their question; none for a master notebook."""
    about = document.get("metadata", {}).get("otter", {})
    found = {name: read_spec(spec, name) for name, spec in (about.get("tests") or {}).items()}
    for path in sorted((folder / "tests").glob("*.py")):
        if path.name != "__init__.py":
            test = read_test_file(path)
            found[test.name] = test
    return found


@dataclass
class _Question:
    """What has been read of the question that is open.

    Attributes
    ----------
    block
        The block within it that is open.
    tests
        What its test cells say.
    """

    settings: Mapping[str, Any]
    block: str = ""
    answers: list[str] = field(default_factory=list)
    tests: list[OtterTest] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What otter calls it."""
        return str(self.settings["name"])


@dataclass
class _Reading:
    notebook: str
    cells: list[Cell] = field(default_factory=list)
    parts: list[ImportedPart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    settings: Mapping[str, Any] = field(default_factory=dict)
    question: _Question | None = None

    def master(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Read the cells of a master notebook."""
        for number, (entry, cell) in enumerate(_unfenced(entries), 1):
            place = f"{self.notebook}, cell {number}"
            if cell.kind == "raw" and _CONFIG.match(cell.source):
                self._configure(_yaml(cell.source, place))
            elif cell.kind == "raw" and _PLUGIN.match(cell.source):
                self.notes.append(f"{place}: plugins are not known here")
            elif cell.kind == "raw" and (mark := _BOUNDARY.match(cell.source)):
                self._boundary(mark[1].upper() == "BEGIN", mark[2].upper(), cell.source, place)
            else:
                self._cell(entry, cell, place)
        if self.question is not None:
            raise ImportRefused(f"{self.notebook}: question {self.question.name} is never ended")

    def _configure(self, settings: Mapping[str, Any]) -> None:
        self.settings = settings
        unknown = {key for key, value in settings.items() if value and key not in _ABOUT_FILES}
        grading = settings.get("generate")
        unknown |= {f"generate.{key}" for key in (grading if isinstance(grading, dict) else {})} - {
            f"generate.{key}" for key in _ABOUT_GRADING
        }
        self.notes += [f"the setting {key}" for key in sorted(unknown)]

    def _boundary(self, begins: bool, block: str, source: str, place: str) -> None:  # one caller
        if block == "QUESTION" and begins:
            if self.question is not None:
                raise ImportRefused(f"{place}: question {self.question.name} is not ended yet")
            settings = _yaml(source, place)
            if not settings.get("name"):
                raise ImportRefused(f"{place}: the question has no name")
            self.question = _Question(settings)
            self.notes += [f"{place}: the setting {key}" for key in sorted(set(settings) - _OF_A_QUESTION)]
        elif self.question is None or (block != "QUESTION" and begins == (self.question.block == block)):
            raise ImportRefused(f"{place}: {source.splitlines()[0].strip()!r} fits nothing before it")
        elif block == "QUESTION":
            self._end(self.question)
        else:
            self.question.block = block if begins else ""

    def _cell(self, entry: Mapping[str, Any], cell: Cell, place: str) -> None:
        block = self.question.block if self.question is not None else ""
        if cell.kind == "code" and _IGNORED.match(cell.source.partition("\n")[0]):
            return
        if self.question is not None and block == "TESTS":
            if cell.kind == "code":
                test = read_test_cell(entry, self.question.name, place, functions=self._functions())
                self.question.tests.append(test)
                if never_run(entry, test):
                    self.notes.append(
                        f"{place}: what this test of {self.question.name} is to put out; it was not run, so "
                        "nothing is expected. Run the notebook, save it, and import it again"
                    )
            return
        if block == "SOLUTION":
            self._answer(cell, place)
        elif cell.kind == "code":
            everywhere = self.settings.get("strip_solutions_from_all_cells") is True
            own = _without_otter(cell.source)
            source = answered(own, place) if everywhere else kept(own)
            self.cells += [with_source(cell, self._seeded(source))] if source.strip() else []
        else:
            self.cells.append(cell)

    def _functions(self) -> bool:
        tests = self.settings.get("tests")
        return isinstance(tests, dict) and tests.get("ok_format") is False

    def _answer(self, cell: Cell, place: str) -> None:
        if self.question is not None:
            self.question.answers.append(cell.id)
        if cell.kind == "code":
            made = with_source(cell, self._seeded(answered(cell.source, place)))
            if made.source.strip() and not answers(made.source, place):
                self.notes.append(
                    f"{place}: which lines of this solution students are to write; none is marked, so they "
                    "would get it whole. Put YOUR CODE HERE banners around them"
                )
                made = replace(made, tags=(ANSWER_TAG,))
            self.cells.append(made)
        else:
            self.cells.append(replace(cell, tags=(ANSWER_TAG,)))

    def _end(self, question: _Question) -> None:
        """Keep what the question comes to, and the cell in whose place its tests run."""
        self.question = None
        points = question.settings.get("points")
        if question.tests:
            whole = question.settings.get("all_or_nothing") is True
            points = points.get("each", 1) * len(question.tests) if isinstance(points, dict) else points
            cases = tuple(case for test in question.tests for case in test.cases)
            self._judged(OtterTest(question.name, points, whole, cases))
        if question.settings.get("manual") is True:
            self._by_hand(
                question.name, question.answers, 1 if points is None else points, bool(question.tests)
            )
        elif not question.tests:
            self.notes.append(f"question {question.name} has no tests, and is not judged")

    def _judged(self, test: OtterTest) -> None:
        place = part_id(f"{test.name}-tests")
        self.cells.append(Cell("code", shown_tests(test), place))
        tests = inside_tests(test)
        most = sum(each.points or 0 for each in tests)
        if most > 0:
            self.parts.append(ImportedPart(part_id(test.name), test.name, most, self.notebook, place, tests))
        else:
            self.notes.append(f"question {test.name} has 0 points: its tests are shown and not judged")

    def _by_hand(self, name: str, answers: Sequence[str], points: Any, tested: bool) -> None:  # as above
        if tested:
            self.notes.append(f"question {name} is for people as well; its points are those of its tests")
        elif not answers or not isinstance(points, int | float) or points <= 0:
            self.notes.append(f"question {name} is for people, and has no answer or no points")
        else:
            self.parts.append(ImportedPart(part_id(name), name, float(points), self.notebook, answers[0]))

    def assigned(self, entries: Sequence[Mapping[str, Any]], tests: Mapping[str, OtterTest]) -> None:
        """Read the cells of what ``otter assign`` wrote for its grader."""
        left = dict(tests)
        by_hand = 0
        for number, entry in enumerate(entries, 1):
            cell = _cell_of(entry, number)
            tags = set(entry.get("metadata", {}).get("tags", ()))
            place = f"{self.notebook}, cell {number}"
            found = _CHECK.search(cell.source) if cell.kind == "code" else None
            by_hand += cell.source.count(_BEGIN_BY_HAND)
            if found is not None and found["name"] in left:
                self._judged(left.pop(found["name"]))
            elif cell.source.strip() == TYPE_HERE:
                continue
            elif _SOLUTION_TAG in tags or _ANSWER_TAG in tags:
                self._answer(cell, place)
            else:
                source = _without_otter(cell.source) if cell.kind == "code" else cell.source
                source = source.replace(_BEGIN_BY_HAND, "").replace(_END_BY_HAND, "").strip()
                self.cells += [with_source(cell, source)] if source else []
        for test in left.values():
            self._judged(test)
        if by_hand:
            self.notes.append(
                f"{by_hand} questions for people: what otter assigned says neither their names nor their points; "
                "add a part of kind hand for each"
            )

    def _seeded(self, source: str) -> str:
        """Return a cell with the seed that students get."""
        seed = self.settings.get("seed")
        if not isinstance(seed, dict) or not seed.get("variable"):
            return source
        line = rf"(?m)^(\s*){re.escape(str(seed['variable']))}\s*=(?!=).*$"
        return re.sub(line, rf"\g<1>{seed['variable']} = {seed.get('student_value')}", source)

    def imported(self, notebook: Path, *, assigned: bool) -> Imported:
        """Return all that was read."""
        listed = self.settings.get("files") or ()
        folder = notebook.parent
        files = files_beside(folder, ("tests", "otter_config.json")) if assigned else {}
        if assigned:
            files = {
                name: content for name, content in files.items() if not name.endswith((".zip", ".otter"))
            }
        for name in map(str, listed):
            if not (folder / name).is_file():
                raise ImportRefused(f"{notebook}: the file {name} that it names does not exist")
            files[name] = (folder / name).read_bytes()
        for name in map(str, self.settings.get("autograder_files") or ()):
            self.notes.append(f"the file {name} is for the grader alone; here students get each file")
        made = Imported(
            title=str(self.settings.get("name") or notebook.stem),
            notebooks={self.notebook: tuple(_distinct(self.cells))},
            parts=tuple(self.parts),
            files={name: content for name, content in files.items() if name != "requirements.txt"},
            seed=self._seed(folder),
        )
        self._compare_requirements(folder, libraries_of(made))
        return replace(made, notes=tuple(self.notes))

    def _seed(self, folder: Path) -> Seed | None:
        """Return the seed for grading: of a variable, or of all generators."""
        own = self.settings.get("seed")
        if isinstance(own, dict) and own.get("variable"):
            return Seed(value=int(own.get("autograder_value") or 0), variable=str(own["variable"]))
        grading = self.settings.get("generate")
        if not self.settings and (folder / "otter_config.json").is_file():
            grading = yaml.safe_load((folder / "otter_config.json").read_text(encoding="utf-8"))
        if isinstance(grading, dict) and grading.get("seed") is not None:
            return Seed(value=int(grading["seed"]), variable=str(grading.get("seed_variable") or ""))
        return None

    def _compare_requirements(self, folder: Path, found: Sequence[str]) -> None:
        """Name what is required and imported nowhere."""
        said = self.settings.get("requirements") or ("requirements.txt" if not self.settings else ())
        lines = said if isinstance(said, list) else ()
        if isinstance(said, str) and (folder / said).is_file():
            lines = (folder / said).read_text(encoding="utf-8").splitlines()
        names = [re.split(r"[<>=!~\[; ]", str(line).strip(), maxsplit=1)[0] for line in lines]
        known = {each.lower() for each in (*found, *GIVEN, "otter-grader", "")}
        unused = [
            name
            for name in names
            if imported_as(name).lower() not in known and not name.startswith(("#", "-"))
        ]
        if unused:
            self.notes.append(f"requirements that nothing imports: {', '.join(unused)}; see `libraries`")


def _unfenced(entries: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Mapping[str, Any], Cell]]:
    """Give each cell; settings in a text cell between ```otter and ``` as the raw cell that they stand for."""
    for number, entry in enumerate(entries, 1):
        cell = _cell_of(entry, number)
        if cell.kind != "markdown" or not _FENCED.search(cell.source):
            yield entry, cell
            continue
        for at, piece in enumerate(_FENCED.split(cell.source)):
            kind = "raw" if at % 2 else "markdown"
            if piece.strip():
                yield entry, Cell(kind, piece.strip("\n"), part_id(f"{cell.id}-{at}"))


def _cell_of(entry: Mapping[str, Any], number: int) -> Cell:
    id = part_id(str(entry.get("id") or f"cell-{number}"))
    return Cell(str(entry["cell_type"]), text_of(entry), id, attachments=entry.get("attachments") or {})


def _without_otter(source: str) -> str:
    """Return a code cell without the lines that call otter, which students do not need here."""
    return "\n".join(line for line in source.splitlines() if not _ITS_OWN.match(line))


def _yaml(source: str, place: str) -> Mapping[str, Any]:
    """Return the settings below the first line of a raw cell."""
    try:
        settings = yaml.safe_load(source.partition("\n")[2])
    except yaml.YAMLError as error:
        raise ImportRefused(f"{place}: its settings are no YAML: {error}") from error
    if settings is None:
        return {}
    if not isinstance(settings, dict):
        raise ImportRefused(f"{place}: its settings must be names with values")
    return settings


def _distinct(cells: Sequence[Cell]) -> Iterator[Cell]:
    """Give the cells with an id each."""
    taken: set[str] = set()
    for cell in cells:
        id, number = cell.id, 1
        while id in taken:
            number += 1
            id = f"{cell.id}-{number}"
        taken.add(id)
        yield replace(cell, id=id)
