"""Pack what the homework asks for, and nothing else, into a zip with a receipt."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader.intake.names import content_hash
from grader.student.homework import Homework
from grader.student.results import PublicResult, tally

RECEIPT = "receipt.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_READABLE_FILE = 0o100644 << 16


@dataclass(frozen=True, slots=True)
class Packed:
    """A submission as it was written.

    Attributes
    ----------
    path, receipt
        The zip, and the text file beside it that says what was packed.
    sha256
        Checksum of the zip.
    work
        Checksum of the files in it, whatever they are packed in; the course's grader shows it with the grade.
    files
        What is in it.
    """

    path: Path
    receipt: Path
    sha256: str
    work: str
    files: tuple[str, ...]


def pack(homework: Homework, results: tuple[PublicResult, ...], now: datetime) -> Packed:
    """Write the submission and its receipt into the homework's folder.

    The same files give the same zip, whenever and wherever it is made.
    """
    content = {path: (homework.root / path).read_bytes() for path in wanted(homework)}
    sums = {path: hashlib.sha256(data).hexdigest() for path, data in content.items()}
    inside = json.dumps(_receipt(homework, results, sums), indent=2, ensure_ascii=False) + "\n"
    archive = _zip({**content, RECEIPT: inside.encode()})
    name = f"{homework.id}-{homework.version}-submission"
    path, receipt = homework.root / f"{name}.zip", homework.root / f"{name}-receipt.txt"
    packed = Packed(path, receipt, hashlib.sha256(archive).hexdigest(), content_hash(content), tuple(content))
    path.write_bytes(archive)
    receipt.write_text(_text(homework, results, packed, sums, now), encoding="utf-8")
    return packed


def wanted(homework: Homework) -> tuple[str, ...]:
    """Return what is handed in: modules, notebooks and weights, as far as they are there."""
    weights = (homework.weights,) if homework.weights else ()
    asked = (*homework.answers, *homework.earlier, *homework.given, *homework.notebooks, *weights)
    return tuple(path for path in asked if (homework.root / path).is_file())


def _receipt(
    homework: Homework, results: tuple[PublicResult, ...], sums: dict[str, str]
) -> dict[str, object]:
    return {
        "schema": 1,
        "assignment": homework.id,
        "version": homework.version,
        "checks": {each.id: each.outcome.value for each in results},
        "files": sums,
    }


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            member = zipfile.ZipInfo(name, date_time=_EPOCH)
            member.create_system, member.external_attr = _UNIX, _READABLE_FILE
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, data)
    return buffer.getvalue()


def _text(
    homework: Homework,
    results: tuple[PublicResult, ...],
    packed: Packed,
    sums: dict[str, str],
    now: datetime,
) -> str:
    lines = (
        f"{homework.title}, version {homework.version}",
        f"Packed {now.astimezone().isoformat(timespec='seconds')}",
        f"Public checks: {tally(results)}",
        "",
        f"sha256 of {packed.path.name}: {packed.sha256}",
        f"sha256 of the work in it, as your grade shows it: {packed.work}",
        "",
        "Files in it:",
        *(f"{each}  {path}" for path, each in sums.items()),
    )
    return "\n".join(lines) + "\n"
