"""The three roots that a box is opened on."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from grader.intake.notebooks import read_notebook
from grader.intake.rewrite import REFUSAL
from grader.intake.stage import Stage
from grader.results import NOT_WHOLE
from tests.intake.homework import (
    COMPILED,
    CONV_LAYERS,
    IN_ONE_PACKAGE,
    NAIVE,
    NOTEBOOKS,
    SOLUTION,
    SOLVED,
    SUPPORT,
    answer,
    network,
    said,
)

Files = dict[str, str | bytes]
Stager = Callable[[Files], Stage]
IN_NNDL = {**dict.fromkeys(NAIVE, "nndl.conv_layers"), "ThreeLayerConvNet": "nndl.cnn"}
IN_CS231N = {**dict.fromkeys(NAIVE, "cs231n.layers"), "ThreeLayerConvNet": "cs231n.classifiers.cnn"}
NET = "cs231n.classifiers.cnn"


def kinds(stage: Stage) -> list[str]:
    """Return the kinds of the stage's flags."""
    return [each.kind for each in stage.submission.flags]


def names(root: Path) -> set[str]:
    """Return the paths of all files below `root`, but for what Python loads in place of their text."""
    files = (path for path in root.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(root).as_posix() for path in files}


@pytest.mark.parametrize(
    ("files", "layout", "modules"),
    [
        (SOLVED, "nndl", IN_NNDL),
        ({**SOLVED, "utils/solver.py": ""}, "utils", IN_NNDL),
        (IN_ONE_PACKAGE, "cs231n", IN_CS231N),
        ({f"assignment2/{path}": text for path, text in IN_ONE_PACKAGE.items()}, "cs231n", IN_CS231N),
    ],
)
def test_every_layout_is_importable_from_every_root(
    files: Files, layout: str, modules: dict[str, str], stage: Stager
) -> None:
    """The modules of all symbols import in all three roots, with the support package under both its names."""
    staged = stage(dict(files))
    assert (staged.submission.layout, dict(staged.submission.modules)) == (layout, modules)
    assert set(staged.roots) == {"naive", "full", "carried"}
    for root in staged.roots.values():
        imported = (*sorted(set(modules.values())), "cs231n.solver", "utils.solver")
        assert said(root, "utils.solver.Solver().train()", *imported) == "trained"


def test_an_answer_is_staged_to_the_byte(stage: Stager) -> None:
    """Encodings, line ends, tabs and byte-order marks are left to Python."""
    text = b"\xef\xbb\xbf# caf\xc3\xa9\r\n" + CONV_LAYERS.replace("    ", "\t").replace("\n", "\r\n").encode()
    staged = stage({**SOLVED, "nndl/conv_layers.py": text})
    for root in staged.roots.values():
        assert (root / "nndl/conv_layers.py").read_bytes() == text


def test_everybody_can_read_the_stage_and_nobody_but_its_owner_can_write(stage: Stager) -> None:
    """A box runs as another user, whatever the umask of the grader is."""
    before = os.umask(0o077)
    try:
        staged = stage({**SOLVED, "helpers/deep/tools.py": "x = 1"})
    finally:
        os.umask(before)
    for root in staged.roots.values():
        for path in (root, *root.rglob("*")):
            assert path.stat().st_mode & 0o7777 == (0o755 if path.is_dir() else 0o644)
            assert not path.is_symlink()


def test_a_stage_is_not_written_over_another(stage: Stager) -> None:
    """Two submissions cannot be mixed up in one folder."""
    stage(dict(SOLVED))
    with pytest.raises(FileExistsError):
        stage(dict(SOLVED))


