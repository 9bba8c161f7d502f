"""Explain failed checks: run the same checks on every known mistake and compare the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from grader.checking.failures import Evidence
from grader.checking.plugin import CheckContext, CheckRecord
from grader.checking.run import run_checks_for_each
from grader.checking.trusted import trusted_student
from grader.diagnosis.fingerprint import Match, match_answer
from grader.validation.bank import Mistake, as_modules

Answers = dict[str, dict[str, NDArray[np.generic]]]
"""Check id to mistake to that mistake's answer."""


def explain(
    records: Sequence[CheckRecord],
    context: CheckContext,
    mistakes: Sequence[Mistake],
    modules: Mapping[str, ModuleType],
) -> dict[str, str]:
    """Return a sentence for each failed check whose answer a known mistake explains.

    Parameters
    ----------
    records
        What became of a submission's checks.
    context
        The context they ran in; its seed makes the mistakes meet the same inputs.
    mistakes
        The assignment's known mistakes.
    modules
        The solution's modules by name.
    """
    failed = {each.id: each.verdict.evidence for each in records if each.verdict.evidence is not None}
    puzzling = {check_id: evidence for check_id, evidence in failed.items() if _is_numeric(evidence)}
    families = {check_id.partition(":")[0].partition(".")[0] for check_id in puzzling}
    candidates = [each for each in mistakes if any(part.partition(".")[0] in families for part in each.parts)]
    if not candidates:
        return {}
    answers = _answers(context, candidates, modules, frozenset(puzzling))
    sentences = {each.name: each.sentence for each in candidates}
    explained = {}
    for check_id, evidence in puzzling.items():
        match = match_answer(np.asarray(evidence.actual), evidence.expected, answers.get(check_id, {}))
        if match is not None:
            explained[check_id] = _words(match, sentences)
    return explained


def _answers(
    context: CheckContext,
    candidates: Sequence[Mistake],
    modules: Mapping[str, ModuleType],
    check_ids: frozenset[str],
) -> Answers:
    contexts = [
        replace(context, student=trusted_student(as_modules(mistake, modules))) for mistake in candidates
    ]
    runs = run_checks_for_each(contexts, lambda _mark, check_id: check_id in check_ids)
    answers: Answers = {}
    for mistake, records in zip(candidates, runs, strict=True):
        for record in records:
            evidence = record.verdict.evidence
            if evidence is not None and _is_numeric(evidence):
                answers.setdefault(record.id, {})[mistake.name] = np.asarray(evidence.actual)
    return answers


def _is_numeric(evidence: Evidence) -> bool:
    return (
        isinstance(evidence.actual, int | float | np.ndarray)
        and np.asarray(evidence.actual).dtype.kind in "fiu"
    )


def _words(match: Match, sentences: Mapping[str, str]) -> str:
    found = [sentences[name] for name in match.names]
    return found[0] if len(found) == 1 else "Two things at once: " + " ".join(found)
