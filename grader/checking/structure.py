"""Ask what an answer's code is made of: whether it loops, and what it calls, by its syntax tree."""

from __future__ import annotations

from grader.checking.failures import Failed, Inconclusive
from grader.checking.student import Remote, Structure, home_of, name_of
from grader.sandbox import SubmissionError

MOST_SHOWN = 3
"""Loops whose lines a student reads."""


def assert_no_loops(function: Remote, method: str = "") -> None:
    """Demand that a function of the submission computes without loops.

    ::

        @part("distances")
        def test_distances(student, reference, rng):
            \"\"\"The distances are right, without a loop.\"\"\"
            x, y = rng.normal(size=(5, 3)), rng.normal(size=(4, 3))
            assert_matches(student.distances(x, y), reference.distances(x, y))
            assert_no_loops(student.distances)

    Ask behind what shows that the answer is right: a stub has no loop either.

    A loop is a ``for``, a ``while``, a comprehension or generator, a function that comes to use itself, and what calls
    Python once for each entry: ``map``, ``filter``, ``functools.reduce``, ``itertools.starmap`` and ``accumulate``,
    ``np.vectorize``, ``frompyfunc``, ``fromiter``, ``apply_along_axis`` and ``apply_over_axes``. It counts in the
    function and in all that this names of the submission's own: functions, also inner ones, methods of ``self``, in
    whichever module; not in given code, and not in what is defined and never named.

    None is one whose rounds the code itself counts: over values written out, over a range of up to 16, over an
    array's ``shape``. So a loop over axes, or three passes, costs nothing. What NumPy does inside is not seen.

    Parameters
    ----------
    function
        A function or class of the submission.
    method
        One method of the class.

    Raises
    ------
    Failed
        It loops; the message has the lines.
    Inconclusive
        A loop stands where the answer may not come, such as in a method that is called of something unknown, or the
        code could not be read: this costs nothing.
    """
    loops, _ = _structure(function, method)
    surely = [(what, where) for what, where, certain in loops if certain]
    shown = [f"{what} at {where}" for what, where in surely[:MOST_SHOWN]]
    if shown:
        raise Failed(f"This must do without loops, and there is {' and '.join(shown)}.")
    for what, where, _ in loops:
        raise Inconclusive(f"There may be {what} at {where}; this costs nothing.")


def calls_in(function: Remote, name: str, method: str = "") -> int:
    """Return in how many places a function's code names another, to call it or to pass it on.

    ::

        if calls_in(student.solve, "numpy.linalg.inv"):
            raise Failed("Solve the system without inverting the matrix.")

    The same code is looked at as in `assert_no_loops`, and it is not run: a call in a loop is one place.

    Parameters
    ----------
    name
        The full name, whatever it was imported as, such as ``numpy.linalg.inv``; of the submission's own
        ``package.module.function``; of a builtin ``sorted``; and of a method of whatever it is ``.dot``.

    Raises
    ------
    Inconclusive
        The code could not be read.
    """
    return _structure(function, method, name)[1][name]


def _structure(function: Remote, method: str, *wanted: str) -> Structure:
    try:
        return home_of(function).structure(name_of(function), method, wanted)
    except SubmissionError as error:
        raise Inconclusive("The code could not be read; this costs nothing.", str(error)) from error
