"""What tests of a class's gradings share: one submission that is quickly graded."""

from __future__ import annotations

import pytest

from grader.bank.samples import solution_modules
from grader.classrun.work import Work
from grader.course.version import verdict_version
from grader.intake import ReleaseSource, prepare
from grader.intake.submission import encode_submission
from grader.plan import GradingPlan
from grader.sandbox import Isolation


@pytest.fixture
def work(repository, cnn) -> Work:
    """Return the solution as work, for one quick part."""
    release = ReleaseSource.of(repository, cnn)
    submission = prepare("x", solution_modules(repository, cnn), cnn, release)
    frame = b"".join(map(bytes, encode_submission(submission)))
    plan = GradingPlan(repository.root, "cnn", Isolation.B, "key", only="conv_backward_naive.db")
    engine = verdict_version(repository, cnn)
    return Work(plan, engine, submission.sha256, frame)
