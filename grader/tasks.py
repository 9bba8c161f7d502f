"""Every task of a course, each option declared once: ``numgrade`` anywhere, ``invoke`` in a course."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from invoke.collection import Collection
from invoke.context import Context
from invoke.exceptions import Exit
from invoke.parser.argument import Argument
from invoke.program import Program
from invoke.tasks import Task
from invoke.util import helpline

from grader import __version__

NOTHING_DONE = 2

# invoke keeps Python from writing bytecode, for the sake of tasks.py alone; an engine of this size would be compiled
# anew by every command, and by each process that it starts.
_NO_BYTECODE = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
sys.dont_write_bytecode = _NO_BYTECODE


class Group(StrEnum):
    """Under which heading the manual of a task lists an option."""

    EVERYDAY = "Options"
    SELDOM = "Seldom needed"
    ELSEWHERE = "Cluster and database"


def _path_or_none(text: str) -> Path | None:
    return Path(text) if text else None


def _text_or_none(text: str) -> str | None:
    return text or None


@dataclass(frozen=True, slots=True)
class Option:
    """What can be said to a task, as ``--name value``, or ``--name`` alone where the default is False.

    Attributes
    ----------
    name
        As it is written; it has no one-letter form, which would mean one thing here and another there.
    convert
        Makes what the command takes of the text.
    field
        What the command calls it; empty for the same name.
    positional
        Whether it is said without ``--name``.
    setting
        Which attribute of the course stands in where nothing is said.
    bare
        What the name alone means, without a value; empty where it needs one.
    """

    name: str
    help: str
    default: str | bool = ""
    convert: Callable[[str], object] = str
    group: Group = Group.EVERYDAY
    field: str = ""
    positional: bool = False
    setting: str = ""
    bare: str = ""

    @property
    def keyword(self) -> str:
        """What the command calls it."""
        return self.field or self.name.replace("-", "_")

    @property
    def written(self) -> str:
        """How it is written on the command line."""
        if self.positional:
            return self.name.upper()
        return f"--{self.name}" if self.default is False else f"--{self.name}=VALUE"

    def argument(self) -> Argument:
        """Return the option as invoke's parser knows it."""
        return Argument(
            names=(self.name,),
            kind=type(self.default),
            default=None if self.positional else self.default,
            help=self.help,
            positional=self.positional,
            optional=bool(self.bare),
        )

    def value(self, said: object, root: Path) -> object:
        """Return what the command is given for what was said in the course at `root`."""
        from grader.course.repository import Course

        if said is True and self.bare:
            said = self.bare
        if isinstance(said, bool):
            return said
        return self.convert(str(said or (self.setting and getattr(Course(root), self.setting))))


class Command(Task[Callable[..., None]]):
    """A task whose options are declared, not read off a signature.

    Attributes
    ----------
    options
        In the order of the manual.
    """

    def __init__(self, run: Callable[..., int], options: tuple[Option, ...], *, anywhere: bool) -> None:
        def body(_context: Context, /, **said: object) -> None:
            from grader.course.repository import Course
            from grader.results import Refusal

            try:
                root = Path.cwd() if anywhere else Course.open().root
                values = {each.keyword: each.value(said[each.name], root) for each in options}
            except Refusal as error:
                raise Exit(str(error), code=NOTHING_DONE) from error
            code = run(root, **values)
            if code:  # tasks may follow one another, as in `numgrade setup grade`
                raise Exit(code=code)

        body.__doc__ = run.__doc__
        super().__init__(body, name=run.__name__.rstrip("_"), positional=())
        self.options = options

    def get_arguments(self, ignore_unknown_help: bool | None = None) -> list[Argument]:  # noqa: ARG002
        """Return the options for invoke's parser, those without a name first."""
        return [each.argument() for each in sorted(self.options, key=lambda each: not each.positional)]

    def manual(self, group: Group) -> list[tuple[str, str]]:
        """Return how each option of a group is written, and what it says."""
        return [(each.written, each.help) for each in self.options if each.group is group]


