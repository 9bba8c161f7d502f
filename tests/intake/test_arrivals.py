"""Who handed in what, where a folder says no more than names."""

from __future__ import annotations

from pathlib import Path

from grader.intake import Candidate
from grader.intake.arrivals import Arrival, Person, plain_arrivals


def test_a_plain_folder_has_one_attempt_of_each_name() -> None:
    """Without a learning platform's word, each candidate is one student's first attempt, at no known time."""
    ada, bob = Candidate("ada", Path("ada.zip")), Candidate("bob", Path("bob"))
    assert plain_arrivals([ada, bob]) == (Arrival(ada, Person("ada")), Arrival(bob, Person("bob")))
