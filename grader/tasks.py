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

from grader import __version__

NOTHING_DONE = 2

# invoke keeps Python from writing bytecode, for the sake of tasks.py alone; an engine of this size would be compiled
# anew by every command, and by each process that it starts.
sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))


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
    """

    name: str
    help: str
    default: str | bool = ""
    convert: Callable[[str], object] = str
    group: Group = Group.EVERYDAY
    field: str = ""
    positional: bool = False
    setting: str = ""

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
        )

    def value(self, said: object, root: Path) -> object:
        """Return what the command is given for what was said in the course at `root`."""
        from grader.course.repository import Course

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
            if code:  # tasks may follow one another, as in `invoke setup grade`
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
    "assignment", "which assignment, by its folder in assignments/ (default: pyproject.toml says)"
)
SUBMISSIONS = Option(
    "submissions",
    "folder of submissions, or one submission (default: the assignment's sample class)",
    convert=_path_or_none,
)
HANDED_IN = Option(
    "submissions", "folder of submissions (default: those that --out shows)", convert=_path_or_none
)
GRADED = Option(
    "submissions",
    "the folder that was graded: tells more about who each student is; a report adds times and answers alike",
    convert=_path_or_none,
)
ONLY = Option(
    "only", "this part alone, such as conv_backward_naive.dx, or conv_backward_naive", convert=_text_or_none
)
OUT = Option("out", "the folder of grades.json, grades.csv and the pages (default: grades)", "grades", Path)
JOBS = Option("jobs", "how many submissions at a time (default: one per core)")
DATA = Option(
    "data", "folder with the data set (default: where its environment variable says)", convert=_path_or_none
)
NOTEBOOKS = Option(
    "notebooks",
    "also run the submitted notebooks and show each student theirs; only goals with scope homework earn points",
    default=False,
)
RETRAIN = Option(
    "retrain",
    "also train each network again, on this machine; staff see what it reaches; needs the data set",
    default=False,
)
ANONYMOUS = Option("anonymous", "show ids that do not tell who the students are", default=False)
FRESH = Option("fresh", "grade anew what has not changed, too", default=False, group=Group.SELDOM)
ISOLATION = Option(
    "isolation",
    "auto, A (namespaces and lockdown), B (lockdown) or none (not isolated; every result says so)",
    "auto",
    group=Group.SELDOM,
)
PLATFORM = Option(
    "from",
    "whose download it is: canvas, moodle, gradescope, brightspace, blackboard, github, nbgrader or plain "
    "(default: recognised by its names)",
    group=Group.SELDOM,
    field="platform",
)
GRADEBOOK = Option(
    "gradebook",
    "file or database URL that keeps all results (default: what pyproject.toml says, or in the folder of --out)",
    group=Group.ELSEWHERE,
    setting="gradebook",
)
SCHEDULER = Option(
    "scheduler", "grade on the workers of a Dask scheduler, such as tls://host:8786", group=Group.ELSEWHERE
)
CLUSTER = Option("cluster", "start --jobs workers and grade on them: slurm, or local", group=Group.ELSEWHERE)
GRADES = Option("grades", "the folder of reports, or a grades.json (default: grades)", "grades", Path)
PREVIEW = Option("preview", "publish nothing: say who would move, and because of which check", default=False)
PUBLISH = Option("publish", "make the new scores those that are shown", default=False)
STUDENT = Option("student", "the student's id, as grades.json has it", positional=True)
REPLAYED = Option("check", "which check, as the staff's page names it", positional=True)
PART = Option("part", "which part, such as conv_forward_naive, or total", positional=True)
POINTS = Option("points", "how many points to give; --points=-2 takes two", positional=True, field="add")
WHY = Option("why", "the reason, which the student reads")
WHO = Option("who", "who decided it (default: who is logged in)")
BEYOND = Option("beyond", "let a part come to more than its points", default=False, group=Group.SELDOM)
_ABOUT = (
    Option("student", "about whom: one id, or several with commas between them"),
    Option("all", "about everybody, and whoever hands in later", default=False, field="everybody"),
    Option("section", "about those of a section of people.csv who have handed in"),
    Option("diagnosis", "about those who made this known mistake, by the name of its function in mistakes/"),
    Option(
        "csv",
        "a table of student, part, add (or set, cap, extend, comment) and why",
        convert=_path_or_none,
        field="table",
    ),
)
_DECIDED = (
    Option("part", "which part, such as conv_forward_naive (default: the submission as a whole)"),
    Option("add", "points to add; --add=-2 takes two"),
    Option("set", "the points that it has from now on, 0 too"),
    Option("cap", "the most points that it can have"),
    Option("extend", "days more before the submission is late"),
    Option("give", "give all points of the part", default=False),
    Option("void", "leave the part out of the total", default=False),
    Option("comment", "words to the student, without points"),
)
_PEOPLE = (
    Option(
        "from",
        "whose file it is: canvas, moodle, gradescope, brightspace, blackboard or github",
        field="platform",
    ),
    Option("file", "its gradebook, grading worksheet or roster", convert=_path_or_none, field="table"),
    Option("missing", "say who has not handed in", default=False),
)
YES = Option("yes", "remove it; without this you see what there is", default=False)
REQUESTS = Option("place", "a folder of mails or texts, or an mbox", convert=Path, positional=True)
ANSWER = Option("answer", "the request that is answered, as it is listed")
ANSWERED = Option("comment", "the answer, which the student reads on the page")
REQUEST_ADD = Option("add", "points to add with the answer; --add=-2 takes two")
UNDO = Option("undo", "the number of a decision that is to count no more")
ENTER = Option("enter", "enter it; without this you see who would move", default=False)
TO = Option(
    "to",
    "canvas, moodle, brightspace, blackboard, gradescope, autograder (a zip for Gradescope), junit or csv",
)
GIVEN_TO = Option("to", "canvas, moodle, brightspace, blackboard, mail or folder")
AT = Option(
    "at",
    "the assignment's address on Canvas, smtp://USER@HOST or smtps://, or the file or folder to write",
)
SENDER = Option("sender", "who mails are from, such as 'Ada Lovelace <ada@example.edu>'")
RECIPIENT = Option("student", "only these: one id, or several with commas between them")
OPEN = Option(
    "publish",
    "show what was decided since, and let this class's results go to students: until then they are a draft",
    default=False,
)
SEND = Option("send", "send it; without this you see who would get what", default=False)
AGAIN = Option("again", "send what has not changed, too", default=False, group=Group.SELDOM)
TEMPLATE = Option(
    "template", "the platform's gradebook, or Moodle's grading worksheet, to fill in", convert=_path_or_none
)
COLUMN = Option("column", "which column of it to fill, where that is not clear", convert=_text_or_none)
SCALE = Option("scale", "write the share of the platform's maximum instead of the points", default=False)
EXPORTED = Option("out", "the file or folder to write", convert=_path_or_none)
VISIBILITY = Option(
    "visibility",
    "for Gradescope: visible, after_due_date, after_published or hidden",
    "visible",
    group=Group.SELDOM,
)
WITH_KEY = Option(
    "with-key",
    "put the course key into the autograder, so that it draws the hidden inputs that you draw",
    default=False,
    group=Group.SELDOM,
)
SITE = Option("out", "where the site goes (default: reports)", "reports", Path)
COURSE = Option("folder", "the folder to make it in, new or empty", convert=Path, positional=True)
IN_NOTEBOOK = Option("notebook", "the answers are in a notebook, and no module is needed", default=False)
FLAT = Option("flat", "the answers are in a module that stands in no package", default=False)
PACKAGE = Option("package", "the answers are in a module of a package of this name (default: homework)")
NEW_ID = Option(
    "id", "lower-case letters, digits and hyphens, such as rnn", field="assignment_id", positional=True
)
FORMAT = Option("format", "whose it is: nbgrader or otter", positional=True)
IMPORTED = Option(
    "path", "nbgrader's source folder, otter's master notebook or its folder", convert=Path, positional=True
)
AS = Option("as", "what it is called here, such as ps1", field="assignment_id")
RELEASE_TO = Option(
    "to", "git: also the content of a repository for students, with workflows that run its public checks"
)
FOLDER = Option(
    "folder", "where that content goes: new, or a clone of it (default: dist/ID-git)", convert=_path_or_none
)
CHECK = Option("check", "change nothing; fail when the starter is out of date or leaks", default=False)
CERTIFY = Option(
    "certify",
    "certify the instruments in full, try every entry under twenty keys, and fuzz what reads files",
    default=False,
)
MATRIX = Option("matrix", "print what each check and each mistake came to, not only the sums", default=False)
PAGE = Option("out", "the page (default: docs/solution-ID.md)")

REVIEWER = Option("as", "who reviews (default: who is logged in)", field="who")
HOST = Option(
    "host",
    "where to serve: another than this machine lets the staff of people.csv in, each by a link",
    "127.0.0.1",
)
PORT = Option("port", "at which port (default: any that is free)")
NO_BROWSER = Option("no-browser", "show the link and open no browser", default=False)

_WHICH = (SUBMISSIONS, ASSIGNMENT, OUT)
_HOW = (ISOLATION, PLATFORM, FRESH, GRADEBOOK, SCHEDULER, CLUSTER)


@command()
def setup(root: Path) -> int:
    """Compile the course's fast layers; without a C compiler the slow ones stay."""
    from grader.commands.doctor import run_setup

    return run_setup(root)


