"""Pure functions from numbers to evidence: comparison, gradient checks and timing."""

from grader.instruments.compare import (
    FLOAT16,
    FLOAT32,
    FLOAT64,
    STRICT,
    Comparison,
    Grade,
    Tolerance,
    compare,
    compare_any,
)
from grader.instruments.gradient import (
    GradientEvidence,
    GradientPlan,
    GradientVerdict,
    check_against,
    directional_check,
    directional_check_many,
)
from grader.instruments.timing import Speed, TimingEvidence, TimingPlan, TimingVerdict, judge, measure
from grader.instruments.vocabulary import FILTER_AXES, IMAGE_AXES, NO_PATTERN, Pattern, PatternKind

__all__ = [
    "FILTER_AXES",
    "FLOAT16",
    "FLOAT32",
    "FLOAT64",
    "IMAGE_AXES",
    "NO_PATTERN",
    "STRICT",
    "Comparison",
    "Grade",
    "GradientEvidence",
    "GradientPlan",
    "GradientVerdict",
    "Pattern",
    "PatternKind",
    "Speed",
    "TimingEvidence",
    "TimingPlan",
    "TimingVerdict",
    "Tolerance",
    "check_against",
    "compare",
    "compare_any",
    "directional_check",
    "directional_check_many",
    "judge",
    "measure",
]
