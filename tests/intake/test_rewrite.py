"""Cutting and joining Python text, and stand-ins for the fast layers."""

from __future__ import annotations

from types import ModuleType

import pytest

from grader.intake.rewrite import ADDED, REFUSAL, extended, rewired, selected, stand_in
from grader.intake.source import read_source

MODULES = frozenset(
    {("nndl.layers", "cs231n.layers"), ("nndl.conv_layer_utils", "cs231n.layer_utils"), ("cs231n", "utils")}
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from nndl.layers import f\n", "from cs231n.layers import f\n"),
        (
            "from nndl.layers import (\n    f,\n    g as h,\n)\nx = 1\n",
            "from cs231n.layers import (\n    f,\n    g as h,\n)\nx = 1\n",
        ),
        ("from cs231n.fast_layers import *\n", "from utils.fast_layers import *\n"),
        ("from \\\n    nndl.layers import f\n", "from cs231n.layers import f\n\n"),
        (
            "from nndl.layers import f; from nndl.layers import g\n",
            "from cs231n.layers import f; from cs231n.layers import g\n",
        ),
        ("from nndl.conv_layer_utils import f\n", "pass\n"),
        ("def f():\n    from nndl.layers import g\n", "def f():\n    from cs231n.layers import g\n"),
        (
            "import numpy as np\nfrom nndlx.layers import f\n",
            "import numpy as np\nfrom nndlx.layers import f\n",
        ),
    ],
)
def test_imports_follow_the_modules(text: str, expected: str) -> None:
    """Renamed modules are imported by their new names, line numbers stay, and no module imports itself."""
    assert rewired(text, MODULES, "cs231n.layer_utils") == expected


def test_unwanted_definitions_are_cut_out() -> None:
    """Wanted ones stay with imports, constants and private helpers; what belongs to a file's top goes."""
    text = (
        "from __future__ import annotations\nimport numpy as np\n\n__all__ = ['f']\nEPS = 1\n\n\n"
        "def f():\n    return _h()\n\n\n@decorated\ndef g():\n    return 1\n\n\ndef _h():\n    return 2\n"
    )
    source = read_source("", selected(text, frozenset({"f"})).encode())
    assert source.names == {"np", "EPS", "f", "_h"}


@pytest.mark.parametrize(
    "student",
    [
        b"def f():\n    return 'mine'",
        b"\xef\xbb\xbfdef f():\r\n\treturn 'mine'\r\n",
        b"# -*- coding: latin-1 -*-\nx = 'caf\xe9'\n",
        b"from __future__ import division\nx = 1",
        b"",
        b"if True:\n    x = 1  # no line end",
    ],
)
def test_additions_win_and_the_students_bytes_stay(student: bytes) -> None:
    """Whatever a file's encoding and line ends, it keeps its bytes and gets the definitions at its end."""
    joined = extended(student, ["def f():\n    return 'é released'\n"])
    assert joined.startswith(student)
    namespace: dict[str, object] = {}
    exec(compile(joined, "f.py", "exec"), namespace)  # noqa: S102 - this test's own few lines
    assert namespace["f"]() == "é released"  # type: ignore[operator]
    assert ADDED.encode() in joined


def test_a_file_that_cannot_be_added_to_stays_as_it_is() -> None:
    """An encoding that nobody knows, or an addition that would break the file, leaves it alone."""
    for student in (b"# coding: klingon\nx = 1\n", b"x = (\n"):
        assert extended(student, ["y = 1"]) == student


def loaded(text: bytes | None) -> ModuleType:
    """Return the stand-in for `text` as a module."""
    module = ModuleType("stand_in")
    exec(stand_in(text), module.__dict__)  # noqa: S102 - a module of this repository, made from constants
    return module


@pytest.mark.parametrize("name", ["conv_forward_fast", "anything_else"])
@pytest.mark.parametrize("text", [b"def conv_forward_fast(x, w):\n    return x\n", None])
def test_calling_a_fast_layer_says_what_is_asked(name: str, text: bytes | None) -> None:
    """Every name is there, known or not, takes any arguments, and refuses."""
    with pytest.raises(RuntimeError, match=REFUSAL):
        getattr(loaded(text), name)(1, w=2)


def test_a_star_import_gives_the_real_names() -> None:
    """Names come from __all__ where there is one, else from the public definitions."""
    listed = loaded(b"__all__ = ['g']\ndef f(): pass\ndef g(): pass\n")
    public = loaded(b"def f(): pass\ndef _g(): pass\n")
    assert listed.__all__ == ["g"]
    assert "f" in vars(public)
    assert "_g" not in vars(public)


def test_python_itself_is_not_fooled() -> None:
    """Names that the import system asks for are absent, as in any module."""
    assert not hasattr(loaded(None), "__path__")