def command(*options: Option, anywhere: bool = False) -> Callable[[Callable[..., int]], Command]:
    """Make a task of a function that takes the course's root, or with `anywhere` the current folder, and options."""
    return lambda run: Command(run, options, anywhere=anywhere)


ASSIGNMENT = Option(
    "assignment", "name of the assignment's folder in assignments/ (default: what pyproject.toml says)"
)
MEANT = Option("assignment", "write nothing unless the results are of this assignment (default: any)")
SUBMISSIONS = Option(
    "submissions",
    "folder of submissions, or one submission (default: the assignment's sample class)",
    convert=_path_or_none,
)
HANDED_IN = Option(
    "submissions", "folder of submissions (default: those whose results are in --out)", convert=_path_or_none
)
GRADED = Option(
    "submissions",
    "the folder that was graded: with it the report has times and similar answers, too",
    convert=_path_or_none,
)
DOWNLOADED = Option(
    "submissions",
    "the download that was graded: for a platform's gradebook in which students are not found without it, since "
    "it holds their names and numbers",
    convert=_path_or_none,
)
ONLY = Option(
    "only",
    "grade only this part, such as conv_backward_naive.dx, or only this function",
    convert=_text_or_none,
)
OUT = Option("out", "the folder of results (default: grades)", "grades", Path)
JOBS = Option("jobs", "how many submissions at a time (default: one per core)")
DATA = Option(
    "data",
    "folder with the data set of [notebooks] in assignment.toml (default: the one that its variable names)",
    convert=_path_or_none,
)
NOTEBOOKS = Option(
    "notebooks",
    "also run the notebooks that were handed in, and show each student the result",
    default=False,
)
RETRAIN = Option(
    "retrain",
    "also train each network again and show staff what it reaches; needs the data set",
    default=False,
)
ANONYMOUS = Option("anonymous", "show ids in place of names", default=False)
FRESH = Option("fresh", "also grade again what has not changed", default=False, group=Group.SELDOM)
ISOLATION = Option(
    "isolation",
    "how strong the box is: auto, A (the strongest; needs bubblewrap), B, or none (no box; every result says so)",
    "auto",
    group=Group.SELDOM,
)
PLATFORM = Option(
    "from",
    "where the submissions were downloaded: canvas, moodle, gradescope, brightspace, blackboard, github, nbgrader "
    "or plain (default: recognised by the names of the files)",
    group=Group.SELDOM,
    field="platform",
)
GRADEBOOK = Option(
    "gradebook",
    "file or database URL of the gradebook (default: what pyproject.toml says, or a file in the folder of --out)",
    group=Group.ELSEWHERE,
    setting="gradebook",
)
SCHEDULER = Option(
    "scheduler", "grade on the workers of this Dask scheduler, such as tls://host:8786", group=Group.ELSEWHERE
)
CLUSTER = Option(
    "cluster",
    "start as many workers as --jobs says, and grade on them: slurm or local",
    group=Group.ELSEWHERE,
)
GRADES = Option("grades", "the folder of results, or a grades.json (default: grades)", "grades", Path)
PREVIEW = Option(
    "preview", "change nothing; show whose score would change, and because of which check", default=False
)
PUBLISH = Option("publish", "write the new scores into --out, and let students have them", default=False)
STUDENT = Option("student", "the student's id, as the page of the class shows it", positional=True)
REPLAYED = Option("check", "the check's name, as the student's page for staff shows it", positional=True)
PART = Option("part", "the part, such as conv_forward_naive, or total", positional=True)
POINTS = Option("points", "how many points to give; --points=-2 takes two", positional=True, field="add")
WHY = Option("why", "the reason, which the student reads")
WHO = Option("who", "your name (default: who is logged in)")
BEYOND = Option("beyond", "allow more points than the part has", default=False, group=Group.SELDOM)
_ABOUT = (
    Option("student", "for these students: one id, or several with commas between them"),
    Option("all", "for all students, also those who hand in later", default=False, field="everybody"),
    Option("section", "for the students of this section of people.csv who have handed in"),
    Option(
        "diagnosis",
        "for the students who made this known mistake: the name of its function in mistakes/. Without a value: list "
        "what the class was diagnosed with",
        bare="?",
    ),
    Option(
        "csv",
        "a table with the columns student, part, why and one of add, set, cap, extend, comment",
        convert=_path_or_none,
        field="table",
    ),
)
_DECIDED = (
    Option("part", "the part, such as conv_forward_naive (default: the submission as a whole)"),
    Option("add", "points to add; --add=-2 takes two"),
    Option("set", "give exactly these points, whatever the checks give"),
    Option("cap", "give at most these points"),
    Option("extend", "so many more days before the submission is late"),
    Option("give", "give all points of the part", default=False),
    Option("void", "leave the part out of the total", default=False),
    Option("comment", "words to the student, without points"),
)
_PEOPLE = (
    Option(
        "from",
        "where the file comes from: canvas, moodle, gradescope, brightspace, blackboard or github",
        field="platform",
    ),
    Option(
        "file",
        "the gradebook, worksheet or list of students that was exported there",
        convert=_path_or_none,
        field="table",
    ),
    Option("missing", "list the students who have not handed in", default=False),
)
YES = Option("yes", "delete; without this you only see what would be deleted", default=False)
REQUESTS = Option("place", "a folder of mails, or an mbox file", convert=Path, positional=True)
ANSWER = Option("answer", "answer this request: its short name in the list")
ANSWERED = Option("comment", "the answer, which the student reads on the page")
REQUEST_ADD = Option("add", "points to add with the answer; --add=-2 takes two")
UNDO = Option("undo", "take back the decision with this number")
ENTER = Option(
    "enter", "enter the decision; without this you only see whose score would change", default=False
)
TO = Option(
    "to",
    "canvas, moodle, brightspace, blackboard, gradescope, autograder (a zip for Gradescope), junit or csv",
)
GIVEN_TO = Option(
    "to", "canvas, moodle, brightspace, blackboard, mail, folder, or git: texts and pages for repositories"
)
AT = Option(
    "at",
    "where: the assignment's address on Canvas, smtp://USER@HOST or smtps://USER@HOST, or the file or folder to write",
)
SENDER = Option("sender", "the sender of mails, such as 'Ada Lovelace <ada@example.edu>'")
RECIPIENT = Option("student", "only these students: one id, or several with commas between them")
OPEN = Option(
    "publish",
    "let students have the results, with all that was decided until now; until it was given once they get nothing",
    default=False,
)
SEND = Option("send", "send; without this you only see who would get what", default=False)
AGAIN = Option("again", "also send what has not changed", default=False, group=Group.SELDOM)
TEMPLATE = Option(
    "template",
    "the platform's gradebook, or Moodle's grading worksheet, to fill in a copy of",
    convert=_path_or_none,
)
COLUMN = Option("column", "the column to fill in, if that is not clear", convert=_text_or_none)
SCALE = Option("scale", "convert the points to the platform's maximum", default=False)
EXPORTED = Option("out", "the file or folder to write", convert=_path_or_none)
VISIBILITY = Option(
    "visibility",
    "when students see the results on Gradescope: visible, after_due_date, after_published or hidden",
    "visible",
    group=Group.SELDOM,
)
WITH_KEY = Option(
    "with-key",
    "put your course key into the autograder, so that its hidden inputs are the same as yours",
    default=False,
    group=Group.SELDOM,
)
SITE = Option("out", "the folder for the web site (default: reports)", "reports", Path)
COURSE = Option("folder", "a new or empty folder", convert=Path, positional=True)
IN_NOTEBOOK = Option("notebook", "the answers are in a notebook, without a module", default=False)
FLAT = Option("flat", "the answers are in a single module, without a package", default=False)
PACKAGE = Option("package", "name of the package with the answers (default: homework)")
NEW_ID = Option(
    "id",
    "name of the assignment: lower-case letters, digits and hyphens, such as rnn",
    field="assignment_id",
    positional=True,
)
FORMAT = Option("format", "nbgrader or otter", positional=True)
IMPORTED = Option(
    "path", "nbgrader's source folder; otter's master notebook or its folder", convert=Path, positional=True
)
AS = Option("as", "name of the new assignment, such as ps1", field="assignment_id")
REWRITE = Option("rewrite", "let tests run outside of the notebook where this is possible", default=False)
RELEASE_TO = Option(
    "to", "git: also write the files of a repository for students, with workflows that run the public checks"
)
FOLDER = Option(
    "folder",
    "the folder for these files: a new one, or a clone of the repository (default: dist/ID-git)",
    convert=_path_or_none,
)
COLLECTED = Option("from", "a folder of clones, or an organisation: https://github.com/NAME", field="source")
CLONES = Option(
    "to", "the folder for the clones of an organisation (default: submissions-ID)", convert=_path_or_none
)
PREFIX = Option("prefix", "first letters of the repositories' names (default: the assignment's id and -)")
CHECK = Option(
    "check",
    "change nothing; fail if the starter is out of date, or if students could find an answer in it",
    default=False,
)
CERTIFY = Option(
    "certify",
    "test for much longer: measure the gradient checks anew, give each mistake and variant twenty course keys, and "
    "read damaged files",
    default=False,
)
MATRIX = Option("matrix", "also print which check notices which mistake", default=False)
PAGE = Option("out", "the file to write (default: docs/solution-ID.md)")

