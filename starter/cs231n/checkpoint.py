"""Trained models as .npz files that hold arrays and text only, so that reading one never runs code."""

import json
import zipfile
from pathlib import Path

import numpy as np

DESCRIPTION = "model"


def save_model(path, model, **arguments):
    """Save a model's arrays, with what it takes to build the model again.

    The file holds each array of model.params under its own name; the running averages of model.bn_params,
    where there are any, under names like 'bn_params/0/running_mean'; and under 'model' a text in JSON:
    {"class": name, "module": name, "arguments": {...}}.

    Parameters
    ----------
    path : str or Path
        Where to save; '.npz' is added where it is missing.
    model : object
        An instance of a class from a module (such as nndl/cnn.py) with a dict of arrays `params`.
    **arguments
        What the model was constructed with, as keywords: save_model(path, model, num_filters=16, reg=0.01).

    Returns
    -------
    Path
        Where the model was saved.

    Raises
    ------
    ValueError
        When these arguments do not build a model whose parameters have the same names and shapes, or the
        class was defined in a notebook.
    TypeError
        When an argument cannot be written as text.
    """
    description = _describe(model, arguments)
    _check_rebuilds(model, json.loads(description)["arguments"])
    arrays = {**model_arrays(model), DESCRIPTION: np.array(description)}
    return write_arrays(path, arrays)


def load_model_arrays(path):
    """Read a file written by `save_model`.

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    description : dict
        {"class": name, "module": name, "arguments": {...}}.
    arrays : dict
        Name -> ndarray, of the parameters and the running averages.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    ValueError
        When the file was not written by `save_model`, or is damaged.
    """
    try:
        with Path(path).open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        description = json.loads(str(arrays.pop(DESCRIPTION)))
    except FileNotFoundError:
        raise
    except (OSError, EOFError, KeyError, ValueError, AttributeError, TypeError, zipfile.BadZipFile) as error:
        raise ValueError(f"{path} is not a model saved by save_model ({error}); save it again") from error
    return description, arrays


def model_arrays(model):
    """Arrays of a model: its parameters and, where it has any, its running averages.

    Parameters
    ----------
    model : object
        Has a dict of arrays `params` and perhaps a list of dicts `bn_params`.

    Returns
    -------
    dict
        Name -> ndarray, the running averages under names like 'bn_params/0/running_mean'.
    """
    arrays = {name: np.asarray(values) for name, values in model.params.items()}
    for layer, state in enumerate(getattr(model, "bn_params", [])):
        for name in ("running_mean", "running_var"):
            if name in state:
                arrays[f"bn_params/{layer}/{name}"] = np.asarray(state[name])
    return arrays


def write_arrays(path, arrays):
    """Write arrays as an .npz file, whole or not at all.

    Parameters
    ----------
    path : str or Path
        Where to write; '.npz' is added where it is missing.
    arrays : dict
        Name -> ndarray without Python objects.

    Returns
    -------
    Path
        Where the file is.

    Raises
    ------
    ValueError
        When an array holds Python objects.
    """
    for name, values in arrays.items():
        if np.asarray(values).dtype.hasobject:
            raise ValueError(f"{name} holds Python objects, not numbers; save arrays of numbers only")
    path = Path(path)
    path = path if path.suffix == ".npz" else path.with_name(path.name + ".npz")
    unfinished = path.with_name(path.name + ".part")
    try:
        with unfinished.open("wb") as file:
            np.savez(file, **arrays)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def _describe(model, arguments):
    kind = type(model)
    if kind.__module__ == "__main__":
        raise ValueError(
            f"the class {kind.__name__} was defined in a notebook or script, where nobody else can find it; "
            "move it to a module such as nndl/cnn.py and import it from there"
        )
    written = {name: _plain(name, value) for name, value in arguments.items()}
    return json.dumps({"class": kind.__name__, "module": kind.__module__, "arguments": written})


def _plain(name, value):
    """Give a value that JSON can hold: a dtype's name, or Python's own numbers and lists."""
    if isinstance(value, (np.generic, np.ndarray)):
        return value.tolist()
    if isinstance(value, (np.dtype, type)):
        return np.dtype(value).name
    try:
        json.dumps(value)
    except (TypeError, ValueError) as error:
        raise TypeError(f"the argument {name} = {value!r} cannot be written as text: {error}") from error
    return value


def _check_rebuilds(model, arguments):
    call = f"{type(model).__name__}({', '.join(f'{name}={value!r}' for name, value in arguments.items())})"
    advice = "give save_model the arguments that you built the model with"
    try:
        rebuilt = type(model)(**arguments)
    except TypeError as error:
        raise ValueError(f"{call} fails ({error}); {advice}") from error
    expected, found = _shapes(model), _shapes(rebuilt)
    for name in sorted(expected.keys() | found.keys()):
        want, got = expected.get(name), found.get(name)
        if want != got:
            raise ValueError(f"{call} gives {name} the shape {got}, but the model's is {want}; {advice}")


def _shapes(model):
    return {name: np.shape(values) for name, values in model.params.items()}
