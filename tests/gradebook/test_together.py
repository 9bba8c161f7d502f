"""Several runs at once on one gradebook: nobody waits in a circle, and every submission is graded once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from grader.course.assignment import Assignment
from grader.gradebook import (
    ClaimStore,
    FirstClaims,
    Section,
    open_gradebook,
    publish,
    read_class,
    register,
)

from .conftest import REQUEST, received
from .reports import report

CONTENTS = {f"student-{number:02}": f"{number:064x}" for number in range(24)}
ROUNDS = 4


def run(place: str | Path, cnn: Assignment, number: int) -> int:
    """Grade the class a few times, in an order of one's own; return how many submissions were graded here."""
    graded = 0
    for turn in range(ROUNDS):
        names = sorted(CONTENTS, reverse=bool(number % 2))
        gone = names[: len(names) // 2] if turn % 2 else []
        here = [name for name in names if name not in gone]
        with open_gradebook(place) as book, ClaimStore.open(book) as store:
            entry = register(
                book,
                Section(cnn.id, "/downloads"),
                [received(name, CONTENTS[name]) for name in here],
                replace(REQUEST, engine=f"engine-{turn}"),
                course_key="key",
                anonymous=True,
                gone=gone,
                first=FirstClaims(store, [CONTENTS[name] for name in here], 3),
            )
            claims, gradings = dict(entry.claims), dict(entry.finished)
            for name in here:
                sha256 = CONTENTS[name]
                claim = claims.pop(sha256, None) or store.claim(sha256, entry.key)
                if claim and store.complete(claim, report(sha256)):
                    gradings[sha256] = claim.grading_id
                    graded += 1
            with read_class(book, entry.section_id, cnn) as state:
                standings = state.standings(gradings)
            publish(book, entry.section_id, standings)
    return graded


def test_runs_at_once_neither_block_nor_repeat_each_other(place: str | Path, cnn: Assignment) -> None:
    """They register, drop, claim, grade and publish the same class in different orders; each content is graded once."""
    with open_gradebook(place), ThreadPoolExecutor(4) as pool:
        graded = list(pool.map(lambda number: run(place, cnn, number), range(4)))
    # The half that is gone is another one for every other run, so that in each round somebody has each submission.
    assert sum(graded) == ROUNDS * len(CONTENTS)
