"""Grade what of a class has no result yet, beside other graders of the same gradebook, and keep what comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.text import Text

from grader.classrun import Executor, InThisProcess, LocalPool, Work, pack, run_work
from grader.classrun.classwork import Class, look_again
from grader.classrun.cluster import connected, started
from grader.classrun.preflight import require_fit
from grader.commands.terminal import progress
from grader.gradebook import Claim, Desk, Taken
from grader.intake import Candidate, SubmissionUnreadable, read_submission
from grader.reporting.text import listed, one_line

WAITING_SECONDS = 1.0
"""Between two looks at what another grader has in work."""

LOOKS = 2
"""How often a class is taken in while its submissions change."""

_LONGEST_ID = 40
_NAMED = 10


@dataclass(frozen=True, slots=True)
class Place:
    """Where submissions are graded: `jobs` processes here, a scheduler's workers, or a cluster to be started."""

    jobs: int
    scheduler: str = ""
    cluster: str = ""


@dataclass(frozen=True, slots=True)
class Graded:
    """What came of grading a class: the class as it was last looked at, and the contents that this run graded."""

    group: Class
    contents: frozenset[str]


@dataclass
class _Round:
    """One pass over what has no result: what it graded, and which submissions turned out to have changed."""

    group: Class
    desk: Desk
    executor: Executor
    step: Callable[[str], None]
    graded: set[str] = field(default_factory=set)
    changed: list[str] = field(default_factory=list)

    def run(self, missing: dict[str, Candidate]) -> dict[str, Candidate]:
        """Grade what can be claimed of `missing`; return what others have in work."""
        claims: dict[str, Claim] = {}
        busy: dict[str, Candidate] = {}
        for done in run_work(self._works(missing, claims, busy), self.executor):
            sha256 = done.work.sha256
            if self.desk.complete(claims.pop(sha256), done.report):
                self.graded.add(sha256)
            self.step(missing[sha256].id)
        return busy

    def _works(
        self, missing: dict[str, Candidate], claims: dict[str, Claim], busy: dict[str, Candidate]
    ) -> Iterator[Work]:
        for sha256, candidate in missing.items():
            # Asked first, because reading a submission costs more: while waiting this runs every second.
            taken: Claim | Taken | None = self.desk.taken(sha256, self.group.terms)
            work = None if taken else _work(self.group, sha256, candidate)
            if work is not None:
                taken = self.desk.claim(sha256, self.group.terms)
            if work is not None and isinstance(taken, Claim):
                claims[sha256] = taken
                yield work
            elif isinstance(taken, Taken) and not taken.done:
                busy[sha256] = candidate
            else:
                if taken is None:
                    self.changed.append(candidate.id)
                self.step(candidate.id)


def grade_missing(group: Class, place: Place, console: Console) -> Graded:
    """Grade every content that has no result yet; what changes meanwhile is looked at once more."""
    graded: set[str] = set()
    for look in range(LOOKS):
        changed = _grade_once(group, place, console, graded)
        if not changed:
            break
        names = listed([one_line(each, _LONGEST_ID) for each in changed], _NAMED)
        if look + 1 < LOOKS:
            console.print(Text(f"Changed while the class was being graded, and read again: {names}"))
            group = look_again(group, console)
        else:
            console.print(
                Text(f"Still changing, so not graded as they are now: {names}. Run this again", "red")
            )
    return Graded(group, frozenset(graded))


def _grade_once(group: Class, place: Place, console: Console, graded: set[str]) -> list[str]:
    """Grade what has no result, add it to `graded`, and return the names of what is no longer what was read."""
    done = group.gradings()
    missing = {sha256: where for sha256, where in group.wanted.items() if sha256 not in done}
    if not missing:
        return []
    require_fit(group.plan)
    desk = Desk(group.book)
    with (
        desk.alive(),
        _executor(place, len(missing)) as executor,
        progress(console, len(missing), "Grading") as step,
    ):
        turn = _Round(group, desk, executor, step, graded)
        missing = turn.run(missing)
        if missing:
            console.print(Text(f"Waiting for {len(missing)} that another grader has in work"))
        while missing:
            time.sleep(WAITING_SECONDS)
            missing = turn.run(missing)
    return turn.changed


def _work(group: Class, sha256: str, candidate: Candidate) -> Work | None:
    """Return a submission, packed; None when it is no longer what it was when the class was taken in."""
    try:
        submission = read_submission(candidate, group.assignment)
    except SubmissionUnreadable:
        return None
    if submission.sha256 != sha256:
        return None
    return Work(group.plan, group.engine, sha256, pack(submission.files))


@contextmanager
def _executor(place: Place, count: int) -> Iterator[Executor]:
    if place.scheduler:
        with connected(place.scheduler) as executor:
            yield executor
    elif place.cluster:
        with started(place.cluster, min(place.jobs, count)) as executor:
            yield executor
    else:
        jobs = min(place.jobs, count)
        local: Executor = LocalPool(jobs) if jobs > 1 else InThisProcess()
        try:
            yield local
        finally:
            local.close()