REVIEWER = Option("as", "your name (default: who is logged in)", field="who")
HOST = Option(
    "host",
    "address to listen on; 0.0.0.0 lets the staff in people.csv in, each with a link (default: only this machine)",
    "127.0.0.1",
)
PORT = Option("port", "port to listen on (default: any that is free)")
NO_BROWSER = Option("no-browser", "show the link and open no browser", default=False)

_WHICH = (SUBMISSIONS, ASSIGNMENT, OUT)
_HOW = (ISOLATION, PLATFORM, FRESH, GRADEBOOK, SCHEDULER, CLUSTER)


@command()
def setup(root: Path) -> int:
    """Compile what the course has to compile, such as fast layers."""
    from grader.commands.doctor import run_setup

    return run_setup(root)


@command()
def doctor(root: Path) -> int:
    """Say what this machine can do, and what to install."""
    from grader.commands.doctor import run_doctor

    return run_doctor(root)


@command(COURSE, anywhere=True)
def init(_root: Path, folder: Path) -> int:
    """Make a course: a folder for assignments, with settings and CI."""
    from grader.commands.new import run_init

    return run_init(folder)


@command(NEW_ID, IN_NOTEBOOK, FLAT, PACKAGE)
def new(root: Path, assignment_id: str, **asked: Any) -> int:
    """Make a small assignment that works, to be rewritten."""
    from grader.commands.new import run_new

    return run_new(root, assignment_id, **asked)


