"""Hints: what usually causes an exception, from what Python itself says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.sandbox import StudentError, StudentImportError
from grader.sandbox.error_hints import hint
from tests.sandbox.conftest import Student


@pytest.mark.parametrize(
    ("source", "part"),
    [
        ("print 'x'", "Python 2"),
        ("def f():\n\tif 1:\n        x = 1\n", "Tabs and spaces"),
        ("def f():\nreturn 1", "indentation"),
        ("<<<<<<< HEAD\nx = 1\n=======\n", "merge"),
        ("for i in xrange(3): pass", "Python 2"),
        ("import numpy\nnumpy.int", "alias"),
        ("import numpy as np\nx = np.zeros(3).astype(np.float)", "alias"),
        ("import numpy as np\nnp.zeros(4 / 2)", "must be an int"),
        ("import numpy as np\nnp.zeros(4)[2.0]", "must be an int"),
        ("[1, 2][0:1.0]", "must be an int"),
        ("x = np.zeros(3)", "import numpy as np"),
        ("{}.iteritems()", "Python 2"),
        ("exit()", "exit()"),
        ("x = input()", "keyboard"),
        ("def f(): f()\nf()", "calls itself"),
        ("raise NotImplemented", "NotImplementedError"),
        ("import numpy as np\nnp.ones((2, 3)) + np.ones((2, 2))", "do not fit"),
        ("import numpy as np\nnp.ones((2, 3))[:] = np.ones((2, 2))", "do not fit"),
        ("import numpy as np\nnp.ones((2, 3)) @ np.ones((2, 2))", "matrix product"),
        ("import numpy as np\nnp.ones((2, 3)).dot(np.ones((2, 2)))", "matrix product"),
        ("import numpy as np\nnp.tensordot(np.ones((2, 3)), np.ones((2, 2)), 1)", "matrix product"),
        ("import numpy as np\nnp.ones(6).reshape(4, 2)", "number of entries"),
        ("import numpy as np\nnp.ones((2, 3)).transpose(0, 2, 1)", "each axis"),
        ("a, b = 1, 2, 3", "another number of values"),
        ("a, b = (1,)", "another number of values"),
        ("import numpy as np\nnp.ones(3)[0, 1]", "more indices than axes"),
        ("import numpy as np\nnp.ones(3)[3]", "past the end"),
        ("a, b = None", "is None"),
        ("None.shape", "is None"),
        ("None[0]", "is None"),
        ("{}['stride']", "no such key"),
        ("def f(x): pass\nf()", "other arguments"),
        ("def f(x): pass\nf(1, y=2)", "other arguments"),
        ("x = undefined_name", "spelt"),
        ("[1, 2][2]", "shorter than the index"),
        ("[].pop()", "empty"),
        ("1 / 0", "divided by zero"),
        ("import numpy as np\nwith np.errstate(all='raise'): np.exp(np.float64(1e3))", "errstate"),
        ("open('nowhere.txt')", "not there"),
        ("def f():\n    if []:\n        x = 1\n    return x\nf()", "another branch"),
    ],
)
def test_common_mistake_gets_its_hint(student: Callable[..., Student], source: str, part: str) -> None:
    """The exceptions of common mistakes, as this Python words them, are recognised."""
    with pytest.raises(StudentImportError) as caught:
        student(source)
    assert part in caught.value.hint


def test_untouched_stub_gets_its_hint(student: Callable[..., Student]) -> None:
    """NotImplementedError says that the stub was left as it was."""
    with pytest.raises(StudentError) as caught:
        student("def f(): raise NotImplementedError").call("f")
    assert "stub" in caught.value.hint


@pytest.mark.parametrize(("type_name", "text"), [("ValueError", "x"), ("", "")])
def test_other_exceptions_get_none(type_name: str, text: str) -> None:
    """An exception without one usual cause gets no hint."""
    assert hint(type_name, text) == ""


def test_hint_never_quotes_the_submission() -> None:
    """A hint is ours word for word, whatever the exception's text holds."""
    assert "secret" not in hint("NameError", "name 'xrange' is not defined, secret")
