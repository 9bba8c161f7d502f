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

    The part needs ``timed = { call = "distances" }`` in assignment.toml. The gate then grades the solution many times
    while the machine is busy, as it is and made slower by the factors of ``slower`` (3 and 20 if there are none), and
    the verdict of each must be the same every time.

    Parameters
    ----------
    call
        A function in the box, or a method of an object there.
    than
        What it is compared with: best a function of the reference. Another function of the student's is possible, but
        a student who writes that one slowly beats it easily.
    times
        How many times as fast. Within a quarter of this factor the check cannot tell, so choose it between what you
        accept and what you refuse. Below one it says how much slower the answer may be.
    inputs
        A function that is given the number of a round and returns new arguments for it. Negative numbers are rounds to
        warm up. Make the arguments so large that `than` takes ten milliseconds.
    right
        A function that gives the right answer; by default `than`.

    Raises
    ------
    Failed
        It is slower.
    Inconclusive
        It is too close to tell, which costs no points.
    NotImplementedYet
        It returned None.
    Blocked
        It is wrong, so its speed does not count.
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
