"""Demand that a right gradient was derived, and not found by trying the forward pass out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from time import thread_time
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from grader.checking.failures import Failed, Tampered
from grader.checking.student import Student
from grader.instruments.compare import Grade, compare
from grader.instruments.effort import Effort, LimitReached, found_by_trying
from grader.intake.numeric import LOOKS_NUMERIC
from grader.sandbox import StudentError, SubmissionError, WorkerOutOfMemory, WorkerTimeout

T = TypeVar("T")

Answers = Mapping[str, tuple[object, NDArray[Any]]]
"""What came out for each gradient, and what is right."""

BY_DIFFERENCES = (
    "The {name} is right for values around one and wrong for very large ones, as differences of the forward "
    "pass are. It must come from the derivative of the layer."
)
BY_TRYING = (
    "This takes as long as trying out every entry of the input. The {name} must come from the derivative of "
    "the layer."
)


class Derivation:
    """Whether the gradients of one function were derived, or found by trying out small steps.

    ::

        @pytest.fixture(scope="module")
        def derivation(student, reference, draw):
            def at_size(samples, again):
                rng = draw("affine", samples, again)
                x, w, dout = (rng.normal(size=size) for size in ((samples, 5), (5, 4), (samples, 4)))

                def passes():
                    _, cache = student.affine_forward(x, w)
                    return student.affine_backward(dout, cache)

                (dx, dw), seconds = timed(student.cpu_seconds, passes)
                right_dx, right_dw = reference.affine_backward(dout, (x, w))
                answers = {"dx": (dx, right_dx), "dw": (dw, right_dw)}
                return answers, Effort(student=seconds, entries=x.size)

            return Derivation(dict, at_size, sizes=(16, 32, 64, 128, 256, 512))


        @part("affine_backward.dx")
        def test_dx(student, reference, rng, derivation):
            \"\"\"The gradient of the input is right.\"\"\"
            ...
            assert_gradient_matches(dx, expected, "dx")
            derivation.demand("dx")

    Parameters
    ----------
    at_large_values
        Runs the backward pass on very large values, such as 1e14, and returns for each gradient what came out and what
        is right. Differences of the forward pass are lost in rounding there. It makes sense where the right gradient
        does not depend on how large the values are; else pass ``dict``, which returns nothing: then all gradients of a
        function that takes too long are refused.
    at_size
        A function of a size and of how often this size was run before. It runs forward and backward pass once on
        random inputs of this size, others each time, since an answer may be remembered. It returns the gradients as
        above, and their `Effort`.
    sizes
        At least four sizes, each at most twice the one before. What a size is, `at_size` decides: samples here. A
        function that is fast is run at the first or the first two, one that takes long at all of them.
    few
        Names of gradients with so few entries that trying them takes no long time. That one of these was found by
        trying does not explain why the function takes long.
    """

    def __init__(
        self,
        at_large_values: Callable[[], Answers],
        at_size: Callable[[int, int], tuple[Answers, Effort]],
        sizes: Iterable[int],
        few: Iterable[str] = (),
    ) -> None:
        self._at_large_values = at_large_values
        self._at_size = at_size
        self._sizes = tuple(sizes)
        self._few = frozenset(few)
        self._looks: Counter[int] = Counter()
        self._answers: list[Answers] = []
        self._differences: frozenset[str] | None = None
        self._tried: bool | Exception | None = None

    def demand(self, name: str) -> None:
        """Demand that the gradient called `name` was derived. Show first that it is right.

        Raises
        ------
        Tampered
            It was found by trying. Either it is wrong for very large values; or the function takes as long as trying
            does, and no other of its gradients explains that. Another gradient explains it if that one is wrong for
            large values and is not in `few`.
        Failed
            It is wrong for inputs of another size.
        Exception
            What a call on these inputs raised.
        """
        if self._differences is None:
            self._differences = _wrong(self._at_large_values())
        if name in self._differences:
            raise Tampered(BY_DIFFERENCES.format(name=name))
        if self._differences - self._few:
            return
        if self._tried is None:
            self._tried = self._try()
        if isinstance(self._tried, Exception):
            raise self._tried
        if self._tried:
            raise Tampered(BY_TRYING.format(name=name))
        for answers in self._answers:
            self._demand_right(name, *answers[name])

    def _try(self) -> bool | Exception:
        try:
            return found_by_trying(self._effort, self._sizes)
        except LimitReached as reached:
            return reached.error
        except Exception as error:
            return error

    def _effort(self, size: int) -> Effort:
        try:
            answers, effort = self._at_size(size, self._looks[size])
        except SubmissionError as error:
            if _is_limit(error):
                raise LimitReached(error) from error
            raise
        self._looks[size] += 1
        self._answers.append(answers)
        return replace(effort, trial=max(effort.trial, shortest_trial()))

    @staticmethod
    def _demand_right(name: str, actual: object, expected: NDArray[Any]) -> None:
        # What is near was judged on smaller inputs: it may be the gradient of the student's own forward pass.
        comparison = compare(actual, expected)
        if comparison.grade is Grade.WRONG:
            raise Failed(f"{name}, on another size: {comparison.reason}")


def remark_unless_right(student: Student, part: str, where: str, answers: Callable[[], Answers]) -> None:
    """Tell staff of gradients that are right elsewhere and wrong at values that differences stumble over.

    It takes no points: there are other ways to be wrong there, such as a comparison that allows for rounding.

    Parameters
    ----------
    where
        What these values are, as the end of a sentence.
    answers
        Asks for the gradients there; a call that fails says nothing.
    """
    try:
        found = answers()
    except SubmissionError:
        return
    wrong = [name for name, pair in found.items() if compare(*pair).grade is not Grade.RIGHT]
    if wrong:
        message = (
            f"{part}: {', '.join(wrong)} is right for ordinary values, and wrong {where}, as differences are"
        )
        student.remark(LOOKS_NUMERIC, message)


def _wrong(answers: Answers) -> frozenset[str]:
    """Return the gradients that are wrong; what is near was judged on smaller values."""
    return frozenset(
        name for name, (actual, expected) in answers.items() if compare(actual, expected).grade is Grade.WRONG
    )


def _is_limit(error: SubmissionError) -> bool:
    """Whether a call ended because it took too long or asked for too much memory."""
    if isinstance(error, StudentError):
        return error.type_name in {"MemoryError", "_ArrayMemoryError"}
    return isinstance(error, WorkerTimeout | WorkerOutOfMemory)


def shortest_trial() -> float:
    """Return the CPU seconds below which nobody tries out one entry of an input, measured on this machine.

    The least forward pass there is takes several NumPy calls, and so does weighing what comes out.
    """
    few = np.ones(8)

    def trial() -> None:
        for _ in range(2):
            np.sum((few + few) * few)

    return min(timed(thread_time, trial)[1] for _ in range(5))


def timed(clock: Callable[[], float], call: Callable[[], T]) -> tuple[T, float]:
    """Return what `call` returns, and how many seconds it took by `clock`.

    ::

        value, seconds = timed(student.cpu_seconds, lambda: student.f(x))    # in the box
        value, seconds = timed(time.thread_time, lambda: reference.f(x))     # here
    """
    before = clock()
    value = call()
    return value, clock() - before
