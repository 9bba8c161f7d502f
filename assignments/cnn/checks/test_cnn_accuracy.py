"""Hidden check of the open task: how well the trained network does on images it never saw.

The weights come from the submission's `best_model.npz`; the forward pass that uses them is the student's own.
"""

import numpy as np

from grader.checking import Failed, NotGraded, NotImplementedYet, part

GOAL = 0.65
"""The assignment asks for more than 65 % on the validation set."""

BATCH = 500


def rebuild(student, weights):
    """Build the student's network in the box and give it the saved parameters."""
    network = student.sibling("ThreeLayerConvNet", weights.class_name or "ThreeLayerConvNet")(
        **weights.arguments
    )
    for name, values in weights.arrays.items():
        target, key = network.params, name
        if name.startswith("bn_params/"):
            _, index, key = name.split("/")
            target = network.bn_params[int(index)]
        target[key] = values
    return network


def count_right(network, images, labels):
    """Count the images whose largest score is that of their own class."""
    right = 0
    for start in range(0, len(images), BATCH):
        scores = network.method("loss")(images[start : start + BATCH])
        if not isinstance(scores, np.ndarray) or scores.shape != (len(images[start : start + BATCH]), 10):
            raise Failed("Without labels, loss does not return one score per class for each image.")
        right += int(np.sum(np.argmax(scores, axis=1) == labels[start : start + BATCH]))
    return right


@part("CNN.accuracy")
def test_accuracy(student, resources, held_out):
    """The network in best_model.npz recognises more than 65 % of images it never saw."""
    if held_out is None:
        raise NotGraded(
            "This machine has no CIFAR-10, so the accuracy is not graded; it is left out of the total."
        )
    weights = resources["weights"]
    if weights is None:
        raise NotImplementedYet("There is no best_model.npz: the last cell of CNN.ipynb saves it.")
    if weights.problem:
        raise Failed(weights.problem)
    images, labels = held_out
    accuracy = count_right(rebuild(student, weights), images, labels) / len(labels)
    # Two standard errors below the goal: a network that reaches it on one sample may miss it by chance on another.
    margin = 2 * np.sqrt(GOAL * (1 - GOAL) / len(labels))
    if accuracy <= GOAL - margin:
        raise Failed(f"Your network recognises {accuracy:.1%} of {len(labels)} images it never saw.")
