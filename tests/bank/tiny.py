"""The files of a tiny assignment: a solution of three modules, and its checks."""

ASSIGNMENT = """
id = "tiny"
version = "1"
title = "Tiny"
layouts = []
[release]
answers = ["tiny/answers.py"]
earlier = ["tiny/earlier.py"]
[[parts]]
id = "double"
symbol = "double"
points = 6
title = "Double"
[[parts]]
id = "shift.up"
symbol = "shift"
points = 4
title = "Shift"
"""

EARLIER = b"""
def twice(x):
    return x + x

def once(x):
    return x
"""

ANSWERS = b"""
from tiny.earlier import twice


def double(x):
    # ================================================================ #
    # YOUR CODE HERE:
    #   Double x.
    # ================================================================ #
    out = twice(x)
    # ================================================================ #
    # END YOUR CODE HERE
    # ================================================================ #
    return out
"""

OTHER = b"""
def shift(x):
    return x + 1
"""

FILES = {"tiny/earlier.py": EARLIER, "tiny/answers.py": ANSWERS, "tiny/other.py": OTHER}

CHECKS = '''
import numpy as np
from grader.checking import assert_matches, beyond, part

@part("double")
def test_double(student, reference):
    """Doubles."""
    assert_matches(student.double(np.ones(2)), reference.double(np.ones(2)))

@beyond("double")
def test_negative(student, reference):
    """Doubles what is negative."""
    assert_matches(student.double(-np.ones(2)), reference.double(-np.ones(2)))

@part("shift.up")
def test_shift(student, reference):
    """Shifts."""
    assert_matches(student.shift(np.ones(2)), reference.shift(np.ones(2)))
'''
