"""Which check catches which known mistake, and whether every mistake is caught and every check is needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.table import Table

from grader.checking.plugin import CheckRecord
from grader.results import Outcome, Scope
from grader.validation.bank import Mistake
from grader.validation.trial import Bench, run_trials


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
    mistakes, columns
        The mistakes and the checks, in the order in which they ran.
    outcomes
        For each mistake, how each check of `columns` ended.
    """

    mistakes: tuple[Mistake, ...]
    columns: tuple[Column, ...]
    outcomes: tuple[tuple[Outcome, ...], ...]

    def caught_by(self, mistake: Mistake) -> tuple[Column, ...]:
        """Return the checks that `mistake` does not pass."""
        row = self.outcomes[self.mistakes.index(mistake)]
        return tuple(column for column, outcome in zip(self.columns, row, strict=True) if catches(outcome))

    def catches_of(self, column: Column) -> tuple[Mistake, ...]:
        """Return the mistakes that `column` catches."""
        at = self.columns.index(column)
        return tuple(each for each, row in zip(self.mistakes, self.outcomes, strict=True) if catches(row[at]))

    def parts_caught(self, mistake: Mistake) -> frozenset[str]:
        """Return the parts of which a check of the mistake's own scope catches it."""
        return frozenset(each.part for each in self.caught_by(mistake) if each.scope is mistake.scope)

    @property
    def idle(self) -> tuple[Column, ...]:
        """Checks that ran and catch no mistake: nobody would notice if they broke."""
        ran = [any(not row[at].excused for row in self.outcomes) for at in range(len(self.columns))]
        return tuple(
            each
            for each, it_ran in zip(self.columns, ran, strict=True)
            if it_ran and not self.catches_of(each)
        )

    @property
    def ungraded(self) -> tuple[Column, ...]:
        """Checks that this machine cannot run for any mistake."""
        ran = [any(not row[at].excused for row in self.outcomes) for at in range(len(self.columns))]
        return tuple(each for each, it_ran in zip(self.columns, ran, strict=True) if not it_ran)

    @property
    def problems(self) -> tuple[str, ...]:
        """What must be mended before the homework may be released, one sentence each."""
        return (
            *(text for mistake in self.mistakes for text in self._problems_of(mistake)),
            *(f"check {each.id} catches no mistake: add one that needs it, or drop it" for each in self.idle),
            *(f"part {each} has no mistake" for each in self._parts_without_mistake()),
        )

    def _problems_of(self, mistake: Mistake) -> Iterable[str]:
        row = self.outcomes[self.mistakes.index(mistake)]
        caught = self.parts_caught(mistake)
        costs = {each.part for each in self.caught_by(mistake) if each.scope is Scope.HOMEWORK}
        if Outcome.GRADER_ERROR in row:
            broken = self.columns[row.index(Outcome.GRADER_ERROR)]
            yield f"mistake {mistake.name} breaks check {broken.id} instead of failing it"
        for part in mistake.parts:
            if part not in caught:
                yield f"mistake {mistake.name}: no {mistake.scope} check of {part} catches it"
        for part in sorted(costs - set(mistake.parts)):
            yield f"mistake {mistake.name}: costs points in {part}, which is none of its PARTS"
        if mistake.scope is Scope.BEYOND and costs & set(mistake.parts):
            yield f"mistake {mistake.name}: its SCOPE is beyond, but it costs points in {', '.join(sorted(costs))}"

    def _parts_without_mistake(self) -> tuple[str, ...]:
        named = {part for mistake in self.mistakes for part in mistake.parts}
        able = {each.part for each in self.columns} - {each.part for each in self.ungraded}
        return tuple(sorted(able - named))


def catches(outcome: Outcome) -> bool:
    """Whether a check that ended so has noticed something: it neither earns its points nor is excused."""
    return not outcome.earns and not outcome.excused


def kill_matrix(bench: Bench, mistakes: Sequence[Mistake]) -> KillMatrix:
    """Run the checks against every mistake, in this process.

    A check of a part that cannot come to use a mistake is not run against it and counts as passed.
    """
    order = {part.id: at for at, part in enumerate(bench.assignment.parts)}
    runs = [{each.id: each for each in records} for records in run_trials(bench, mistakes)]
    every = {check_id: record.mark for run in runs for check_id, record in run.items()}
    columns = sorted(
        (Column(check_id, mark.part, mark.scope) for check_id, mark in every.items()),
        key=lambda column: order[column.part],
    )
    outcomes = tuple(
        tuple(run[each.id].verdict.outcome if each.id in run else Outcome.PASSED for each in columns)
        for run in runs
    )
    return KillMatrix(tuple(mistakes), tuple(columns), outcomes)


def lost_points(records: Sequence[CheckRecord]) -> tuple[CheckRecord, ...]:
    """Return the checks of the homework that a variant does not pass, and must."""
    return tuple(
        each for each in records if each.mark.scope is Scope.HOMEWORK and catches(each.verdict.outcome)
    )


def part_table(matrix: KillMatrix) -> Table:
    """Return a table with one row for each part: its checks, its mistakes, and how many checks catch each."""
    table = Table(title="Mistakes and the checks that catch them")
    for heading in ("part", "checks", "mistakes", "beyond", "fewest checks", "most checks"):
        table.add_column(heading, justify="left" if heading == "part" else "right")
    for part in dict.fromkeys(each.part for each in matrix.columns):
        checks = [each for each in matrix.columns if each.part == part]
        mistakes = [each for each in matrix.mistakes if part in each.parts]
        kills = [sum(check in checks for check in matrix.caught_by(each)) for each in mistakes] or [0]
        beyond = sum(each.scope is Scope.BEYOND for each in mistakes)
        table.add_row(
            part,
            str(len(checks)),
            str(len(mistakes) - beyond),
            str(beyond),
            str(min(kills)),
            str(max(kills)),
        )
    return table


def check_table(matrix: KillMatrix) -> Table:
    """Return a table with one row for each check: the mistakes it catches, and those that only it catches."""
    table = Table(title="What each check catches")
    for heading in ("check", "scope", "catches", "alone"):
        table.add_column(heading, justify="right" if heading in {"catches", "alone"} else "left")
    for column in matrix.columns:
        caught = matrix.catches_of(column)
        alone = [each for each in caught if len(matrix.caught_by(each)) == 1]
        table.add_row(column.id, str(column.scope), str(len(caught)), str(len(alone)))
    return table
