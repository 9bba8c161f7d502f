"""What is read of a submission and what is passed over."""

from __future__ import annotations

import pytest

from grader.intake.collector import Kind, kind_of


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("nndl/cnn.py", Kind.PYTHON),
        ("nndl/CNN.PY", Kind.PYTHON),
        ("CNN.ipynb", Kind.NOTEBOOK),
        ("best_model.npz", Kind.WEIGHTS),
        ("weights/best_model (1).npz", Kind.WEIGHTS),
        ("hw5.zip", Kind.ARCHIVE),
    ],
)
def test_what_can_be_graded_is_read(path: str, kind: Kind) -> None:
    """Python files, notebooks, the weights and an archive within are taken."""
    assert kind_of(path, "best_model.npz") is kind


@pytest.mark.parametrize(
    "path",
    [
        "nndl/cnn.pyc",
        "cs231n/im2col_cython.so",
        "cs231n/im2col_cython.pyd",
        "cs231n/__pycache__/cnn.py",
        "cs231n/build/lib/cnn.py",
        ".ipynb_checkpoints/CNN-checkpoint.ipynb",
        "nndl/.ipynb_checkpoints/cnn-checkpoint.py",
        ".git/hooks/x.py",
        ".DS_Store",
        "nndl/._cnn.py",
        "__MACOSX/nndl/cnn.py",
        "venv/lib/python3.11/site-packages/x.py",
        "env/bin/activate_this.py",
        "node_modules/x/y.py",
        "cs231n/datasets/cifar-10-batches-py/data_batch_1",
        "cs231n/datasets/cifar-10-python.tar.gz",
        "other.npz",
        "report.pdf",
        "checkpoint_epoch_1.pkl",
    ],
)
def test_clutter_is_left_out(path: str) -> None:
    """Compiled files, checkpoints, data sets, environments, repositories and documents are not read."""
    assert kind_of(path, "best_model.npz", ("cifar-10",)) is None


def test_without_weights_in_the_assignment_none_are_read() -> None:
    """An assignment that trains nothing takes no arrays."""
    assert kind_of("best_model.npz", None) is None