@command(FORMAT, IMPORTED, AS, REWRITE)
def import_(root: Path, **asked: Any) -> int:
    """Make an assignment from one for nbgrader or otter."""
    from grader.commands.new import run_import

    return run_import(root, **asked)


@command(COLLECTED, CLONES, PREFIX, ASSIGNMENT)
def collect(root: Path, **asked: Any) -> int:
    """Collect the students' repositories from GitHub, or tell whose clones are whose."""
    from grader.commands.collect import CollectOptions, run_collect

    return run_collect(CollectOptions(root=root, **asked))


@command(*_WHICH, ONLY, JOBS, DATA, NOTEBOOKS, RETRAIN, ANONYMOUS, *_HOW)
def grade(root: Path, **asked: Any) -> int:
    """Grade a folder of submissions."""
    from grader.classrun.options import GradeOptions
    from grader.commands.grade import run_grade

    return run_grade(GradeOptions(root=root, **asked))


@command(STUDENT, REPLAYED, HANDED_IN, ASSIGNMENT, OUT, DATA, ISOLATION, PLATFORM, GRADEBOOK)
def replay(root: Path, *, student: str, check: str, **asked: Any) -> int:
    """Run one check again for one student, and write a program that makes the same calls."""
    from grader.classrun.options import GradeOptions
    from grader.commands.replay import run_replay

    return run_replay(GradeOptions(root=root, **asked), student=student, check=check)


