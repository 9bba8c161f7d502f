"""Gradescope: results.json for each submission, and autograder.zip, this grader with one assignment.

A results.json holds what a student may see of one submission, and nothing else.

Gradescope unpacks the zip into ``/autograder/source`` and runs setup.sh once. For each submission it starts a
container, puts the files into ``/autograder/submission`` and runs run_autograder, which writes
``/autograder/results/results.json``. ``AUTOGRADER_ROOT`` and ``AUTOGRADER_PYTHON`` put another folder and another
Python in the place of those, so that both scripts can be tried anywhere.

The zip holds the solution and the hidden checks, as every autograder's does: only course staff can download it. The
course key is in it only when asked for; without it the image makes one of its own.
"""

from __future__ import annotations

import io
import json
import shlex
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from grader.course.assignment import Assignment
from grader.course.libraries import distribution_of
from grader.course.repository import KEY_FILE, Course
from grader.intake.collector import is_clutter
from grader.reporting.exports.engine_wheel import CONSTRAINTS, constraints, wheel_members
from grader.reporting.outcomes import FACES
from grader.reporting.submission_page import change_words
from grader.reporting.text import clean_submission, clip, for_student
from grader.results import CheckResult, SubmissionReport
from grader.scoring import is_advice

LONGEST_OUTPUT = 2_000
_ROUNDING = 4

COURSE = "course"
"""Folder of the zip that holds what this assignment is graded with; engine and lock lie beside it."""

SETTINGS = "autograder.json"

_SETUP = """\
#!/usr/bin/env bash
# Runs once, as root, when Gradescope builds the image.
set -euo pipefail
source_folder="${AUTOGRADER_ROOT:-/autograder}/source"
course="$source_folder/course"

find_python() {
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

if ! find_python >/dev/null || ! command -v cc >/dev/null; then
    apt-get update -qq
    apt-get install -y -qq gcc
    find_python >/dev/null || apt-get install -y -qq python3.12 python3.12-venv python3.12-dev \\
        || apt-get install -y -qq python3.11 python3.11-venv python3.11-dev
fi
python="${AUTOGRADER_PYTHON:-$(find_python)}"
"$python" -m venv "$source_folder/.venv"
"$source_folder/.venv/bin/python" -m pip install --quiet --disable-pip-version-check \\
    --constraint "$source_folder/constraints.txt" "$source_folder"/numgrade-*.whl LIBRARIES
cd "$course"
"$source_folder/.venv/bin/python" -m grader setup || echo "no fast layers: the slow ones are used"
# One key for all submissions, unless the zip brought the course's own.
make_key='from pathlib import Path; from grader.course.repository import course_key; course_key(Path())'
"$source_folder/.venv/bin/python" -c "$make_key"
chmod -R go-rwx .course-key assignments SOLUTION
"""

_RUN = """\
#!/usr/bin/env bash
# Runs for each submission. Without a result there is no results.json: Gradescope then says that the autograder
# failed, and no student gets a zero for it.
set -euo pipefail
root="${AUTOGRADER_ROOT:-/autograder}"
cd "$root/source/course"
exec "${AUTOGRADER_PYTHON:-$root/source/.venv/bin/python}" -m grader.commands.autograder "$root"
"""

_FILES = ("pyproject.toml",)
_NOT_NEEDED = frozenset({"samples", "variants", "build"})
_COMPILED = (".pyc", ".so", ".pyd", "_cython.c")
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_FILE = 0o100644 << 16
_SCRIPT = 0o100755 << 16


class Visibility(StrEnum):
    """When Gradescope shows results to students."""

    VISIBLE = "visible"
    AFTER_DUE_DATE = "after_due_date"
    AFTER_PUBLISHED = "after_published"
    HIDDEN = "hidden"


def gradescope_results(
    submission: SubmissionReport, assignment: Assignment, visibility: Visibility = Visibility.VISIBLE
) -> dict[str, object]:
    """Return the document for one submission.

    It is made of what `for_student` leaves: no staff note, no flag of theirs, no hidden value. All text is plain text
    to Gradescope, so nothing in it is taken for markup. Gradescope demands a score also where there is no
    result; it is 0 then, and the output says why. The score is what the student gets: where people or lateness
    changed the sum of the tests, the output says so too.
    """
    own = for_student(clean_submission(submission))
    titles = {part.id: part.title for part in assignment.parts}
    headline = f"{assignment.title}, version {assignment.version}"
    return {
        "score": 0.0 if own.error else round(own.score, _ROUNDING),
        "output": own.error or "\n".join((headline, *change_words(own, titles))),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": visibility.value,
        "stdout_visibility": "hidden",
        "execution_time": round(submission.seconds),
        "tests": [
            _test(number, check, titles, visibility) for number, check in enumerate(own.checks, start=1)
        ],
    }