@command()
def doctor(root: Path) -> int:
    """Say what isolation, compiler, clock and data this machine has, and what to install."""
    from grader.commands.doctor import run_doctor

    return run_doctor(root)


@command(COURSE, anywhere=True)
def init(_root: Path, folder: Path) -> int:
    """Make a course: its settings in pyproject.toml, folders, gate and CI; the engine stays where it is installed."""
    from grader.commands.new import run_init

    return run_init(folder)


@command(NEW_ID, IN_NOTEBOOK, FLAT, PACKAGE)
def new(root: Path, assignment_id: str, **asked: Any) -> int:
    """Make a new assignment: a tiny example that passes every gate, to be rewritten."""
    from grader.commands.new import run_new

    return run_new(root, assignment_id, **asked)


@command(FORMAT, IMPORTED, AS)
def import_(root: Path, **asked: Any) -> int:
    """Import an assignment of nbgrader or otter: answers, tests, points, questions for people, files."""
    from grader.commands.new import run_import

    return run_import(root, **asked)


@command(*_WHICH, ONLY, JOBS, DATA, NOTEBOOKS, RETRAIN, ANONYMOUS, *_HOW)
def grade(root: Path, **asked: Any) -> int:
    """Grade a folder of submissions: scores, feedback pages and a table at the end."""
    from grader.classrun.open import GradeOptions
    from grader.commands.grade import run_grade

    return run_grade(GradeOptions(root=root, **asked))