@command(ASSIGNMENT, OUT, REVIEWER, HOST, PORT, NO_BROWSER, GRADEBOOK)
def review(root: Path, **asked: Any) -> int:
    """Look at a graded class in a browser: read code, comment, give points."""
    from grader.commands.review import run_review

    return run_review(root, **asked)


@command(PREVIEW, OUT, DATA, JOBS, GRADEBOOK)
def upgrade(root: Path, *, preview: bool, **asked: Any) -> int:
    """After another version of numgrade was installed: see whose score changes, and accept it."""
    from grader.classrun.options import GradeOptions
    from grader.commands.grade import run_upgrade

    return run_upgrade(GradeOptions(root=root, assignment="", submissions=None, **asked), preview=preview)


@command(STUDENT, PART, POINTS, WHY, WHO, BEYOND, ASSIGNMENT, OUT, GRADEBOOK)
def adjust(root: Path, **asked: Any) -> int:
    """Give or take points by hand, for one student."""
    from grader.commands.decide import DecideOptions, run_adjust

    return run_adjust(DecideOptions(root=root, **asked))


@command(*_ABOUT, *_DECIDED, WHY, WHO, BEYOND, UNDO, ENTER, ASSIGNMENT, OUT, GRADEBOOK)
def decide(root: Path, **asked: Any) -> int:
    """Change points or comment, for one student, several or all. Without options: list decisions."""
    from grader.commands.decide import DecideOptions, run_decide

    return run_decide(DecideOptions(root=root, **asked))


@command(STUDENT, YES, WHO, OUT, GRADEBOOK)
def forget(root: Path, **asked: Any) -> int:
    """Delete all that is kept about a student."""
    from grader.commands.forget import ForgetOptions, run_forget

    return run_forget(ForgetOptions(root=root, **asked))


@command(REQUESTS, ANSWER, ANSWERED, REQUEST_ADD, WHO, ASSIGNMENT, OUT, GRADEBOOK)
def requests(root: Path, **asked: Any) -> int:
    """List and answer mails of students who ask for another look."""
    from grader.commands.requests import RequestOptions, run_requests

    return run_requests(RequestOptions(root=root, **asked))


@command(*_PEOPLE, ASSIGNMENT, OUT, GRADEBOOK)
def people(root: Path, **asked: Any) -> int:
    """Keep the list of who is who, people.csv; list who has not handed in."""
    from grader.commands.people import PeopleOptions, run_people

    return run_people(PeopleOptions(root=root, **asked))


@command(*_WHICH, PUBLISH, WHO, JOBS, DATA, NOTEBOOKS, *_HOW)
def regrade(root: Path, *, publish: bool, who: str, **asked: Any) -> int:
    """After a check was changed: see whose score would change and why, and publish it."""
    from grader.classrun.options import GradeOptions
    from grader.commands.grade import run_regrade

    return run_regrade(GradeOptions(root=root, **asked), publish=publish, who=who)


@command(
    TO,
    GRADES,
    DOWNLOADED,
    TEMPLATE,
    COLUMN,
    SCALE,
    EXPORTED,
    ASSIGNMENT,
    PLATFORM,
    VISIBILITY,
    ISOLATION,
    WITH_KEY,
)
def export(root: Path, **asked: Any) -> int:
    """Write the scores for the gradebook of a platform, or for a spreadsheet."""
    from grader.commands.report import run_export
    from grader.reporting.exports.export import ExportOptions

    return run_export(ExportOptions(root=root, **asked))


@command(
    GIVEN_TO,
    AT,
    TEMPLATE,
    COLUMN,
    SCALE,
    SENDER,
    RECIPIENT,
    OPEN,
    WHO,
    SEND,
    ASSIGNMENT,
    OUT,
    AGAIN,
    GRADEBOOK,
)
def return_(root: Path, **asked: Any) -> int:
    """Give each student the score, comments and page, on a platform, by mail or in a folder."""
    from grader.commands.returning import run_return
    from grader.reporting.returning.targets import ReturnOptions

    return run_return(ReturnOptions(root=root, **asked))


@command(GRADES, GRADED, SITE, MEANT, PLATFORM)
def report(root: Path, **asked: Any) -> int:
    """Write a web site about a class: hard parts, common mistakes, similar answers."""
    from grader.commands.report import run_report
    from grader.reporting.class_report import ReportOptions

    return run_report(ReportOptions(root=root, **asked))


