"""Recognise which platform a download is from, and read it."""

from __future__ import annotations

import zipfile
from pathlib import Path

from grader.intake.arrivals import plain_arrivals
from grader.intake.discover import find_submissions
from grader.intake.errors import IntakeError, NothingFound
from grader.intake.lms.canvas import is_canvas_name, read_canvas
from grader.intake.lms.gradescope import METADATA, read_gradescope
from grader.intake.lms.moodle import is_moodle_name, read_moodle
from grader.intake.lms.pieces import entries
from grader.intake.lms.platform import Download, Platform
from grader.intake.names import archive_suffix

_LOOKED_AT = 500
"""Members of an archive that are enough to recognise a download by."""

_EXPECTED = {
    Platform.CANVAS: "files such as lovelaceada_12345_678901_hw5.zip, from the unpacked submissions.zip",
    Platform.MOODLE: "folders or files such as Ada Lovelace_1234567_assignsubmission_file_",
    Platform.GRADESCOPE: f"{METADATA} beside folders such as submission_123456, from the unpacked export",
}


def read_download(folder: Path, platform: Platform | None = None, *, workspace: Path) -> Download:
    """Read every arrival below `folder`.

    Parameters
    ----------
    platform
        Whose download it is; None to recognise it by its names.
    workspace
        A folder of the caller's that outlives the grading. Loose files of one student are gathered there.

    Raises
    ------
    NothingFound
        There is no submission, or nothing that the named platform could have written.
    IntakeError
        The metadata cannot be read, or the download is still packed.
    """
    _refuse_packed(folder)
    if platform is None:
        platform = recognised(folder)
    if platform is Platform.PLAIN:
        return Download(platform, plain_arrivals(find_submissions(folder)))
    inner = _inner(folder)
    download = _read(inner, platform, workspace)
    if not download.arrivals:
        raise NothingFound(
            f"no submission of {platform.title()} in {inner}: looked for {_EXPECTED[platform]}"
        )
    return download


def recognised(folder: Path) -> Platform:
    """Say which platform wrote what is in `folder`, plain where none did."""
    inner = _inner(folder)
    if not inner.is_dir():
        return Platform.PLAIN
    if (inner / METADATA).is_file():
        return Platform.GRADESCOPE
    names = [path.name for path in entries(inner)]
    if any(map(is_moodle_name, names)):
        return Platform.MOODLE
    if names and 2 * sum(map(is_canvas_name, names)) > len(names):
        return Platform.CANVAS
    return Platform.PLAIN


def _read(folder: Path, platform: Platform, workspace: Path) -> Download:
    if not folder.is_dir():
        raise NothingFound(
            f"{folder} is no folder; unpack the download of {platform.title()} and name its folder"
        )
    if platform is Platform.GRADESCOPE:
        return read_gradescope(folder)
    return read_moodle(folder, workspace) if platform is Platform.MOODLE else read_canvas(folder, workspace)


def _refuse_packed(path: Path) -> None:
    """Refuse a download that is still one archive: as a submission it would be graded as one student's."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        names = {part for member in archive.namelist()[:_LOOKED_AT] for part in member.split("/")[:2]}
    if METADATA in names or any(map(is_moodle_name, names)) or sum(map(_is_upload, names)) > 1:
        raise IntakeError(f"{path} is a platform's whole download; unpack it and name the folder")


def _inner(folder: Path) -> Path:
    """Return the folder that holds the entries: archives often unpack into a single folder of their own."""
    if not folder.is_dir() or (folder / METADATA).is_file():
        return folder
    found = entries(folder)
    only = found[0] if len(found) == 1 else None
    if only is None or not only.is_dir() or only.is_symlink() or _is_named(only.name):
        return folder
    holds = (only / METADATA).is_file() or any(_is_named(path.name) for path in entries(only))
    return only if holds else folder


def _is_upload(name: str) -> bool:
    return is_canvas_name(name) and archive_suffix(name) is not None


def _is_named(name: str) -> bool:
    return is_moodle_name(name) or is_canvas_name(name)
