"""CIFAR-10, from a folder on this machine or fetched once, split and centred for training."""

import os
import pickle  # the official files are pickles; only _ArraysOnly below ever reads one
from pathlib import Path

import numpy as np

# Name, address and MD5 sum as published on https://www.cs.toronto.edu/~kriz/cifar.html
FOLDER = "cifar-10-batches-py"
ADDRESS = "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz"
MD5 = "c58f30108f718f92721af3b95e74349a"

ENVIRONMENT_VARIABLE = "CIFAR10_DIR"
TRAINING_FILES = [f"data_batch_{number}" for number in range(1, 6)]
TEST_FILE = "test_batch"
IMAGE_SHAPE = (3, 32, 32)
NUM_CLASSES = 10


def get_CIFAR10_data(  # noqa: N802 - the assignment's name
    cifar10_dir=None, num_training=49000, num_validation=1000, num_test=1000, subtract_mean=True
):
    """Read CIFAR-10, split and preprocessed for the assignment's networks.

    The validation images are those that follow the training images; the test images are the first of the
    test file. With its default arguments the result takes about 630 MB.

    Parameters
    ----------
    cifar10_dir : str or Path, optional
        The folder with data_batch_1 ... data_batch_5 and test_batch. Where it is None: the folder that the
        environment variable CIFAR10_DIR names, else datasets/cifar-10-batches-py beside this file, else the
        data set is fetched (170 MB, once), verified and kept in the user's cache.
    num_training, num_validation, num_test : int
        How many images of each kind.
    subtract_mean : bool
        Subtract the mean of the training images, pixel by pixel, from all images.

    Returns
    -------
    dict
        'X_train', 'X_val', 'X_test': ndarray of float32, shape (number, 3, 32, 32), from 0 to 255 before the
        mean is subtracted. 'y_train', 'y_val', 'y_test': ndarray of int64, shape (number,), 0 to 9.

    Raises
    ------
    FileNotFoundError
        When the folder or one of its files does not exist.
    ValueError
        When a file is damaged, or holds fewer images than asked for.
    OSError
        When the data set has to be fetched and cannot be.
    """
    folder = _find_folder(cifar10_dir)
    images, labels = _read(folder, TRAINING_FILES, num_training + num_validation)
    test_images, test_labels = _read(folder, [TEST_FILE], num_test)
    data = {
        "X_train": images[:num_training].astype(np.float32),
        "y_train": labels[:num_training],
        "X_val": images[num_training:].astype(np.float32),
        "y_val": labels[num_training:],
        "X_test": test_images.astype(np.float32),
        "y_test": test_labels,
    }
    if subtract_mean:
        mean_image = data["X_train"].mean(axis=0, dtype=np.float64).astype(np.float32)
        for name in ("X_train", "X_val", "X_test"):
            data[name] -= mean_image
    return data


def load_CIFAR10_test(cifar10_dir=None):  # noqa: N802 - beside get_CIFAR10_data
    """Read the test images as they are.

    Parameters
    ----------
    cifar10_dir : str or Path, optional
        As for `get_CIFAR10_data`.

    Returns
    -------
    images : ndarray of uint8, shape (10000, 3, 32, 32)
        All images of the test file.
    labels : ndarray of int64, shape (10000,)
        Their classes, 0 to 9.

    Raises
    ------
    FileNotFoundError, ValueError, OSError
        As for `get_CIFAR10_data`.
    """
    return _load_batch(_find_folder(cifar10_dir) / TEST_FILE)