@command(ASSIGNMENT, CERTIFY, MATRIX, REWRITE)
def validate(root: Path, assignment: str, **asked: bool) -> int:
    """Test an assignment before it is handed out."""
    os.environ.setdefault(
        "OPENBLAS_NUM_THREADS", "1"
    )  # as where classes are graded; read when NumPy is loaded
    from grader.commands.validate import run_validate

    return run_validate(root, assignment, **asked)


@command(ASSIGNMENT, CHECK, RELEASE_TO, FOLDER)
def release(root: Path, assignment: str, *, check: bool, to: str, folder: Path | None) -> int:
    """Make what students receive from the solution: the starter, and an archive in dist/."""
    from grader.commands.release import run_release

    return run_release(root, assignment, check=check, to=to, folder=folder)


@command(ASSIGNMENT, PAGE)
def solution(root: Path, assignment: str, out: str) -> int:
    """Write the solution as one page to read."""
    from grader.commands.release import run_solution

    return run_solution(root, assignment, out)


namespace = Collection(
    setup,
    doctor,
    init,
    new,
    import_,
    collect,
    grade,
    people,
    requests,
    forget,
    adjust,
    decide,
    review,
    replay,
    regrade,
    upgrade,
    export,
    return_,
    report,
    validate,
    release,
    solution,
)
"""What a course's tasks.py takes; it may add tasks of its own."""


COMMANDS = {
    "Grade": (
        "collect",
        "grade",
        "review",
        "adjust",
        "decide",
        "regrade",
        "replay",
        "return",
        "export",
        "report",
    ),
    "People": ("people", "requests", "forget"),
    "Write assignments": ("new", "import", "release", "validate", "solution"),
    "Set up": ("init", "setup", "doctor", "upgrade"),
}
"""Under which heading ``numgrade --help`` lists each task."""


class Numgrade(Program):
    """The command ``numgrade``: invoke's program, with a manual that begins with what is needed every day."""

    def parse_core(self, argv: list[str] | None) -> None:
        """Read the options that stand before the task; it is then that invoke keeps bytecode from being written."""
        super().parse_core(argv)
        sys.dont_write_bytecode = _NO_BYTECODE

    def print_help(self) -> None:
        """Print all tasks by what they are for; those that a course adds come last."""
        print(f"Usage: {self.binary} COMMAND [--options]\n")
        tasks = {task: self.collection[task] for task in self.collection.task_names}
        listed = {name for names in COMMANDS.values() for name in names}
        for heading, names in {**COMMANDS, "More": tuple(sorted(tasks.keys() - listed))}.items():
            if entries := [(name, helpline(tasks[name]) or "") for name in names if name in tasks]:
                print(f"{heading}:")
                self.print_columns(entries)
        print(f"{self.binary} --help COMMAND explains one of them.")

    def print_task_help(self, name: str) -> None:
        """Print what a task does and its options, group by group."""
        task = self.collection[name]
        if not isinstance(task, Command):
            super().print_task_help(name)
            return
        words = [each.written for each in task.options if each.positional]
        print(" ".join(("Usage:", self.binary, name, *words, *(["[--options]"] if task.options else []))))
        print(f"\n{task.__doc__}\n")
        for group in Group:
            if entries := task.manual(group):
                print(f"{group}:")
                self.print_columns(entries)


def tasks_here() -> Collection:
    """Return the tasks of the course here, with those that its tasks.py adds; the engine's where there is no course."""
    from grader.course.repository import Course, RepositoryError

    try:
        path = Course.open().root / "tasks.py"
    except RepositoryError:
        return namespace
    spec = importlib.util.spec_from_file_location("tasks", path)
    if not path.is_file() or spec is None or spec.loader is None:
        return namespace
    sys.path.insert(0, str(path.parent))  # as invoke does
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return Collection.from_module(module)


def main() -> None:
    """Run ``numgrade``."""
    Numgrade(name="numgrade", binary="numgrade", version=__version__, namespace=tasks_here()).run()
