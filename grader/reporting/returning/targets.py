"""What a place that takes feedback has to offer, and which places there are."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from grader.course.people import CourseMember
from grader.intake.arrivals import Person
from grader.plugins import EntryGroup, added
from grader.reporting.returning.feedback import Feedback
from grader.results import Refusal


class ReturnRefused(Refusal):
    """Nothing can be returned as asked; the message says what to do."""


class ReturnStopped(Refusal):
    """The place takes nothing more now; what was sent is written down, and the next run goes on behind it.

    Attributes
    ----------
    nothing_sent
        Whether what was being sent has surely not left.
    """

    def __init__(self, message: str, *, nothing_sent: bool = False) -> None:
        super().__init__(message)
        self.nothing_sent = nothing_sent


@dataclass(frozen=True, slots=True)
class ReturnOptions:
    """What the command line asked for.

    Attributes
    ----------
    at
        Where: the assignment's address on Canvas, a mail server, or the file or folder to write.
    sender
        Who mails are from.
    template
        The gradebook or worksheet of a platform to fill in.
    student
        One or several ids, with commas between them; empty for all.
    send
        Without it nothing leaves.
    publish, who
        Show what was decided since, and let the class's results go to students from now on; and who does.
    again
        Give what is unchanged, too.
    """

    root: Path
    to: str
    at: str = ""
    sender: str = ""
    template: Path | None = None
    column: str | None = None
    scale: bool = False
    student: str = ""
    send: bool = False
    publish: bool = False
    who: str = ""
    again: bool = False
    assignment: str = ""
    out: Path = Path("grades")
    gradebook: str = ""


class Sender(Protocol):
    """A place while it takes feedback.

    Attributes
    ----------
    notes
        What a person should know at the end.
    """

    notes: list[str]

    def has(self, item: Feedback) -> bool | None:
        """Say whether the place has just this already; None where it cannot tell, and sending could double it."""

    def send(self, items: Sequence[Feedback]) -> Mapping[str, str]:
        """Give feedback; return by student why they could not be given any.

        Raises
        ------
        ReturnStopped
            Nobody can be given any now.
        """


class Target(Protocol):
    """A place that takes feedback; one that shows a text of each result has a method `describe`, which makes it."""

    @property
    def place(self) -> str:
        """What the gradebook calls it."""

    @property
    def together(self) -> bool:
        """Whether everybody's is sent at once, as in a file, or one after the other."""

    def identity(self, person: Person, member: CourseMember | None) -> str:
        """Return what the place calls somebody; empty where that is not known."""

    def connect(self, items: Sequence[Feedback]) -> AbstractContextManager[Sender]:
        """Return what takes feedback; `items` are all that the place is to have in the end, unchanged ones too."""


def target_named(options: ReturnOptions) -> Target:
    """Return the place that the options name.

    Raises
    ------
    ReturnRefused
        There is none of that name, or it takes no feedback, or the options do not say enough.
    """
    places: Mapping[str, Callable[[ReturnOptions], Target]] = {
        "canvas": _of("canvas", "CanvasTarget"),
        "moodle": _of("files", "SheetTarget"),
        "brightspace": _of("files", "SheetTarget"),
        "blackboard": _of("files", "SheetTarget"),
        "gradescope": _gradescope,
        "mail": _of("mail", "mail_target"),
        "folder": _of("files", "FolderTarget"),
        "git": _of("files", "GitTarget"),
        **added(EntryGroup.PLACES),
    }
    if options.to not in places:
        asked = f"{options.to} is none of them" if options.to else "nothing was asked for"
        raise ReturnRefused(f"say where to, by --to {', '.join(places)}; {asked}")
    return places[options.to](options)


def _of(module: str, name: str) -> Callable[[ReturnOptions], Target]:
    """Return what makes a target; its module is loaded, with what it needs, when it is asked for."""

    def make(options: ReturnOptions) -> Target:
        try:
            home = importlib.import_module(f"grader.reporting.returning.{module}")
        except ModuleNotFoundError as error:
            raise ReturnRefused(
                f"returning to {options.to} needs the package {error.name}; "
                f"run: python -m pip install 'numgrade[{options.to}]'"
            ) from error
        target: Target = getattr(home, name)(options)
        return target

    return make


def _gradescope(_options: ReturnOptions) -> Target:
    raise ReturnRefused(
        "Gradescope takes scores and pages from its own autograder alone, and documents no upload of either: "
        "grade there (`numgrade export --to autograder`), or return by --to mail or --to folder"
    )
