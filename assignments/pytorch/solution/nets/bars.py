"""Made-up images to learn from: noisy bars that lie, stand or lean."""

import torch

KINDS = ("lying", "standing", "leaning")


def make_bars(count, size=8, noise=0.5, seed=0):
    """Draw images.

    Returns
    -------
    images : tensor, shape (count, 1, size, size)
        A bar in noise, anywhere in the image.
    labels : tensor of ints, shape (count,)
        Which of `KINDS` it is.
    """
    random = torch.Generator().manual_seed(seed)
    images = noise * torch.randn(count, 1, size, size, generator=random)
    labels = torch.randint(len(KINDS), (count,), generator=random)
    places = torch.randint(size, (count,), generator=random)
    along = torch.arange(size)
    for image, label, place in zip(images[:, 0], labels.tolist(), places.tolist(), strict=True):
        rows, columns = [
            (place + 0 * along, along),
            (along, place + 0 * along),
            (along, (along + place) % size),
        ][label]
        image[rows, columns] += 1.5
    return images, labels
