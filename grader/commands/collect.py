"""`numgrade collect`: fetch the students' repositories, and say whose each is and who has none."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.commands.terminal import command, open_table, watching
from grader.course.people import PEOPLE_FILE, People, load_people
from grader.course.repository import Course, load_settings
from grader.intake import platform_named, read_download
from grader.intake.lms.pieces import Download
from grader.intake.roster import joined
from grader.progress import begin
from grader.reporting.text import counted, listed, one_line
from grader.results import Refusal
from grader.sandbox.scratch import temporary_folder

ALL_THERE = 0
SOMETHING_LEFT = 1

_LONGEST = 120
_MOST_NAMED = 40


@dataclass(frozen=True, slots=True)
class CollectOptions:
    """What the command line asked for.

    Attributes
    ----------
    source
        A folder of clones, or the address of an organisation.
    to
        The folder for clones of an organisation's repositories.
    prefix
        What the names of the assignment's repositories begin with.
    """

    root: Path
    source: str
    to: Path | None = None
    prefix: str = ""
    assignment: str = ""


@command(interrupted="Interrupted. What was cloned stays; run the same command again")
def run_collect(console: Console, options: CollectOptions) -> int:
    """Clone, read, and say who is missing; return the exit code."""
    assignment = Course(options.root).load(options.assignment)
    folder, failed = Path(options.source), dict[str, str]()
    if not options.source:
        raise Refusal("say from where: --from FOLDER, or --from https://github.com/ORGANISATION")
    if not folder.is_dir():
        folder = options.to or Path(f"submissions-{assignment.id}")
        failed = dict(_cloned(console, options, folder, options.prefix or f"{assignment.id}-"))
    people = load_people(options.root)
    with temporary_folder("collect-") as workspace:
        download = joined(
            read_download(
                folder,
                platform_named("github"),
                workspace=Path(workspace),
                assignment=assignment.id,
                zone=load_settings(options.root).zone,
                people=people,
            ),
            people,
        )
    _print(console, download)
    for name, why in failed.items():
        console.print(Text(f"{name} could not be cloned, and what is there stays: {why}", "yellow"))
    missing = _missing(console, people, download)
    which = f" --assignment {assignment.id}" if options.assignment else ""
    console.print(
        Text(f"Grade them: numgrade grade{which} --submissions {shlex.quote(str(folder))} --from github")
    )
    return SOMETHING_LEFT if failed or missing or download.notes else ALL_THERE


def _cloned(console: Console, options: CollectOptions, folder: Path, prefix: str) -> Mapping[str, str]:
    try:
        from grader.intake.repositories import Organisation, collect  # noqa: PLC0415 - needs requests
    except ModuleNotFoundError as error:
        raise Refusal(
            f"collecting from GitHub needs the package {error.name}; run: python -m pip install 'numgrade[github]'"
        ) from error
    with watching(console) as progress:
        organisation = Organisation.at(options.source)
        return collect(
            organisation, prefix, folder, lambda total: begin(progress, "Cloning", total, quick=True)
        )


def _print(console: Console, download: Download) -> None:
    table = open_table(console, "Repository", "Student", "Last commit")
    for each in sorted(download.arrivals, key=lambda each: each.candidate.path.name):
        when = each.submitted_at.isoformat(sep=" ", timespec="minutes") if each.submitted_at else "not known"
        who = each.student.member or each.student.id
        table.add_row(*(Text(one_line(cell, _LONGEST)) for cell in (each.candidate.path.name, who, when)))
    console.print(table)
    for note in download.notes:
        console.print(Text(f"- {one_line(note, 2 * _LONGEST)}", "yellow"))


def _missing(console: Console, people: People, download: Download) -> bool:
    """Say which students have no repository; without people nobody knows."""
    if not people.members:
        console.print(
            Text(f"There is no {PEOPLE_FILE}: who has no repository is not known (numgrade people).")
        )
        return False
    there = {each.student.member for each in download.arrivals}
    missing = [each.id for each in people.members if each.is_student and each.id not in there]
    count = counted(len(download.arrivals), "repository", "repositories")
    who = f": {one_line(listed(missing, _MOST_NAMED), 20 * _LONGEST)}" if missing else ""
    console.print(Text(f"{count}; {counted(len(missing), 'student')} of {PEOPLE_FILE} without one{who}"))
    return bool(missing)