class TestFastLayers:
    """What the roots say of the fast layers."""

    @pytest.mark.parametrize("package", ["cs231n", "utils"])
    def test_the_naive_root_refuses_them(self, package: str, stage: Stager) -> None:
        """There they can be imported by either name, and raise when called; nothing compiled is left."""
        root = stage(dict(SOLVED)).roots["naive"]
        assert said(root, "f.conv_forward_fast(1)", f"{package}.fast_layers as f").endswith(REFUSAL)
        assert said(root, "f.forward(1)", f"{package}.im2col_cython as f").endswith(REFUSAL)
        assert not any(name.endswith(COMPILED) for name in names(root))

    @pytest.mark.parametrize("root", ["full", "carried"])
    def test_the_other_roots_have_them(self, root: str, stage: Stager) -> None:
        """There they run, and the extension that this machine built is beside them, as a copy."""
        folder = stage(dict(SOLVED)).roots[root]
        assert said(folder, "f.conv_forward_fast(1)", "cs231n.fast_layers as f") == "fast"
        assert (folder / "cs231n" / COMPILED).stat().st_nlink == 1

    def test_a_copy_under_another_name_is_refused_too(self, stage: Stager) -> None:
        """The released fast code in a file of the student's is no way around; their own code is theirs."""
        copied = {
            "nndl/mine.py": SUPPORT["cs231n/im2col.py"],
            "nndl/im2col.py": answer("patches", "own work"),
        }
        root = stage({**SOLVED, **copied}).roots["naive"]
        assert said(root, "f.columns()", "nndl.mine as f").endswith(REFUSAL)
        assert said(root, "f.patches()", "nndl.im2col as f") == "own work"


class TestGivenCode:
    """What was handed out complete is what runs."""

    def test_support_files_are_restored(self, stage: Stager) -> None:
        """An edited solver is replaced by the released one and flagged; further modules stay."""
        files: Files = {**SOLVED, "cs231n/solver.py": "class Solver: pass\n", "cs231n/extra.py": "x = 1\n"}
        staged = stage(files)
        said_ = said(
            staged.roots["full"], "(s.Solver().train(), e.x)", "cs231n.solver as s", "cs231n.extra as e"
        )
        assert said_ == "('trained', 1)"
        assert "edited_given_file" in kinds(staged)

    def test_a_file_cannot_take_the_place_of_an_extension(self, stage: Stager) -> None:
        """The released fast layers look for a compiled module, and find no other."""
        root = stage({**SOLVED, "cs231n/im2col_cython.py": "raise SystemExit\n"}).roots["full"]
        assert "cs231n/im2col_cython.py" not in names(root)

    def test_added_helpers_stay_and_given_ones_win(self, stage: Stager) -> None:
        """A student's sandwich layers are kept; a changed given layer is as released, also for the student's own."""
        helpers = (
            'def conv_relu_forward(x=None):\n    return "cheat"\n\n\n'
            'def conv_bn_forward():\n    return "my " + conv_relu_forward()\n'
        )
        root = stage({**SOLVED, "nndl/conv_layer_utils.py": helpers}).roots["full"]
        assert said(root, "u.conv_bn_forward()", "nndl.conv_layer_utils as u") == "my released fast my relu"

    def test_unchanged_helpers_are_not_added_to(self, stage: Stager) -> None:
        """The file is as it came when nothing in it was edited."""
        text = SOLUTION["nndl/conv_layer_utils.py"].replace("from cs231n", "from utils")
        root = stage({**SOLVED, "nndl/conv_layer_utils.py": text}).roots["full"]
        assert (root / "nndl/conv_layer_utils.py").read_text() == text

    def test_helpers_that_do_not_parse_are_replaced(self, stage: Stager) -> None:
        """A broken given file is no reason for zero points."""
        root = stage({**SOLVED, "nndl/conv_layer_utils.py": "def f(:\n"}).roots["full"]
        assert said(root, "u.conv_relu_forward()", "nndl.conv_layer_utils as u") == "released fast my relu"

    def test_layers_that_do_not_parse_leave_the_network_alone(self, stage: Stager) -> None:
        """What is judged without the fast layers fails by itself; the network that imports it still runs."""
        net = network("mine", "from nndl.conv_layers import *\n")
        roots = stage({**SOLVED, "nndl/cnn.py": net, "nndl/conv_layers.py": "def f(:\n"}).roots
        assert said(roots["full"], "c.ThreeLayerConvNet().loss()", "nndl.cnn as c").startswith("mine")
        for root in ("naive", "carried"):
            assert (roots[root] / "nndl/conv_layers.py").read_text() == "def f(:\n"

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("from cs231n.classifiers.linear import *\n", False),
            ("from .linear import *\n", False),
            ("from cs231n.classifiers.cnn import *\n", True),
            (
                "from .cnn import *\nfrom . import cnn\nimport numpy.random, cs231n.classifiers, cs231n\n",
                True,
            ),
        ],
    )
    def test_a_package_that_asks_for_absent_modules_is_emptied(
        self, stage: Stager, text: str, kept: bool
    ) -> None:
        """Students hand in some files of a package: what its own file imports besides is no answer."""
        root = stage({**IN_ONE_PACKAGE, "cs231n/classifiers/__init__.py": text}).roots["full"]
        assert (root / "cs231n/classifiers/__init__.py").read_text() == (text if kept else "")

    def test_a_network_that_does_not_parse_stays(self, stage: Stager) -> None:
        """The file that a part is judged by fails with its own error."""
        broken = "class ThreeLayerConvNet(:\n"
        root = stage({**SOLVED, "nndl/cnn.py": broken}).roots["full"]
        assert (root / "nndl/cnn.py").read_text() == broken

    def test_a_package_of_the_students_own_is_left_alone(self, stage: Stager) -> None:
        """Support goes by its second name only where that is free."""
        root = stage({**SOLVED, "utils/plots.py": "x = 1", "cs231n/solver.py": ""}).roots["full"]
        assert {name for name in names(root) if name.startswith("utils/")} == {"utils/plots.py"}
        assert "cs231n/solver.py" in names(root)

    def test_a_module_named_like_the_support_package_is_left_alone(self, stage: Stager) -> None:
        """A package would hide the student's utils.py."""
        root = stage({**SOLVED, "utils.py": "def f(): return 'mine'"}).roots["full"]
        assert said(root, "utils.f()", "utils") == "mine"


