"""Write the scores of grades.json for learning platforms, JUnit or a spreadsheet, and say who is left out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from grader.course.assignment import Assignment
from grader.course.people import People, load_people
from grader.course.repository import Course, course_key
from grader.intake import packages_of, platform_named, read_download
from grader.intake.archives import without_archive_suffix
from grader.intake.arrivals import Arrival, Person
from grader.intake.lms.platforms import student_named
from grader.intake.names import clean_id
from grader.intake.roster import joined
from grader.plugins import EntryGroup, added
from grader.reporting.exports import (
    Filling,
    Visibility,
    fill_canvas,
    fill_moodle,
    gradescope_results,
    junit_xml,
    read_sheet,
)
from grader.reporting.exports.gradescope import AutograderSettings, autograder_zip
from grader.reporting.exports.points_columns import BLACKBOARD, BRIGHTSPACE
from grader.reporting.files import ReportPaths, page_name, write_atomically
from grader.reporting.grades_csv import render_csv
from grader.reporting.grades_json import load
from grader.results import ClassReport, Refusal
from grader.sandbox import Isolation
from grader.sandbox.scratch import temporary_folder

_BOM = "\ufeff"
"""Without it Excel takes a table for one in the letters of its own country."""

_ISOLATION = ("auto", *(each.value for each in Isolation))

SHEETS: Mapping[str, tuple[Callable[..., Filling], str]] = MappingProxyType(
    {
        "canvas": (fill_canvas, "Canvas: Grades, Export, Export Entire Gradebook"),
        "moodle": (fill_moodle, "Moodle: the assignment, Submissions, Actions, Download grading worksheet"),
        "brightspace": (BRIGHTSPACE.fill, "Brightspace: Grades, Enter Grades, Export, with points grade"),
        "blackboard": (BLACKBOARD.fill, "Blackboard: Grade Center, Work Offline, Download"),
    }
)
"""What fills the gradebook of a platform, and where one finds it there."""


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What the command line asked for.

    Attributes
    ----------
    submissions
        The folder that was graded, which says more about the students than grades.json; None without it.
    platform
        Whose download that folder is; None to recognise it.
    template
        The gradebook or worksheet of a platform to fill in.
    """

    root: Path
    to: str
    grades: Path = Path("grades")
    assignment: str = ""
    submissions: Path | None = None
    platform: str | None = None
    template: Path | None = None
    column: str | None = None
    scale: bool = False
    out: Path | None = None
    visibility: str = Visibility.VISIBLE.value
    isolation: str = "auto"
    with_key: bool = False


class ExportRefused(Refusal):
    """The export cannot be made as asked; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, in a sentence each, and who or what was left out of it."""

    written: str
    notes: tuple[str, ...] = ()


def export(options: ExportOptions) -> Exported:
    """Write what the options ask for.

    Raises
    ------
    AssignmentError, CourseKeyError, ExportRefused, IntakeError, ReportError
        It cannot be made as asked.
    """
    writers: Mapping[str, Callable[[ExportOptions], Exported]] = {
        **dict.fromkeys(SHEETS, _fill),
        "gradescope": _gradescope,
        "autograder": _autograder,
        "junit": _junit,
        "csv": _csv,
        **added(EntryGroup.EXPORTS),
    }
    if options.to not in writers:
        asked = f"{options.to} is none of them" if options.to else "nothing was asked for"
        raise ExportRefused(f"say where to, by --to {', '.join(writers)}; {asked}")
    return writers[options.to](options)


def students_of(
    report: ClassReport, arrivals: Iterable[Arrival], people: People | None = None, platform: str = ""
) -> dict[str, Person]:
    """Return whose each submission of `report` is: by people.csv, by the download where it tells, else by its id.

    A download that was graded as a plain folder has ids made of its files' names, which are looked for too.

    Parameters
    ----------
    platform
        Whose number for everybody is wanted, where people.csv has it.
    """
    members = {
        each.id: Person(each.id, each.name, each.email, each.platforms.get(platform, ""), each.id)
        for each in (people or People()).members
    }
    told = list(arrivals)
    named = [clean_id((without_archive_suffix(each.candidate.path.name),)) for each in told]
    times = Counter(named)
    known = {name: each.student for name, each in zip(named, told, strict=True) if times[name] == 1}
    for each in told:
        known |= {each.student.id: each.student, each.candidate.id: each.student}
    return {
        each.id: members.get(each.member)
        or known.get(each.id)
        or known.get(each.student)
        or student_named(each.student or each.id)
        for each in report.submissions
    }


