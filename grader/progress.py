"""What a long run tells while it works: events, for a callback that draws bars, writes lines or does nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count


@dataclass(frozen=True, slots=True)
class Step:
    """So much of a stage is done.

    Attributes
    ----------
    stage
        What is being done, in one word: Reading, Grading, Writing.
    done, total
        Pieces. A stage begins with none done and ends with all.
    name
        Of the piece that has just been done.
    quick
        Whether a piece takes no time, so that only a large class is worth a bar.
    """

    stage: str
    done: int
    total: int
    name: str = ""
    quick: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for whoever is watching; an urgent one asks them to do something."""

    text: str
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class TrainingState:
    """A network that is being trained again: for how many seconds, of how many allowed, and in which epoch."""

    name: str
    seconds: float
    limit: float
    epoch: str = ""


@dataclass(frozen=True, slots=True)
class Trainings:
    """How far all trainings are; told every half second while there are any."""

    done: int
    total: int
    under_way: tuple[TrainingState, ...] = ()


Progress = Callable[[Step | Notice | Trainings], None]
"""Called with each event, in the thread that runs the class; what it raises ends the run."""


def unwatched(_event: Step | Notice | Trainings) -> None:
    """Tell nobody."""


def begin(progress: Progress, stage: str, total: int, *, quick: bool = False) -> Callable[[str], None]:
    """Tell that a stage of `total` pieces begins; return what is to be called with the name of each finished piece."""
    done = count(1)
    progress(Step(stage, 0, total, quick=quick))

    def step(name: str) -> None:
        progress(Step(stage, next(done), total, name, quick))

    return step
