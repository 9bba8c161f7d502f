"""The solver trains, prints what the assignment's documents print, and keeps the best parameters."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from cs231n import solver as solver_module
from cs231n.solver import Solver, find_update_rule
from nndl import optim

SUPPORT = Path(solver_module.__file__).parent


class LinearModel:
    """Least squares on scores: the smallest model with the assignment's API."""

    def __init__(self, seed=0):
        self.params = {"W": np.random.default_rng(seed).normal(size=(2, 2))}

    def loss(self, X, y=None):
        """Give scores, or the squared distance from one-hot labels with its gradient."""
        scores = X @ self.params["W"]
        if y is None:
            return scores
        difference = scores - np.eye(2)[y]
        return np.sum(difference**2) / len(X), {"W": 2 * X.T @ difference / len(X)}


def descend(w, dw, config):
    """Plain gradient descent that counts its steps."""
    config.setdefault("learning_rate", 0.1)
    config["steps"] = config.get("steps", 0) + 1
    return w - config["learning_rate"] * dw, config


@pytest.fixture
def data():
    """Points of two classes, each around a direction of its own."""
    random = np.random.default_rng(0)
    labels = random.integers(2, size=120)
    points = np.eye(2)[labels] + 0.1 * random.normal(size=(120, 2))
    return {"X_train": points[:100], "y_train": labels[:100], "X_val": points[100:], "y_val": labels[100:]}


def _solver(data, **options):
    return Solver(LinearModel(), data, **{"update_rule": descend, "verbose": False, "seed": 1, **options})


def test_training_finds_the_solution(data):
    """After training the loss is small and all validation samples are right."""
    solver = _solver(data, num_epochs=20, batch_size=10)

    solver.train()

    assert np.mean(solver.loss_history[-10:]) < 0.1 < solver.loss_history[0]
    assert solver.best_val_acc == 1.0


def test_histories_have_one_entry_per_step_and_per_epoch(data):
    """There is a loss for each minibatch, and accuracies before the first epoch and after each."""
    solver = _solver(data, num_epochs=3, batch_size=30)

    solver.train()

    assert len(solver.loss_history) == 9
    assert len(solver.train_acc_history) == len(solver.val_acc_history) == 4
    assert solver.best_val_acc == max(solver.val_acc_history)


def test_the_printed_lines_are_those_of_the_documents(data, capsys):
    """Losses are printed every print_every iterations from the first on, accuracies after each epoch."""
    _solver(data, num_epochs=2, batch_size=50, print_every=3, verbose=True).train()

    kinds = [line.partition(": ")[0] for line in capsys.readouterr().out.splitlines()]
    assert kinds == [
        "(Iteration 1 / 4) loss",
        "(Epoch 0 / 2) train acc",
        "(Epoch 1 / 2) train acc",
        "(Iteration 4 / 4) loss",
        "(Epoch 2 / 2) train acc",
    ]


def test_numbers_are_printed_with_six_decimals(data, capsys):
    """A line of an epoch reads "train acc: 0.120000; val_acc: 0.108000"."""
    solver = _solver(data, num_epochs=1, batch_size=100, verbose=True)

    solver.train()

    lines = capsys.readouterr().out.splitlines()
    train_acc, val_acc = solver.train_acc_history[-1], solver.val_acc_history[-1]
    assert lines[0] == f"(Iteration 1 / 1) loss: {solver.loss_history[0]:.6f}"
    assert lines[-1] == f"(Epoch 1 / 1) train acc: {train_acc:.6f}; val_acc: {val_acc:.6f}"


def test_nothing_is_printed_unless_verbose(data, capsys):
    """With verbose=False training is silent."""
    _solver(data, num_epochs=2).train()

    captured = capsys.readouterr()
    assert captured.out == captured.err == ""


def test_the_model_ends_with_the_best_parameters(data):
    """When later epochs are worse, training ends with the parameters that were best on the validation set."""

    def ruin_later(w, dw, config):
        w, config = descend(w, dw, config)
        return (w if config["steps"] <= 20 else np.array([[0.0, 1.0], [1.0, 0.0]])), config

    solver = _solver(data, update_rule=ruin_later, num_epochs=3, batch_size=10)

    solver.train()

    assert solver.val_acc_history[-1] == 0.0 < solver.best_val_acc
    assert solver.check_accuracy(data["X_val"], data["y_val"]) == solver.best_val_acc
    assert solver.model.params["W"] is solver.best_params["W"]


def test_running_averages_return_with_the_best_parameters(data):
    """A model with batch normalisation gets the running averages of its best epoch back."""
    model = LinearModel()
    model.bn_params = [{"mode": "train", "running_mean": np.zeros(1)}]

    def drift(w, _, config):
        state = model.bn_params[0]
        state["running_mean"] = state["running_mean"] + 1
        return -10 * w, config

    solver = Solver(
        model, data, update_rule=drift, optim_config={"learning_rate": 1}, num_epochs=6, verbose=False
    )
    solver.train()

    best_epoch = int(np.argmax(solver.val_acc_history))
    assert model.bn_params[0]["running_mean"] == max(best_epoch, 1)


def test_minibatches_are_augmented_and_the_data_is_not(data):
    """Each minibatch goes through `augment` before the step; the training data and the accuracy do not."""
    given, trained_on = [], []
    model = LinearModel()
    loss = model.loss

    def halve(X):
        given.append(X.copy())
        X /= 2
        return X

    def remember(X, y=None):
        if y is not None:
            trained_on.append(X.copy())
        return loss(X, y)

    model.loss = remember
    before = data["X_train"].copy()
    Solver(model, data, update_rule=descend, augment=halve, num_epochs=2, verbose=False).train()

    np.testing.assert_allclose(trained_on, np.array(given) / 2)
    np.testing.assert_array_equal(data["X_train"], before)


