"""What students were given: known before it leaves, and by one run alone."""

from __future__ import annotations

from grader.gradebook import Gradebook, Registered, ReturnLedger

from .conftest import Enter


def test_an_intent_outlives_its_run_and_is_confirmed_or_forgotten(book: Gradebook, enter: Enter) -> None:
    """What a killed run was about to send is known to the next as not certain."""
    entry: Registered = enter()
    assert entry.section_id
    killed = ReturnLedger(book, "cnn", "canvas")
    assert killed.intend({"ada": "1", "bob": "1", "eve": "1"}) == {"ada", "bob", "eve"}
    killed.confirm(["ada"])
    killed.forget(["eve"])
    resumed = ReturnLedger(book, "cnn", "canvas").known
    assert {name: (each.content, each.sent_at is not None) for name, each in resumed.items()} == {
        "ada": ("1", True),
        "bob": ("1", False),
    }
    assert ReturnLedger(book, "cnn", "mail").known == {} == ReturnLedger(book, "fc", "canvas").known


def test_two_runs_at_once_do_not_send_the_same(book: Gradebook, enter: Enter) -> None:
    """Whoever writes an intent first sends; who looked before that leaves it, also where there was one already."""
    enter()
    ReturnLedger(book, "cnn", "canvas").intend({"bob": "1"})
    one, other = ReturnLedger(book, "cnn", "canvas"), ReturnLedger(book, "cnn", "canvas")
    assert one.intend({"ada": "1", "bob": "1"}) == {"ada", "bob"}
    assert other.intend({"ada": "1", "bob": "1", "eve": "1"}) == {"eve"}
    assert ReturnLedger(book, "cnn", "canvas").intend({"ada": "2"}) == {"ada"}
