"""Hidden check of the open task: how well the trained network does on images it never saw.

The weights come from the submission's `best_model.npz`. Where they are those of the assignment's own network, the
forward pass is the reference's: what the submission's code makes of images that anybody can download says nothing. A
network of the student's own design has only their code, so what looks like knowing the labels is left to a person.
"""

import numpy as np

from grader.checking import Failed, NotGraded, NotImplementedYet, Waits, part
from grader.sandbox import SubmissionError

GOAL = 0.65
"""The assignment asks for more than 65 % on the validation set."""

TOO_GOOD = 0.85
"""No network that a notebook trains in an hour comes near; memory of the test images does."""

BY_CHANCE = 0.3
"""Share of right answers that a network without its weights stays below: guessing comes to 10 %."""

LONGEST = 2000
"""Entries of the largest bias or average that any layer has; labels of the test images are more."""

COPIES = 2000
"""Images of which copies are asked as well."""

FURTHEST = 2
"""Pixels that a copy is shifted by, at most."""

NOISE = 0.06
"""Deviation of the noise in a copy, as a share of that of the images."""

LARGEST_DROP = 0.15
"""Share of the images that may be lost with their copies before staff are told; no points hang on it.

Six networks of 65 to 69 %, of different sizes, with and without mirrored images in their training, lose 5 to 9 of 100,
each under five drawings (`python -m benchmarks.copies DATA --networks FOLDER`). One that was trained on the test images
themselves, and has 87 % of them right, loses 33 to 36.
"""

BATCH = 500

NETWORK = "ThreeLayerConvNet"
SIDE, CLASSES = 32, 10

RANGES = {
    "num_filters": (1, 1024),
    "filter_size": (1, 31),
    "hidden_dim": (1, 8192),
    "num_classes": (CLASSES, CLASSES),
    "weight_scale": (0, 10),
    "reg": (0, 1000),
    "use_batchnorm": (0, 1),
}
"""What the network of the assignment may have been built with, least and most."""

MOST_PRODUCTS = 128 * 49
"""Filters times their area: larger convolutions run where the student's code does, within its limits."""


def require_arguments(weights):
    """Refuse arguments that no network is built with, before anything is built."""
    own = weights.class_name not in {"", NETWORK}
    for name, value in weights.arguments.items():
        if name == "input_dim":
            fine = value == [3, SIDE, SIDE]
        elif own:
            fine = name.isidentifier() and name != "self" and is_small(value)
        else:
            least, most = RANGES.get(name, (1, 0))
            fine = isinstance(value, int | float) and least <= value <= most
        if not fine and not (name == "dtype" and isinstance(value, str)):
            raise Failed(
                f"best_model.npz says that the network was built with {name[:40]!r}, with a value it cannot have."
            )


def is_small(value):
    """Say whether an argument of a network is a name, a number or a short list of them."""
    each = value if isinstance(value, list) else [value]
    numbers = [one for one in each if isinstance(one, int | float)]
    texts = [one for one in each if isinstance(one, str)]
    return (
        len(each) <= 16 and all(abs(one) <= 1e6 for one in numbers) and all(len(one) <= 64 for one in texts)
    )