def _test(
    number: int, check: CheckResult, titles: dict[str, str], visibility: Visibility
) -> dict[str, object]:
    title = titles.get(check.part, check.part)
    advice = is_advice(check)
    test: dict[str, object] = {
        "number": str(number),
        "name": f"{title}{' (beyond the assignment)' if advice else ''}: {check.title or check.id}",
        "score": round(check.points, _ROUNDING),
        "max_score": round(check.max_points, _ROUNDING),
        "output": _output(check),
        "visibility": visibility.value,
        "tags": [check.part],
    }
    if not check.outcome.excused and not advice:
        test["status"] = "passed" if check.outcome.earns else "failed"
    return test


def _output(check: CheckResult) -> str:
    face = FACES[check.outcome]
    said = check.message or face.help
    idea = f"A likely cause: {check.diagnosis}" if check.diagnosis else ""
    return clip("\n".join(each for each in (f"{face.word}.", said, idea) if each), LONGEST_OUTPUT)


@dataclass(frozen=True, slots=True)
class AutograderSettings:
    """What the autograder is told when it runs; the file of this name lies beside the scripts.

    Attributes
    ----------
    isolation
        ``auto``, ``A``, ``B``, or ``none`` where the course accepts that a submission can read the solution.
    """

    assignment: str
    isolation: str = "auto"
    visibility: Visibility = Visibility.VISIBLE

    def render(self) -> str:
        """Return the settings as JSON."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def parse(cls, text: str) -> AutograderSettings:
        """Read what `render` wrote."""
        fields = json.loads(text)
        return cls(fields["assignment"], fields["isolation"], Visibility(fields["visibility"]))


def autograder_zip(
    repository: Course,
    assignment: Assignment,
    settings: AutograderSettings,
    course_key: str | None = None,
) -> bytes:
    """Return the zip; the same course and engine give the same bytes.

    Parameters
    ----------
    course_key
        Put into the zip, so that hidden inputs are those of the course's own gradings; None leaves it out.

    Raises
    ------
    ReportError
        The engine runs from a source tree that was never installed.
    """
    wheel, members = wheel_members()
    files = {f"{COURSE}/{path}": data for path, data in _course_files(repository, assignment)}
    files |= {SETTINGS: settings.render().encode(), CONSTRAINTS: constraints(), wheel: _zip(members, {})}
    if course_key is not None:
        files[f"{COURSE}/{KEY_FILE}"] = f"{course_key}\n".encode()
    scripts = {
        "setup.sh": _setup(assignment).encode(),
        "run_autograder": _RUN.encode(),
    }
    return _zip(files, scripts)


def _setup(assignment: Assignment) -> str:
    """Return setup.sh, which installs the libraries that answers use, and what notebooks are run with if they are."""
    libraries = [distribution_of(each) for each in assignment.libraries]
    libraries += ["matplotlib"] if assignment.inside or assignment.release.cells else []
    quoted = " ".join(map(shlex.quote, libraries))
    return _SETUP.replace("SOLUTION", shlex.quote(assignment.folders.solution)).replace(
        " LIBRARIES", f" {quoted}".rstrip()
    )


def _course_files(repository: Course, assignment: Assignment) -> Iterator[tuple[str, bytes]]:
    root = repository.root
    for name in _FILES:
        if (root / name).is_file():
            yield name, (root / name).read_bytes()
    folders = {
        assignment.folder,
        repository.solution(assignment),
        repository.starter(assignment),
        repository.support(assignment),
    }
    for folder in sorted(folders):
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(root)
            if path.is_file() and _is_needed(path.relative_to(folder), inside, assignment.release.data):
                yield inside.as_posix(), path.read_bytes()


def _is_needed(below: Path, inside: Path, data: tuple[str, ...]) -> bool:
    """Say whether a file takes part in grading: what was built here is built anew there."""
    if is_clutter(inside.as_posix()) or inside.name.endswith(_COMPILED):
        return False
    if any(step.lower().startswith(data) for step in inside.parts):
        return False
    return below.parts[0] not in _NOT_NEEDED


def _zip(files: Mapping[str, bytes], scripts: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for mode, members in ((_SCRIPT, scripts), (_FILE, files)):
            for name, data in sorted(members.items()):
                member = zipfile.ZipInfo(name, date_time=_EPOCH)
                member.create_system = _UNIX
                member.external_attr = mode
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, data)
    return buffer.getvalue()
