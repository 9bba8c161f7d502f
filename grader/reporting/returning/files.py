"""Files that a person uploads or hands out: a platform's own gradebook with an archive of pages, and a plain folder.

Moodle takes an archive of feedback files. Whose one is, it reads from the name, which it parts at underscores: the full
name, the participant's number, and ``assignfeedback`` and ``file``; the rest is what the student sees.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from grader.course.people import CourseMember
from grader.course.repository import Course
from grader.intake.arrivals import Person
from grader.intake.names import clean_id
from grader.reporting.exports import Filling, Sheet, read_sheet
from grader.reporting.exports.export import SHEETS
from grader.reporting.exports.gradebook_sheet import parse_sheet
from grader.reporting.files import write_atomically
from grader.reporting.grades_csv import text_cell
from grader.reporting.markdown import result_text
from grader.reporting.returning.feedback import Feedback
from grader.reporting.returning.targets import ReturnOptions, ReturnRefused, Sender
from grader.reporting.text import counted
from grader.results import SCHEMA, ClassReport

_EPOCH = (1980, 1, 1, 0, 0, 0)
_LONGEST_NAME = 60
_NO_ROW = "the file has no row for this score; the notes say why"
_COMMENTS = "Feedback comments"
_PARTICIPANT = re.compile(r"(\d+)\s*$")
_UPLOAD = "upload it in Moodle: the assignment, Submissions, Actions, Upload multiple feedback files in a zip"
_LOGIN = re.compile(r"(?!\.)[A-Za-z0-9._-]{1,80}")
_POST = "post them, such as: gh issue create --repo ORG/hw5-LOGIN --title Feedback --body-file {path}/LOGIN/feedback.md"
_NO_PAGES = "the pages are not in it: --to folder writes them, to be handed out, and --to mail sends them"


class SheetTarget:
    """The gradebook or worksheet of a platform, filled for its upload; for Moodle also an archive of pages."""

    together = True

    def __init__(self, options: ReturnOptions) -> None:
        _, where = SHEETS[options.to]
        if options.template is None:
            raise ReturnRefused(f"name the file to fill in with --template; download it first ({where})")
        suffix = options.template.suffix or ".csv"
        self.place = options.to
        self.out = (
            Path(options.at)
            if options.at
            else options.template.with_name(f"{options.template.stem}-graded{suffix}")
        )
        if self.out.resolve() == options.template.resolve():
            raise ReturnRefused(f"--at must be another file than the template {options.template}")
        self.options = options

    def identity(self, person: Person, member: CourseMember | None) -> str:  # noqa: ARG002
        """Return the student's own id: the rows of the file say who that is on the platform."""
        return person.id

    @contextmanager
    def connect(self, items: Sequence[Feedback]) -> Iterator[Sender]:
        """Read the file to fill in."""
        assert self.options.template is not None  # noqa: S101 - else there would be no target
        yield _SheetSender(self, read_sheet(self.options.template), items)


class _SheetSender:
    """Fills one file with the scores of all, and packs the pages of those whose feedback is new."""

    def __init__(self, target: SheetTarget, sheet: Sheet, everybody: Sequence[Feedback]) -> None:
        self.notes: list[str] = []
        self._target = target
        self._sheet = sheet
        self._everybody = everybody

    def has(self, item: Feedback) -> bool | None:  # noqa: ARG002
        """Say no: to write a file again doubles nothing."""
        return False

    def send(self, items: Sequence[Feedback]) -> Mapping[str, str]:
        """Write the files."""
        options, out = self._target.options, self._target.out
        fill, _ = SHEETS[options.to]
        reports = tuple(each.report for each in self._everybody)
        students = {each.shown: _as_there(each, options.to) for each in self._everybody}
        report = ClassReport(SCHEMA, options.assignment, "", "", reports)
        filled = fill(report, students, self._sheet, options.column, scale=options.scale)
        self.notes += filled.notes
        data = self._commented(filled) if options.to == "moodle" else filled.data
        write_atomically(out, data)
        self.notes.append(f"{out}: {counted(filled.filled, 'score')}, to upload into {options.to.title()}")
        if options.to == "moodle":
            self._pack(items, filled)
        else:
            self.notes.append(_NO_PAGES)
        served = set(filled.rows.values())
        return {each.student: _NO_ROW for each in items if each.shown not in served}

    def _pack(self, items: Sequence[Feedback], filled: Filling) -> None:
        column = self._sheet.column("Identifier") or 0
        new = {each.shown: each for each in items}
        files = {}
        for row, shown in filled.rows.items():
            number = _PARTICIPANT.search(self._sheet.rows[row][column])
            if shown in new and number is not None:
                name = new[shown].person.name or shown
                files[feedback_name(name, number[1])] = new[shown].page.read_bytes()
        out = self._target.out.with_name(f"{self._target.out.stem}-feedback.zip")
        write_atomically(out, _zipped(files))
        self.notes.append(f"{out}: {counted(len(files), 'page')}; {_UPLOAD}")

    def _commented(self, filled: Filling) -> bytes:
        """Put what people wrote into cells that are empty: what stands there already is somebody's."""
        sheet = parse_sheet(filled.text, self._sheet.name, self._sheet.encoding)
        column = sheet.column(_COMMENTS)
        if column is None:
            return filled.data
        words = {each.shown: "\n\n".join(each.comments) for each in self._everybody if each.comments}
        cells = {
            (row, column): words[shown]
            for row, shown in filled.rows.items()
            if shown in words and not sheet.rows[row][column].strip()
        }
        return sheet.encode(sheet.fill(cells))


