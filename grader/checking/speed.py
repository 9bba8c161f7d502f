"""Demand that an answer is faster than another function: CPU time by the kernel's clock, as ratios within one run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from time import thread_time

from grader.checking.derivation import timed
from grader.checking.expectations import require_written
from grader.checking.failures import Blocked, Failed, Inconclusive
from grader.checking.same import assert_same, whole
from grader.checking.student import Remote, home_of, name_of
from grader.instruments.timing import Speed, TimingPlan, measure

Function = Callable[..., object]


def assert_faster(
    call: Remote,
    than: Function,
    *,
    times: float,
    inputs: Callable[[int], Sequence[object]],
    right: Function | None = None,
) -> None:
    """Demand that a function of the submission is at least `times` as fast as another one.

    ::

        @part("distances.speed")
        def test_speed(student, reference, draw):
            \"\"\"It is at least five times as fast as two loops.\"\"\"

            def inputs(number):
                rng = draw("distances.speed", number)
                return rng.normal(size=(60, 40)), rng.normal(size=(90, 40))

            assert_faster(student.distances, than=reference.distances_by_loops, times=5, inputs=inputs)

    The part says in assignment.toml what it times, as ``timed = { call = "distances" }``: the gate then grades it
    over and over beside other work, and each time must meet the same verdict.

    Parameters
    ----------
    call
        A function in the box, or a method of an object there.
    than
        What it is compared with: the reference's function, or another one in the box. Whoever writes that one slowly
        beats it easily, so points should hang on the reference's.
    times
        By which factor. Choose it in a gap: a quarter more or less is where nobody can tell. Below one it says how
        much slower the answer may be.
    inputs
        Given the number of a round, returns the arguments for it, drawn anew: an answer may be remembered. Numbers
        below zero are rounds to warm up. Make them so large that `than` takes ten milliseconds.
    right
        Gives the right answer; `than` where it is left out.

    Raises
    ------
    Failed
        It is slower.
    Inconclusive
        It is too close to tell, which costs no points.
    NotImplementedYet
        It returned None.
    Blocked
        It is wrong: how fast it is counts once it is right.
    """
    drawn = lru_cache(maxsize=1)(inputs)

    @lru_cache(maxsize=1)
    def other(number: int) -> tuple[object, float]:
        arguments = _beside(than, drawn(number))
        return timed(_clock(than), lambda: than(*arguments))

    def seconds(number: int) -> float:
        arguments = _beside(call, drawn(number))
        answer, spent = timed(_clock(call), lambda: call(*arguments))
        _require_right(answer, right(*drawn(number)) if right else other(number)[0])
        return spent

    verdict = measure(seconds, lambda number: other(number)[1], TimingPlan(allowed=1 / times)).verdict
    if verdict.speed is Speed.SLOW:
        raise Failed(f"It is not {times:g} times as fast as {name_of(than)}.", verdict.reason)
    if verdict.speed is Speed.INCONCLUSIVE:
        raise Inconclusive("The time was too close to the limit to tell; this costs nothing.", verdict.reason)


def _clock(function: Function) -> Callable[[], float]:
    return home_of(function).cpu_seconds if isinstance(function, Remote) else thread_time


def _beside(function: Function, arguments: Sequence[object]) -> Sequence[object]:
    """Return arguments where the function is: what it takes to bring them into the box is not its time."""
    return [home_of(function).put(each) for each in arguments] if isinstance(function, Remote) else arguments


def _require_right(answer: object, expected: object) -> None:
    require_written(answer)
    try:
        assert_same(answer, whole(expected))
    except (Failed, ValueError):  # the latter of an answer of the submission's own that is no number
        raise Blocked("How fast it is counts once its answer is right.") from None