class TestEarlierWork:
    """Whose earlier assignment runs."""

    def test_the_students_own_is_used_when_it_is_there(self, stage: Stager) -> None:
        """The full root runs the student's layers, the carried one the release's."""
        roots = stage(dict(SOLVED)).roots
        loss = "c.ThreeLayerConvNet().loss()"
        assert said(roots["full"], loss, "nndl.cnn as c") == "solved net my affine"
        assert said(roots["carried"], loss, "nndl.cnn as c") == "solved net released affine"

    def test_the_same_holds_where_it_is_mixed_with_answers(self, stage: Stager) -> None:
        """In one package the release's layers are put into the student's file, whose answers stay."""
        roots = stage(dict(IN_ONE_PACKAGE)).roots
        loss = "c.ThreeLayerConvNet().loss()"
        assert said(roots["full"], loss, f"{NET} as c") == "solved net my my affine released fast my relu"
        assert (
            said(roots["carried"], loss, f"{NET} as c")
            == "solved net released released affine released fast released relu"
        )
        expression = "(l.conv_forward_naive(), l.affine_forward())"
        assert (
            said(roots["carried"], expression, "cs231n.layers as l")
            == "('conv_forward_naive solved', 'released affine')"
        )

    @pytest.mark.parametrize("files", [SOLVED, IN_ONE_PACKAGE])
    def test_what_is_missing_comes_from_the_release(self, files: Files, stage: Stager) -> None:
        """Modules of earlier assignment that were not handed in are supplied, and staff are told which."""
        staged = stage(dict(files))
        package = "nndl" if files is SOLVED else "cs231n"
        fc_net = "nndl.fc_net" if files is SOLVED else "cs231n.classifiers.fc_net"
        expression = f"({package}.optim.sgd(), {fc_net}.FullyConnectedNet().loss())"
        said_ = said(staged.roots["full"], expression, f"{package}.optim", fc_net)
        whose = "released" if files is SOLVED else "my"
        assert said_ == f"('released sgd', '{whose} my affine')"
        assert kinds(staged) == ["earlier_from_release"]

    def test_a_layer_file_missing_in_one_package_is_supplied(self, stage: Stager) -> None:
        """Given and earlier helpers that share a file there come together, importing from the right place."""
        files: Files = {path: text for path, text in IN_ONE_PACKAGE.items() if "layer_utils" not in path}
        root = stage(files).roots["full"]
        loss = said(root, "c.ThreeLayerConvNet().loss()", f"{NET} as c")
        assert loss == "solved net released my affine released fast my relu"

    def test_a_broken_earlier_file_is_replaced_and_flagged(self, stage: Stager) -> None:
        """It does not take the answers down with it."""
        staged = stage({**SOLVED, "nndl/layers.py": "def f(:\n"})
        assert said(staged.roots["full"], "l.affine_forward()", "nndl.layers as l") == "released affine"
        assert any("nndl/layers.py does not parse" in each.message for each in staged.submission.flags)

    def test_an_incomplete_earlier_file_is_completed_and_flagged(self, stage: Stager) -> None:
        """Functions it lacks come from the release; those it has, or imports, stay the student's."""
        files: Files = {
            **SOLVED,
            "nndl/layers.py": "from .mine import *\n",
            "nndl/mine.py": answer("affine_forward", "my affine"),
        }
        staged = stage(files)
        expression = "(l.affine_forward(), l.relu_forward())"
        assert said(staged.roots["full"], expression, "nndl.layers as l") == "('my affine', 'released relu')"
        assert "earlier_completed" in kinds(staged)

    def test_the_students_further_functions_survive_the_carried_root(self, stage: Stager) -> None:
        """What an answer needs from the student's earlier file is still there under the release's layers."""
        layers = SOLVED["nndl/layers.py"] + 'def swish():\n    return "swish " + affine_forward()\n'
        root = stage({**SOLVED, "nndl/layers.py": layers}).roots["carried"]
        assert said(root, "l.swish()", "nndl.layers as l") == "swish released affine"

    def test_an_answer_module_that_repeats_earlier_layers_is_carried_too(self, stage: Stager) -> None:
        """The answers left in layers.py stay answers, on the release's layers."""
        files: Files = {
            "nndl/cnn.py": SOLVED["nndl/cnn.py"],
            "nndl/layers.py": SOLVED["nndl/layers.py"] + CONV_LAYERS,
        }
        staged = stage(files)
        module = staged.submission.modules["conv_forward_naive"]
        expression = "(m.conv_forward_naive(), m.affine_forward())"
        for root, whose in (("full", "my"), ("carried", "released")):
            said_ = said(staged.roots[root], expression, f"{module} as m")
            assert said_ == f"('conv_forward_naive solved', '{whose} affine')"
        assert said(staged.roots["full"], "c.max_pool_forward_naive()", "nndl.conv_layers as c")


