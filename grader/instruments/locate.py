"""Find one entry of a wrong gradient by halving: which index, what ratio, and whether it is alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.instruments.arrays import Float


@dataclass(frozen=True, slots=True)
class Location:
    """Where a gradient is wrong.

    Attributes
    ----------
    index
        A wrong entry.
    ratio
        Claimed over measured derivative there; None where the measured one is zero as far as noise shows.
    alone
        Whether everything else looked right on the way to it.
    """

    index: tuple[int, ...]
    ratio: float | None
    alone: bool


def locate(
    error_along: Callable[[Float], tuple[float, float]], direction: Float, claimed: Float
) -> Location | None:
    """Halve the coordinates of `direction` until one that carries an error is left.

    Parameters
    ----------
    error_along
        Given a direction, the claimed minus the measured derivative along it, and the size up to which
        that is noise.
    direction
        A direction with no zero entry, along which the gradient was seen to be wrong.
    claimed
        The gradient judged, in the shape of `direction`.

    Returns
    -------
    Location or None
        None when no single entry stands out of the noise.
    """
    flat = direction.ravel()
    places: NDArray[np.intp] = np.arange(flat.size)
    whole, noise = error_along(direction)
    alone = True
    while places.size > 1:
        left = places[: places.size // 2]
        error, error_noise = error_along(_only(direction, left))
        other = whole - error
        alone = alone and min(abs(error), abs(other)) <= noise + error_noise
        go_left = abs(error) >= abs(other)
        places, whole = (left, error) if go_left else (places[places.size // 2 :], other)
    error, noise = error_along(_only(direction, places))
    if abs(error) <= noise:
        return None
    measured = float(claimed.ravel()[places[0]]) - error / float(flat[places[0]])
    ratio = float(claimed.ravel()[places[0]]) / measured if abs(measured * flat[places[0]]) > noise else None
    index = tuple(int(each) for each in np.unravel_index(int(places[0]), claimed.shape))
    return Location(index, ratio, alone)


def _only(direction: Float, places: NDArray[np.intp]) -> Float:
    kept = np.zeros(direction.size)
    kept[places] = direction.ravel()[places]
    return kept.reshape(direction.shape)
