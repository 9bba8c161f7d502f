"""Saved models can be built again from the file alone, and reading a file never runs code."""

import json

import numpy as np
import pytest

from cs231n.checkpoint import load_model_arrays, model_arrays, save_model, write_arrays
from nndl.cnn import ThreeLayerConvNet
from nndl.fc_net import FullyConnectedNet

ARGUMENTS = {"input_dim": (3, 8, 8), "num_filters": 2, "filter_size": 3, "hidden_dim": 5, "dtype": np.float64}


@pytest.fixture
def model():
    """Build a small network."""
    np.random.seed(0)
    return ThreeLayerConvNet(**ARGUMENTS)


def test_a_saved_model_can_be_built_again(tmp_path, model):
    """Class, module, arguments and arrays in the file build a network that gives the same scores."""
    path = save_model(tmp_path / "best_model.npz", model, **ARGUMENTS)

    description, arrays = load_model_arrays(path)

    assert (description["class"], description["module"]) == ("ThreeLayerConvNet", "nndl.cnn")
    rebuilt = ThreeLayerConvNet(**description["arguments"])
    rebuilt.params = arrays
    X = np.random.randn(2, 3, 8, 8)
    np.testing.assert_array_equal(rebuilt.loss(X), model.loss(X))


def test_the_description_is_plain_json(tmp_path, model):
    """In the file the model is described by a text array in JSON, with the dtype by its name."""
    path = save_model(tmp_path / "best_model.npz", model, **{**ARGUMENTS, "hidden_dim": np.int64(5)})

    with np.load(path, allow_pickle=False) as stored:
        description = stored["model"]

    assert description.shape == () and description.dtype.kind == "U"
    assert json.loads(str(description))["arguments"] == {
        "input_dim": [3, 8, 8],
        "num_filters": 2,
        "filter_size": 3,
        "hidden_dim": 5,
        "dtype": "float64",
    }


def test_running_averages_are_saved(tmp_path):
    """The running averages of batch normalisation are among the arrays, one pair per layer."""
    model = FullyConnectedNet([4, 3], input_dim=6, use_batchnorm=True)
    model.loss(np.random.randn(5, 6), np.zeros(5, dtype=int))
    path = save_model(tmp_path / "model.npz", model, hidden_dims=[4, 3], input_dim=6, use_batchnorm=True)

    _, arrays = load_model_arrays(path)

    for layer in (0, 1):
        for name in ("running_mean", "running_var"):
            np.testing.assert_array_equal(arrays[f"bn_params/{layer}/{name}"], model.bn_params[layer][name])
    assert arrays.keys() == model_arrays(model).keys()


def test_arguments_that_build_another_model_are_refused(tmp_path, model):
    """Arguments that give other shapes are an error that names the parameter, and no file is written."""
    with pytest.raises(ValueError, match=r"W1 the shape \(32, 3, 3, 3\).*\(2, 3, 3, 3\)"):
        save_model(tmp_path / "model.npz", model, **{**ARGUMENTS, "num_filters": 32})

    assert list(tmp_path.iterdir()) == []


def test_unknown_arguments_are_refused(tmp_path, model):
    """An argument that the constructor does not know is an error that shows the call."""
    with pytest.raises(ValueError, match=r"ThreeLayerConvNet\(.*depth=3.*fails"):
        save_model(tmp_path / "model.npz", model, **ARGUMENTS, depth=3)


def test_a_class_from_a_notebook_is_refused(tmp_path):
    """A class that only the notebook knows is an error that says where to put it."""
    in_notebook = type("MyNet", (ThreeLayerConvNet,), {"__module__": "__main__"})

    with pytest.raises(ValueError, match=r"MyNet was defined in a notebook.*nndl/cnn\.py"):
        save_model(tmp_path / "model.npz", in_notebook(**ARGUMENTS), **ARGUMENTS)


def test_arguments_that_are_not_text_are_refused(tmp_path, model):
    """An argument that JSON cannot hold is an error that names it."""
    with pytest.raises(TypeError, match="the argument reg ="):
        save_model(tmp_path / "model.npz", model, **ARGUMENTS, reg=object())


def test_the_ending_is_added_where_it_is_missing(tmp_path):
    """A name without the ending .npz gets it; dots in the name stay."""
    assert write_arrays(tmp_path / "lr0.01", {"a": np.ones(2)}) == tmp_path / "lr0.01.npz"
    assert write_arrays(str(tmp_path / "b.npz"), {"a": np.ones(2)}) == tmp_path / "b.npz"


def test_python_objects_are_refused(tmp_path):
    """An array of Python objects, which only a pickle could hold, is an error that names it."""
    with pytest.raises(ValueError, match="W1 holds Python objects"):
        write_arrays(tmp_path / "model", {"W1": np.array([None, 1], dtype=object)})

    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_a_missing_file(tmp_path):
    """A file that does not exist is reported as such."""
    with pytest.raises(FileNotFoundError):
        load_model_arrays(tmp_path / "none.npz")


@pytest.mark.parametrize(
    "content", ["empty", "text", "cut off", "no description", "pickled", "a single array"]
)
def test_a_damaged_file_is_an_error_that_says_so(tmp_path, model, content):
    """Whatever is wrong with a file, the error names it and says what to do."""
    path = tmp_path / "model.npz"
    if content == "no description":
        write_arrays(path, model_arrays(model))
    elif content == "pickled":
        np.savez(path, model=np.array([{"class": "ThreeLayerConvNet"}], dtype=object))
    elif content == "a single array":
        with path.open("wb") as file:
            np.save(file, np.ones(3))
    else:
        whole = save_model(path, model, **ARGUMENTS).read_bytes()
        path.write_bytes({"empty": b"", "text": b"not a model", "cut off": whole[: len(whole) // 2]}[content])

    with pytest.raises(ValueError, match=r"model\.npz is not a model saved by save_model.*save it again"):
        load_model_arrays(path)
