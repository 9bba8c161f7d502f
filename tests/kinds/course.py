"""Write a course with one small assignment, release it, and grade what students hand in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent
from zlib import crc32

from grader.authoring.release import release
from grader.course.assignment import Assignment
from grader.course.regions import RULE
from grader.course.repository import Course
from grader.grading import Grader, load_grader
from grader.intake.arrivals import Candidate
from grader.plan import GradingPlan
from grader.results import SubmissionReport
from grader.sandbox import choose_isolation

HEAD = 'id = "{id}"\nversion = "1"\ntitle = "Tiny"\n'
FOLDERS = '\n[folders]\nsolution = "assignments/{id}/solution"\nstarter = "assignments/{id}/starter"\n'

Files = Mapping[str, str | bytes]


def answer(text: str, margin: str = "") -> str:
    """Return `text` between banners."""
    opening = f"{RULE}\n# YOUR CODE HERE:\n#   Say it.\n{RULE}\n"
    return indent(f"{opening}{dedent(text)}{RULE}\n# END YOUR CODE HERE\n{RULE}\n", margin)


def function(name: str, arguments: str, text: str) -> str:
    """Return a function whose answer `text` stores "out"."""
    return f"def {name}({arguments}):\n    out = None\n{answer(text, '    ')}    return out\n\n\n"


def part(name: str, points: int = 10, **more: str) -> str:
    """Return a part that judges the function of its name."""
    keys = {"symbol": name, "title": name, **more}
    return f'\n[[parts]]\nid = "{name}"\npoints = {points}\n' + "".join(
        f'{k} = "{v}"\n' for k, v in keys.items()
    )


@dataclass(frozen=True)
class Tiny:
    """A course with one assignment, of a name of its own: a process keeps the checks of an assignment by its name."""

    root: Path

    @property
    def id(self) -> str:
        """What the assignment is called."""
        return f"tiny-{crc32(str(self.root).encode())}"

    @property
    def folder(self) -> Path:
        """Where the assignment is described."""
        return self.root / "assignments" / self.id

    @property
    def course(self) -> Course:
        """The course as the engine opens it."""
        return Course(self.root)

    @property
    def assignment(self) -> Assignment:
        """Its only assignment."""
        return self.course.load(self.id)

    @property
    def starter(self) -> Path:
        """What students receive."""
        return self.course.starter(self.assignment)

    @property
    def solution(self) -> Path:
        """The complete answers."""
        return self.course.solution(self.assignment)

    def release(self) -> Path:
        """Write what students receive, and return where it is."""
        release(self.assignment, self.root)
        return self.starter

    def grader(self, *, notebooks: bool = False, only: str | None = None) -> Grader:
        """Load the assignment to be graded."""
        isolation = choose_isolation("auto")
        return load_grader(GradingPlan(self.root, self.id, isolation, "key", only=only, notebooks=notebooks))

    def grade(
        self, folder: Path | None = None, *, notebooks: bool = False, only: str | None = None
    ) -> SubmissionReport:
        """Grade `folder`, by default the complete solution."""
        where = folder or self.solution
        return self.grader(notebooks=notebooks, only=only).grade(Candidate("ada", where))


def write(folder: Path, files: Files) -> Path:
    """Write `files` below `folder`."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def make(tmp_path: Path, toml: str, checks: str, solution: Files, **more: str) -> Tiny:
    """Write a course below `tmp_path`; `more` are further files of the assignment, dots in their names as ``__``."""
    bank = "from grader.bank import mistake, variant\n\n\n"
    first = next(
        line.split('"')[1] for line in toml.partition("[[parts]]")[2].splitlines() if line.startswith("id")
    )
    wrong = f'@mistake("{first}")\ndef nothing(*args):\n    """It is nothing."""\n    return 0\n'
    write(tmp_path, {"pyproject.toml": "[tool.numgrade]\n"})
    tiny = Tiny(tmp_path)
    write(
        tiny.folder,
        {
            "assignment.toml": (HEAD + toml.replace("[FOLDERS]", FOLDERS)).replace("{id}", tiny.id),
            "handout.md": "# {{ assignment.title }}\n",
            "checks/test_tiny.py": f"from grader.checking import *\n{checks}",
            f"mistakes/{first}.py": bank + wrong,
            "variants/form.py": bank + '@variant(form="tabs")\ndef tabs():\n    """Tabs."""\n',
            **{name.replace("__", "."): text for name, text in more.items()},
            **{f"solution/{path}": content for path, content in solution.items()},
        },
    )
    return tiny


def outcomes(report: SubmissionReport) -> dict[str, str]:
    """Return what became of each check."""
    assert not report.error, (report.error, report.flags)
    return {check.id: str(check.outcome) for check in report.checks}
