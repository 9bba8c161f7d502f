"""Attacks: submissions that try to score without solving or to do harm, graded like any other.

The corpus is a folder of small files, ``tests/attacks/<family>_<name>.py``. Nothing here imports or runs one of them:
their text is put into a submission, and only the box runs it. An attack knows what a well-informed attacker could
find out (see `surroundings`), so that only the engine stands in its way.
"""

from grader.gate.attacks.corpus import Attack, load_attacks
from grader.gate.attacks.judging import AttackResult
from grader.gate.attacks.running import ATTACKS, HOMEWORK, check_attacks, run_attacks

__all__ = ["ATTACKS", "HOMEWORK", "Attack", "AttackResult", "check_attacks", "load_attacks", "run_attacks"]
