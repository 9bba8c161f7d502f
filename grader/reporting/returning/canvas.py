"""Canvas, by its API: grade and comment in one request, with the page attached under a name that is asked for later.

A request that Canvas turns away because there were too many is made again after a while, and only such a one: of any
other that was not answered nobody knows what became of it, so Canvas is asked before the next.
"""

from __future__ import annotations

import os
import re
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from canvasapi import Canvas
from canvasapi.exceptions import (
    BadRequest,
    CanvasException,
    Forbidden,
    InvalidAccessToken,
    RateLimitExceeded,
    ResourceDoesNotExist,
    Unauthorized,
    UnprocessableEntity,
)
from canvasapi.upload import Uploader
from requests import RequestException

from grader.course.people import CourseMember
from grader.intake.arrivals import Person
from grader.patience import LOOPBACK, WAITS, Patient
from grader.reporting.exports.gradebook_sheet import may_be_called
from grader.reporting.files import write_atomically
from grader.reporting.returning.feedback import Feedback
from grader.reporting.returning.targets import ReturnOptions, ReturnRefused, ReturnStopped, Sender
from grader.reporting.text import number, one_line
from grader.sandbox.scratch import temporary_folder

TOKEN = "CANVAS_TOKEN"  # noqa: S105 - the name of an environment variable
_PAGE_NAME = re.compile(r"feedback-[0-9a-f]{12}")
"""What a page of ours is called, whatever number Canvas adds to it."""

_ADDRESS = re.compile(r"^(?P<host>https?://[^/]+)/courses/(?P<course>\d+)/assignments/(?P<assignment>\d+)")
_NEW_TOKEN = (
    f"make a new one there (Account, Settings, New Access Token), put it into {TOKEN} and run this again: "
    "it goes on with what is left"
)
_PAGE = 100
_TRIES = 3
_LONGEST_REASON = 120
_LEAST = 0.01


