"""Say what usually causes an exception in a submission, for errors that have one usual cause."""

from __future__ import annotations

import re
from typing import Final

_REMOVED_ALIASES = (
    "NumPy removed this alias of a Python type: write int, float, bool, complex or object without 'np.'"
)
_PYTHON_2 = "This is Python 2; submissions are graded with Python 3"
_SHAPES = "print the shapes just before this line"
_NONE = (
    "A value is None here: perhaps of a part that is not written yet, or of a function that returns nothing"
)
_ALONE = "A file is asked for that is not there, or a process or a connection: answers have none where they are graded"
_FLOAT_SIZE = "An array size or index must be an int; '/' gives a float, '//' an int"

FORBIDDEN = "The code uses a package that it may not use"

# Type of exception, pattern in its text, what to say; the first that fits is said. The text never gets into a hint,
# because it can carry hidden inputs.
# fmt: off
_HINTS: Final[tuple[tuple[str, str, str], ...]] = (
    ("SyntaxError", r"Missing parentheses in call to '(print|exec)'", f"{_PYTHON_2}: print is a function, print(x)"),
    ("SyntaxError", r"multiple exception types|leading zeros", _PYTHON_2),
    ("TabError", "", "Tabs and spaces are mixed in the indentation; use spaces only"),
    ("IndentationError", "", "The indentation does not fit; a block needs at least one statement, such as pass"),
    ("SyntaxError", r"<<<<<<<|>>>>>>>|=======", "Markers of an unresolved merge are left in the file"),
    ("SyntaxError", r"^f-string",
     "Python 3.12 and later read this f-string, the version used for grading does not; use other quotes within"),
    ("SyntaxError", "", "This does not parse as Python in the version used for grading"),
    ("NameError", r"'xrange'", f"{_PYTHON_2}: xrange is now range"),
    ("NameError", r"'raw_input'|'unicode'|'unichr'|'long'|'basestring'|'reduce'|'execfile'", _PYTHON_2),
    ("NameError", r"'np'|'numpy'", "NumPy is used and not imported: import numpy as np"),
    ("AttributeError", r"'dict' object has no attribute '(iter\w+|has_key)'", f"{_PYTHON_2}: use items(), keys(), in"),
    ("ModuleNotFoundError", r"'(cPickle|urllib2|StringIO|Queue|ConfigParser)'",
     f"{_PYTHON_2}: the module has a new name"),
    ("AttributeError", r"module 'numpy' has no attribute '(int|float|bool|complex|object|str|long)'", _REMOVED_ALIASES),
    ("AttributeError", r"module 'numpy' has no attribute",
     "NumPy has no such name in the version used for grading"),
    ("TypeError", r"only (0-dimensional|length-1|size-1) arrays can be converted",
     "Only an array without axes is taken for a number; x.item() gives the one entry of any other"),
    ("TypeError", r"'(numpy\.)?float\d*' object cannot be interpreted as an integer", _FLOAT_SIZE),
    ("TypeError", r"expected a sequence of integers or a single integer", _FLOAT_SIZE),
    ("TypeError", r"slice indices must be integers", _FLOAT_SIZE),
    ("IndexError", r"only integers, slices", _FLOAT_SIZE),
    ("TypeError", r"exceptions must derive from BaseException",
     "What is raised here is no exception; for a part that is not written yet it is NotImplementedError"),
    ("UnboundLocalError", "", "A variable is used that has no value yet; perhaps only another branch sets it"),
    ("ValueError", r"could not (be )?broadcast", f"Two arrays have shapes that do not fit each other: {_SHAPES}"),
    ("ValueError", r"mismatch in its core dimension|shapes .* not aligned|shape-mismatch for sum",
     f"The inner lengths of a matrix product differ: {_SHAPES}"),
    ("ValueError", r"cannot reshape array", f"reshape keeps the number of entries: {_SHAPES}"),
    ("ValueError", r"axes don't match array", f"transpose names each axis of the array once: {_SHAPES}"),
    ("ValueError", r"values to unpack",
     "What is unpacked holds another number of values than there are names for; is it the cache or shape it is "
     "taken for?"),
    ("IndexError", r"too many indices", f"There are more indices than axes: {_SHAPES}"),
    ("IndexError", r"out of bounds",
     f"An index lies past the end of its axis; perhaps two sizes are mixed up: {_SHAPES}"),
    ("IndexError", r"^(list|tuple|string) index out of range$",
     "A list, tuple or text is shorter than the index asks for"),
    ("IndexError", r"^pop from", "Something is taken out of a list that is empty"),
    ("ZeroDivisionError", "", "Something is divided by zero"),
    ("FloatingPointError", "",
     "A number overflowed or was divided by zero, and np.seterr or np.errstate makes that an error"),
    ("FileNotFoundError", "", _ALONE),
    ("PermissionError", "", _ALONE),
    ("BlockingIOError", "", _ALONE),
    ("TypeError", r"'NoneType'|NoneType object", _NONE),
    ("AttributeError", r"'NoneType' object", _NONE),
    ("KeyError", "", "The dictionary has no such key; keys are spelt as the docstring spells them"),
    ("TypeError", r"positional argument|unexpected keyword argument",
     "A function is called with other arguments than it takes"),
    ("NameError", "", "A name is used that nothing sets or imports; perhaps it is spelt otherwise elsewhere"),
    ("RecursionError", "", "A function calls itself without end"),
    ("NotImplementedError", "", "The part still raises NotImplementedError, as the stub does"),
    ("EOFError", "", "The code waits for input from the keyboard, which nobody gives it"),
    ("BdbQuit", "", "A breakpoint is left in the code"),
    ("ImportError", r"is not available where submissions are graded", FORBIDDEN),
    ("SystemExit", "", "The file ends the interpreter; leave out exit() and sys.exit()"),
)
# fmt: on


def hint(type_name: str, text: str) -> str:
    """Return what usually causes an exception of class `type_name` with this `text`, or ''."""
    for wanted, pattern, advice in _HINTS:
        if type_name == wanted and re.search(pattern, text):
            return advice
    return ""


def forbidden_package(type_name: str, text: str) -> str:
    """Return the package that an exception says is not there, or ''; that text is the submission's, and may lie."""
    found = re.match(r"(\w+)[\w.]* is not available where submissions are graded", text)
    return found[1] if found and type_name == "ImportError" else ""
