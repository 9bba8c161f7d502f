"""Given code in answers that have to do without it is found under other names; the same idea in own words is not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grader.bank.entries import load_variants
from grader.bank.rebuild import as_files
from grader.bank.samples import solution_modules
from grader.intake import ReleaseSource, prepare
from grader.intake.given_code import ENOUGH, runs_of

HOME = "nndl/conv_layers.py"
ATTACKS = Path(__file__).resolve().parent.parent / "attacks"


@pytest.fixture(scope="module")
def release(repository, cnn) -> ReleaseSource:
    """Return what the course hands out."""
    return ReleaseSource.of(repository, cnn)


@pytest.fixture
def copied(repository, cnn, release):
    """Return what finds given code in the solution with further code behind it, and further files."""

    def found(code: str = "", **files: bytes) -> dict[str, tuple[str, float]]:
        modules = solution_modules(repository, cnn)
        modules[HOME] += b"\n\n" + code.encode()
        modules |= {path.replace("__", "/") + ".py": content for path, content in files.items()}
        submission = prepare("ada", modules, cnn, release)
        return {each.symbol: (each.given, each.share) for each in submission.copied}

    return found


def test_the_same_idea_in_own_words_is_not_found(repository, cnn, release) -> None:
    """Neither the solution nor any variant, own im2col and sliding windows among them, comes near."""
    modules = solution_modules(repository, cnn)
    assert prepare("solution", modules, cnn, release).copied == ()
    variants = load_variants(cnn.folder)
    assert any("im2col" in each.name for each in variants)
    for each in variants:
        assert prepare("variant", as_files(each, modules), cnn, release).copied == (), each.name


def test_what_is_pasted_under_other_names_is_found_with_both_texts(repository, cnn, release, copied) -> None:
    """Names, temporaries, comments and docstrings make no difference; staff get both texts."""
    text = (ATTACKS / "cheat_given_code_pasted.py").read_text(encoding="utf-8")
    assert copied(text).keys() == {"conv_forward_naive", "conv_backward_naive"}
    modules = solution_modules(repository, cnn)
    modules[HOME] += b"\n\n" + text.encode()
    first = prepare("ada", modules, cnn, release).copied[0]
    assert first.given == "im2col of im2col.py"
    assert first.share >= ENOUGH
    assert "sliding_window_view" in first.original
    assert "def laid_out" in first.text


def test_a_changed_copy_is_found_behind_any_name(release, copied) -> None:
    """A copy of a given file with one line more is the submission's own, and so is what it is called by."""
    changed = {
        "nndl__mine": release.support["fast_layers.py"] + b"\nmine = 1\n",
        "nndl__im2col": release.support["im2col.py"] + b"\nmine = 1\n",
    }
    pool = "pool = m.max_pool_forward_fast\ndef max_pool_forward_naive(*a):\n    return pool(*a)\n"
    code = f"import nndl.mine as m\n{pool}"
    assert copied(code, **changed) == {
        "max_pool_forward_naive": ("max_pool_forward_fast of fast_layers.py", 1.0)
    }
    assert copied("", **changed) == {}  # it lies there and no answer uses it


def test_a_file_that_came_back_unchanged_is_not_the_submissions_own(release, copied) -> None:
    """Answers that call a copy of a given file meet its stand-in: there is nothing to wait for."""
    code = "from nndl.mine import max_pool_forward_fast as pool\ndef max_pool_forward_naive(*a):\n    return pool(*a)\n"
    assert copied(code, nndl__mine=release.support["fast_layers.py"]) == {}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import zlib\nexec(zlib.decompress(PACKED))", True),
        (f"exec({'conv = 1' + ' ' * 300!r})", True),
        ("import marshal\nbody = marshal.loads(PACKED)", True),
        ("import numpy as np\nspread = getattr(np, 'vec' + 'torize')", True),
        ("known = globals()['conv_forward_' + 'fast']", True),
        ("import numpy as np\nname = 'sum'\nadd = getattr(np, name)", False),
        ("answer = eval('1 + 1')", False),
        ("import re\nPATTERN = re.compile(r'a' + 'b')", False),
    ],
)
def test_code_that_does_not_stand_in_a_file_is_told_of(code, told, repository, cnn, release) -> None:
    """What is found by reading is not found in code that a file only makes: staff know that there is some."""
    modules = solution_modules(repository, cnn)
    modules[HOME] += f"\n\n{code}\n".encode()
    flags = [each for each in prepare("ada", modules, cnn, release).flags if each.kind == "unread_code"]
    assert bool(flags) is told


def test_an_answer_that_a_file_makes_as_it_runs_is_told_of(repository, cnn, release) -> None:
    """Reading the file does not show it."""
    modules = solution_modules(repository, cnn)
    modules[HOME] = b"globals().update(table)\n"
    (flag,) = (each for each in prepare("ada", modules, cnn, release).flags if each.kind == "unread_code")
    assert "conv_forward_naive" in flag.message


def test_a_program_of_any_depth_is_read(copied) -> None:
    """What is nested deeper than Python follows has nothing of what is given, and costs the rest nothing."""
    deep = "-" * 400 + "1"
    assert copied(f"def conv_forward_naive(x, w, b, p):\n    return {deep}\n") == {}


def test_temporaries_stand_in_their_places() -> None:
    """What is named only to be used once makes no other program of it."""
    one = ast.parse("def f(x):\n    y = x.sum(axis=0)\n    return (y + 1).reshape(2, 3, 4, 5)").body[0]
    two = ast.parse("def g(a):\n    'Text.'\n    return (a.sum(axis=0) + 1).reshape(2, 3, 4, 5)").body[0]
    assert runs_of(one) == runs_of(two)
    assert runs_of(one).total() > 10
