"""Unusual nearest neighbours."""

import math
from collections import Counter

import numpy as np

from grader.bank import variant

# --- Distances ---


@variant(replaces="compute_distances_no_loops")
def no_loops_by_broadcasting(X, X_train):
    """All differences are computed at once, in an array of three axes."""
    return np.sqrt(((X[:, None, :] - X_train[None, :, :]) ** 2).sum(axis=2))


@variant(replaces="compute_distances_no_loops")
def no_loops_by_norm(X, X_train):
    """The norm of all differences is NumPy's own."""
    return np.linalg.norm(np.expand_dims(X, 1) - X_train, axis=-1)


@variant(replaces="compute_distances_no_loops")
def no_loops_by_einsum(X, X_train):
    """The squares are einsums, and the terms are put together in place."""
    out = np.einsum("td,nd->tn", X, X_train)
    out *= -2
    out += np.einsum("td,td->t", X, X).reshape(-1, 1)
    out += np.einsum("nd,nd->n", X_train, X_train)
    np.clip(out, 0, None, out=out)
    return np.sqrt(out, out=out)


@variant(replaces="compute_distances_no_loops")
def no_loops_in_single_precision(X, X_train):
    """The distances are of single precision."""
    return np.linalg.norm(X[:, None].astype(np.float32) - X_train.astype(np.float32), axis=2)


@variant()
class distances_by_helpers:
    """The three distances share helpers; the one without loops names the axes in a loop over two numbers."""

    def squared_norms(samples):
        return (samples * samples).sum(-1)

    def compute_distances_two_loops(X, X_train):
        return np.array([[math.dist(x, other) for other in X_train] for x in X])

    def compute_distances_one_loop(X, X_train):
        rows = [np.sqrt(squared_norms(X_train) - 2 * X_train @ x + x @ x) for x in X]  # noqa: F821
        return np.vstack(rows)

    def compute_distances_no_loops(X, X_train):
        shape = tuple(samples.shape[0] for samples in (X, X_train))
        out = np.zeros(shape) + squared_norms(X_train) - 2 * X.dot(X_train.T)  # noqa: F821
        return np.sqrt(abs((out.T + squared_norms(X)).T))  # noqa: F821


@variant(replaces="compute_distances_two_loops")
def two_loops_entry_by_entry(X, X_train):
    """The distances go through the features in plain Python, too, and come as nested lists."""
    out = []
    for x in X:
        out.append([])
        for other in X_train:
            total = 0.0
            for d in range(len(x)):
                total += (x[d] - other[d]) ** 2
            out[-1].append(math.sqrt(total))
    return out


@variant(replaces="compute_distances_one_loop")
def one_loop_over_the_training_samples(X, X_train):
    """The loop goes over the training samples, column by column."""
    out = np.empty((X.shape[0], X_train.shape[0]))
    for j in range(X_train.shape[0]):
        out[:, j] = np.linalg.norm(X - X_train[j], axis=1)
    return out


# --- Votes ---


@variant(replaces="predict_labels")
def labels_by_counter(distances, y_train, k=1):
    """The votes are counted by a dictionary, and the labels come as a list."""
    labels = []
    for row in distances:
        counts = Counter(int(y_train[j]) for j in sorted(range(len(row)), key=row.__getitem__)[:k])
        labels.append(min(counts, key=lambda label: (-counts[label], label)))
    return labels


@variant(replaces="predict_labels")
def labels_by_unique(distances, y_train, k=1):
    """The nearest are found by a partition, and the votes counted by np.unique."""
    labels = np.zeros(distances.shape[0], dtype=y_train.dtype)
    for i in range(distances.shape[0]):
        nearest = np.argpartition(distances[i], k - 1)[:k]
        values, counts = np.unique(y_train[nearest], return_counts=True)
        labels[i] = values[counts.argmax()]
    return labels


@variant(replaces="predict_labels")
def labels_by_one_hot_votes(distances, y_train, k=1):
    """The votes are rows of zeros and ones that are added up, and the labels come as floats."""
    ballots = np.eye(y_train.max() + 1)[y_train]
    return ballots[distances.argsort(axis=1)[:, :k]].sum(axis=1).argmax(axis=1).astype(float)


# --- Prediction and cross-validation ---


@variant()
class prediction_by_two_loops:
    """The prediction uses the distances with two loops, and the cross-validation masks and lists."""

    def predict(X, X_train, y_train, k=1):
        return predict_labels(compute_distances_two_loops(X, X_train), y_train, k=k)  # noqa: F821

    def cross_validate(X, y, k_choices, num_folds=5):
        sizes = [len(X) // num_folds + (n < len(X) % num_folds) for n in range(num_folds)]
        out = []
        for k in k_choices:
            out.append([])
            for n in range(num_folds):
                held_out = np.zeros(len(X), dtype=bool)
                held_out[sum(sizes[:n]) : sum(sizes[: n + 1])] = True
                labels = predict(X[held_out], X[~held_out], y[~held_out], k)  # noqa: F821
                out[-1].append((labels == y[held_out]).sum() / sizes[n])
        return out
