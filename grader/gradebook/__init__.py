"""The memory of a course: what arrived, what it was graded to, what people changed, and what a class is shown.

::

    with open_gradebook(folder / FILE) as book:
        section = section_of(book, assignment.id, str(folder))
        entered = look_at(book, section, arrivals, assignment, engine, step)
        enter(book, section, entered)
        terms = terms_of(book, (assignment.id, assignment.version, engine), options, fresh=False)
        desk = Desk(book)
        claim = desk.claim(sha256, terms)        # a Claim, or Taken by somebody else
        desk.complete(claim, report)
        publish(book, section, with_gradings(published(book, section, assignment), gradings))

SQLite in one file by default, any other database by URL. `claims` describes how two graders share a gradebook
and what an end at any moment costs; `migrations` how an older one becomes today's.
"""

from grader.gradebook.adjustments import Entry, adjust
from grader.gradebook.claims import Claim, Desk, Taken, Terms, finished, terms_of
from grader.gradebook.database import FILE, Gradebook, open_gradebook
from grader.gradebook.errors import GradebookError, GradebookTooNew, GradebookUnusable, UnknownStudent
from grader.gradebook.notes import add_flag, not_flagged
from grader.gradebook.published import (
    Standing,
    counting,
    final_reports,
    hide_names,
    notebooks_of,
    publish,
    published,
    with_gradings,
)
from grader.gradebook.register import Entered, enter, find_section, look_at, section_of, source_of_section

__all__ = [
    "FILE",
    "Claim",
    "Desk",
    "Entered",
    "Entry",
    "Gradebook",
    "GradebookError",
    "GradebookTooNew",
    "GradebookUnusable",
    "Standing",
    "Taken",
    "Terms",
    "UnknownStudent",
    "add_flag",
    "adjust",
    "counting",
    "enter",
    "final_reports",
    "find_section",
    "finished",
    "hide_names",
    "look_at",
    "not_flagged",
    "notebooks_of",
    "open_gradebook",
    "publish",
    "published",
    "section_of",
    "source_of_section",
    "terms_of",
    "with_gradings",
]
