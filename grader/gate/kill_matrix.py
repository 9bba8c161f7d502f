"""Which check catches which known mistake, and whether every mistake is caught and every check is needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.markup import escape
from rich.table import Table

from grader.bank.entries import Mistake
from grader.course.assignment import Assignment
from grader.gate.trial import Bench, run_trials
from grader.results import Outcome, Scope


@dataclass(frozen=True, slots=True)
class Column:
    """One check of the matrix."""

    id: str
    part: str
    scope: Scope


@dataclass(frozen=True)
class KillMatrix:
    """Rows are mistakes, columns are checks.

    Attributes
    ----------
    mistakes
        In the order in which they were given.
    columns
        In the order of the assignment's parts.
    outcomes
        For each mistake, how each check of `columns` ended; None where the mistake is out of the check's reach.
    """

    mistakes: tuple[Mistake, ...]
    columns: tuple[Column, ...]
    outcomes: tuple[tuple[Outcome | None, ...], ...]

    def caught_by(self, mistake: Mistake) -> tuple[Column, ...]:
        """Return the checks that `mistake` does not pass."""
        row = self.outcomes[self.mistakes.index(mistake)]
        return tuple(column for column, outcome in zip(self.columns, row, strict=True) if catches(outcome))

    def catches_of(self, column: Column) -> tuple[Mistake, ...]:
        """Return the mistakes that `column` catches."""
        at = self.columns.index(column)
        return tuple(each for each, row in zip(self.mistakes, self.outcomes, strict=True) if catches(row[at]))

    @property
    def ungraded(self) -> tuple[Column, ...]:
        """Checks that this machine cannot run, for want of data."""
        rows = self.outcomes
        return tuple(
            each for at, each in enumerate(self.columns) if any(row[at] is Outcome.NOT_GRADED for row in rows)
        )

    @property
    def idle(self) -> tuple[Column, ...]:
        """Checks that can run here and catch no mistake: nobody would notice if they broke."""
        return tuple(each for each in self.columns if not self.catches_of(each) and each not in self.ungraded)

    @property
    def problems(self) -> tuple[str, ...]:
        """What must be mended before the homework may be released, one sentence each."""
        return (
            *(text for mistake in self.mistakes for text in self._problems_of(mistake)),
            *(f"check {each.id} catches no mistake: add one that needs it, or drop it" for each in self.idle),
            *(f"part {each} has no mistake: add one" for each in self._parts_without_mistake()),
        )

    def _problems_of(self, mistake: Mistake) -> Iterable[str]:
        row = self.outcomes[self.mistakes.index(mistake)]
        caught = {each.part for each in self.caught_by(mistake) if each.scope is mistake.scope}
        costs = {each.part for each in self.caught_by(mistake) if each.scope is Scope.HOMEWORK}
        expected = set(mistake.parts) if mistake.scope is Scope.HOMEWORK else set()
        if Outcome.GRADER_ERROR in row:
            broken = self.columns[row.index(Outcome.GRADER_ERROR)]
            yield f"mistake {mistake.name} breaks check {broken.id} instead of failing it"
        for part in mistake.parts:
            if part not in caught:
                yield f"mistake {mistake.name}: no {mistake.scope} check of {part} catches it"
        for part in sorted(costs - expected):
            yield f"mistake {mistake.name}: costs points in {part}, against its PARTS and SCOPE"

    def _parts_without_mistake(self) -> tuple[str, ...]:
        named = {part for mistake in self.mistakes for part in mistake.parts}
        able = {each.part: None for each in self.columns if each not in self.ungraded}
        return tuple(part for part in able if part not in named)


def catches(outcome: Outcome | None) -> bool:
    """Whether a check that ended so has noticed something: it neither earns its points nor is excused."""
    return outcome is not None and not outcome.earns and not outcome.excused


Row = Mapping[Column, Outcome]
"""How the checks ended that one mistake is within the reach of; plain enough to come from another process."""


def kill_matrix(bench: Bench, mistakes: Sequence[Mistake]) -> KillMatrix:
    """Run the checks against every mistake within their reach, in this process."""
    return assemble(bench.assignment, mistakes, kill_rows(bench, mistakes))


def kill_rows(bench: Bench, mistakes: Sequence[Mistake]) -> tuple[Row, ...]:
    """Return the row of each mistake; rows of several processes can be put together by `assemble`."""
    return tuple(
        {Column(each.id, each.mark.part, each.mark.scope): each.verdict.outcome for each in records}
        for records in run_trials(bench, mistakes)
    )


def assemble(assignment: Assignment, mistakes: Sequence[Mistake], rows: Sequence[Row]) -> KillMatrix:
    """Put the rows of all `mistakes` together."""
    order = {part.id: at for at, part in enumerate(assignment.parts)}
    columns = sorted(dict.fromkeys(each for row in rows for each in row), key=lambda each: order[each.part])
    outcomes = tuple(tuple(row.get(each) for each in columns) for row in rows)
    return KillMatrix(tuple(mistakes), tuple(columns), outcomes)


def mistake_table(matrix: KillMatrix) -> Table:
    """Return one row for each mistake: how many of each part's checks catch it."""
    sizes = {part: sum(each.part == part for each in matrix.columns) for part in _parts(matrix)}
    table = Table("mistake", "scope", "caught by", title="Each mistake and the checks that catch it")
    for mistake in matrix.mistakes:
        caught = [each.part for each in matrix.caught_by(mistake)]
        counts = (f"{part} {caught.count(part)}/{sizes[part]}" for part in dict.fromkeys(caught))
        table.add_row(mistake.name, str(mistake.scope), ", ".join(counts) or "nothing")
    return table


def part_table(matrix: KillMatrix) -> Table:
    """Return one row for each part: its checks and its mistakes of either scope."""
    table = Table("part", title="Each part and its mistakes")
    for heading in ("checks", "mistakes", "mistakes beyond"):
        table.add_column(heading, justify="right")
    for part in _parts(matrix):
        checks = sum(each.part == part for each in matrix.columns)
        scopes = [each.scope for each in matrix.mistakes if part in each.parts]
        table.add_row(part, *map(str, (checks, scopes.count(Scope.HOMEWORK), scopes.count(Scope.BEYOND))))
    return table


def check_table(matrix: KillMatrix) -> Table:
    """Return one row for each check: how many mistakes it catches, and how many that no other check does."""
    table = Table("check", "scope", title="Each check and what it catches")
    for heading in ("catches", "alone"):
        table.add_column(heading, justify="right")
    for column in matrix.columns:
        caught = matrix.catches_of(column)
        alone = sum(len(matrix.caught_by(each)) == 1 for each in caught)
        table.add_row(escape(column.id), str(column.scope), str(len(caught)), str(alone))
    return table


def _parts(matrix: KillMatrix) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.part for each in matrix.columns))