def test_the_learning_rate_decays_after_each_epoch(data):
    """After each epoch the learning rate of every parameter is multiplied by lr_decay."""
    solver = _solver(data, optim_config={"learning_rate": 1.0}, lr_decay=0.5, num_epochs=3)

    solver.train()

    assert solver.optim_configs["W"]["learning_rate"] == pytest.approx(0.125)
    assert solver.optim_config == {"learning_rate": 1.0}


def test_the_same_seed_trains_the_same_way(data):
    """Two trainings with the same seed have the same losses; another seed, others."""
    histories = []
    for seed in (1, 1, 2):
        solver = _solver(data, seed=seed, batch_size=5)
        solver.train()
        histories.append(solver.loss_history)

    assert histories[0] == histories[1] != histories[2]


def test_without_a_seed_numpys_global_seed_decides(data):
    """Without a seed of its own the solver follows np.random.seed."""
    histories = []
    for _ in range(2):
        np.random.seed(4)
        solver = _solver(data, seed=None, batch_size=5)
        solver.train()
        histories.append(solver.loss_history)

    assert histories[0] == histories[1]


def test_accuracy_is_the_share_of_right_answers(data):
    """Accuracy counts every sample once, also when the batches do not divide them evenly."""
    solver = _solver(data)
    scores = solver.model.loss(data["X_train"])

    accuracy = solver.check_accuracy(data["X_train"], data["y_train"], batch_size=7)

    assert accuracy == np.mean(scores.argmax(axis=1) == data["y_train"])


def test_accuracy_on_a_sample_uses_so_many_images(data, monkeypatch):
    """With num_samples, only so many samples go through the model."""
    solver = _solver(data)
    seen = []
    monkeypatch.setattr(solver.model, "loss", lambda X: seen.append(len(X)) or np.zeros((len(X), 2)))

    solver.check_accuracy(data["X_train"], data["y_train"], num_samples=30, batch_size=20)

    assert seen == [20, 10]


def test_checkpoints_hold_parameters_and_histories(data, tmp_path):
    """After each epoch a file without pickles has the parameters and what was measured so far."""
    solver = _solver(data, num_epochs=2, batch_size=50, checkpoint_name=tmp_path / "run")

    solver.train()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["run_epoch_1.npz", "run_epoch_2.npz"]
    with np.load(tmp_path / "run_epoch_2.npz", allow_pickle=False) as stored:
        assert stored["W"].shape == (2, 2)
        assert stored["loss_history"].tolist() == solver.loss_history
        assert stored["val_acc_history"].tolist() == solver.val_acc_history


def test_a_missing_gradient_is_an_error_that_names_it(data):
    """A model whose loss leaves a gradient out is told which."""
    model = LinearModel()
    model.loss = lambda *_: (0.0, {})

    with pytest.raises(ValueError, match="no gradient for the parameter W"):
        Solver(model, data, update_rule=descend, verbose=False).train()


@pytest.mark.parametrize("kind", ["train", "val"])
def test_samples_without_labels_are_refused(data, kind):
    """Different numbers of samples and labels, or none at all, are an error with both numbers."""
    data[f"y_{kind}"] = data[f"y_{kind}"][:-1]

    with pytest.raises(ValueError, match=f"X_{kind} has .* samples and y_{kind} "):
        _solver(data)


def test_a_name_stands_for_a_function_of_optim(data):
    """An update rule's name is looked up in nndl.optim; an unknown name is an error."""
    assert find_update_rule("adam") is optim.adam
    with pytest.raises(ValueError, match=r"nndl/optim\.py has no update rule 'newton'"):
        _solver(data, update_rule="newton")


def _run(folder, program):
    """Run a program whose imports start in a folder."""
    command = [sys.executable, "-c", program]
    return subprocess.run(  # noqa: S603 - the programs are those of this file
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("package", ["cs231n", "utils"])
def test_optim_may_be_in_the_package_of_the_solver(tmp_path, package):
    """Where everything is one package, under whatever name, its own optim has the update rules."""
    (tmp_path / package).mkdir()
    for name in ("__init__", "solver", "checkpoint", "progress"):
        (tmp_path / package / f"{name}.py").write_text((SUPPORT / f"{name}.py").read_text())
    program = f"from {package}.solver import find_update_rule as find; print(find('sgd').__module__)"

    without = _run(tmp_path, program)
    (tmp_path / package / "optim.py").write_text("def sgd(w, dw, config=None):\n    return w - dw, config\n")
    beside = _run(tmp_path, program)

    assert "ModuleNotFoundError: the update rule 'sgd' is looked up in nndl/optim.py" in without.stderr
    assert beside.stdout == f"{package}.optim\n"


def test_an_optim_that_cannot_be_imported_says_why(tmp_path):
    """An error inside optim is shown as it is, and not taken for a missing module."""
    (tmp_path / "nndl").mkdir()
    (tmp_path / "nndl/__init__.py").write_text("")
    (tmp_path / "nndl/optim.py").write_text("import numppy\n")
    program = f"import sys; sys.path.append({str(SUPPORT.parent)!r})\n"

    result = _run(tmp_path, program + "from cs231n.solver import find_update_rule as find; find('sgd')")

    assert "No module named 'numppy'" in result.stderr.splitlines()[-1]
