"""Which layout a submission has, and which file holds which answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from grader.intake.layout import ResolvedLayout
from tests.intake.homework import CONV_LAYERS, IN_ONE_PACKAGE, NAIVE, SOLUTION, SOLVED, answer, network

Files = dict[str, str | bytes]
Resolve = Callable[[Files], ResolvedLayout]
STUB = "".join(f"def {name}(x=None):\n    out = None\n    return out\n" for name in NAIVE)


def below(folder: str, files: Files) -> Files:
    """Move `files` into a folder."""
    return {f"{folder}/{path}": content for path, content in files.items()}


def kinds(resolved: ResolvedLayout) -> set[str]:
    """Return the kinds of the flags."""
    return {each.kind for each in resolved.flags}


@pytest.mark.parametrize("folder", ["", "assignment2", "a/b"])
@pytest.mark.parametrize(
    ("files", "name"),
    [
        (SOLVED, "nndl"),
        ({**SOLVED, "cs231n/solver.py": ""}, "nndl"),
        ({**SOLVED, "utils/solver.py": ""}, "utils"),
        ({**SOLVED, "nndl/cnn.py": network("", "from utils.fast_layers import *\n")}, "utils"),
        (IN_ONE_PACKAGE, "cs231n"),
        ({**IN_ONE_PACKAGE, "cs231n/fast_layers.py": ""}, "cs231n"),
    ],
)
def test_the_layout_and_its_folder_are_recognised(
    files: Files, name: str, folder: str, resolve: Resolve
) -> None:
    """All three layouts are told apart at any depth, with and without the support files."""
    resolved = resolve(below(folder, files) if folder else files)
    assert (resolved.layout.name, resolved.prefix) == (name, f"{folder}/" if folder else "")
    assert set(resolved.holders) == {*NAIVE, "ThreeLayerConvNet"}
    assert resolved.flags == ()


@pytest.mark.parametrize(
    "path",
    [
        "conv_layers_final.py",
        "nndl/conv_layers_final.py",
        "nndl/layers.py",
        "nndl/conv layers (1).py",
        "code/mine.py",
        "NNDL/Conv_Layers.py",
    ],
)
@pytest.mark.parametrize("home", [None, STUB])
def test_an_answer_is_found_by_name_wherever_it_is(path: str, home: str | None, resolve: Resolve) -> None:
    """A file of another name or in another folder counts when the layout's own is missing or is a stub."""
    files: Files = {"nndl/cnn.py": SOLVED["nndl/cnn.py"], path: CONV_LAYERS}
    if home is not None:
        files["nndl/conv_layers.py"] = home
    resolved = resolve(files)
    assert {resolved.holders[name] for name in NAIVE} == {path}
    assert kinds(resolved) == {"answer_elsewhere"}


def test_each_symbol_is_looked_for_by_itself(resolve: Resolve) -> None:
    """One function finished elsewhere is taken from there, the others from where they belong."""
    files: Files = {
        **SOLVED,
        "nndl/conv_layers.py": CONV_LAYERS.replace('str("max_pool_forward_naive solved")', "None"),
        "nndl/extra.py": answer("max_pool_forward_naive", "elsewhere"),
    }
    holders = resolve(files).holders
    assert holders["max_pool_forward_naive"] == "nndl/extra.py"
    assert holders["conv_forward_naive"] == "nndl/conv_layers.py"


def test_an_imported_or_assigned_name_counts_where_it_is_bound(resolve: Resolve) -> None:
    """A student may define a function elsewhere and import it into the expected module."""
    text = CONV_LAYERS.replace("def conv_forward_naive", "def _forward") + (
        "conv_forward_naive = _forward\nfrom nndl.fast import conv_backward_naive\n"
    )
    resolved = resolve({**SOLVED, "nndl/conv_layers.py": text})
    assert resolved.holders["conv_forward_naive"] == "nndl/conv_layers.py"


def test_the_layouts_own_file_wins_over_a_second_one(resolve: Resolve) -> None:
    """Where two files define the same function the expected one is graded, and staff are told."""
    resolved = resolve({**SOLVED, "nndl/conv_layers_old.py": CONV_LAYERS})
    assert resolved.holders["conv_forward_naive"] == "nndl/conv_layers.py"
    assert kinds(resolved) == {"defined_twice"}


@pytest.mark.parametrize("other", ["old", "backup of hw5", "zz/deeper"])
def test_a_backup_does_not_win_over_the_work(other: str, resolve: Resolve) -> None:
    """Equal copies are told apart by their folders' names and depth."""
    resolved = resolve({**below("hw5", SOLVED), **below(other, SOLVED)})
    assert resolved.prefix == "hw5/"
    assert kinds(resolved) >= {"several_copies"}


def test_the_most_complete_copy_wins(resolve: Resolve) -> None:
    """An unfinished copy at the top loses to a finished one below, whatever it is called."""
    unfinished = {**SOLVED, "nndl/conv_layers.py": STUB}
    assert resolve({**unfinished, **below("old", SOLVED)}).prefix == "old/"


