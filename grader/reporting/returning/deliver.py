"""Send feedback so that each student gets it exactly once, whenever a run is ended.

An intent is written before anything leaves, and a confirmation after it has arrived. Where a run finds an intent
without one, the place is asked; where it cannot tell, a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from grader.gradebook import ReturnLedger
from grader.reporting.returning.feedback import Feedback
from grader.reporting.returning.targets import ReturnStopped, Sender

ELSEWHERE = "another run is returning this at this moment"
MAY_HAVE = "may have it: a run was ended while it was sent, and the place cannot tell; --again sends it"


@dataclass(slots=True)
class Delivery:
    """What became of each student's feedback.

    Attributes
    ----------
    sent, there
        Who was given it now, and who had it.
    refused
        By student why not.
    """

    sent: list[str] = field(default_factory=list)
    there: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def deliver(
    due: Sequence[Feedback],
    sender: Sender,
    ledger: ReturnLedger,
    *,
    together: bool,
    step: Callable[[str], None] = lambda _shown: None,
) -> Delivery:
    """Send what is due, and write down what became of it.

    Raises
    ------
    ReturnStopped
        The place takes nothing more; all that was sent before is written down.
    """
    done = Delivery()
    for group in [list(due)] if together and due else [[each] for each in due]:
        _deliver(group, sender, ledger, done)
        for each in group:
            step(each.shown)
    return done


def _deliver(group: Sequence[Feedback], sender: Sender, ledger: ReturnLedger, done: Delivery) -> None:
    has = {each.student: sender.has(each) for each in group}
    done.refused |= {student: MAY_HAVE for student, there in has.items() if there is None}
    mine = ledger.intend({each.student: each.content for each in group if has[each.student] is not None})
    done.refused |= dict.fromkeys(has.keys() - mine - done.refused.keys(), ELSEWHERE)
    going = [each for each in group if each.student in mine and not has[each.student]]
    try:
        refused = dict(sender.send(going)) if going else {}
    except ReturnStopped as stopped:
        if stopped.nothing_sent:
            ledger.forget(each.student for each in going)
        raise
    ledger.forget(refused)
    ledger.confirm(mine - refused.keys())
    done.refused |= refused
    done.sent += [each.student for each in going if each.student not in refused]
    done.there += [student for student in has if student in mine and has[student]]
