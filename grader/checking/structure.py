"""Ask how an answer is written: its loops and what it names, by the syntax tree, and what it calls and prints."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from grader.checking.failures import Blocked, Failed, Inconclusive
from grader.checking.student import Remote, Structure, home_of, name_of, told_by
from grader.sandbox import SubmissionError

MOST_SHOWN = 3
"""Loops whose lines a student reads."""

COUNTER = """
import sys

class Counted:
    def __init__(self, function):
        self.function, self.calls = function, 0

    def __call__(self, *args, **kwargs):
        self.calls += 1
        return self.function(*args, **kwargs)

    def __getattr__(self, name):
        return getattr(self.function, name)

class Counter:
    def __init__(self, function, names):
        self.counted, self.before = {}, []
        for name in names:
            home, _, last = name.rpartition(".")
            places = [function.__globals__]
            if home in sys.modules:
                places.append(vars(sys.modules[home]))
            counted = self.counted[name] = Counted(places[-1].get(last))
            for place in places if counted.function is not None else ():
                for key, value in list(place.items()):
                    if value is counted.function:
                        self.before.append((place, key, value))
                        place[key] = counted

    def count(self, name):
        return self.counted[name].calls

    def end(self):
        while self.before:
            place, key, value = self.before.pop()
            place[key] = value
"""
"""Runs beside the answer: puts what counts in the place of functions, in its module and where they are from."""


PRINTED = """
import contextlib
import io

def printed(function, args, kwargs):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        function(*args, **kwargs)
    return out.getvalue()
"""


def assert_no_loops(function: Remote, method: str = "") -> None:
    """Demand that a function of the submission computes without loops.

    ::

        @part("distances")
        def test_distances(student, reference, rng):
            \"\"\"The distances are right, without a loop.\"\"\"
            x, y = rng.normal(size=(5, 3)), rng.normal(size=(4, 3))
            assert_matches(student.distances(x, y), reference.distances(x, y))
            assert_no_loops(student.distances)

    Show first that the answer is right: untouched code has no loop either.

    A loop is a ``for``, a ``while``, a comprehension or generator, a recursion, and what calls Python once for each
    entry, such as ``map``, ``filter``, ``functools.reduce``, ``np.vectorize``, ``np.apply_along_axis`` or a ``key`` to
    sort by. It counts in the function and in all functions of the submission that it uses, but not in given code.

    A loop with a fixed number of rounds does not count: over values that are written out, over a range of up to 16, or
    over an array's ``shape``. What NumPy does inside is not seen.

    Parameters
    ----------
    function
        A function or class of the submission.
    method
        One method of the class.

    Raises
    ------
    Failed
        It has a loop; the message names the lines.
    Inconclusive
        The code could not be read, or nobody can tell whether a loop in it is used. This costs no points.
    """
    loops, _ = _structure(function, method)
    surely = [(what, where) for what, where, certain in loops if certain]
    shown = [f"{what} at {where}" for what, where in surely[:MOST_SHOWN]]
    if shown:
        raise Failed(f"This must do without loops, and there is {' and '.join(shown)}.")
    for what, where, _ in loops:
        raise Inconclusive(f"There may be {what} at {where}; this costs nothing.")


def calls_in(function: Remote, name: str, method: str = "") -> int:
    """Return in how many places a function's code uses another function.

    ::

        if calls_in(student.solve, "numpy.linalg.inv"):
            raise Failed("Solve the system without inverting the matrix.")

    It looks at the same code as `assert_no_loops`, without running it. A call in a loop is one place.

    Parameters
    ----------
    name
        The full name, such as ``numpy.linalg.inv``, even if it was imported under another; ``package.module.function``
        for one of the submission's own; ``sorted`` for a builtin; ``.dot`` for a method of anything.

    Raises
    ------
    Inconclusive
        The code could not be read.
    """
    return _structure(function, method, name)[1][name]


@contextmanager
def counting(function: Remote, *names: str) -> Iterator[Calls]:
    """Count how often some functions are called while a block runs.

    ::

        with counting(student.softmax, "numpy.exp", "normalise") as calls:
            student.softmax(x)
        if calls["numpy.exp"] > 1:
            raise Failed("Compute the exponentials once.")

    Calls are counted in the student's own process, so code that knows about it can fool it. What NumPy and Python
    call inside their own functions is not seen.

    Parameters
    ----------
    function
        A function of the submission, whose module is looked at.
    names
        Full names, such as ``numpy.exp``, or names in the function's module, such as ``normalise``.

    Yields
    ------
    Calls
        For each name, how often it was called so far.
    """
    remote = home_of(function).define(COUNTER)(function, list(names))
    calls = Calls(remote)  # type: ignore[arg-type]  # what no plain value is stays in the box
    try:
        yield calls
    finally:
        with suppress(SubmissionError, Blocked):  # the process may be gone, and the counts with it
            calls.end()


def printed(function: Remote, /, *args: object, **kwargs: object) -> str:
    r"""Return what a function of the submission prints when it is called so.

    ::

        assert printed(student.report, [1, 2, 3]) == "mean 2.000\n", "The report should be one line with the mean."

    A plain ``assert`` is enough: if it is false, the check has failed, and the student reads the sentence behind it.
    """
    found = told_by(function, PRINTED, list(args), kwargs)
    if not isinstance(found, str):
        raise Failed("What is printed is no text.")
    return found


class Calls:
    """How often functions were called, by the names they were asked for."""

    def __init__(self, counter: Remote) -> None:
        self._counter = counter

    def __getitem__(self, name: str) -> int:
        count = self._counter.method("count")(name)
        return count if isinstance(count, int) else 0

    def end(self) -> None:
        """Count no longer."""
        self._counter.method("end")()


def _structure(function: Remote, method: str, *wanted: str) -> Structure:
    try:
        return home_of(function).structure(name_of(function), method, wanted)
    except SubmissionError as error:
        raise Inconclusive("The code could not be read; this costs nothing.", str(error)) from error