@command(STUDENT, REPLAYED, HANDED_IN, ASSIGNMENT, OUT, DATA, ISOLATION, PLATFORM, GRADEBOOK)
def replay(root: Path, *, student: str, check: str, **asked: Any) -> int:
    """Run one check again on one submission, and leave a program that makes the same calls outside the grader."""
    from grader.classrun.open import GradeOptions
    from grader.commands.replay import run_replay

    return run_replay(GradeOptions(root=root, **asked), student=student, check=check)


@command(ASSIGNMENT, OUT, REVIEWER, HOST, PORT, NO_BROWSER, GRADEBOOK)
def review(root: Path, **asked: Any) -> int:
    """Look at the class in a browser: code, checks and what waits; comment, judge, and publish."""
    from grader.commands.review import run_review

    return run_review(root, **asked)


@command(PREVIEW, OUT, DATA, JOBS, GRADEBOOK)
def upgrade(root: Path, *, preview: bool, **asked: Any) -> int:
    """Grade every published class with the numgrade that is installed, and make its scores those that are shown."""
    from grader.classrun.open import GradeOptions
    from grader.commands.grade import run_upgrade

    return run_upgrade(GradeOptions(root=root, assignment="", submissions=None, **asked), preview=preview)


@command(STUDENT, PART, POINTS, WHY, WHO, BEYOND, ASSIGNMENT, OUT, GRADEBOOK)
def adjust(root: Path, **asked: Any) -> int:
    """Give or take points by hand; kept across every regrade, with who, when and why."""
    from grader.commands.decide import DecideOptions, run_adjust

    return run_adjust(DecideOptions(root=root, **asked))


