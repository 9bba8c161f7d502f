"""`numgrade forget`: remove a student and all that was handed in, graded, decided and shown; first say what that is."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grader.classrun.run import show_again
from grader.commands.terminal import command, watching
from grader.course.assignment import Assignment
from grader.course.people import PEOPLE_FILE, People, load_people
from grader.course.repository import Course
from grader.course.roles import Act, logged_in, require
from grader.gradebook import Gradebook, open_gradebook
from grader.gradebook.database import existing_gradebook
from grader.gradebook.forgotten import Forgettable, HandedIn, forget, forgettable
from grader.intake import IntakeError, packages_of, read_download
from grader.intake.archives import archive_suffix
from grader.intake.discover import folder_of_entries, names_packed
from grader.intake.lms.gradescope import METADATA
from grader.intake.roster import joined
from grader.reporting.files import write_atomically
from grader.reporting.text import counted, one_line
from grader.results import Refusal
from grader.sandbox.scratch import temporary_folder

DONE = 0
LEFT = 1
"""Something of theirs is left, or nothing was to be removed yet."""

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class ForgetOptions:
    """What the command line asked for.

    Attributes
    ----------
    yes
        Remove it; otherwise it is only said what would go.
    """

    root: Path
    student: str
    yes: bool = False
    who: str = ""
    out: Path = Path("grades")
    gradebook: str = ""


@command()
def run_forget(console: Console, options: ForgetOptions) -> int:
    """Say what there is of a student and, if asked to, remove it; return the exit code."""
    people = load_people(options.root)
    require(people, options.who or logged_in(), Act.DELETE)
    stays: list[str] = []
    with open_gradebook(existing_gradebook(options.gradebook, options.out)) as book:
        found = forgettable(book, options.student)
        files, kept = _files(options.root, found, people)
        for words, step in _steps(console, options.root, book, people, found, files):
            try:
                if options.yes:
                    step()
            except (OSError, Refusal) as error:
                stays += [f"{each} ({_why(error)})" for each in words]
            else:
                for each in words:
                    console.print(Text(f"{'Removed' if options.yes else 'Would be removed'}: {each}"))
    for each in (*stays, *(one_line(each, _LONGEST) for each in kept)):
        console.print(Text(f"Stays: {each}"))
    console.print(Text("Stays: what was exported, returned to a platform, or lies in backups"))
    if not options.yes:
        console.print(
            Text("Nothing was removed; the same command with --yes does it, and it cannot be undone.")
        )
    return DONE if options.yes and not stays else LEFT


def _steps(
    console: Console, root: Path, book: Gradebook, people: People, found: Forgettable, files: Sequence[Path]
) -> list[tuple[Sequence[str], Callable[[], object]]]:
    """Return what to do, each step with the words for what it removes.

    By the rows the others are found, so they go when nothing else is left but the pages, which are made from rows.
    """
    shown = [(Course(root).load(assignment), folder) for assignment, folder in found.folders]
    steps: list[tuple[Sequence[str], Callable[[], object]]] = [
        ([str(path)], partial(_remove, path)) for path in files
    ]
    rest = tuple(each for each in people.members if each.id != found.member)
    if rest != people.members:
        text = replace(people, members=rest).render()
        steps.append(([f"their row of {PEOPLE_FILE}"], partial(write_atomically, root / PEOPLE_FILE, text)))
    rows = [f"{counted(number, 'row')} of {table} in the gradebook" for table, number in found.rows.items()]
    steps.append((rows, partial(forget, book, next(iter(found.ids)))))

    def show(assignment: Assignment, folder: Path) -> None:
        with watching(console) as progress:
            show_again(book, assignment, folder, progress, without=found.names)

    return steps + [
        ([f"their pages and rows of {assignment.id} in {folder}"], partial(show, assignment, folder))
        for assignment, folder in shown
    ]


def _why(error: Exception) -> str:
    return one_line((error.strerror if isinstance(error, OSError) else "") or str(error), _LONGEST)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _files(root: Path, found: Forgettable, people: People) -> tuple[list[Path], list[str]]:
    """Return what they handed in, where it still lies, and in words what cannot be removed for others' sake."""
    files: list[Path] = []
    kept: list[str] = []
    for each in found.handed_in:
        try:
            theirs, others = _files_of(root, each, found, people)
        except (IntakeError, OSError):
            kept.append(f"what may lie in {each.source}, which cannot be read any more")
            continue
        files += theirs
        kept += others
    outermost = {path for path in files if not any(each in path.parents for each in files)}
    return sorted(outermost), sorted(set(kept))


def _files_of(
    root: Path, handed_in: HandedIn, found: Forgettable, people: People
) -> tuple[list[Path], list[str]]:
    source = Path(handed_in.source)
    if not source.is_absolute():  # the sample class is written anew each time
        return [], []
    assignment = Course(root).load(handed_in.assignment)
    with temporary_folder("forget-") as name:
        download = joined(
            read_download(
                source,
                workspace=Path(name),
                packages=packages_of(assignment),
                assignment=assignment.id,
                people=people,
            ),
            people,
        )
    mine = [each for each in download.arrivals if each.candidate.id in handed_in.candidates]
    others = {each.candidate.path for each in download.arrivals if each not in mine}
    inner = folder_of_entries(source)
    listed = list(inner.iterdir()) if inner.is_dir() else []
    # What lies deeper is as somebody called it, and may be called like a stranger's.
    named = [path for path in listed if _is_named(path, download.platform.student_of(path.name), found)]
    here = [each.candidate.path for each in mine if each.candidate.path.is_relative_to(source)]
    theirs = {*named, *(_whole(path, source) for path in here if path not in others)}
    shared = {path for path in theirs if any(each.is_relative_to(path) for each in others)}
    kept = [f"{path}, which is others' work as well" for path in {*shared, *others.intersection(here)}]
    if mine and not theirs and not kept:
        kept.append(f"their work in {source}, where no name says which files it is in")
    if METADATA in {path.name for path in listed}:
        kept.append(f"what {inner / METADATA} says of them; take their entry out")
    entries = {path.relative_to(inner).parts[0] for path in theirs if path != inner and inner in path.parents}
    kept += [f"what the archive {path} may hold of them" for path in _packed(source, inner, entries)]
    return sorted(theirs - shared), kept


def _is_named(path: Path, student: object, found: Forgettable) -> bool:
    return getattr(student, "id", None) in found.ids and not path.is_symlink()


def _packed(source: Path, inner: Path, entries: Collection[str]) -> Iterator[Path]:
    """Yield the archives from which a class was unpacked, as far as names tell: beside its folder or in it."""
    for path in sorted({*source.parent.glob("*"), *source.glob("*"), *inner.glob("*")}):
        suffix = archive_suffix(path.name)
        if not suffix or path.name in entries or path == source or not path.is_file():
            continue
        with suppress(OSError):
            called = path.name.removesuffix(suffix) in {source.name, inner.name}
            if called or any(each.encode() in names_packed(path) for each in entries):
                yield path


def _whole(path: Path, source: Path) -> Path:
    """Return the folder that holds a student's work and nothing else, within the one of the class."""
    while path.parent not in {source, *source.parents} and len(list(path.parent.iterdir())) == 1:
        path = path.parent
    return path