class _ArraysOnly(pickle.Unpickler):
    """Reads pickles of arrays and Python's plain values, and refuses to look up anything else.

    An ordinary unpickler calls whatever the file names, so a file could run any code.
    """

    _ALLOWED = {  # noqa: RUF012 - never changed
        ("numpy.core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
        ("numpy._core.multiarray", "_reconstruct"): np.empty(0).__reduce__()[0],
        ("numpy", "ndarray"): np.ndarray,
        ("numpy", "dtype"): np.dtype,
        ("_codecs", "encode"): lambda text, _: text.encode(
            "latin1"
        ),  # how Python 3 writes old pickles' bytes
    }

    def find_class(self, module, name):
        try:
            return self._ALLOWED[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which no data set needs") from None


def _find_folder(cifar10_dir):
    if cifar10_dir is not None:
        return _require_folder(Path(cifar10_dir), "the folder given as cifar10_dir")
    if os.environ.get(ENVIRONMENT_VARIABLE):
        folder = Path(os.environ[ENVIRONMENT_VARIABLE])
        return _require_folder(folder, f"the folder that {ENVIRONMENT_VARIABLE} names")
    usual = Path(__file__).parent / "datasets" / FOLDER
    return usual if usual.is_dir() else _fetch()


def _require_folder(folder, description):
    if not folder.is_dir():
        raise FileNotFoundError(
            f"{description}, {folder}, does not exist. Name the folder that holds {TEST_FILE} and "
            f"{TRAINING_FILES[0]}, or name none to have the data set fetched."
        )
    return folder


def _fetch():
    """Fetch and verify the data set, and give its folder in the user's cache.

    Not beside this file: 170 MB would travel with everything that is handed in.
    """
    by_hand = (
        f"Download {ADDRESS} by hand, unpack it, and set the environment variable {ENVIRONMENT_VARIABLE} "
        f"to the folder {FOLDER} inside."
    )
    try:
        import pooch  # noqa: PLC0415 - needed by nobody who has the data already
    except ImportError as error:
        raise OSError(
            f"CIFAR-10 is not on this machine, and pooch, which fetches it, is not installed: "
            f"run python -m pip install pooch. Or: {by_hand}"
        ) from error
    try:
        files = pooch.retrieve(
            ADDRESS, known_hash=f"md5:{MD5}", path=pooch.os_cache("cifar-10"), processor=pooch.Untar()
        )
    except (OSError, ValueError) as error:
        raise OSError(f"CIFAR-10 could not be fetched: {error}. {by_hand}") from error
    return next(Path(file).parent for file in files if Path(file).name == TEST_FILE)


def _read(folder, names, count):
    """Read the first so many images and labels of some files, opening no more files than it takes."""
    images = np.empty((count, *IMAGE_SHAPE), dtype=np.uint8)
    labels = np.empty(count, dtype=np.int64)
    filled = 0
    for name in names:
        if filled >= count:
            break
        batch_images, batch_labels = _load_batch(folder / name)
        taken = min(len(batch_images), count - filled)
        images[filled : filled + taken] = batch_images[:taken]
        labels[filled : filled + taken] = batch_labels[:taken]
        filled += taken
    if filled < count:
        raise ValueError(f"{count} images were asked for, but {', '.join(names)} in {folder} hold {filled}")
    return images, labels


def _load_batch(path):
    """All images (N, 3, 32, 32) and labels (N,) of one of the official files."""
    if not path.is_file():
        raise FileNotFoundError(
            f"{path} does not exist; the folder must hold all files of {ADDRESS}, unpacked. "
            "Unpack it again, or name no folder to have the data set fetched."
        )
    try:
        with path.open("rb") as file:
            batch = _ArraysOnly(file, encoding="bytes").load()
        images = batch[b"data"].reshape(-1, *IMAGE_SHAPE)
        labels = np.array(batch[b"labels"], dtype=np.int64)
        _require_images(images, labels)
    except Exception as error:  # a damaged pickle can fail in almost any way
        raise ValueError(
            f"{path} is damaged or not a file of CIFAR-10 ({error or type(error).__name__}). "
            f"Delete it, and unpack {ADDRESS} again."
        ) from error
    return images, labels


def _require_images(images, labels):
    if images.dtype != np.uint8 or labels.shape != (len(images),):
        raise ValueError(f"{images.dtype} images of shape {images.shape} with labels of shape {labels.shape}")
    if len(labels) and not 0 <= labels.min() <= labels.max() < NUM_CLASSES:
        raise ValueError(f"a label is not between 0 and {NUM_CLASSES - 1}")
