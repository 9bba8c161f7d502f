"""The solution notebooks are well formed, and their quick cells print the right numbers."""

import ast
import os
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbclient import NotebookClient

SOLUTIONS = Path(__file__).parents[2] / "solutions"
KNN = "../assignments/knn/solution"
NOTEBOOKS = (
    "CNN-Layers.ipynb",
    "CNN-BatchNorm.ipynb",
    "CNN.ipynb",
    "FC-Nets.ipynb",
    "BatchNorm-Dropout.ipynb",
    f"{KNN}/Neighbours.ipynb",
    f"{KNN}/Losses.ipynb",
)
TAGS = {"answer", "data", "slow"}
NUMBER = re.compile(r"-?\d+\.\d+(?:e[+-]\d+)?")


@pytest.fixture(params=NOTEBOOKS)
def notebook(request):
    """Read one of the notebooks."""
    return nbformat.read(SOLUTIONS / request.param, as_version=nbformat.NO_CONVERT)


def _tags(cell):
    return set(cell.metadata.get("tags", []))


def _code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_a_notebook_is_valid_and_its_cells_have_readable_ids(notebook):
    """Each notebook has format 4.5, and ids made of words, which stay the same between versions."""
    nbformat.validate(notebook)

    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", cell.id) for cell in notebook.cells)


def test_no_outputs_are_stored(notebook):
    """Cells are stored as nobody has run them, so that a diff shows what an author wrote."""
    assert all(cell.outputs == [] and cell.execution_count is None for cell in _code_cells(notebook))


def test_tags_say_what_a_cell_needs(notebook):
    """There are no other tags than answer, data and slow, and answers are where the banners are."""
    for cell in _code_cells(notebook):
        assert _tags(cell) <= TAGS
        assert ("answer" in _tags(cell)) == ("YOUR CODE HERE" in cell.source)


def test_every_code_cell_is_python(notebook):
    """Each code cell parses, once IPython has taken its magics out."""
    for cell in _code_cells(notebook):
        ast.parse(TransformerManager().transform_cell(cell.source))


def test_every_check_that_a_notebook_names_is_there(notebook, repository):
    """The line under a task names a part, or a family of parts, of its assignment."""
    named = {name for cell in notebook.cells for name in re.findall(r"%check ([\w.]+)", cell.source)}
    known = [repository.load(each) for each in ("cnn", "fc", "knn")]
    families = [{name for part in each.parts for name in (part.id, part.family)} for each in known]
    assert named
    assert any(named <= each for each in families)


def _run(name, folder, monkeypatch):
    """Run the cells that need neither data nor patience in a kernel of their own; give what each printed."""
    notebook = nbformat.read(SOLUTIONS / name, as_version=4)
    notebook.cells = [cell for cell in _code_cells(notebook) if not _tags(cell) & {"data", "slow"}]
    monkeypatch.setenv(
        "PYTHONPATH", os.pathsep.join(map(str, ((SOLUTIONS / name).parent, SOLUTIONS.parent / "starter")))
    )
    monkeypatch.setenv("IPYTHONDIR", str(folder))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()
    return {
        cell.id: "".join(output.text for output in cell.outputs if output.get("name") == "stdout")
        for cell in notebook.cells
    }


def _numbers(printed, label):
    """Give the numbers in the lines that start with a label."""
    lines = [line for line in printed.splitlines() if line.strip().startswith(label)]
    return [float(number) for line in lines for number in NUMBER.findall(line)]


def test_the_layers_notebook_prints_what_it_promises(tmp_path, monkeypatch):
    """The documents' differences come out, and every gradient is right."""
    printed = _run("CNN-Layers.ipynb", tmp_path, monkeypatch)

    assert "difference:  2.2121e-08" in re.sub(r"(\.\d{4})\d+", r"\1", printed["conv-forward-check"])
    assert _numbers(printed["pool-forward-check"], "difference") == [pytest.approx(4.1667e-08, rel=1e-4)]
    for cell, parts in (
        ("conv-backward-check", 3),
        ("pool-backward-check", 1),
        ("conv-relu-pool-check", 3),
        ("conv-relu-check", 3),
    ):
        errors = _numbers(printed[cell], "d")
        assert len(errors) == parts and max(errors) < 1e-6


def test_the_batchnorm_notebook_prints_what_it_promises(tmp_path, monkeypatch):
    """Means and standard deviations are as they should be, and every gradient is right."""
    printed = _run("CNN-BatchNorm.ipynb", tmp_path, monkeypatch)

    means = np.reshape(_numbers(printed["forward-train-check"].replace(". ", ".0 "), "Means"), (-1,))
    np.testing.assert_allclose(means[3:6], 0, atol=1e-12)
    assert "Means:  [6. 7. 8.]" in printed["forward-train-check"]
    np.testing.assert_allclose(_numbers(printed["forward-test-check"], "means"), 0, atol=0.2)
    np.testing.assert_allclose(_numbers(printed["forward-test-check"], "stds"), 1, atol=0.1)
    errors = _numbers(printed["backward-check"], "d")
    assert len(errors) == 3 and max(errors) < 1e-5


