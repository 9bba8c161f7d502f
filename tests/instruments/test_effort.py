"""A numeric derivative is told from a derived one by how its cost grows, and nobody who is slow is accused."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, strategies as st

from grader.instruments.effort import Effort, LimitReached, found_by_trying, growth

SIZES = (8, 16, 32, 64, 128, 256, 512)
FINE = (8, 11, 16, 22, 32, 45, 64, 90, 128, 180, 256, 362, 512)
MACHINES = st.floats(1e-3, 1e3)
"""How many times slower than the one where the figures were taken."""


def loops(size: int) -> float:
    """Return the seconds of a reference on plain NumPy loops: calls first, then the work in them."""
    return 6e-4 + 5e-6 * size


def costs(
    seconds: Callable[[int], float],
    *,
    limit: float = math.inf,
    machine: float = 1.0,
    against: Callable[[int], float] = lambda _size: math.inf,
):
    """Return a run whose student needs `seconds` of a size, and the sizes that were asked for."""
    asked: list[int] = []

    def run(size: int) -> Effort:
        asked.append(size)
        student = seconds(size)
        if student > limit:
            raise LimitReached(TimeoutError())
        scaled = {"student": machine * student, "trial": machine * 5e-6, "loops": machine * against(size)}
        return Effort(entries=32 * size, **scaled)

    return run, asked


def trying(call: float, per_entry: float) -> Callable[[int], float]:
    """Return what one forward pass for each of two arrays' entries costs."""
    return lambda size: 64 * size * (call + per_entry * 64 * size)


@given(st.floats(0.1, 1e5), st.floats(0.0, 1.0), st.lists(st.floats(0.9, 1.09), min_size=30), MACHINES)
def test_plain_loops_are_never_accused(
    slowness: float, overhead: float, swings: list[float], machine: float
) -> None:
    """A cost that grows with the work is derived, however slow, whatever it starts with, and on any machine."""
    noise = iter(swings * 10)
    run, _ = costs(lambda size: slowness * (overhead + 5e-6 * size) * next(noise), machine=machine)
    assert not found_by_trying(run, SIZES)


@given(st.floats(0.1, 100.0), st.floats(0.5, 1.6))
def test_loops_as_slow_as_those_known_are_not_absurd(slowness: float, noise: float) -> None:
    """Where the reference is made of loops, up to a hundred times its time accuses nobody."""
    readings = iter([noise, 1.0] * 10)
    run, _ = costs(lambda size: slowness * loops(size) * next(readings), against=loops)
    assert not found_by_trying(run, (8, 32, 128))


@given(st.floats(0.1, 1e5), st.floats(1e-4, 1.0), st.sampled_from(SIZES))
def test_a_limit_alone_accuses_nobody(slowness: float, overhead: float, most: int) -> None:
    """Slow loops that run out of time are late, and no more."""
    seconds = lambda size: slowness * (overhead + 5e-6 * size)  # noqa: E731 - as `costs` takes it
    run, _ = costs(seconds, limit=seconds(most) * 0.99)
    try:
        assert not found_by_trying(run, SIZES)
    except LimitReached as reached:
        assert isinstance(reached.error, TimeoutError)


def test_a_machine_that_slows_down_accuses_nobody() -> None:
    """What grows on the way up the ladder must grow on the way down, too."""
    clock = iter(1.4**step for step in range(100))
    run, asked = costs(lambda size: 1e-3 * size * next(clock))
    assert not found_by_trying(run, SIZES)
    assert Counter(asked)[8] > 1


@given(st.floats(6e-5, 3e-3), st.floats(0.0, 1e-8), MACHINES)
def test_trying_every_entry_is_absurd_beside_loops(call: float, per_entry: float, machine: float) -> None:
    """A cost of one forward pass for each entry is found, whether that pass costs its call or its work."""
    run, _ = costs(trying(call, per_entry), machine=machine, against=loops)
    assert found_by_trying(run, SIZES)


@pytest.mark.parametrize("sizes", [SIZES, FINE], ids=["twos", "fine"])
@given(call=st.floats(1e-5, 3e-3), share=st.floats(0.4, 30.0), machine=MACHINES)
def test_trying_every_entry_grows(sizes: tuple[int, ...], call: float, share: float, machine: float) -> None:
    """Without loops to compare with, growth finds it as soon as forward passes cost more than being called."""
    per_entry = share * call / (64 * 512)
    run, _ = costs(trying(call, 4 * per_entry), machine=machine)
    assert found_by_trying(run, sizes)


@pytest.mark.parametrize("most", [128, 256])
def test_a_limit_after_growth_counts_as_growth(most: int) -> None:
    """The convolution that was cut off at 512 channels: 0.478 s at 128, 6.9 times as much as at 32."""
    seconds = trying(3.7e-5, 5.5e-9)
    assert seconds(128) / seconds(32) == pytest.approx(6.9, abs=0.3)
    run, asked = costs(seconds, limit=seconds(most))
    assert found_by_trying(run, SIZES)
    assert max(asked) <= 2 * most


@pytest.mark.parametrize(("power", "tried"), [(1.2, False), (1.5, True)])
def test_a_limit_on_the_way_down_confirms_nothing(power: float, tried: bool) -> None:
    """Time that runs out over all readings together leaves what was seen on the way up."""
    asked: list[int] = []

    def run(size: int) -> Effort:
        if size in asked:
            raise LimitReached(TimeoutError())
        asked.append(size)
        return Effort(student=size**power, entries=size)

    assert found_by_trying(run, SIZES) == tried


def test_the_quick_are_asked_once() -> None:
    """Whoever needs less than trying could take is acquitted by the first size."""
    run, asked = costs(loops)
    assert not found_by_trying(run, SIZES)
    assert asked == [8]


def test_one_spoilt_reading_accuses_nobody() -> None:
    """An absurd cost that does not come again does not count."""
    spoilt = iter([3.0])
    run, asked = costs(lambda size: next(spoilt, 8e-3) if size == 32 else 2.5e-4 * size, against=loops)
    assert not found_by_trying(run, (8, 32, 128, 512))
    assert asked == [8, 32, 32, 128, 512]


def test_what_a_run_raises_passes_through() -> None:
    """A run that breaks is the caller's to judge."""

    def run(_size: int) -> Effort:
        raise LookupError

    with pytest.raises(LookupError):
        found_by_trying(run, SIZES)


@given(st.floats(0.5, 3.0), st.floats(1e-9, 1e3))
def test_growth_is_the_power_of_the_work(power: float, unit: float) -> None:
    """Growth is measured against the work that was told, and against the entries where none was."""
    told = {size: Effort(student=unit * size**power, entries=1, work=size) for size in SIZES}
    untold = {size: Effort(student=unit * size**power, entries=3 * size) for size in SIZES}
    assert growth(told) == pytest.approx(power)
    assert growth(untold) == pytest.approx(power)


def test_few_sizes_show_no_growth() -> None:
    """Three readings can grow by accident."""
    assert growth({size: Effort(student=size**3, entries=size) for size in SIZES[:3]}) == 0.0
