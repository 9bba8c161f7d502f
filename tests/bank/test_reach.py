"""Which names of a solution a function may come to use."""

import pytest

from grader.bank.reach import home_of, reach
from grader.bank.rebuild import rebuild

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
