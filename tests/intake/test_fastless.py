"""Stand-ins for the fast layers."""

from __future__ import annotations

from types import ModuleType

import pytest

from grader.intake.fastless import REFUSAL, stand_in


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
