"""What a wrong answer reveals: which known mistake, or two of them, produce exactly this output."""

from grader.bank.diagnosis import explain

__all__ = ["explain"]