@command(*_ABOUT, *_DECIDED, WHY, WHO, BEYOND, UNDO, ENTER, ASSIGNMENT, OUT, GRADEBOOK)
def decide(root: Path, **asked: Any) -> int:
    """Decide about points and comments, for one, several or all; see who moves, then --enter. Alone, list decisions."""
    from grader.commands.decide import DecideOptions, run_decide

    return run_decide(DecideOptions(root=root, **asked))


@command(STUDENT, YES, WHO, OUT, GRADEBOOK)
def forget(root: Path, **asked: Any) -> int:
    """Remove a student: files, results, pages, decisions and their row of people.csv. First see what; --yes does it."""
    from grader.commands.forget import ForgetOptions, run_forget

    return run_forget(ForgetOptions(root=root, **asked))


@command(REQUESTS, ANSWER, ANSWERED, REQUEST_ADD, WHO, ASSIGNMENT, OUT, GRADEBOOK)
def requests(root: Path, **asked: Any) -> int:
    """List what students ask to have looked at again, in mails or texts, and keep answers with their grades."""
    from grader.commands.requests import RequestOptions, run_requests

    return run_requests(RequestOptions(root=root, **asked))


@command(*_PEOPLE, ASSIGNMENT, OUT, GRADEBOOK)
def people(root: Path, **asked: Any) -> int:
    """Keep people.csv: who is who on which platform, in which section; and say who has not handed in."""
    from grader.commands.people import PeopleOptions, run_people

    return run_people(PeopleOptions(root=root, **asked))


@command(*_WHICH, PUBLISH, WHO, JOBS, DATA, NOTEBOOKS, *_HOW)
def regrade(root: Path, *, publish: bool, who: str, **asked: Any) -> int:
    """Grade again what a change to checks, solution or files affects, and say whose score would move and why."""
    from grader.classrun.open import GradeOptions
    from grader.commands.grade import run_regrade

    return run_regrade(GradeOptions(root=root, **asked), publish=publish, who=who)


@command(
    TO,
    GRADES,
    GRADED,
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
    """Write the scores for Canvas, Moodle, Brightspace, Blackboard, Gradescope, JUnit or a spreadsheet."""
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
    """Give each student score, comments and page, on Canvas or by mail or file; see who gets what, then --send."""
    from grader.commands.returning import run_return
    from grader.reporting.returning.targets import ReturnOptions

    return run_return(ReturnOptions(root=root, **asked))


@command(GRADES, GRADED, SITE, PLATFORM)
def report(root: Path, **asked: Any) -> int:
    """Write what the class learned as a static site: parts, mistakes, checks, time, answers that are alike."""
    from grader.commands.report import run_report
    from grader.reporting.class_report import ReportOptions

    return run_report(ReportOptions(root=root, **asked))


@command(ASSIGNMENT, CERTIFY, MATRIX)
def validate(root: Path, assignment: str, *, certify: bool, matrix: bool) -> int:
    """Test the assignment and the engine: mistakes, variants, attacks, and the instruments' error rates."""
    from grader.commands.validate import run_validate

    return run_validate(root, assignment, certify=certify, matrix=matrix)


@command(ASSIGNMENT, CHECK, RELEASE_TO, FOLDER)
def release(root: Path, assignment: str, *, check: bool, to: str, folder: Path | None) -> int:
    """Make the starter and a reproducible archive in dist/ from the assignment's solution ([folders] says where)."""
    from grader.commands.release import run_release

    return run_release(root, assignment, check=check, to=to, folder=folder)


@command(ASSIGNMENT, PAGE)
def solution(root: Path, assignment: str, out: str) -> int:
    """Write the solution, without banners, as one page of the documentation."""
    from grader.commands.release import run_solution

    return run_solution(root, assignment, out)


namespace = Collection(
    setup,
    doctor,
    init,
    new,
    import_,
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


class Numgrade(Program):
    """The command ``numgrade``: invoke's program, with a manual that begins with what is needed every day."""

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
