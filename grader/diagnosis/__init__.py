"""What a wrong answer reveals: which known mistake, or two of them, produce exactly this output."""

from grader.diagnosis.explain import explain

__all__ = ["explain"]
