"""Serve the review of a class: find the class, admit those who may, open a browser, and answer until it is ended."""

from __future__ import annotations

import gc
import socket
import threading
import webbrowser
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from grader.course.people import People, load_people
from grader.course.repository import Course, course_key
from grader.course.roles import Act, acts_of, require
from grader.gradebook import open_gradebook, section_shown_in
from grader.gradebook.database import existing_gradebook
from grader.reporting.text import whole_number
from grader.results import Refusal
from grader.review.access import Keys, Reviewer, Served, people_with_links
from grader.review.application import Review
from grader.review.class_view import ClassCache

LARGEST_PORT = 65_535


class ReviewRefused(Refusal):
    """The review cannot be served as asked; the message says what to do."""


@dataclass(frozen=True, slots=True)
class ReviewOptions:
    """What the command line asked for.

    Attributes
    ----------
    who
        Who reviews on this machine; empty for whoever is logged in.
    host
        Where requests are taken from; anything but loopback admits the staff of people.csv, each by a link.
    port
        Empty for any that is free.
    no_browser
        Whether links are only printed.
    """

    root: Path
    assignment: str = ""
    out: Path = Path("grades")
    who: str = ""
    host: str = "127.0.0.1"
    port: str = ""
    no_browser: bool = False
    gradebook: str = ""


def serve_review(options: ReviewOptions, say: Callable[[Sequence[tuple[Reviewer, str]]], None]) -> None:
    """Serve until somebody ends it.

    Parameters
    ----------
    say
        Is told who gets in by which link, once requests are answered.

    Raises
    ------
    ReviewRefused
        There is no class there, or the address cannot be had.
    """
    assignment = Course(options.root).load(options.assignment)
    with open_gradebook(existing_gradebook(options.gradebook, options.out)) as book:
        section_id = section_shown_in(book, assignment.id, options.out)
        if section_id is None:
            raise ReviewRefused(
                f"{options.out} shows no class of {assignment.id}; grade one first: numgrade grade --assignment "
                f"{assignment.id} --submissions FOLDER"
            )
        people = load_people(options.root)
        listening = _listening(options)
        served = Served.at(options.host, listening.getsockname()[1])
        keys = Keys(course_key(options.root), book.name)
        cache = ClassCache(book, section_id, assignment, people)
        review = Review(book, assignment, cache, options.out, keys, served)
        links = people_with_links(_admitted(options, people, served), keys, served)
        _run(review, listening, lambda: _begun(links, options, say))


def _admitted(options: ReviewOptions, people: People, served: Served) -> list[Reviewer]:
    """Return who reviews: the one who serves, first; from other machines all who may look."""
    require(people, options.who, Act.LOOK)
    me = people.find(id=options.who, email=options.who if "@" in options.who else "", name=options.who)
    listed = any(map(acts_of, people.members))
    name, role = (me.id, me.role.strip().casefold()) if listed and me else (options.who, "staff")
    others = [] if served.is_local else [each for each in people.members if acts_of(each) and each.id != name]
    return [Reviewer(name, role), *(Reviewer(each.id, each.role.strip().casefold()) for each in others)]


def _begun(
    links: list[tuple[Reviewer, str]],
    options: ReviewOptions,
    say: Callable[[Sequence[tuple[Reviewer, str]]], None],
) -> None:
    say(links)
    if not options.no_browser:
        threading.Thread(target=webbrowser.open, args=(links[0][1],), daemon=True).start()


def _listening(options: ReviewOptions) -> socket.socket:
    """Return a socket that listens where it was asked for."""
    port = whole_number(options.port or "0")
    if port is None or port > LARGEST_PORT:
        raise ReviewRefused(f"--port {options.port} is no port; name a number up to {LARGEST_PORT}")
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((options.host, port))
    except OSError as error:
        listening.close()
        raise ReviewRefused(
            f"{options.host}, port {options.port or 'any'}, cannot be had ({error.strerror}); name another with "
            "--port, or leave it out"
        ) from error
    return listening


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets=sockets)
        self._begun()


def _run(review: Review, listening: socket.socket, begun: Callable[[], None]) -> None:
    config = uvicorn.Config(
        review.app(),
        log_level="warning",
        access_log=False,
        lifespan="off",
        http="h11",
        ws="none",
        server_header=False,
        timeout_keep_alive=30,
        limit_concurrency=200,
        timeout_graceful_shutdown=2,
        h11_max_incomplete_event_size=32 * 1024,
    )
    threading.Thread(target=_read, args=(review.cache,), daemon=True).start()  # while the browser starts
    with listening:
        _Server(config, begun).run(sockets=[listening])


def _read(cache: ClassCache) -> None:
    """Read the class, and look for garbage only in what comes later."""
    try:
        cache.view()
    finally:
        gc.freeze()
        gc.enable()
