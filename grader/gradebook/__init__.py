"""The memory of a course: what arrived, what it was graded to, what people changed, and what a class is shown.

::

    with open_gradebook(folder / FILE) as book, ClaimStore.open(book) as store:
        known = known_arrivals(book, section)
        received = ...                                          # what is not as it was known is read
        entry = register(book, section, received, request, course_key=key)
        claim = store.claim(sha256, entry.key)                  # a Claim, or None: it is somebody else's, or done
        store.complete(claim, report)
        with read_class(book, entry.section_id, assignment) as view:
            standings = view.standings(finished(book, entry.key))
            for report in view.reports(view.counting(standings)): ...
        publish(book, standings, pages)

`database` opens it, and `errors` says what went wrong; `schema` holds the tables; `migrate` makes an older gradebook
today's, by the files in `migrations`; `register` enters a class; `claims` lets several graders share one; `published`
reads what is shown; `final` makes final scores of what is kept; `decisions` adds what people decide, and `reviewers`
knows who looks at what; `returned` says what students were given, and `forgotten` removes one of them. Results are kept
on SQLite, or on PostgreSQL by URL.
"""

from grader.gradebook.claims import Claim, ClaimStore, finished
from grader.gradebook.database import FILE, Gradebook, open_gradebook
from grader.gradebook.decisions import (
    Decisions,
    Outdated,
    add_flag,
    decide,
    decisions_of,
    handed_in,
    not_flagged,
)
from grader.gradebook.errors import GradebookError
from grader.gradebook.published import (
    ClassState,
    PublishedClass,
    Standing,
    effects_of,
    publish,
    published_classes,
    read_class,
    section_shown_in,
    source_shown_in,
)
from grader.gradebook.register import (
    Content,
    FirstClaims,
    GradingRequest,
    Received,
    Registered,
    Section,
    known_arrivals,
    register,
)
from grader.gradebook.returned import Returned, ReturnLedger, is_open_to_students, open_to_students
from grader.gradebook.schema import PageRecord, PageStamp

__all__ = [
    "FILE",
    "Claim",
    "ClaimStore",
    "ClassState",
    "Content",
    "Decisions",
    "FirstClaims",
    "Gradebook",
    "GradebookError",
    "GradingRequest",
    "Outdated",
    "PageRecord",
    "PageStamp",
    "PublishedClass",
    "Received",
    "Registered",
    "ReturnLedger",
    "Returned",
    "Section",
    "Standing",
    "add_flag",
    "decide",
    "decisions_of",
    "effects_of",
    "finished",
    "handed_in",
    "is_open_to_students",
    "known_arrivals",
    "not_flagged",
    "open_gradebook",
    "open_to_students",
    "publish",
    "published_classes",
    "read_class",
    "register",
    "section_shown_in",
    "source_shown_in",
]