def _load(options: ExportOptions) -> tuple[ClassReport, Assignment]:
    report = load(ReportPaths(options.grades).json if options.grades.is_dir() else options.grades)
    return report, Course(options.root).load(report.assignment)


def _students(options: ExportOptions, report: ClassReport) -> tuple[dict[str, Person], tuple[str, ...]]:
    people = load_people(options.root)
    if options.submissions is None:
        return students_of(report, (), people, options.to), ()
    with temporary_folder("gathered-") as workspace:
        assignment = Course(options.root).load(report.assignment)
        download = read_download(
            options.submissions,
            platform_named(options.platform),
            workspace=Path(workspace),
            packages=packages_of(assignment),
            assignment=assignment.id,
            people=people,
        )
    download = joined(download, people)
    return students_of(report, download.arrivals, people, options.to), download.notes


def _fill(options: ExportOptions) -> Exported:
    fill, where = SHEETS[options.to]
    if options.template is None:
        raise ExportRefused(f"name the file to fill in with --template; download it first ({where})")
    report, _ = _load(options)
    students, _ = _students(options, report)
    sheet = read_sheet(options.template)
    filled = fill(report, students, sheet, options.column, scale=options.scale)
    suffix = options.template.suffix or ".csv"
    out = options.out or options.template.with_name(f"{options.template.stem}-graded{suffix}")
    if out.resolve() == options.template.resolve():
        raise ExportRefused(f"--out must be another file than the template {options.template}")
    write_atomically(out, filled.data)
    return Exported(f"{out}: {filled.filled} of {len(report.submissions)} scores filled in", filled.notes)


def _gradescope(options: ExportOptions) -> Exported:
    report, assignment = _load(options)
    visibility = _visibility(options.visibility)
    out = options.out or _beside(options.grades) / "gradescope"
    for submission in report.submissions:
        document = gradescope_results(submission, assignment, visibility)
        folder = out / page_name(submission.id).removesuffix(".html")
        write_atomically(folder / "results.json", json.dumps(document, indent=1) + "\n")
    return Exported(f"{out}: a results.json for each of {len(report.submissions)} submissions")


def _autograder(options: ExportOptions) -> Exported:
    repository = Course(options.root)
    assignment = repository.load(options.assignment)
    visibility = _visibility(options.visibility)
    if options.isolation not in _ISOLATION:
        raise ExportRefused(f"there is no isolation {options.isolation!r}; ask for {', '.join(_ISOLATION)}")
    settings = AutograderSettings(assignment.id, options.isolation, visibility)
    key = course_key(options.root) if options.with_key else None
    out = options.out or repository.dist / "autograder.zip"
    write_atomically(out, autograder_zip(repository, assignment, settings, key))
    held = (
        "the solution, the hidden checks and the course key" if key else "the solution and the hidden checks"
    )
    return Exported(f"{out}: for Gradescope. It holds {held}: give it to nobody else.")


def _junit(options: ExportOptions) -> Exported:
    report, _ = _load(options)
    out = options.out or _beside(options.grades) / "junit.xml"
    return Exported(f"{write_atomically(out, junit_xml(report))}: written")


def _csv(options: ExportOptions) -> Exported:
    report, assignment = _load(options)
    students, notes = _students(options, report)
    out = options.out or _beside(options.grades) / "grades-with-students.csv"
    text = f"{_BOM}{render_csv(report, assignment, students)}"
    return Exported(f"{write_atomically(out, text)}: written", notes)


def _beside(grades: Path) -> Path:
    """Return the folder of a grades.json, whichever of the two was named."""
    return grades if grades.is_dir() else grades.parent


def _visibility(text: str) -> Visibility:
    try:
        return Visibility(text)
    except ValueError:
        known = ", ".join(each.value for each in Visibility)
        raise ExportRefused(f"--visibility {text!r} is unknown; choose {known}") from None
