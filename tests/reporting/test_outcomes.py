"""How outcomes are shown."""

from __future__ import annotations

from grader.reporting.outcomes import FACES, TONES
from grader.results import Outcome


def test_every_outcome_has_its_own_face() -> None:
    """No outcome is without a word and an icon, and no two share one: colour never has to tell them apart."""
    assert set(FACES) == set(Outcome)
    assert len({face.word for face in FACES.values()}) == len(Outcome)
    assert len({face.path for face in FACES.values()}) == len(Outcome)
    assert {face.tone for face in FACES.values()} <= set(TONES)


def test_every_outcome_but_passed_explains_itself() -> None:
    """A student is never left with a bare word."""
    assert all(face.help for outcome, face in FACES.items() if outcome is not Outcome.PASSED)
