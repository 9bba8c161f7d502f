"""Mistakes in the bisection."""

from grader.bank import mistake


def halved(f, a, b, keeps_left, done):
    """Halve until it is done, by the rule that says which half is kept."""
    while not done(a, b):
        middle = (a + b) / 2
        if keeps_left(f, a, middle):
            b = middle
        else:
            a = middle
    return (a + b) / 2


def changes(f, a, middle):
    """Say whether the sign changes in the left half."""
    return (f(a) < 0) != (f(middle) < 0)


def refuse_one_sign(f, a, b):
    """Raise where both ends have one sign."""
    if f(a) * f(b) > 0:
        raise ValueError("one sign")


@mistake("bisect.root")
def bisect_expects_rising(f, a, b, tol=1e-10):
    """The half is chosen by the sign in the middle alone, which is right for a function that rises: one that falls
    has its root in the other half. Which sign is at the left end matters, too.
    """
    refuse_one_sign(f, a, b)
    return halved(f, a, b, lambda f, a, middle: f(middle) > 0, lambda a, b: b - a <= tol)


@mistake("bisect.root")
def bisect_stops_by_value(f, a, b, tol=1e-10):
    """It ends when the function is small in the middle, and not when the interval is: a function may be tiny far
    away from its root, and then the answer is farther off than was asked for.
    """
    refuse_one_sign(f, a, b)
    return halved(f, a, b, changes, lambda a, b: abs(f((a + b) / 2)) <= tol)


@mistake("bisect.root", "depth")
def bisect_as_many_halvings_as_ever(f, a, b, tol=1e-10):
    """The number of halvings is fixed: how many it takes depends on the interval and on how exact the answer has to
    be.
    """
    refuse_one_sign(f, a, b)
    width = b - a
    return halved(f, a, b, changes, lambda a, b: b - a < width / 100)


@mistake("bisect.refuses")
def bisect_never_refuses(f, a, b, tol=1e-10):
    """An interval at whose ends the function has one sign is halved like any other: there need not be a root in it,
    and what comes back is none.
    """
    return halved(f, a, b, changes, lambda a, b: b - a <= tol)