def _as_there(item: Feedback, platform: str) -> Person:
    """Return a student with what people.csv adds; not Moodle's number, which is another in each assignment."""
    if item.member is None:
        return item.person
    known = "" if platform == "moodle" else item.member.platforms.get(platform, "")
    return replace(
        item.person,
        name=item.person.name or item.member.name,
        email=item.person.email or item.member.email,
        lms_id=known or item.person.lms_id,
    )


def feedback_name(name: str, number: str) -> str:
    """Return what a page is called in an archive for Moodle; the name is for people and must part nothing."""
    shown = re.sub(r"[^\w .'-]|_", " ", name)[:_LONGEST_NAME].strip(" .~") or "Participant"
    return f"{shown}_{number}_assignfeedback_file_feedback.html"


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            member = zipfile.ZipInfo(name, date_time=_EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True, init=False)
class FolderTarget:
    """A folder with everybody's page, and a table that says whose each is."""

    path: Path
    place: str
    together: bool

    def __init__(self, options: ReturnOptions) -> None:
        path = Path(options.at or f"feedback-{Course(options.root).load(options.assignment).id}")
        for name, value in (("path", path), ("place", f"folder {path.resolve()}"), ("together", True)):
            object.__setattr__(self, name, value)

    def identity(self, person: Person, member: CourseMember | None) -> str:
        """Return the course's own id of somebody."""
        return member.id if member is not None else person.id

    @contextmanager
    def connect(self, items: Sequence[Feedback]) -> Iterator[Sender]:
        """Write to the folder."""
        yield _FolderSender(self.path, items)


class _FolderSender:
    """Copies pages, and writes the table of all."""

    def __init__(self, path: Path, everybody: Sequence[Feedback]) -> None:
        self.notes: list[str] = []
        self._path = path
        self._everybody = everybody

    def has(self, item: Feedback) -> bool | None:  # noqa: ARG002
        """Say no: to write a file again doubles nothing."""
        return False

    def send(self, items: Sequence[Feedback]) -> Mapping[str, str]:
        """Write the files, the table last."""
        for item in items:
            for page in (item.page, *item.notebooks):
                write_atomically(self._path / page.name, page.read_bytes())
        self._index(lambda item: item.page.name)
        return {}

    def _index(self, name: Callable[[Feedback], str]) -> None:
        """Write the table that says whose each file is."""
        table = io.StringIO()
        rows = csv.writer(table, lineterminator="\n")
        rows.writerow(["student", "name", "email", "score", "max_score", "page", "comments"])
        for each in self._everybody:
            known = each.member or each.person
            words = [text_cell(known.name or each.person.name), text_cell(known.email or each.person.email)]
            score = [each.report.score, each.report.max_score, name(each)]
            rows.writerow([text_cell(each.to), *words, *score, text_cell(" | ".join(each.comments))])
        index = write_atomically(self._path / "index.csv", table.getvalue())
        self.notes.append(
            f"{index}: {counted(len(self._everybody), 'student')}, with the page of each beside it"
        )


class GitTarget:
    """A folder with a text and a page for each student's repository, by the login that GitHub or GitLab knows."""

    together = True
    describe = staticmethod(result_text)

    def __init__(self, options: ReturnOptions) -> None:
        self.path = Path(options.at or f"feedback-{Course(options.root).load(options.assignment).id}-git")
        self.place = f"git {self.path.resolve()}"

    def identity(self, person: Person, member: CourseMember | None) -> str:
        """Return people.csv's login of somebody, else that of the clone."""
        listed = (
            "" if member is None else member.platforms.get("github", "") or member.platforms.get("gitlab", "")
        )
        cloned = person.lms_id if clean_id((person.lms_id,)) == person.id else ""
        login = listed or cloned
        return login if _LOGIN.fullmatch(login) else ""

    @contextmanager
    def connect(self, items: Sequence[Feedback]) -> Iterator[Sender]:
        """Write to the folder."""
        yield _GitSender(self.path, items)


class _GitSender(_FolderSender):
    """Writes the texts and pages of each repository, and the table of all."""

    def send(self, items: Sequence[Feedback]) -> Mapping[str, str]:
        """Write the files, the table last."""
        for item in items:
            folder = self._path / item.to
            write_atomically(folder / "feedback.md", item.text)
            write_atomically(folder / "feedback.html", item.page.read_bytes())
            for page in item.notebooks:
                write_atomically(folder / page.name, page.read_bytes())
        self._index(lambda each: f"{each.to}/feedback.md")
        self.notes.append(_POST.format(path=self._path))
        return {}