def assigned_network(weights, reference):
    """Return the reference's network with the saved parameters, or None where they are another design's."""
    if weights.class_name not in {"", NETWORK}:
        return None
    first, hidden = (weights.arrays.get(name) for name in ("W1", "W2"))
    if first is None or hidden is None or first.ndim != 4 or hidden.ndim != 2:
        return None
    filters, units, size = len(first), hidden.shape[1], first.shape[2]
    shapes = {
        **{"W1": (filters, 3, size, size), "b1": (filters,)},
        **{"W2": (filters * (SIDE // 2) ** 2, units), "b2": (units,)},
        **{"W3": (units, CLASSES), "b3": (CLASSES,)},
    }
    if size % 2 == 0 or filters * size**2 > MOST_PRODUCTS:
        return None
    if {name: values.shape for name, values in weights.arrays.items()} != shapes:
        return None
    network = getattr(reference, NETWORK)(num_filters=1, filter_size=1, hidden_dim=1)
    network.params = {name: values.astype(np.float32) for name, values in weights.arrays.items()}
    return network


def rebuild(student, weights):
    """Build the student's network in the box with the saved parameters; return it, and arrays that no layer has."""
    network = student.sibling(NETWORK, weights.class_name or NETWORK)(**weights.arguments)
    places = set(network.params.keys())
    strange = []
    for name, values in weights.arrays.items():
        target, key = network.params, name
        if name.startswith("bn_params/"):
            _, index, key = name.split("/")
            target = network.bn_params[int(index)]
        elif name not in places:
            strange.append(name)
        if values.dtype.kind != "f" or (values.ndim < 2 and values.size > LONGEST):
            strange.append(name)
        target[key] = values
    return network, strange


def count_right(loss, images, labels):
    """Count the images whose largest score is that of their own class."""
    right = 0
    for start in range(0, len(images), BATCH):
        some = images[start : start + BATCH]
        scores = loss(some)
        if not isinstance(scores, np.ndarray) or scores.shape != (len(some), CLASSES):
            raise Failed("Without labels, loss does not return one score per class for each image.")
        right += int(np.sum(np.argmax(scores, axis=1) == labels[start : start + BATCH]))
    return right


def copies_of(images, rng):
    """Return each image shifted by a pixel or two, half of them mirrored as well, with a little noise."""
    copies = images.copy()
    for place in range(len(images)):
        down, across = rng.choice([each for each in range(-FURTHEST, FURTHEST + 1) if each], size=2)
        copies[place] = np.roll(images[place], (down, across), axis=(1, 2))
    mirrored = rng.random(len(images)) < 0.5
    copies[mirrored] = copies[mirrored, :, :, ::-1]
    return copies + rng.normal(0, NOISE * images.std(), size=copies.shape).astype(copies.dtype)


def drop_on_copies(loss, images, labels, rng):
    """Return by how much less of copies of some of the images a network recognises than of these themselves."""
    chosen = rng.permutation(len(images))[:COPIES]
    images, labels = images[chosen], labels[chosen]
    before, after = (count_right(loss, each, labels) for each in (images, copies_of(images, rng)))
    return (before - after) / len(images)


def without_weights(student, weights, images, labels):
    """Return the share that the student's network has right with zeros for all that it learned."""
    network, _ = rebuild(student, weights)
    for name, values in weights.arrays.items():
        if not name.startswith("bn_params/"):
            network.params[name] = np.zeros_like(values)
    return count_right(network.method("loss"), images[:BATCH], labels) / len(images[:BATCH])


def require_weights(held_out, weights):
    """End the check where there is nothing to measure, or nothing to measure it on."""
    if held_out is None:
        raise NotGraded("The machine that graded this has no CIFAR-10, so the accuracy was not measured.")
    if weights is None:
        raise NotImplementedYet("There is no best_model.npz: the last cell of CNN.ipynb saves it.")
    if weights.problem:
        raise Failed(weights.problem)
    require_arguments(weights)


def measure(student, weights, network, held_out):
    """Return the accuracy, what a person has to look at before it counts, if anything, and what gave the scores."""
    images, labels = held_out
    if network is not None:
        with np.errstate(all="ignore"):
            accuracy = count_right(network.loss, images, labels) / len(labels)
        if accuracy > lowest(labels):
            return accuracy, "", network.loss
    own, strange = rebuild(student, weights)
    loss = own.method("loss")
    owns = count_right(loss, images, labels) / len(labels)
    if owns <= lowest(labels):
        return owns if network is None else accuracy, "", loss
    if network is not None:
        return owns, f"with the forward pass of the assignment's network it is {accuracy:.1%}", loss
    if strange:
        return owns, f"arrays that no layer has: {', '.join(sorted(set(strange)))[:200]}", loss
    share = without_weights(student, weights, images, labels)
    return owns, f"with zeros for all weights it still is {share:.1%}" if share > BY_CHANCE else "", loss


def lowest(labels):
    """Return the goal less two standard errors: who reaches it on one sample may miss it by chance on another."""
    return GOAL - 2 * np.sqrt(GOAL * (1 - GOAL) / len(labels))


def remark_remembered(student, loss, held_out, rng):
    """Tell staff of a network that knows the held-out images themselves; a call that fails says nothing."""
    try:
        with np.errstate(all="ignore"):
            drop = drop_on_copies(loss, *held_out, rng)
    except (Failed, SubmissionError):
        return
    if drop > LARGEST_DROP:
        student.remark(
            "looks_remembered",
            f"of shifted, mirrored and noisy copies of the images the network recognises {drop:.1%} less, where honest "
            "ones lose at most 9 %: it may know the test images, and not what they show",
        )


@part("CNN.accuracy")
def test_accuracy(student, reference, resources, held_out, rng):
    """The network in best_model.npz recognises more than 65 % of images it never saw."""
    weights = resources["weights"]
    require_weights(held_out, weights)
    accuracy, doubt, loss = measure(student, weights, assigned_network(weights, reference), held_out)
    told = f"Your network recognises {accuracy:.1%} of {len(held_out[1])} images it never saw"
    if accuracy <= lowest(held_out[1]):
        raise Failed(f"{told}.")
    remark_remembered(student, loss, held_out, rng)
    if accuracy > TOO_GOOD:
        doubt = "more than any network that the notebook trains"
    if doubt:
        raise Waits(f"{told}; a person will look at it before it counts.", doubt)
