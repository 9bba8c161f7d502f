"""Tables of the theory of operation: what gradients by trying still earn, and what each leniency is worth.

`python -m tests.attack_runner . --isolation B --table` writes the rows of one assignment (``--assignment``); the gate,
which runs every attack, holds them to be true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.plan import GradingPlan
from tests.attack_runner.corpus import Attack
from tests.attack_runner.judging import AttackResult

PAGE = Path("docs") / "theory-of-operation.md"

BY_TRYING, LENIENT = "by trying", "lenient"
HEADS = {
    BY_TRYING: "| assignment | attempt | unearned points | flags |\n| --- | --- | --- | --- |",
    LENIENT: "| assignment | leniency | cheapest submission | unearned points | waits | flags |\n"
    "| --- | --- | --- | --- | --- | --- |",
}


def tabled(attack: Attack) -> bool:
    """Whether an attack has a row."""
    return bool(attack.leniency) or attack.family == "numeric"


def outdated(plan: GradingPlan, attacks: Sequence[Attack], results: Sequence[AttackResult]) -> Iterator[str]:
    """Say which rows of the attacks that were run are not on the page."""
    text = (plan.root / PAGE).read_text(encoding="utf-8")
    for _, row in _rows(plan.assignment_id, attacks, results):
        if row not in text:
            yield f"{PAGE} has no row {row}: run python -m tests.attack_runner . --isolation B --table"


def write(plan: GradingPlan, attacks: Sequence[Attack], results: Sequence[AttackResult]) -> None:
    """Put the rows of an assignment's attacks on the page, in place of those that were there."""
    page = plan.root / PAGE
    text = page.read_text(encoding="utf-8")
    found = list(_rows(plan.assignment_id, attacks, results))
    for name, head in HEADS.items():
        block = re.compile(rf"(<!-- attacks: {name} -->\n)(.*?)(<!-- end -->)", re.DOTALL)
        kept = block.search(text)
        if kept is None:
            raise SystemExit(f"{page} has no table of attacks called {name!r}")
        others = [
            line
            for line in kept[2].splitlines()[2:]
            if line.strip() and not line.startswith(f"| {plan.assignment_id} |")
        ]
        rows = sorted([*others, *(row for table, row in found if table == name)])
        body = "\n".join([head, *rows])
        text = block.sub(lambda match, body=body: f"{match[1]}{body}\n{match[3]}", text)  # type: ignore[misc]
    page.write_text(text, encoding="utf-8")


def _rows(
    assignment: str, attacks: Sequence[Attack], results: Sequence[AttackResult]
) -> Iterator[tuple[str, str]]:
    by_name = {each.name: each for each in results}
    for attack in attacks:
        result = by_name.get(attack.name)
        if result is None or not tabled(attack):
            continue
        sentence, flags = attack.sentence.rstrip("."), ", ".join(result.flags).replace("_", " ") or "none"
        if attack.leniency:
            earns = f"{result.unearned:g} | {result.waits:g}"
            yield LENIENT, f"| {assignment} | {attack.leniency} | {sentence} | {earns} | {flags} |"
        else:
            yield BY_TRYING, f"| {assignment} | {sentence} | {result.unearned:g} | {flags} |"
