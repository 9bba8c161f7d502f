"""Whether what is known can be told apart: each mistake, handed in, is named as itself, and no two are twins."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np

from grader.bank.diagnosis import EXACT, explain, seen
from grader.bank.entries import Mistake
from grader.checking.run import CheckContext, CheckRecord
from grader.gate.kill_matrix import Bench
from grader.results import Outcome

LEAST = 0.97
MANY = 34
"""Share of the mistakes with a wrong value that must be named as themselves, where there are so many.

Of a smaller bank all but one must be that give a value of their own: a course may count, and whole numbers are
nobody's own.
"""

_PROJECTIONS = 3


class Named(StrEnum):
    """What is said where a mistake of the bank is handed in."""

    ITSELF = "as itself"
    ANOTHER = "as another"
    NOT_AT_ALL = "not at all"
    WITHOUT_OWN_VALUE = "not at all, with no value of its own"
    WITHOUT_VALUE = "without a wrong value"


@dataclass(frozen=True, slots=True)
class Recognition:
    """How a mistake that is handed in appears.

    Attributes
    ----------
    named
        What is said of it.
    appearance
        Check id to the words of its failure and a few numbers that stand for the wrong answer.
    raises
        The checks of its own parts in which it raises, of a mistake that gives wrong values in others.
    """

    named: Named
    appearance: Mapping[str, tuple[str, tuple[float, ...]]]
    raises: tuple[str, ...] = ()


def recognise(
    bench: Bench,
    context: CheckContext,
    mistake: Mistake,
    records: Sequence[CheckRecord],
    mistakes: Sequence[Mistake],
) -> Recognition:
    """Explain the records of a mistake that was handed in, all checks in, by all the mistakes there are."""
    failed = [each for each in records if not (each.verdict.outcome.earns or each.verdict.outcome.excused)]
    appearance = {each.id: _appearance(each) for each in failed}
    if all(each.verdict.outcome is not Outcome.FAILED for each in failed):
        return Recognition(Named.WITHOUT_VALUE, appearance)
    said = set(explain(records, context, mistakes, bench.modules).values())
    raised = (each for each in failed if each.verdict.outcome is Outcome.ERROR)
    raises = tuple(each.id for each in raised if each.mark.part in mistake.parts)
    if not said:
        own = any((found := seen(each)) is not None and found.identifies for each in failed)
        return Recognition(Named.NOT_AT_ALL if own else Named.WITHOUT_OWN_VALUE, appearance, raises)
    return Recognition(Named.ITSELF if said == {mistake.sentence} else Named.ANOTHER, appearance, raises)


def _appearance(record: CheckRecord) -> tuple[str, tuple[float, ...]]:
    verdict = record.verdict
    if verdict.evidence is None or not isinstance(verdict.evidence.actual, int | float | np.ndarray):
        return f"{verdict.outcome} {verdict.message} {verdict.staff_note}", ()
    answer = np.asarray(verdict.evidence.actual)
    if answer.dtype.kind not in "fiu":
        return f"{verdict.outcome} {verdict.message}", ()
    generator = np.random.default_rng(zlib.crc32(record.id.encode()))
    finite = np.nan_to_num(answer.astype(float).ravel(), nan=0.5, posinf=1e6, neginf=-1e6)
    numbers = (float(generator.normal(size=finite.size) @ finite) for _ in range(_PROJECTIONS))
    return f"{verdict.outcome} {answer.shape}", tuple(numbers)


def figures_of(mistakes: Sequence[Mistake], found: Sequence[Recognition]) -> Iterator[str]:
    """Say how many mistakes are named as themselves, and which are not."""
    valued = [each for each in found if each.named is not Named.WITHOUT_VALUE]
    itself = sum(each.named is Named.ITSELF for each in valued)
    yield (
        f"handed in, {itself} of {len(valued)} mistakes with a wrong value are named as themselves "
        f"({itself / max(len(valued), 1):.1%}), {sum(each.named is Named.ANOTHER for each in valued)} as another"
    )
    unnamed = {Named.NOT_AT_ALL, Named.WITHOUT_OWN_VALUE}
    silent = [mistake.name for mistake, each in zip(mistakes, found, strict=True) if each.named in unnamed]
    if silent:
        yield f"not named: {', '.join(silent)}"
    raising = [
        f"{mistake.name} in {each.raises[0]}"
        for mistake, each in zip(mistakes, found, strict=True)
        if each.raises
    ]
    if raising:
        yield f"named only where a submission raises, too: {', '.join(raising)}"


def problems_of(mistakes: Sequence[Mistake], found: Sequence[Recognition]) -> Iterator[str]:
    """Say which mistakes are named as another, that too many are not named, and which two are one."""
    valued = [each for each in found if each.named is not Named.WITHOUT_VALUE]
    for mistake, each in zip(mistakes, found, strict=True):
        if each.named is Named.ANOTHER:
            yield f"mistake {mistake.name}, handed in, is named as another"
    counted = {Named.NOT_AT_ALL} | ({Named.WITHOUT_OWN_VALUE} if len(valued) >= MANY else set())
    silent = sum(each.named in counted for each in valued)
    if silent > max(1, (1 - LEAST) * len(valued)):
        yield (
            f"{silent} of {len(valued)} mistakes with a wrong value are not named when they are handed in: "
            "have their checks compare what they give, with random numbers that are seeded"
        )
    for (first, one), (second, other) in combinations(zip(mistakes, found, strict=True), 2):
        if one.appearance and _alike(one, other):
            yield f"mistakes {first.name} and {second.name} are one to every check: drop one, or add a check"


def _alike(one: Recognition, other: Recognition) -> bool:
    if one.appearance.keys() != other.appearance.keys():
        return False
    pairs = [(words, other.appearance[check_id]) for check_id, words in one.appearance.items()]
    return all(
        mine[0] == theirs[0] and np.allclose(mine[1], theirs[1], rtol=EXACT, atol=EXACT)
        for mine, theirs in pairs
    )
