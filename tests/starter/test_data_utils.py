"""CIFAR-10 is read, split and centred as promised, and a bad file is an error that helps."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest

from cs231n import data_utils
from cs231n.data_utils import get_CIFAR10_data, load_CIFAR10_test

PER_FILE = 10
ROOT = Path(__file__).parents[2]


def _write_batch(path, first, **changes):
    """Write a file like the official ones, whose image number n has the brightness n in every pixel."""
    brightness = np.arange(first, first + PER_FILE, dtype=np.uint8)
    batch = {
        b"batch_label": b"a batch",
        b"labels": [int(value) % 10 for value in brightness],
        b"data": np.repeat(brightness[:, np.newaxis], 3072, axis=1),
        b"filenames": [b"image.png"] * PER_FILE,
    }
    batch.update({name.encode(): value for name, value in changes.items()})
    path.write_bytes(pickle.dumps(batch, protocol=2))


@pytest.fixture
def folder(tmp_path):
    """Write five training files of ten images each, and a test file."""
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    for number in range(5):
        _write_batch(folder / f"data_batch_{number + 1}", first=number * PER_FILE)
    _write_batch(folder / "test_batch", first=100)
    return folder


def _brightness(images):
    """Give the one brightness that each image has all over."""
    assert (images == images[:, :1, :1, :1]).all()
    return images[:, 0, 0, 0].tolist()


def test_images_are_split_in_order(folder):
    """Training images come first, validation images follow them, test images are those of the test file."""
    data = get_CIFAR10_data(folder, 25, 10, 4, subtract_mean=False)

    assert list(data) == ["X_train", "y_train", "X_val", "y_val", "X_test", "y_test"]
    assert _brightness(data["X_train"]) == list(range(25))
    assert _brightness(data["X_val"]) == list(range(25, 35))
    assert _brightness(data["X_test"]) == list(range(100, 104))
    assert data["y_val"].tolist() == [number % 10 for number in range(25, 35)]


def test_images_have_channels_first_and_are_float32(folder):
    """Images are float32 of shape (number, 3, 32, 32), labels int64."""
    data = get_CIFAR10_data(folder, 25, 10, 4)

    assert [data[name].shape for name in ("X_train", "X_val", "X_test")] == [
        (25, 3, 32, 32),
        (10, 3, 32, 32),
        (4, 3, 32, 32),
    ]
    assert {data[name].dtype.name for name in ("X_train", "X_val", "X_test")} == {"float32"}
    assert {data[name].dtype.name for name in ("y_train", "y_val", "y_test")} == {"int64"}


def test_the_mean_of_the_training_images_is_subtracted_everywhere(folder):
    """By default the mean training image is subtracted from all images, those of the other sets too."""
    data = get_CIFAR10_data(folder, 25, 10, 4)

    assert _brightness(data["X_train"]) == [number - 12.0 for number in range(25)]
    assert _brightness(data["X_test"]) == [number - 12.0 for number in range(100, 104)]


def test_pixels_keep_their_place(folder):
    """The 3072 numbers of a row are the red, then the green, then the blue plane, row by row."""
    planes = np.arange(PER_FILE * 3072, dtype=np.uint32).astype(np.uint8).reshape(PER_FILE, 3072)
    _write_batch(folder / "test_batch", first=0, data=planes)

    images, labels = load_CIFAR10_test(folder)

    assert images.dtype == np.uint8 and labels.dtype == np.int64
    np.testing.assert_array_equal(images, planes.reshape(PER_FILE, 3, 32, 32))


def test_only_the_files_that_are_needed_are_opened(folder):
    """A small split does not read the later training files."""
    (folder / "data_batch_4").unlink()

    assert len(get_CIFAR10_data(folder, 20, 10, 1)["X_train"]) == 20


def test_the_environment_variable_names_the_folder(folder, monkeypatch):
    """Without an argument the folder is the one that CIFAR10_DIR names."""
    monkeypatch.setenv("CIFAR10_DIR", str(folder))

    assert len(get_CIFAR10_data(None, 5, 5, 5)["X_val"]) == 5


def test_the_argument_goes_before_the_environment_variable(folder, monkeypatch, tmp_path):
    """A folder given as the argument is used whatever the environment variable says."""
    monkeypatch.setenv("CIFAR10_DIR", str(tmp_path / "elsewhere"))

    assert len(load_CIFAR10_test(folder)[0]) == PER_FILE


@pytest.mark.parametrize("by", ["cifar10_dir", "CIFAR10_DIR"])
def test_a_missing_folder_is_an_error_that_says_who_named_it(by, tmp_path, monkeypatch):
    """A folder that does not exist is an error that names it, and the argument or variable it came from."""
    missing = tmp_path / "nowhere"
    monkeypatch.setenv("CIFAR10_DIR", str(missing))

    with pytest.raises(FileNotFoundError, match=rf"{by}.*nowhere, does not exist\. Name the folder"):
        get_CIFAR10_data(missing if by == "cifar10_dir" else None)


def test_a_missing_file_is_an_error_that_says_what_to_do(folder):
    """A folder without one of the files is an error that names the file."""
    (folder / "data_batch_2").unlink()

    with pytest.raises(FileNotFoundError, match=r"data_batch_2 does not exist.*Unpack it again"):
        get_CIFAR10_data(folder, 15, 5, 5)


def test_too_many_images_are_refused(folder):
    """Asking for more images than there are is an error with both numbers."""
    with pytest.raises(ValueError, match=r"51 images were asked for, but .* hold 50"):
        get_CIFAR10_data(folder, 41, 10, 1)


@pytest.mark.parametrize("damage", ["empty", "cut off", "text", "no data", "short", "labels", "floats"])
def test_a_damaged_file_is_an_error_that_says_what_to_do(folder, damage):
    """Whatever is wrong with a file, the error names it and says how to get a good one."""
    path = folder / "test_batch"
    if damage == "no data":
        path.write_bytes(pickle.dumps({b"labels": [1]}, protocol=2))
    elif damage == "short":
        _write_batch(path, first=0, data=np.zeros((PER_FILE - 1, 3072), dtype=np.uint8))
    elif damage == "labels":
        _write_batch(path, first=0, labels=[10] * PER_FILE)
    elif damage == "floats":
        _write_batch(path, first=0, data=np.zeros((PER_FILE, 3072)))
    else:
        whole = path.read_bytes()
        path.write_bytes({"empty": b"", "cut off": whole[: len(whole) // 2], "text": b"hello"}[damage])

    with pytest.raises(ValueError, match=r"test_batch is damaged or not a file of CIFAR-10 .*unpack"):
        load_CIFAR10_test(folder)


class _Mischief:
    """When an ordinary unpickler reads it, a folder appears."""

    def __init__(self, target):
        self.target = target

    def __reduce__(self):
        return os.mkdir, (self.target,)


def test_a_malicious_file_runs_no_code(folder, tmp_path):
    """A pickle that names a function to call is refused before anything is called."""
    target = tmp_path / "made by the pickle"
    (folder / "test_batch").write_bytes(pickle.dumps({b"data": _Mischief(str(target))}, protocol=2))

    with pytest.raises(ValueError, match=r"asks for posix\.mkdir"):
        load_CIFAR10_test(folder)

    assert not target.exists()


def test_the_data_set_is_fetched_and_verified_when_it_is_nowhere(folder, monkeypatch, tmp_path):
    """Without any folder the archive is fetched by its published address and MD5 sum, and then used."""
    asked = {}

    def retrieve(url, known_hash, **_):
        asked.update(url=url, known_hash=known_hash)
        return [str(file) for file in sorted(folder.iterdir())]

    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    monkeypatch.setattr(data_utils, "__file__", str(tmp_path / "data_utils.py"))
    monkeypatch.setattr("pooch.retrieve", retrieve)

    assert len(load_CIFAR10_test()[0]) == PER_FILE
    assert asked == {
        "url": "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        "known_hash": "md5:c58f30108f718f92721af3b95e74349a",
    }


@pytest.mark.parametrize("error", [ConnectionError("no network"), ValueError("hash does not match")])
def test_a_failed_fetch_is_an_error_that_says_what_to_do(monkeypatch, tmp_path, error):
    """Without network, or with a damaged download, the error says how to get the data set by hand."""

    def retrieve(*_, **__):
        raise error

    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    monkeypatch.setattr(data_utils, "__file__", str(tmp_path / "data_utils.py"))
    monkeypatch.setattr("pooch.retrieve", retrieve)

    with pytest.raises(OSError, match=r"could not be fetched.*by hand.*CIFAR10_DIR"):
        get_CIFAR10_data()


def test_the_usual_folder_beside_the_module_is_found(folder, monkeypatch, tmp_path):
    """Without argument and variable, datasets/cifar-10-batches-py beside the module is used."""
    monkeypatch.delenv("CIFAR10_DIR", raising=False)
    monkeypatch.setattr(data_utils, "__file__", str(tmp_path / "data_utils.py"))
    (tmp_path / "datasets").mkdir()
    folder.rename(tmp_path / "datasets" / folder.name)

    assert len(load_CIFAR10_test()[0]) == PER_FILE


def test_the_official_files_are_read():
    """The real test file has 10,000 images, a thousand of each class, and the training files are centred."""
    cifar = Path(os.environ.get("CIFAR10_DIR") or ROOT.parent / "shared/data/cifar-10-batches-py")
    if not cifar.is_dir():
        pytest.skip("CIFAR-10 is not here; CIFAR10_DIR may name its folder")

    images, labels = load_CIFAR10_test(cifar)
    data = get_CIFAR10_data(cifar, 900, 100, 50)

    assert images.shape == (10000, 3, 32, 32)
    assert np.bincount(labels).tolist() == [1000] * 10
    np.testing.assert_allclose(data["X_train"].mean(axis=0), 0, atol=1e-3)