def test_of_two_attempts_the_last_by_name_wins(resolve: Resolve) -> None:
    """The choice between equals is always the same one."""
    assert resolve({**below("attempt1", SOLVED), **below("attempt2", SOLVED)}).prefix == "attempt2/"


@pytest.mark.parametrize(
    "text", [b"def f(:\n", b"print 'x'\n", b"x = 1\0", b"\xff\xfe", b"# coding: klingon\n"]
)
def test_a_file_that_does_not_parse_still_holds_its_symbols(text: bytes, resolve: Resolve) -> None:
    """The student gets an import error with its reason, not a claim that the functions are missing."""
    resolved = resolve({**SOLVED, "nndl/conv_layers.py": text})
    assert {resolved.holders[name] for name in NAIVE} == {"nndl/conv_layers.py"}
    assert kinds(resolved) == {"does_not_parse"}


def test_a_broken_file_in_the_wrong_folder_holds_its_symbols_too(resolve: Resolve) -> None:
    """A name is enough where nothing else defines them."""
    resolved = resolve({"conv_layers.py": "def f(:\n", "cnn.py": network("solved net")})
    assert resolved.holders["conv_forward_naive"] == "conv_layers.py"


def test_a_stub_is_held_and_a_missing_answer_is_not(resolve: Resolve) -> None:
    """Handed-out stubs are there, to say that they are not implemented; what nobody wrote is absent."""
    holders = resolve(
        {"nndl/conv_layers.py": SOLUTION["nndl/conv_layers.py"].replace("solved", "x")[:400]}
    ).holders
    assert "ThreeLayerConvNet" not in holders
    assert resolve({"nndl/conv_layers.py": STUB}).holders.keys() == set(NAIVE)


@pytest.mark.parametrize("content", ["", "\n", "# nothing\n"])
def test_an_empty_file_holds_nothing(content: str, resolve: Resolve) -> None:
    """An empty module is not an error and not an answer."""
    resolved = resolve({**SOLVED, "nndl/conv_layers.py": content})
    assert set(resolved.holders) == {"ThreeLayerConvNet"}


def test_a_submission_of_notebooks_alone_has_a_layout(resolve: Resolve) -> None:
    """Nothing to import is every symbol absent."""
    resolved = resolve({"CNN.ipynb": "{}"})
    assert (resolved.prefix, resolved.holders) == ("", {})


@pytest.mark.parametrize(
    ("files", "name", "prefix"),
    [
        ({"conv_layers.py": CONV_LAYERS, "cnn.py": network("")}, "nndl", ""),
        ({"hw/conv_layers.py": CONV_LAYERS, "hw/cnn.py": network("")}, "nndl", "hw/"),
        ({"hw/layers.py": CONV_LAYERS, "hw/cnn.py": "from cs231n.layers import *\n"}, "cs231n", "hw/"),
        ({"x/nndl/mine.py": CONV_LAYERS}, "nndl", "x/"),
    ],
)
def test_files_without_their_folders_have_a_layout(
    files: Files, name: str, prefix: str, resolve: Resolve
) -> None:
    """Modules handed in flat are recognised by their names and imports."""
    resolved = resolve(files)
    assert (resolved.layout.name, resolved.prefix) == (name, prefix)


def test_an_edited_support_file_holds_no_answer(resolve: Resolve) -> None:
    """It is restored, so what a student wrote into it is not there when it runs."""
    resolved = resolve({**SOLVED, "nndl/conv_layers.py": STUB, "cs231n/solver.py": CONV_LAYERS})
    assert resolved.holders["conv_forward_naive"] == "nndl/conv_layers.py"


@pytest.mark.parametrize(
    "made",
    [
        "globals().update({name: make(name) for name in NAMES})",
        "for name in NAMES:\n    exec(f'def {name}(x): return x + 1')",
        "def __getattr__(name):\n    return make(name)",
        "import sys\nsetattr(sys.modules[__name__], NAMES[0], make)",
    ],
)
def test_answers_that_a_file_makes_as_it_runs_are_asked_for(made: str, resolve: Resolve) -> None:
    """What does not stand in the layout's own file may be there when it has run."""
    resolved = resolve({**SOLVED, "nndl/conv_layers.py": made})
    assert {resolved.holders[name] for name in NAIVE} == {"nndl/conv_layers.py"}


def test_answers_below_a_choice_are_found(resolve: Resolve) -> None:
    """A definition may stand in a match or below a group of exceptions."""
    first, second = (f"def {name}(x): return x + 1" for name in NAIVE[:2])
    chosen = f"match 1:\n    case 1:\n        {first}\ntry:\n    {second}\nexcept* ValueError:\n    pass\n"
    resolved = resolve({"nndl/conv_layers.py": chosen})
    assert set(resolved.holders) == set(NAIVE[:2])