@dataclass(frozen=True, slots=True, init=False)
class CanvasTarget:
    """One assignment of a course on Canvas."""

    place: str
    together: bool
    host: str
    course: int
    assignment: int
    scale: bool

    def __init__(self, options: ReturnOptions) -> None:
        found = _ADDRESS.match(options.at)
        if found is None:
            raise ReturnRefused(
                "name the assignment on Canvas by the address of its page: "
                "--at https://canvas.example.edu/courses/123/assignments/456"
            )
        if options.at.startswith("http:") and urlsplit(options.at).hostname not in LOOPBACK:
            raise ReturnRefused(f"{found['host']} would get the token unencrypted; write https://")
        for name, value in (
            ("place", f"canvas {found[0]}"),
            ("together", False),
            ("host", found["host"]),
            ("course", int(found["course"])),
            ("assignment", int(found["assignment"])),
            ("scale", options.scale),
        ):
            object.__setattr__(self, name, value)

    def identity(self, person: Person, member: CourseMember | None) -> str:
        """Return Canvas's number of somebody: people.csv's, else the download's."""
        known = member.platforms.get("canvas", "") if member is not None else ""
        number = known or person.lms_id
        return number if number.isdecimal() else ""

    @contextmanager
    def connect(self, items: Sequence[Feedback]) -> Iterator[Sender]:  # noqa: ARG002 - only who is due is looked up
        """Look at the assignment and at what every student has there, page by page."""
        token = os.environ.get(TOKEN, "")
        if not token:
            raise ReturnRefused(
                f"put your Canvas token into the environment variable {TOKEN}; it is never shown"
            )
        with _plain_errors(), temporary_folder("return-") as folder:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # about http, which only loopback gets
                canvas = Canvas(self.host, token)
            # canvasapi has no way to hand it a session, and its own has no time limit and no patience.
            session = canvas._Canvas__requester._session
            for scheme in ("https://", "http://"):
                session.mount(scheme, Patient())
            assignment = canvas.get_course(self.course).get_assignment(self.assignment)
            include = ["submission_comments", "user"]
            seen = {
                str(each.user_id): each
                for each in assignment.get_submissions(include=include, per_page=_PAGE)
            }
            yield _CanvasSender(assignment, seen, Path(folder), scale=self.scale)


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what stops everything into a sentence."""
    try:
        yield
    except InvalidAccessToken as error:
        raise ReturnStopped(f"Canvas does not take the token (expired, or deleted?); {_NEW_TOKEN}") from error
    except (Unauthorized, Forbidden) as error:
        if _is_rate(error):
            raise ReturnStopped(
                "Canvas lets no more requests through for now; run this again later"
            ) from error
        raise ReturnStopped(
            "the token's owner may not grade this assignment on Canvas; use a teacher's or TA's"
        ) from error
    except ResourceDoesNotExist as error:
        raise ReturnStopped(
            "Canvas has no such course or assignment for you; look at the address after --at"
        ) from error
    except (CanvasException, RequestException) as error:
        raise ReturnStopped(
            f"Canvas does not answer as it should ({_short(error)}); run this again later"
        ) from error


def _is_rate(error: Exception) -> bool:
    return isinstance(error, RateLimitExceeded) or "rate limit" in str(error).casefold()


def _short(error: Exception) -> str:
    return one_line(str(error) or type(error).__name__, _LONGEST_REASON)


class _CanvasSender:
    """Gives grades and comments to the students of an assignment.

    Parameters
    ----------
    seen
        By user number what each had when the run began.
    """

    def __init__(
        self,
        assignment: Any,
        seen: Mapping[str, Any],
        folder: Path,
        *,
        scale: bool,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.notes: list[str] = []
        self._assignment = assignment
        self._seen = seen
        self._folder = folder
        self._scale = scale
        self._sleep = sleep
        self._reached: set[float] = set()

    def has(self, item: Feedback) -> bool | None:
        """Ask which page was attached last; anew where a run was ended meanwhile."""
        if item.to not in self._seen:
            return False
        return self._has_now(item) if item.unsure else _carries(self._seen[item.to], item.page_name)

    def send(self, items: Sequence[Feedback]) -> Mapping[str, str]:
        """Give one student after the other grade and comment."""
        found = ((item.student, self._why_not(item) or self._give(item)) for item in items)
        return {student: reason for student, reason in found if reason}

    def _why_not(self, item: Feedback) -> str:
        there = self._seen.get(item.to)
        if there is None:
            return f"{item.to} is no student of this assignment on Canvas"
        if getattr(there, "excused", False):
            return "is excused on Canvas, which stays"
        listed = item.member is not None and item.member.platforms.get("canvas") == item.to
        called = getattr(there, "user", {}).get("name", "")
        if not listed and not (item.person.name and called and may_be_called(item.person.name, called)):
            return (
                f"{item.to} is {one_line(called, 40) or 'somebody'} on Canvas; say in people.csv who this is"
            )
        return ""

    def _give(self, item: Feedback) -> str:
        """Grade and comment; return why that cannot be, for this student alone."""
        for tried in range(_TRIES):
            try:
                if not tried or not self._has_now(item):
                    self._check(item, self._put(item))
            except (InvalidAccessToken, RateLimitExceeded):
                with _plain_errors():
                    raise
            except (Unauthorized, Forbidden, BadRequest, ResourceDoesNotExist, UnprocessableEntity) as error:
                if _is_rate(error):
                    with _plain_errors():
                        raise
                return f"Canvas refuses it: {_short(error)}"
            except (CanvasException, RequestException):
                if tried == _TRIES - 1:
                    with _plain_errors():
                        raise
                self._sleep(WAITS[tried])
            else:
                break
        return ""

    def _put(self, item: Feedback) -> Any:
        page = write_atomically(self._folder / item.page_name, item.page.read_bytes())
        there = self._seen[item.to]
        where = f"courses/{there.course_id}/assignments/{there.assignment_id}/submissions/{item.to}/comments/files"
        uploaded, file = Uploader(there._requester, where, page, content_type="text/html").start()
        page.unlink()
        if not uploaded:
            raise CanvasException("the page could not be uploaded")
        return there.edit(
            submission={"posted_grade": number(self._points(item))},
            comment={"text_comment": item.words, "file_ids": [file["id"]]},
        )

    def _points(self, item: Feedback) -> float:
        score, most = item.report.score, item.report.max_score
        possible = getattr(self._assignment, "points_possible", None)
        return score * possible / most if self._scale and possible and most else score

    def _check(self, item: Feedback, after: Any) -> None:
        """Say where Canvas made something else of a grade, and once where it counts to another maximum."""
        score, possible = getattr(after, "score", None), getattr(self._assignment, "points_possible", None)
        if score is not None and abs(float(score) - self._points(item)) > _LEAST:
            self.notes.append(
                f"Canvas made {number(float(score))} of {item.shown}'s {number(self._points(item))} points: "
                "it has a late policy of its own, or a grading scheme"
            )
        most = item.report.max_score
        if not self._scale and possible not in {None, most} and most not in self._reached:
            self._reached.add(most)
            self.notes.append(
                f"Canvas counts {number(float(possible))} points and {number(most)} could be reached here; the points "
                "were written as they are (--scale writes the share)"
            )

    def _has_now(self, item: Feedback) -> bool:
        with _plain_errors():
            there = self._assignment.get_submission(int(item.to), include=["submission_comments"])
        return _carries(there, item.page_name)


def _carries(submission: Any, page_name: str) -> bool:
    """Say whether the page of ours that was attached last is this one.

    An older one says nothing: where a decision was undone, what Canvas has is that of the decision. Nor does one
    that the student attached to an answer.
    """
    comments = getattr(submission, "submission_comments", None) or ()
    student = getattr(submission, "user_id", None)
    given = [
        (str(each.get("created_at") or ""), names)
        for each in comments
        if each.get("author_id") != student and (names := _pages_of(each))
    ]
    given.sort(key=lambda each: each[0])
    return bool(given) and page_name.removesuffix(".html") in given[-1][1]


def _pages_of(comment: Mapping[str, Any]) -> frozenset[str]:
    files = comment.get("attachments") or ()
    called = " ".join(f"{file.get('display_name')} {file.get('filename')}" for file in files)
    return frozenset(_PAGE_NAME.findall(called))