class TestPlaces:
    """Files in unexpected places."""

    @pytest.mark.parametrize(
        ("path", "module"),
        [
            ("conv_layers.py", "nndl.conv_layers"),
            ("nndl/conv_layers_final.py", "nndl.conv_layers_final"),
            ("nndl/conv layers (1).py", "nndl.conv_layers"),
            ("work/mine.py", "work.mine"),
            ("NNDL/conv_layers.py", "nndl.conv_layers"),
        ],
    )
    def test_a_file_fills_the_place_that_is_empty(self, path: str, module: str, stage: Stager) -> None:
        """Other modules find the answers where they expect them, whatever the student's file is called."""
        staged = stage({"nndl/cnn.py": network("net", "from nndl.conv_layers import *\n"), path: CONV_LAYERS})
        root = staged.roots["full"]
        assert staged.submission.modules["conv_forward_naive"] == module
        assert staged.submission.sources["conv_forward_naive"] == path
        assert said(root, "m.conv_forward_naive()", f"{module} as m") == "conv_forward_naive solved"
        assert said(root, "c.conv_forward_naive()", "nndl.cnn as c") == "conv_forward_naive solved"

    def test_a_file_beside_a_stub_keeps_its_own_module(self, stage: Stager) -> None:
        """Both are staged; each symbol comes from the file that has it."""
        stub = "".join(f"def {name}(x=None):\n    return None\n" for name in NAIVE[1:])
        files: Files = {**SOLVED, "nndl/conv_layers.py": stub, "other folder/conv_layers.py": CONV_LAYERS}
        staged = stage(files)
        module = staged.submission.modules["conv_forward_naive"]
        assert module.startswith("nndl.conv_layers_")
        assert said(staged.roots["full"], "m.conv_forward_naive()", f"{module} as m").endswith("solved")

    def test_a_file_of_a_package_does_not_stay_at_the_top(self, stage: Stager) -> None:
        """With dots in its imports it is staged inside the package, beside the stub that it replaces."""
        stub = "".join(f"def {name}(x=None):\n    return None\n" for name in NAIVE)
        text = f"from .layers import affine_forward\n{CONV_LAYERS}"
        loose: Files = {"conv_layers.py": text, "layers.py": SOLVED["nndl/layers.py"]}
        staged = stage({**SOLVED, "nndl/conv_layers.py": stub, **loose})
        module = staged.submission.modules["conv_forward_naive"]
        assert said(staged.roots["full"], "m.affine_forward()", f"{module} as m") == "my affine"

    @pytest.mark.parametrize(
        ("head", "module"), [("from ..layers import *\n", NET), ("from .layers import *\n", "cs231n.cnn")]
    )
    def test_relative_imports_decide_where_a_moved_file_belongs(
        self, head: str, module: str, stage: Stager
    ) -> None:
        """cnn.py outside classifiers/ runs from where its dots lead somewhere."""
        text = f"{head}\n\nclass ThreeLayerConvNet:\n    def loss(self):\n        return max(affine_forward(), '')\n"
        staged = stage({"cs231n/layers.py": IN_ONE_PACKAGE["cs231n/layers.py"], "cs231n/cnn.py": text})
        assert staged.submission.modules["ThreeLayerConvNet"] == module
        said_ = said(staged.roots["full"], "m.ThreeLayerConvNet().loss()", f"{module} as m")
        assert said_ == "my affine"

    def test_modules_handed_in_flat_find_each_other(self, stage: Stager) -> None:
        """Imports of the package and of the neighbouring file both work."""
        files: Files = {
            "conv_layers.py": CONV_LAYERS,
            "layers.py": SOLVED["nndl/layers.py"],
            "cnn.py": network("flat net", "from conv_layers import *\n"),
        }
        staged = stage(files)
        assert dict(staged.submission.modules) == IN_NNDL
        assert (
            said(staged.roots["full"], "c.ThreeLayerConvNet().loss()", "nndl.cnn as c")
            == "flat net my affine"
        )

    def test_a_missing_answer_module_is_a_stub(self, stage: Stager) -> None:
        """The network of a student who handed in no conv_layers.py can still be graded."""
        files: Files = {"nndl/cnn.py": network("net", "from nndl.conv_layers import conv_forward_naive\n")}
        staged = stage(files)
        assert set(staged.submission.modules) == {"ThreeLayerConvNet"}
        assert said(staged.roots["full"], "c.conv_forward_naive()", "nndl.cnn as c") == "None"
        assert "missing_answer_file" in kinds(staged)

    def test_a_broken_answer_module_fails_on_import_with_its_line(self, stage: Stager) -> None:
        """The reason reaches the student from the box, as for any other import."""
        for files, path in ((SOLVED, "nndl/conv_layers.py"),):
            staged = stage({**files, path: "x = 1\ndef f(:\n"})
            assert "SyntaxError" in said(
                staged.roots["naive"], "1", staged.submission.modules["conv_forward_naive"]
            )
            assert any(
                each.message == f"{path} does not parse: line 2: invalid syntax"
                for each in staged.submission.flags
            )

    def test_a_function_that_does_not_parse_costs_itself(self, stage: Stager) -> None:
        """Its neighbours are graded, it says its line when it is called, and a stub elsewhere is not taken for it."""
        first = answer("conv_forward_naive", "solved")
        broken = "def max_pool_forward_naive(x=None):\n    for i in x\n        pass\n"
        stub = "def max_pool_forward_naive(x=None):\n    pass\n"
        staged = stage({**SOLVED, "nndl/conv_layers.py": first + broken, "nndl/old.py": stub})
        modules = staged.submission.modules
        assert modules["conv_forward_naive"] == modules["max_pool_forward_naive"] == "nndl.conv_layers"
        for root in staged.roots.values():
            if (root / "nndl").is_dir():
                assert said(root, "c.conv_forward_naive()", "nndl.conv_layers as c") == "solved"
                assert "expected ':'" in said(root, "c.max_pool_forward_naive()", "nndl.conv_layers as c")
        place = first.count("\n") + 2
        (flag,) = [each for each in staged.submission.flags if each.kind == NOT_WHOLE]
        assert f"`max_pool_forward_naive` was left out, for it does not parse: line {place}" in flag.message

    def test_an_earlier_function_that_does_not_parse_is_the_release_s(self, stage: Stager) -> None:
        """What the student wrote beside it stays."""
        text = answer("affine_forward", "my affine") + "def relu_forward(x:\n    pass\n"
        staged = stage({**SOLVED, "nndl/layers.py": text})
        told = said(staged.roots["full"], "[l.affine_forward(), l.relu_forward()]", "nndl.layers as l")
        assert told == "['my affine', 'released relu']"
        assert {NOT_WHOLE, "earlier_completed"} <= set(kinds(staged))

    def test_a_module_in_another_encoding_is_read(self, stage: Stager) -> None:
        """What an editor wrote as UTF-16 is graded, and told."""
        staged = stage(
            {**SOLVED, "nndl/conv_layers.py": answer("conv_forward_naive", "wide").encode("utf-16")}
        )
        assert said(staged.roots["naive"], "c.conv_forward_naive()", "nndl.conv_layers as c") == "wide"
        assert any("UTF-16" in each.message for each in staged.submission.flags if each.kind == NOT_WHOLE)

    def test_further_modules_are_staged(self, stage: Stager) -> None:
        """Helpers in the packages, beside them and in folders of their own can be imported."""
        extra: Files = dict.fromkeys(
            ["nndl/mine.py", "helper.py", "tools/a/b.py", "cs231n/more.py"], "x = 1\n"
        )
        root = stage({**SOLVED, **extra}).roots["full"]
        assert names(root) >= set(extra)

    @pytest.mark.parametrize(
        "path", ["json.py", "numpy.py", "numpy/__init__.py", "random.py", "sitecustomize.py"]
    )
    def test_a_module_named_like_a_library_is_left_out_and_flagged(self, path: str, stage: Stager) -> None:
        """It would be imported by the worker, and by numpy itself, in the library's place."""
        staged = stage({**SOLVED, path: "raise SystemExit"})
        assert path not in names(staged.roots["full"])
        assert "shadows_library" in kinds(staged)

    def test_what_cannot_be_imported_is_not_staged(self, stage: Stager) -> None:
        """Scripts with blanks and exported notebooks stay out, silently."""
        staged = stage({**SOLVED, "CNN-Layers.py": "x", "my folder/x.py": "x", "nndl/class.py": "x"})
        assert not {"CNN-Layers.py", "my folder/x.py", "nndl/class.py"} & names(staged.roots["full"])

    def test_names_that_differ_in_case_do_not_clash(self, stage: Stager) -> None:
        """The expected name wins, so that the stage can be written on any disk."""
        staged = stage({"nndl/Conv_Layers.py": CONV_LAYERS, "nndl/CNN.py": network("net")})
        assert dict(staged.submission.modules) == IN_NNDL
        folded = [name.casefold() for name in names(staged.roots["full"])]
        assert len(folded) == len(set(folded))


