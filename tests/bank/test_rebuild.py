"""A private package of modules from files, apart from what this process imported, and what its functions can use."""

import sys

import pytest

from grader.bank.rebuild import home_of, path_of, reach, rebuild
from grader.intake.source import module_name


def test_modules_find_each_other():
    """Modules import each other absolutely, relatively, as attributes of their package, and inside functions."""
    modules = rebuild(
        {
            "pack/__init__.py": b"NAME = 'pack'",
            "pack/one.py": b"VALUE = 1",
            "pack/two.py": (
                b"from pack.one import VALUE\nfrom . import one\nfrom .one import VALUE as again\nimport pack.one\n"
                b"whole = pack.one.VALUE\n"
                b"def later():\n    from pack import NAME, one\n    return NAME, one.VALUE\n"
            ),
        }
    )
    two = modules["pack.two"]
    assert (two.VALUE, two.one.VALUE, two.again, two.whole) == (1, 1, 1, 1)
    assert two.later() == ("pack", 1)
    assert not [name for name in sys.modules if name.partition(".")[0] == "pack"]


def test_real_modules_stay_apart():
    """A rebuilt module hides the real one of its name from its own package only."""
    modules = rebuild({"json/__init__.py": b"dumps = str", "user.py": b"import json\nout = json.dumps(1.0)"})
    assert modules["user"].out == "1.0"
    assert sys.modules.get("json") is not modules["json"]


def test_finished_modules_stand_beside():
    """A rebuilt module imports its own copies first, and finished modules where it has none."""
    first = rebuild({"low.py": b"X = 1", "mid.py": b"from low import X"})
    second = rebuild({"low.py": b"X = 2", "high.py": b"import low, mid\nboth = low.X, mid.X"}, beside=first)
    assert second["high"].both == (2, 1)
    assert set(second) == {"low", "high"}


def test_a_module_may_import_itself():
    """Code behind a module can import the names above it from that module."""
    modules = rebuild(
        {"own.py": b"def f():\n    return 1\nfrom own import f as above\ndef f():\n    return above() + 1\n"}
    )
    assert modules["own"].f() == 2


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbfx = 1\n",
        b"if True:\r\n    x = 1\r\n",
        "# coding: latin-1\nx = len('é')".encode("latin-1"),
    ],
)
def test_bytes_are_read_as_python_reads_files(text):
    """Byte-order marks, line ends and coding cookies mean what they mean in files."""
    assert rebuild({"odd.py": text})["odd"].x == 1


def test_names_and_paths():
    """A path and a module's name say the same, packages included."""
    modules = rebuild({"a/__init__.py": b"__path__ = []", "a/b.py": b""})
    assert [module_name(path) for path in ("a/__init__.py", "a/b.py")] == ["a", "a.b"]
    assert [path_of(module) for module in modules.values()] == ["a/__init__.py", "a/b.py"]


MODULES = rebuild(
    {
        "low.py": b"import math\ndef base(x):\n    return math.floor(x)\ndef alone(x):\n    return x\n",
        "high.py": (
            b"from low import base\nLIMIT = 3\n"
            b"def direct(x):\n    return base(x)\n"
            b"def nested(x):\n    return [inner for inner in map(lambda each: direct(each), x)]\n"
            b"def loop(x):\n    return loop(x - LIMIT)\n"
            b"class Model:\n    size = 1\n    def run(self, x):\n        return direct(x)\n"
            b"class Larger(Model):\n    pass\n"
        ),
    }
)


@pytest.mark.parametrize(
    ("symbol", "names"),
    [
        ("alone", {"alone"}),
        ("direct", {"direct", "base"}),
        ("nested", {"nested", "direct", "base"}),
        ("loop", {"loop"}),
        ("Model", {"Model", "direct", "base"}),
    ],
)
def test_reach_follows_calls(symbol, names):
    """A function reaches what it, its inner functions and its methods name, and what those reach in turn."""
    assert reach(symbol, MODULES) == names


def test_home_is_where_a_name_is_defined():
    """A name's home is the module that defines it, not one that imports it."""
    assert home_of("base", MODULES).__name__ == "low"


def test_an_unknown_name_has_no_home():
    """A name that no module defines is an error that names the modules."""
    with pytest.raises(LookupError, match="defines no ghost; its modules are low, high"):
        home_of("ghost", MODULES)
