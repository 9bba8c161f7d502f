"""Missing modules: what a right file may import in vain, and what stays an error."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.sandbox import StudentError, StudentImportError
from tests.sandbox.conftest import Student

Make = Callable[..., Student]
RIGHT = "\ndef f(): return 'right'\n"


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("from nosuchpackage import pd", "nosuchpackage"),
        ("import nosuchpackage", "nosuchpackage"),
        ("import nosuchpackage.sub.module as m", "nosuchpackage"),
        ("from nosuchpackage.sub import *", "nosuchpackage"),
        ("import IPython.display", "IPython"),
        ("import scipy.misc", "scipy"),
        ("from scipy.misc import imread, imresize", "scipy"),
        ("import nosuchone, nosuchtwo", "nosuchtwo"),
        ("import numpy.nosuchmodule", "numpy.nosuchmodule"),
    ],
)
def test_missing_module_does_not_stop_a_right_file(student: Make, line: str, missing: str) -> None:
    """A module that is missing and not needed is replaced, with a flag that names it."""
    made = student(line + RIGHT)
    assert made.call("f") == "right"
    assert any(f"missing module '{missing}'" in flag for flag in made.worker.flags)


@pytest.mark.parametrize("module", ["asyncio.windows_events", "multiprocessing.popen_spawn_win32"])
def test_a_library_that_cannot_be_imported_is_replaced_as_a_whole(student: Make, module: str) -> None:
    """A library that is there and fails for want of something is what is missing, not the thing it wanted."""
    made = student(f"import {module} as m" + RIGHT)
    assert made.call("f") == "right"
    assert made.worker.flags == (f"replaced the missing module {module!r} by a placeholder",)


def test_a_failure_of_a_called_library_is_an_error(student: Make) -> None:
    """What a function called at top level does not find is no import of the submission's."""
    with pytest.raises(StudentImportError) as caught:
        student("import importlib\nimportlib.import_module('nosuchmodule')" + RIGHT)
    assert caught.value.type_name == "ModuleNotFoundError"


def test_missing_name_does_not_stop_a_right_file(student: Make) -> None:
    """A name that a module no longer has is replaced, with a flag that names it."""
    made = student("from numpy import nosuchname" + RIGHT)
    assert made.call("f") == "right"
    assert any("'nosuchname' of the module 'numpy'" in flag for flag in made.worker.flags)


@pytest.mark.parametrize(
    "top_level",
    [
        "plt.rcParams['figure.figsize'] = (10.0, 8.0)",
        "plt.style.use('x'); plt.interactive = True; fig = plt.figure(); ax = fig.gca()[0].thing",
        "@plt.jit\ndef g(): pass",
        "@plt.jit(nopython=True)\ndef g(): pass",
    ],
)
def test_top_level_use_while_importing_is_swallowed(student: Make, top_level: str) -> None:
    """What top-level code does with a missing module while it is imported does not stop a right file."""
    assert student("import nosuchplot.pyplot as plt\n" + top_level + RIGHT).call("f") == "right"


@pytest.mark.parametrize(
    "use",
    [
        "plt.show()",
        "plt.x + 1",
        "bool(plt.x)",
        "list(plt.x)",
        "plt.x[0]",
        "plt.x.y",
        "float(plt.x)",
        "1 * plt.x",
    ],
)
def test_later_use_is_a_clear_error(student: Make, use: str) -> None:
    """Using the placeholder in a function says which name is not available."""
    with pytest.raises(StudentError) as caught:
        student(f"import nosuchplot as plt\ndef f():\n    return {use}\n").call("f")
    assert caught.value.type_name == "ImportError"
    assert "nosuchplot" in caught.value.text
    assert "may not use" in caught.value.hint


def test_own_fallback_keeps_working(student: Make) -> None:
    """A submission's own try-except around an import takes its own way, without a placeholder."""
    made = student(
        """
        try:
            import nosuchfast as fast
        except ImportError:
            fast = None
        def f(): return fast is None
        """
    )
    assert made.call("f") is True
    assert made.worker.flags == ()


def test_missing_part_of_the_submission_is_an_error(student: Make) -> None:
    """A module or name that should come from the submission itself is not replaced."""
    files = [("mypackage/__init__.py", ""), ("mypackage/one.py", "x = 1\n")]
    for line in (
        "import mypackage.two",
        "from mypackage import two",
        "from mypackage.one import y",
        "import one",
    ):
        with pytest.raises(StudentImportError):
            student(line, files)


def test_error_inside_the_submission_is_not_hidden(student: Make) -> None:
    """An import of another of the submission's modules that fails for its own reasons is told with its line."""
    with pytest.raises(StudentImportError) as caught:
        student("import broken_part", [("broken_part.py", "x = 1\ny = x.z\n")])
    assert caught.value.type_name == "AttributeError"
    assert caught.value.where.startswith("broken_part.py:2, called from ")


def test_missing_module_two_imports_deep_is_replaced(student: Make) -> None:
    """A missing module is replaced for whichever file of the submission imports it, once."""
    files = [("deep_one.py", "import deep_two\n"), ("deep_two.py", "import nosuchdeep\nx = 5\n")]
    made = student("import deep_one, deep_two, nosuchdeep\ndef f(): return deep_two.x", files)
    assert made.call("f") == 5
    assert len(made.worker.flags) == 1


def test_names_of_python_2_bridges_work(student: Make) -> None:
    """What old course code takes from bridging packages is there under today's names."""
    made = student(
        """
        from __future__ import print_function
        from builtins import range
        from past.builtins import xrange
        def f(): return sum(xrange(4))
        """
    )
    assert made.call("f") == 6


def test_stray_debugger_import_is_fine_and_its_use_is_told(student: Make) -> None:
    """The standard debugger imports; a breakpoint left in the code is an error with a hint."""
    made = student("import pdb\ndef f(): return 1\ndef g():\n    pdb.set_trace()\n    return 1\n")
    assert made.call("f") == 1
    with pytest.raises(StudentError) as caught:
        made.call("g")
    assert "breakpoint" in caught.value.hint


def test_many_missing_modules_end(student: Make) -> None:
    """A file that imports nothing but missing modules is an import error, not an endless search."""
    with pytest.raises(StudentImportError):
        student("\n".join(f"import nosuchmodule{number}" for number in range(40)))


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("from past.builtins import xrange", "return tuple(xrange(3))"),
        ("from tqdm import tqdm", "return tuple(tqdm(range(3), desc='images', leave=False))"),
        ("from tqdm.notebook import tqdm, trange", "return tuple(trange(3))"),
        ("import tqdm", "return tuple(n for n in tqdm.tqdm(range(3)))"),
        ("from numba import prange", "return tuple(prange(3))"),
    ],
)
def test_what_needs_no_module_works_without_it(student: Make, line: str, body: str) -> None:
    """Loops over a progress bar or a compiler's range run as over the range itself."""
    assert student(f"{line}\ndef f():\n    {body}\n").call("f") == (0, 1, 2)


@pytest.mark.parametrize(
    "decorator", ["@numba.njit", "@numba.jit(nopython=True)", "@numba.njit(parallel=True)"]
)
def test_a_compiler_that_is_missing_compiles_nothing(student: Make, decorator: str) -> None:
    """A function to be compiled runs as it is."""
    assert student(f"import numba\n{decorator}\ndef f(): return 'right'\n").call("f") == "right"