def weights(number: int) -> bytes:
    """Return saved weights of one number."""
    file = io.BytesIO()
    np.savez(file, b1=number)
    return file.getvalue()


class TestRest:
    """What a stage holds besides the roots."""

    def test_notebooks_and_weights_come_along(self, stage: Stager) -> None:
        """Notebooks, read once, go by their released names; of the weights there are arrays."""
        files: Files = {**SOLVED, "cnn (2).ipynb": NOTEBOOKS["CNN.ipynb"], "best_model.npz": weights(3)}
        staged = stage(files)
        assert dict(staged.submission.notebooks) == {
            "CNN.ipynb": read_notebook(NOTEBOOKS["CNN.ipynb"].encode())
        }
        assert staged.submission.weights is not None
        assert staged.submission.weights.arrays == {"b1": 3}

    def test_of_several_weights_the_asked_name_wins(self, stage: Stager) -> None:
        """The choice is flagged."""
        files: Files = {
            **SOLVED,
            "best_model (1).npz": weights(1),
            "best_model.npz": weights(0),
            "old/best_model.npz": weights(2),
        }
        staged = stage(files)
        assert staged.submission.weights is not None
        assert staged.submission.weights.arrays == {"b1": 0}
        assert "several_weights" in kinds(staged)

    def test_without_weights_there_are_none(self, stage: Stager) -> None:
        """A submission need not have trained anything."""
        assert stage(dict(SOLVED)).submission.weights is None

    def test_no_answer_of_the_release_is_in_a_stage(self, stage: Stager) -> None:
        """What a submission lacks is supplied as a stub at most."""
        staged = stage({"nndl/helper.py": "x = 1"})
        assert not staged.submission.modules
        for root in staged.roots.values():
            assert not any(b"naive solved" in path.read_bytes() for path in root.rglob("*.py"))
