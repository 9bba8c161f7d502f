"""Hidden checks of the k nearest neighbours."""

from dataclasses import dataclass

import numpy as np
import pytest

from grader.checking import (
    assert_faster,
    assert_matches,
    assert_no_loops,
    assert_unchanged,
    beyond,
    part,
    require_written,
    witnessed,
)

AXES = ("test sample", "training sample")


@dataclass(frozen=True)
class Sizes:
    """How many samples there are, and of how many features."""

    words: str
    test: int
    train: int
    features: int

    def __str__(self):
        return self.words


WIDE = Sizes("few test samples of many features", 4, 9, 12)
TALL = Sizes("many test samples of few features", 11, 5, 3)
ONE = Sizes("a single test sample", 1, 6, 4)
LARGE = Sizes("many", 40, 60, 30)


def samples(rng, sizes):
    """Draw test and training samples; features have spreads and means of their own."""
    spread, mean = rng.uniform(0.5, 2, size=sizes.features), rng.normal(size=sizes.features)
    counts = (sizes.test, sizes.train)
    return [rng.normal(size=(count, sizes.features)) * spread + mean for count in counts]


def check_distances(function, reference, rng, sizes):
    """Compare the distances of one function."""
    drawn = samples(rng, sizes)
    assert_matches(function(*drawn), reference.compute_distances_two_loops(*drawn), "distances", AXES)


BOTH = pytest.mark.parametrize("sizes", [WIDE, TALL], ids=["wide", "tall"])


# --- Distances ----------------------------------------------------------------------------------------------------


@part("compute_distances_two_loops")
@BOTH
def test_two_loops(student, reference, rng, sizes):
    """The distances are right for {sizes}."""
    check_distances(student.compute_distances_two_loops, reference, rng, sizes)


@part("compute_distances_one_loop")
@BOTH
def test_one_loop(student, reference, rng, sizes):
    """The distances are right for {sizes}."""
    check_distances(student.compute_distances_one_loop, reference, rng, sizes)


@part("compute_distances_no_loops")
@BOTH
def test_no_loops(student, reference, rng, sizes):
    """The distances are right for {sizes}."""
    check_distances(student.compute_distances_no_loops, reference, rng, sizes)


@beyond("compute_distances_no_loops")
def test_one_sample(student, reference, rng):
    """The distances of a single test sample keep both axes."""
    check_distances(student.compute_distances_no_loops, reference, rng, ONE)


@beyond("compute_distances_no_loops")
def test_same_samples(student, rng):
    """The distance of a sample to itself is a number, and zero up to rounding."""
    drawn, _ = samples(rng, WIDE)
    distances = student.compute_distances_no_loops(drawn, drawn)
    require_written(distances)
    assert_matches(np.round(np.diagonal(distances), 5), np.zeros(len(drawn)), "distance to itself")


@beyond("compute_distances_no_loops")
def test_samples_kept(student, rng):
    """The samples stay as they were."""
    drawn = samples(rng, WIDE)
    kept = [student.put(each) for each in drawn]
    require_written(student.compute_distances_no_loops(*kept))
    for before, after in zip(drawn, kept, strict=True):
        assert_unchanged(after.value(), before, "the samples")


@part("compute_distances_no_loops", weight=2)
def test_written_without_loops(student, reference, rng):
    """All distances come at once, without a loop."""
    drawn = samples(rng, WIDE)
    distances = student.compute_distances_no_loops(*drawn)
    assert_matches(distances, reference.compute_distances_two_loops(*drawn), "distances", AXES)
    with witnessed(distances):
        assert_no_loops(student.compute_distances_no_loops)


@part("compute_distances_no_loops.speed")
def test_speed(student, reference, draw):
    """They come at least five times as fast as with two loops."""
    assert_faster(
        student.compute_distances_no_loops,
        than=reference.compute_distances_two_loops,
        times=5,
        inputs=lambda number: samples(draw("distances", "speed", number), LARGE),
    )


# --- Votes --------------------------------------------------------------------------------------------------------

NUM_CLASSES = 4


def votes(rng, num_test=40, num_train=25):
    """Draw distances and labels; many neighbours have the same label, and many votes end in a tie."""
    return rng.uniform(1, 2, size=(num_test, num_train)), rng.integers(NUM_CLASSES, size=num_train)


@part("predict_labels")
@pytest.mark.parametrize("k", [1, 4, 7])
def test_vote(student, reference, rng, k):
    """The label is the one that most of the {k} nearest have; of several with as many votes the smallest."""
    drawn = votes(rng)
    assert_matches(
        student.predict_labels(*drawn, k), reference.predict_labels(*drawn, k), "labels", ("test sample",)
    )


@beyond("predict_labels")
def test_vote_of_all(student, reference, rng):
    """All training samples may vote."""
    drawn = votes(rng)
    k = len(drawn[1])
    assert_matches(
        student.predict_labels(*drawn, k), reference.predict_labels(*drawn, k), "labels", ("test sample",)
    )


# --- Prediction ---------------------------------------------------------------------------------------------------


def labelled(rng, count, features=6):
    """Draw samples around one centre for each class, near enough to be mixed up, and their labels."""
    labels = rng.integers(NUM_CLASSES, size=count)
    centres = np.eye(NUM_CLASSES, features) * 1.5
    spread = np.geomspace(0.5, 2, features)
    return centres[labels] + rng.normal(size=(count, features)) * spread + 1, labels


@part("predict")
@pytest.mark.parametrize("k", [1, 6])
def test_prediction(student, reference, rng, k):
    """Samples are labelled by the vote of their {k} nearest neighbours."""
    (X, _), (X_train, y_train) = labelled(rng, 60), labelled(rng, 90)
    expected = reference.predict(X, X_train, y_train, k)
    assert_matches(student.predict(X, X_train, y_train, k), expected, "labels", ("test sample",))


@part("cross_validate")
@pytest.mark.parametrize(("count", "folds"), [(90, 3), (122, 5)], ids=["even", "uneven"])
def test_cross_validation(student, reference, rng, count, folds):
    """The accuracies are right for {count} samples in {folds} folds."""
    drawn, choices = labelled(rng, count), [1, 4, 9, 15]
    expected = reference.cross_validate(*drawn, choices, folds)
    actual = student.cross_validate(*drawn, choices, folds)
    assert_matches(actual, expected, "accuracies", ("k", "fold"))
