"""Attacks: submissions that try to score without solving or to do harm, graded like any other.

The corpus is a folder of small files, ``tests/attacks/<family>_<name>.py``. Nothing here imports or runs one of them:
their text is put into a submission, and only the box runs it. An attack knows what a well-informed attacker could
find out (see `surroundings`), so that only the engine stands in its way.

`steps` are those that they add to this repository's ``numgrade validate``.
"""

from tests.attack_runner.corpus import Attack, load_attacks
from tests.attack_runner.gate import steps
from tests.attack_runner.judging import AttackResult
from tests.attack_runner.running import ATTACKS, HOMEWORK, check_attacks, run_attacks

__all__ = [
    "ATTACKS",
    "HOMEWORK",
    "Attack",
    "AttackResult",
    "check_attacks",
    "load_attacks",
    "run_attacks",
    "steps",
]
