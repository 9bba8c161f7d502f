"""The attacks as steps of `numgrade validate`, one for each tier of isolation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from grader.gate.gate import Found, GateRun, Step
from grader.sandbox import Isolation, diagnose_isolation
from tests.attack_runner.corpus import load_attacks
from tests.attack_runner.running import HOMEWORK, check_attacks, corpus_of

STOPPED_BY_THE_KERNEL = frozenset({"bomb", "escape", "read", "wire"})
"""Families of attacks whose end may differ between tiers. The others meet the same code in every tier."""


def steps(run: GateRun) -> Iterator[Step]:
    """Yield one step for each tier that works here: every attack in the best one, or in all of them in full."""
    homework, best = run.grader.assignment.id, run.grader.plan.isolation
    if not (run.grader.plan.root / corpus_of(homework)).is_dir():
        nothing = f"none is written against {homework}; those against {HOMEWORK} test the engine"
        yield "attacks", lambda: ([nothing], [])
        return
    for each in diagnose_isolation():
        if each.works and each.isolation is not Isolation.NONE:
            everything = run.full or each.isolation is best
            yield (
                f"attacks, tier {each.isolation}",
                partial(_attack, run, each.isolation, everything=everything),
            )


def _attack(run: GateRun, isolation: Isolation, *, everything: bool) -> Found:
    corpus = load_attacks(run.grader.plan.root / corpus_of(run.grader.assignment.id))
    attacks = [each for each in corpus if everything or each.family in STOPPED_BY_THE_KERNEL]
    with run.progress(len(attacks), "attacks") as tick:
        return check_attacks(replace(run.grader.plan, isolation=isolation), attacks, tick)
