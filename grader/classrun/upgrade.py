"""A new engine in mid-term: every class that was published, graded with it, and who would move."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.classrun.options import SAMPLE_CLASS, GradeOptions
from grader.classrun.run import Regraded, regrade_class
from grader.gradebook import PublishedClass, open_gradebook, published_classes
from grader.gradebook.database import gradebook_at, is_there
from grader.progress import Progress


@dataclass(frozen=True, slots=True)
class UpgradedClass:
    """What the engine that is installed makes of a class; None where its submissions are no longer there."""

    published: PublishedClass
    regraded: Regraded | None


def upgrade_classes(
    options: GradeOptions, progress: Progress, *, publish_it: bool
) -> Iterator[UpgradedClass]:
    """Grade every published class of the gradebook as it was graded, with what is installed now.

    What judges it in the same way is not graded again.

    Parameters
    ----------
    options
        Name the gradebook; of a class they say only what a gradebook does not keep: its data set, and where to grade.
    publish_it
        Whether the new scores become those that are shown.
    """
    where = gradebook_at(options.gradebook, options.out)
    if not is_there(where):
        return  # nothing was graded yet: the new engine may begin
    with open_gradebook(where) as book:
        classes = published_classes(book)
    for each in classes:
        sample = each.source == SAMPLE_CLASS
        there = sample or Path(each.source).exists()
        asked = json.loads(each.options)
        regraded = None
        if there:
            graded_as = GradeOptions(
                root=options.root,
                assignment=each.assignment,
                submissions=None if sample else Path(each.source),
                out=Path(each.folder) if each.folder else options.out,
                jobs=options.jobs,
                only=asked["only"],
                isolation=asked["isolation"],
                data=options.data if asked["data"] else None,
                notebooks=asked["notebooks"],
                gradebook=str(where),
                anonymous=each.anonymous,
            )
            regraded = regrade_class(graded_as, progress, lambda _report: None, publish_it=publish_it)
        yield UpgradedClass(each, regraded)
