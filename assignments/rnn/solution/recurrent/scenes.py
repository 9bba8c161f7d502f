"""Made-up scenes with captions: features that stand for a picture, and a sentence about it."""

import numpy as np

COLOURS = ("red", "green", "blue", "black")
SHAPES = ("circle", "square", "star")
PLACES = ("above", "below", "inside")

WORDS = ("<null>", "<start>", "<end>", "a", *COLOURS, *SHAPES, *PLACES)
"""Every word has a number: its place in here. A caption begins with <start>, ends with <end>, and is filled up with
<null>."""

NULL, START, END = range(3)


def make_scenes(count, feature_dim=24, noise=0.1, seed=0):
    """Draw scenes.

    Returns
    -------
    features : ndarray, shape (count, feature_dim)
        What a network for pictures might say of each scene.
    captions : ndarray of ints, shape (count, 9)
        Such as <start> a red circle above a blue square <end>. Every third scene has one thing only.
    """
    rng = np.random.default_rng(seed)
    mixing = np.random.default_rng(1).normal(size=(len(WORDS) * 2, feature_dim)) / 3
    features = np.zeros((count, feature_dim))
    captions = np.full((count, 9), NULL)
    for n in range(count):
        one, other = ([rng.choice(COLOURS), rng.choice(SHAPES)] for _ in range(2))
        words = ["a", *one] if n % 3 == 0 else ["a", *one, rng.choice(PLACES), "a", *other]
        numbers = [WORDS.index(word) for word in words]
        captions[n, : len(words) + 2] = [START, *numbers, END]
        for position, number in enumerate(numbers):
            features[n] += mixing[2 * number + (position > len(one) + 1)]
    return features + noise * rng.normal(size=features.shape), captions


def sentence(caption):
    """Return a caption as text, up to its end."""
    words = [WORDS[number] for number in caption if number not in (NULL, START)]
    return " ".join(words[: words.index("<end>")] if "<end>" in words else words)


def train(network, features, captions, steps=400, rate=5e-3, batch=32, seed=0):
    """Train a network by Adam, and return its losses."""
    rng = np.random.default_rng(seed)
    losses, first, second = [], {}, {}
    for step in range(1, steps + 1):
        chosen = rng.integers(len(features), size=batch)
        loss, grads = network.loss(features[chosen], captions[chosen])
        losses.append(loss)
        for name, gradient in grads.items():
            first[name] = 0.9 * first.get(name, 0.0) + 0.1 * gradient
            second[name] = 0.999 * second.get(name, 0.0) + 0.001 * gradient**2
            size = np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8
            network.params[name] -= rate * first[name] / (1 - 0.9**step) / size
    return losses