def test_the_network_notebook_prints_what_it_promises(tmp_path, monkeypatch):
    """The initial losses are about 2.3026 and 2.508, and the gradients as right as the text says."""
    printed = _run("CNN.ipynb", tmp_path, monkeypatch)

    plain, regularised = _numbers(printed["sanity-loss-check"], "Initial loss")
    assert plain == pytest.approx(2.3026, abs=1e-4)
    assert regularised == pytest.approx(2.508, abs=2e-3)
    errors = dict(re.findall(r"(\w+) max relative error: (\S+)", printed["gradient-check-run"]))
    assert errors.keys() == {"W1", "W2", "W3", "b1", "b2", "b3"}
    for name, error in errors.items():
        assert float(error) < (1e-2 if name in {"W1", "W2"} else 1e-4)


def test_the_fully_connected_notebook_prints_what_it_promises(tmp_path, monkeypatch):
    """Known values come out, gradients are right, fifty samples are learnt by heart, and plain descent is last."""
    printed = _run("FC-Nets.ipynb", tmp_path, monkeypatch)

    assert max(_numbers(printed["affine-forward-check"], "difference")) < 1e-8
    for cell, parts in (("affine-backward-check", 3), ("sandwich-check", 3)):
        errors = _numbers(printed[cell], "d")
        assert len(errors) == parts and max(errors) < 1e-7
    assert _numbers(printed["losses-check"], "svm loss") == [pytest.approx(9, abs=0.1)]
    assert _numbers(printed["losses-check"], "softmax loss") == [pytest.approx(np.log(10), abs=0.01)]
    small, large = _numbers(printed["large-scores-check"], "loss")
    assert small == pytest.approx(large)
    for cell, parameters in (("two-layer-check", 4), ("any-depth-check", 6)):
        errors = re.findall(r"relative error: (\S+)", printed[cell])
        assert len(errors) == 2 * parameters and max(map(float, errors)) < 1e-5
    assert _numbers(printed["overfit-train"], "training accuracy") == [1.0]
    differences = _numbers(printed["update-rules-check"], "")
    assert len(differences) == 4 and max(differences) < 1e-7
    accuracies = dict(re.findall(r"(\w+): validation accuracy (\S+)", printed["compare-rules-train"]))
    assert len(accuracies) == 5 and min(accuracies, key=lambda rule: float(accuracies[rule])) == "sgd"


def test_the_second_fully_connected_notebook_prints_what_it_promises(tmp_path, monkeypatch):
    """Means, shares and gradients are right, and batch normalisation trains from scales that stop everything else."""
    printed = _run("BatchNorm-Dropout.ipynb", tmp_path, monkeypatch)

    np.testing.assert_allclose(_numbers(printed["batchnorm-test-check"], "means"), 0, atol=0.2)
    np.testing.assert_allclose(_numbers(printed["batchnorm-test-check"], "stds"), 1, atol=0.1)
    assert max(_numbers(printed["batchnorm-backward-check"], "d")) < 1e-7
    for cell in ("batchnorm-network-check", "dropout-network-check"):
        errors = re.findall(r"relative error: (\S+)", printed[cell])
        assert errors and max(map(float, errors)) < 1e-4
    without = _numbers(printed["batchnorm-scales-train"], "without")
    with_it = _numbers(printed["batchnorm-scales-train"], "with batch")
    assert sum(with_it) > 2 * sum(without)
    kept = [1 - share for share in _numbers(printed["dropout-forward-check"], "share set to zero in train")]
    np.testing.assert_allclose(kept, [0.3, 0.6, 0.75], atol=0.01)
    plain, dropped = (pair[0] for pair in re.findall(r"at the end (\S+), (\S+)", printed["dropout-train"]))
    assert float(plain) < float(dropped)


def test_the_notebooks_of_the_nearest_neighbours_print_what_they_promise(tmp_path, monkeypatch):
    """Known distances, votes and losses come out, with loops and without, and the neighbours beat a guess."""
    printed = _run(f"{KNN}/Neighbours.ipynb", tmp_path, monkeypatch)
    for cell in ("one-loop-check", "no-loops-check"):
        assert float(re.findall(r"difference: +(\S+)", printed[cell])[0]) < 1e-12
    assert printed["vote-check"].split() == ["[1]", "[2]"]
    assert min(_numbers(printed["prediction-check"], "accuracy")) > 0.5

    printed = _run(f"{KNN}/Losses.ipynb", tmp_path, monkeypatch)
    assert _numbers(printed["hinge-check"], "loss") == [4.0]
    assert _numbers(printed["softmax-check"], "loss") == [pytest.approx(np.log(5))]
    for cell in ("hinge-check", "softmax-check"):
        errors = re.findall(r"entry .*: (\S+)", printed[cell])
        assert len(errors) == 4 and max(map(float, errors)) < 1e-6
    for cell in ("hinge-vectorised-check", "softmax-vectorised-check"):
        differences = re.findall(r"difference .*: +(\S+)", printed[cell])
        assert len(differences) == 2 and max(map(float, differences)) < 1e-12
