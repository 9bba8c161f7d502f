"""The web application: what each address answers. Pages are read, forms are sent, and nothing else is served.

Every answer is made of the gradebook alone. A form that was sent is a batch of decisions; the same form sent twice, as
when an answer got lost, is entered once; one about what somebody else changed meanwhile is shown beside theirs.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from grader.course.assignment import Assignment
from grader.course.roles import Act, acts_for
from grader.gradebook import ClassState, Gradebook, Outdated, Standing, decide
from grader.gradebook.published import final_of
from grader.gradebook.reviewers import looking, mark_looking
from grader.progress import unwatched
from grader.reporting.text import whole_number
from grader.results import CodeText, Decision, DecisionKind, Refusal, SubmissionReport
from grader.review.access import INERT, VALID_SECONDS, Guard, Keys, Reviewer, Served, form_fields
from grader.review.class_view import ClassCache, ClassView, Reviewed
from grader.review.entries import Entry, EntryRefused, Sent, application, entries_of
from grader.review.pages import FILES, Frame, file_version, render
from grader.review.queue import (
    PAGE,
    Filters,
    choices,
    grader_progress,
    grouped,
    listed_in,
    neighbours,
    part_progress,
    shared_out,
)

SIGN_OF_LIFE = 10.0
"""Seconds after which it is remembered again that somebody still looks at a submission."""

_MOST_GRADERS = 50
_KEPT_PAGE = "private, max-age=31536000, immutable"

Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Review:
    """What the application is about.

    Attributes
    ----------
    out
        The folder of reports that is brought up to date when somebody publishes.
    """

    book: Gradebook
    assignment: Assignment
    cache: ClassCache
    out: Path
    keys: Keys
    served: Served
    seen_alive: dict[str, tuple[str, float]] = field(default_factory=dict)

    def app(self) -> Starlette:
        """Return the application."""
        routes = [
            Route("/enter", self._enter),
            Route("/", self._page(self._queue)),
            Route("/s/{key}", self._page(self._submission)),
            Route("/s/{key}", self._form(self._decide), methods=["POST"]),
            Route("/s/{key}/attempts", self._page(self._attempts)),
            Route("/s/{key}/notebook/{at:int}", self._page(self._notebook)),
            Route("/decisions", self._page(self._decisions)),
            Route("/decisions", self._form(self._take_back), methods=["POST"]),
            Route("/share", self._form(self._share), methods=["POST"]),
            Route("/publish", self._page(self._to_publish)),
            Route("/publish", self._form(self._publish), methods=["POST"]),
            Route("/blind", self._form(self._set_blind), methods=["POST"]),
            Route("/changes", self._page(self._changes)),
            Route("/static/{name}", self._static),
        ]
        return Starlette(routes=routes, middleware=[Middleware(Guard, served=self.served)])

    # Who asks, and whether they may.

    async def _enter(self, request: Request) -> Response:
        """Exchange the token of a link for a cookie."""
        reviewer = self.keys.admitted(request.query_params.get("token", ""))
        if reviewer is None:
            return PlainTextResponse(
                "This link is of a server that has ended; open the link it shows now.", 403
            )
        # A redirect would come from the place where the link was, and Strict cookies do not follow from elsewhere.
        response = HTMLResponse(_ENTERED)
        response.set_cookie(
            self.served.cookie_name,
            self.keys.cookie(reviewer),
            max_age=VALID_SECONDS,
            httponly=True,
            samesite="strict",
        )
        return response

    def _frame(self, request: Request) -> Frame | None:
        cookie = request.cookies.get(self.served.cookie_name, "")
        reviewer = self.keys.known(cookie) if cookie else None
        if reviewer is None:
            return None
        blind = request.cookies.get(f"{self.served.cookie_name}-blind") == "1"
        has = frozenset(request.headers.get("review-has", "").split())
        return Frame(self.cache.view(), reviewer, self.keys.form_token(cookie), blind, self.out, has)

    def _page(self, answer: Callable[[Request, Frame], Response]) -> Handler:
        async def handler(request: Request) -> Response:
            return await run_in_threadpool(self._answered, request, answer)

        return handler

    def _form(self, answer: Callable[[Request, Frame, Mapping[str, str]], Response]) -> Handler:
        async def handler(request: Request) -> Response:
            body = await request.body()
            return await run_in_threadpool(
                self._answered, request, lambda *given: self._sent(answer, body, *given)
            )

        return handler

    def _answered(self, request: Request, answer: Callable[[Request, Frame], Response]) -> Response:
        frame = self._frame(request)
        if frame is None:
            return PlainTextResponse("Open the link that `numgrade review` shows: it lets you in.", 401)
        try:
            return answer(request, frame)
        except Refusal as error:
            return HTMLResponse(render("problem.html", frame, message=str(error)), 400)

    def _sent(
        self,
        answer: Callable[[Request, Frame, Mapping[str, str]], Response],
        body: bytes,
        request: Request,
        frame: Frame,
    ) -> Response:
        try:
            fields = form_fields(body)
        except ValueError as error:
            raise EntryRefused("the form has too many fields") from error
        if not _same(fields.get("form", ""), frame.form_token):
            return PlainTextResponse("This form is of another visit; load the page again.", 403)
        return answer(request, frame, fields)

    # Pages.

    def _queue(self, request: Request, frame: Frame) -> Response:
        filters = Filters.of(request.query_params)
        found = listed_in(frame.view, filters, frame.reviewer.name, blind=frame.blind)
        asked = whole_number(request.query_params.get("page", "1")) or 1
        pages, present = max(-(-len(found) // PAGE), 1), self._present(frame)
        at = min(asked, pages)
        return HTMLResponse(
            render(
                "queue.html",
                frame,
                filters=filters,
                found=found,
                rows=found[(at - 1) * PAGE : at * PAGE],
                groups=grouped(found) if filters.group else (),
                page=at,
                pages=pages,
                parts=part_progress(frame.view),
                graders=grader_progress(frame.view),
                choices=choices(frame.view),
                present=present,
                told=_told(present),
            )
        )

    def _submission(self, request: Request, frame: Frame) -> Response:
        return self._page_of(frame, self._student(request, frame), Filters.of(request.query_params))

    def _page_of(self, frame: Frame, student: Reviewed, filters: Filters) -> Response:
        from grader.review.submission import reusable, submission_page  # noqa: PLC0415 - the first page goes before

        self._look(frame, student)
        place = neighbours(frame.view, filters, student.key, frame.reviewer.name, blind=frame.blind)
        report, code, notebooks = self._read(student.standing)
        shown, present = submission_page(frame, student, report, code, notebooks), self._present(frame)
        return HTMLResponse(
            render(
                "submission.html",
                frame,
                shown=shown,
                student=student,
                filters=filters,
                place=place,
                present=[name for name in present.get(student.key, ()) if name != frame.reviewer.name],
                told=_told(present),
                reused=reusable(frame.view, shown.first_open),
            )
        )

    def _attempts(self, request: Request, frame: Frame) -> Response:
        """Show what changed between two attempts; without a word, between the last two."""
        from grader.review.submission import diff_lines  # noqa: PLC0415 - as above

        student = self._student(request, frame)
        known = {str(each.arrival_id): each for each in student.attempts}
        ids = list(known)
        one = known.get(request.query_params.get("from", ""), known[ids[max(len(ids) - 2, 0)]])
        other = known.get(request.query_params.get("to", ""), known[ids[-1]])
        with self.book.reading() as session:
            state = ClassState(session, self.cache.section_id, self.assignment, _no_days)
            files = tuple(diff_lines(state.code(one), state.code(other)))
        return HTMLResponse(
            render("attempts.html", frame, student=student, one=one, other=other, files=files)
        )

    def _notebook(self, request: Request, frame: Frame) -> Response:
        """Answer a notebook that ran, in a page that may do nothing."""
        student = self._student(request, frame)
        with self.book.reading() as session:
            notebooks = ClassState(session, self.cache.section_id, self.assignment, _no_days).notebooks(
                student.standing
            )
        at = int(request.path_params["at"])
        if at >= len(notebooks):
            raise EntryRefused("this submission has no such notebook")
        return HTMLResponse(notebooks[at].html, headers={"content-security-policy": INERT})

    def _decisions(self, _request: Request, frame: Frame) -> Response:
        counting = {each.number for _, each in frame.view.decided.counting}
        return HTMLResponse(render("decisions.html", frame, batches=_batches(frame.view), counting=counting))

    def _to_publish(self, _request: Request, frame: Frame) -> Response:
        from grader.classrun.run import unpublished  # noqa: PLC0415 - what runs classes takes its time to import

        found = unpublished(self.book, self.assignment, self.out)
        names = {each.standing.shown: each for each in frame.view.students}
        moves = sorted(found.moves, key=lambda each: (each.change, each.id))
        return HTMLResponse(
            render(
                "publish.html", frame, moves=moves, students=found.students, names=names, out=self.out.name
            )
        )

    def _changes(self, request: Request, frame: Frame) -> Response:
        """Say whether anything changed, and who looks at what."""
        student = frame.view.by_key.get(request.query_params.get("s", ""))
        if student is not None:
            self._look(frame, student)
        present = self._present(frame)
        return JSONResponse({"version": frame.view.version, "present": present})

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in FILES:
            return PlainTextResponse("There is no such file.", 404)
        path, kind = FILES[name]
        kept = request.query_params.get("v") == file_version(name)
        headers = {"cache-control": _KEPT_PAGE} if kept else {}
        return Response(path.read_bytes(), media_type=kind, headers=headers)

    # What is sent.

    def _decide(self, request: Request, frame: Frame, fields: Mapping[str, str]) -> Response:
        student = self._student(request, frame)
        code: tuple[CodeText, ...] = ()
        if fields.get("line"):
            code = self._read(student.standing)[1]
        sent = Sent(frame.view, student, frame.reviewer.name, fields, code)
        entries = self._allowed(frame, entries_of(sent))
        filters = Filters.of(request.query_params)
        if fields.get("all") and not fields.get("confirmed"):
            return self._preview(frame, student, sent, entries, filters)
        name = entry_name(self.assignment.id, frame.reviewer, student.key, fields)
        try:
            entered = self._entered(frame, entries, entry=name, seen=_seen(fields, frame.view.version))
        except Outdated as error:
            page = render(
                "conflict.html", frame, student=student, others=error.others, sent=sent, filters=filters
            )
            return HTMLResponse(page, 409)
        if sent.text("do") == "item" and fields.get("apply"):
            self._apply_new(frame, student, entered, fields, name)
        return self._gone_on(request, self._after(frame, student, filters, fields), filters)

    def _gone_on(self, request: Request, there: str, filters: Filters) -> Response:
        """Send a browser on to a page; to a script, which says what it has, answer with the page of a submission."""
        frame = self._frame(request) if "review-has" in request.headers else None
        key = there.partition("?")[0].removeprefix("/s/")
        student = frame.view.by_key.get(key) if frame else None
        if frame is None or student is None:
            return RedirectResponse(there, 303)
        answer = self._page_of(frame, student, filters)
        answer.headers["content-location"] = there
        return answer

    def _apply_new(
        self,
        frame: Frame,
        student: Reviewed,
        entered: tuple[Decision, ...],
        fields: Mapping[str, str],
        name: str,
    ) -> None:
        """Apply the item that was just made, also where it was made by the same form before the answer got lost."""
        view = self.cache.view()
        alike = (each for each in view.items if each.why == fields.get("text", "").strip())
        item = entered[0].number if entered else max((each.item for each in alike), default=0)
        if item:
            about = [(student.facts.id, application(item, frame.reviewer.name))]
            self._entered(frame, about, entry=f"{name} applied")

    def _preview(
        self, frame: Frame, student: Reviewed, sent: Sent, entries: tuple[Entry, ...], filters: Filters
    ) -> Response:
        """Show who would move, before anything is entered for many."""
        moves = {each.id: each for each in self.cache.moves(frame.view, entries)}
        about = {id for id, _ in entries}
        those = [each for each in frame.view.students if each.facts.id in about]
        page = render(
            "preview.html",
            frame,
            student=student,
            sent=sent,
            those=those,
            moves=moves,
            filters=filters,
            decision=entries[0][1],
        )
        return HTMLResponse(page)

    def _after(self, frame: Frame, student: Reviewed, filters: Filters, fields: Mapping[str, str]) -> str:
        """Return where to go from here: the same page, or the next."""
        key = student.key
        if fields.get("next"):
            *_, later = neighbours(frame.view, filters, key, frame.reviewer.name, blind=frame.blind)
            if not later:
                return f"/{filters.query}"
            key = later
        return f"/s/{key}{filters.query}"

    def _take_back(self, _request: Request, frame: Frame, fields: Mapping[str, str]) -> Response:
        number = fields.get("number", "")
        if not number.isdecimal() or not frame.view.students:
            raise EntryRefused("the form says no decision; load the page again")
        sent = Sent(frame.view, frame.view.students[0], frame.reviewer.name, {**fields, "do": "undo"})
        entry = entry_name(self.assignment.id, frame.reviewer, "decisions", fields)
        seen = _seen(fields, frame.view.version)
        self._entered(frame, self._allowed(frame, entries_of(sent)), entry=entry, seen=seen)
        return RedirectResponse("/decisions", 303)

    def _share(self, request: Request, frame: Frame, fields: Mapping[str, str]) -> Response:
        """Share out what the queue lists."""
        self._require(frame.reviewer, Act.DECIDE)
        graders = [each.strip() for each in fields.get("graders", "").split(",") if each.strip()][
            :_MOST_GRADERS
        ]
        if not graders:
            raise EntryRefused("name those who share the work, with commas between them")
        filters = Filters.of(request.query_params)
        found = listed_in(frame.view, filters, frame.reviewer.name, blind=frame.blind)
        part = filters.part or "total"
        entries = [
            (each.facts.id, Decision(part, DecisionKind.SHARE, 0.0, grader, frame.reviewer.name))
            for each, grader in shared_out(found, graders)
        ]
        if entries:
            entry = entry_name(self.assignment.id, frame.reviewer, f"share{filters.query}", fields)
            self._entered(frame, entries, entry=entry)
        return RedirectResponse(f"/{filters.query}", 303)

    def _publish(self, _request: Request, frame: Frame, _fields: Mapping[str, str]) -> Response:
        self._require(frame.reviewer, Act.PUBLISH)
        from grader.classrun.run import publish_again  # noqa: PLC0415 - as above

        publish_again(self.book, self.assignment, self.out, unwatched)
        return RedirectResponse("/publish", 303)

    def _set_blind(self, _request: Request, _frame: Frame, fields: Mapping[str, str]) -> Response:
        response = RedirectResponse("/", 303)
        name = f"{self.served.cookie_name}-blind"
        if fields.get("on"):
            response.set_cookie(name, "1", httponly=True, samesite="strict", max_age=VALID_SECONDS)
        else:
            response.delete_cookie(name, httponly=True, samesite="strict")
        return response

    # What they are made of.

    def _student(self, request: Request, frame: Frame) -> Reviewed:
        student = frame.view.by_key.get(request.path_params["key"])
        if student is None:
            raise EntryRefused("there is no such submission in this class")
        return student

    def _entered(
        self, frame: Frame, entries: Sequence[Entry], *, entry: str, seen: int | None = None
    ) -> tuple[Decision, ...]:
        """Enter decisions; students are named by what is theirs alone on whatever platform they are."""
        by_id = frame.view.by_id
        named = [(None if student is None else by_id[student].key, each) for student, each in entries]
        return decide(self.book, self.assignment.id, named, entry=entry, seen=seen)

    def _allowed(self, frame: Frame, entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
        """Return what is to be entered, if the reviewer may."""
        entered = (each for _, each in frame.view.decided.entered)
        for act in acts_for((each for _, each in entries), entered):
            self._require(frame.reviewer, act)
        return entries

    def _require(self, reviewer: Reviewer, act: Act) -> None:
        if not reviewer.may(act):
            raise EntryRefused(f"{reviewer.name} may not {act} as {reviewer.role}; nothing was entered")

    def _read(
        self, standing: Standing
    ) -> tuple[SubmissionReport, tuple[CodeText, ...], tuple[tuple[str, str], ...]]:
        """Return the report with its words, the code, and what there is of notebooks."""
        with self.book.reading() as session:
            state = ClassState(session, self.cache.section_id, self.assignment, _no_days)
            id = standing.grading_id
            checks = state.checks({id}).get(id, []) if id is not None else []
            code = state.code(standing) if id is not None else ()
            notebooks = tuple((each.name, each.summary) for each in state.notebooks(standing))
        return final_of(standing, checks, self.assignment), code, notebooks

    def _look(self, frame: Frame, student: Reviewed) -> None:
        """Remember who looks at what, now and then."""
        name, moment = frame.reviewer.name, time.monotonic()
        last, when = self.seen_alive.get(name, ("", 0.0))
        if last != student.key or moment - when > SIGN_OF_LIFE:
            mark_looking(self.book, self.assignment.id, name, student.standing.student)
            self.seen_alive[name] = student.key, moment

    def _present(self, frame: Frame) -> dict[str, list[str]]:
        """Return by submission who looks at it."""
        keys = {each.standing.student: each.key for each in frame.view.students}
        with self.book.reading() as session:
            found: dict[str, list[str]] = {}
            for name, student in looking(session, self.assignment.id).items():
                if student in keys:
                    found.setdefault(keys[student], []).append(name)
        return found


_ENTERED = (
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/">'
    '<link rel="icon" href="data:,"><title>Review</title><p><a href="/">Go to the review</a></p></html>'
)


def _told(present: Mapping[str, Sequence[str]]) -> str:
    """Return who looks at what as a script compares it."""
    return json.dumps(present, ensure_ascii=False, separators=(",", ":"))


def _no_days(_student: str) -> int:
    """Stand for the late days of the term, which what is read here does not ask for."""
    return 0


def entry_name(assignment_id: str, reviewer: Reviewer, about: str, fields: Mapping[str, str]) -> str:
    """Return what an entry is called: the same for a form that is sent again, as when its answer got lost."""
    form = sorted((name, each) for name, each in fields.items() if name != "form")
    said = repr((assignment_id, reviewer.name, about, form))
    return hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()


def _seen(fields: Mapping[str, str], now: int) -> int:
    """Return up to which state the sender knew the class; a page always says."""
    said = whole_number(fields.get("seen", ""))
    return now if said is None else said


def _same(one: str, other: str) -> bool:
    return hashlib.sha256(one.encode("utf-8", "replace")).digest() == hashlib.sha256(other.encode()).digest()


def _batches(view: ClassView) -> list[Decision]:
    """Return what was entered together, the latest first."""
    found: dict[int, Decision] = {}
    for _, each in view.decided.entered:
        found.setdefault(each.number, each)
    return [found[each] for each in sorted(found, reverse=True)]
