"""Read Gradescope's export: ``submission_metadata.yml`` beside a folder ``submission_123456`` for each submission.

The metadata is what a Ruby program wrote: its keys are symbols (``:submitters:``) and it may hold tags of Ruby
classes. It is read by the loader that makes nothing but plain values, and every tag is taken for what it
is written around. A group's submission arrives once for each of its members, who all get its score.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from grader.intake.arrivals import Arrival, Candidate, IntakeError, Person
from grader.intake.lms.pieces import NOBODYS, Platform, entries, with_own_ids, work_in
from grader.intake.names import clean_id, decoded, is_too_long, printable

METADATA = "submission_metadata.yml"

_NO_NAMES = frozenset({"", ".", ".."})
"""What stands where a name should, but names no folder beside the metadata."""

_NO_VALUE = (RecursionError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What making a value ends in that is not what its tag says."""


class _PlainLoader(yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader):  # type: ignore[misc]
    """Makes plain values only, also of what is tagged as a Ruby object."""


def _untagged(loader: Any, _tag: str, node: Any) -> object:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_PlainLoader.add_multi_constructor("!", _untagged)


def _read(folder: Path, _workspace: Path) -> tuple[tuple[Arrival, ...], tuple[str, ...]]:
    """Read an unpacked export."""
    metadata = _metadata(folder / METADATA)
    arrivals: list[Arrival] = []
    notes: list[str] = []
    for name, fields in metadata.items():
        path = folder / name
        if Path(name).name != name or name in _NO_NAMES or is_too_long(name):
            notes.append(f"{printable(name)} is in {METADATA}, but is no name of a folder; it is left out")
            continue
        if not path.is_dir():
            notes.append(f"{printable(name)} is in {METADATA}, but there is no such folder")
            continue
        members = list(_submitters(fields, name))
        if not members:
            notes.append(f"{printable(name)} has no submitter in {METADATA}; it is graded under its own name")
            members = [Person(clean_id((name,)))]
        arrivals.extend(_arrival(path, student, fields) for student in members)
    for path in entries(folder):
        if path.name not in metadata and path.name != METADATA:
            notes.append(f"{printable(path.name)} is not in {METADATA} and {NOBODYS}")
    return with_own_ids(_told_apart(arrivals)), tuple(notes)


def _metadata(path: Path) -> dict[str, Mapping[object, object]]:
    advice = "download the submissions again"
    try:
        document = yaml.load(path.read_bytes(), _PlainLoader)  # noqa: S506 - derives from the safe loader
    except OSError as error:
        raise IntakeError(f"cannot read {path}: {error.strerror}; {advice}") from error
    except (yaml.YAMLError, *_NO_VALUE) as error:
        raise IntakeError(f"{path} is not YAML that Gradescope writes ({error}); {advice}") from error
    if not isinstance(document, dict):
        raise IntakeError(f"{path} lists no submissions; {advice}")
    return {_text(name): fields if isinstance(fields, dict) else {} for name, fields in document.items()}


def _field(fields: Mapping[object, object], name: str) -> object:
    return fields.get(f":{name}", fields.get(name))


def _submitters(fields: Mapping[object, object], submission: str) -> Iterator[Person]:
    listed = _field(fields, "submitters")
    for each in listed if isinstance(listed, list) else ():
        if isinstance(each, dict):
            name, number, email = (_text(_field(each, key)) for key in ("name", "sid", "email"))
            own = number or email or submission
            yield Person(clean_id((name, own)), name=name, email=email, lms_id=number)


def _text(value: object) -> str:
    # Lists hold one another as often as they like, and as a text have all of them: no name is one.
    return decoded(str(value)).strip() if isinstance(value, str | int | float | date) else ""


def _arrival(path: Path, student: Person, fields: Mapping[object, object]) -> Arrival:
    history = _field(fields, "history")
    attempt = len(history) + 1 if isinstance(history, list) else 1
    return Arrival(
        Candidate(student.id, work_in(path)), student, _when(_field(fields, "created_at")), attempt
    )


def _when(value: object) -> datetime | None:
    if isinstance(value, dict):  # Rails writes its own time as an object that holds the plain one
        value = _field(value, "utc") or _field(value, "time")
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.replace(" UTC", "+00:00"))
        except ValueError:
            return None
    if not isinstance(value, datetime):
        return None
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _told_apart(arrivals: list[Arrival]) -> list[Arrival]:
    """Number by their order submissions of one student that have the same count of earlier ones."""
    counts = Counter((each.student.id.casefold(), each.attempt) for each in arrivals)
    latest = datetime.max.replace(tzinfo=UTC)
    ordered = sorted(
        arrivals, key=lambda each: (each.attempt, each.submitted_at or latest, each.candidate.path.name)
    )
    seen: Counter[str] = Counter()
    told: list[Arrival] = []
    for each in ordered:
        key = each.student.id.casefold()
        clashes = any(times > 1 for (student, _), times in counts.items() if student == key)
        seen[key] += 1
        number = seen[key] if clashes else each.attempt
        told.append(Arrival(each.candidate, each.student, each.submitted_at, number, each.late_seconds))
    return told


GRADESCOPE = Platform(
    name="gradescope",
    read=_read,
    marks=METADATA.__eq__,
    one_is_enough=True,
    packed=re.compile(re.escape(METADATA).encode()),
    folder=re.compile(r"^submission_\d+$"),
    expected=f"{METADATA} beside folders such as submission_123456, from the unpacked export",
)
