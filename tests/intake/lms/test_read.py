"""Downloads of Canvas, Moodle and Gradescope, and plain folders, read into arrivals."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grader.course.assignment import Assignment
from grader.intake import IntakeError, NothingFound, read_contents
from grader.intake.discover import read_download, recognised
from grader.intake.lms.platforms import (
    BLACKBOARD,
    BRIGHTSPACE,
    CANVAS,
    GITHUB,
    GRADESCOPE,
    MOODLE,
    PLAIN,
    platform_named,
)

from . import downloads
from .downloads import ANSWER, archive, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder for a download."""
    return tmp_path / "downloads"


@pytest.fixture
def read(folder: Path, tmp_path: Path):
    """Return a function that reads the download in the folder."""
    return lambda platform=None: read_download(
        folder, platform, workspace=tmp_path / "gathered", packages={"nndl"}
    )


@pytest.mark.parametrize(
    ("layout", "platform"),
    [
        (downloads.canvas, CANVAS),
        (downloads.moodle_folders, MOODLE),
        (downloads.moodle_files, MOODLE),
        (downloads.gradescope, GRADESCOPE),
        (downloads.brightspace, BRIGHTSPACE),
        (downloads.blackboard, BLACKBOARD),
        (downloads.clones, GITHUB),
    ],
)
def test_every_platform_is_recognised_also_one_folder_deeper(layout, platform, folder: Path) -> None:
    """A download is recognised by its names, also where an archive unpacked into a folder of its own."""
    layout(folder)
    assert recognised(folder) is platform
    layout(folder.parent / "other" / "assignment_77_export")
    assert recognised(folder.parent / "other") is platform


def test_plain_folders_stay_plain(folder: Path, read) -> None:
    """Folders called after students are theirs, and nothing is read into their names."""
    write(
        folder,
        {"ada/nndl/conv_layers.py": ANSWER, "hw_2_3_blaise/conv_layers.py": ANSWER, "carl.zip": archive()},
    )
    download = read()
    assert download.platform is PLAIN
    assert [each.student.id for each in download.arrivals] == ["ada", "carl", "hw_2_3_blaise"]


def test_canvas_names_say_who_when_late_and_which_upload(folder: Path, read) -> None:
    """User numbers, LATE and the number of the upload are taken from the names."""
    downloads.canvas(folder)
    arrivals = {each.candidate.id: each for each in read().arrivals}
    assert set(arrivals) == {"lovelaceada-12345", "pascalblaise-12346", "gausscarl-12347", "anon-Xy3zQ"}
    ada, blaise = arrivals["lovelaceada-12345"], arrivals["pascalblaise-12346"]
    assert (ada.student.lms_id, ada.student.name, ada.attempt, ada.late_seconds) == (
        "12345",
        "lovelaceada",
        1,
        0.0,
    )
    assert (blaise.attempt, blaise.late_seconds) == (3, None)
    assert arrivals["anon-Xy3zQ"].student.lms_id == ""


def test_loose_files_of_a_student_become_one_submission_with_its_own_names(
    folder: Path, read, assignment: Assignment
) -> None:
    """Files that were uploaded one by one are gathered, without the number that Canvas put into a name."""
    downloads.canvas(folder)
    (carl,) = (each for each in read().arrivals if each.student.lms_id == "12347")
    assert set(read_contents(carl.candidate, assignment).files) == {"conv_layers.py", "cnn.py"}
    assert (folder / "gausscarl_12347_678903_conv_layers-1.py").read_bytes() == ANSWER


def test_what_cannot_be_graded_in_a_canvas_download_is_named(folder: Path, read) -> None:
    """A text entry, a stray file and lateness of unknown length are told, not dropped."""
    write(downloads.canvas(folder), {"notes.txt": b"by the TA"})
    notes = "\n".join(read().notes)
    assert "noetheremmy_12349_text.html is a text or a link" in notes
    assert "notes.txt is not named as Canvas names uploads" in notes
    assert "does not say by how much: pascalblaise-12346" in notes


def test_uploads_of_one_archive_are_attempts(folder: Path, read) -> None:
    """Downloads put together hold several attempts of a student; each has its number and its own id."""
    first, second = "lovelaceada_12345_678901_hw5.zip", "lovelaceada_LATE_12345_678999_hw5-1.zip"
    write(folder, {second: archive(), first: archive()})
    found = [(each.candidate.id, each.candidate.path.name, each.attempt) for each in read().arrivals]
    assert found == [("lovelaceada-12345-attempt1", first, 1), ("lovelaceada-12345-attempt2", second, 2)]


def test_the_newer_of_two_loose_files_of_one_name_counts(folder: Path, read, assignment: Assignment) -> None:
    """Where a loose file was uploaded twice the later upload is graded, and the other is named."""
    old, new = "a_1_5_cnn.py", "a_1_6_cnn-1.py"
    write(folder, {old: b"OLD = 1\n", new: b"NEW = 1\n", "a_1_7_conv_layers.py": ANSWER})
    download = read(CANVAS)
    (only,) = download.arrivals
    assert read_contents(only.candidate, assignment).files["cnn.py"] == b"NEW = 1\n"
    assert download.notes == (f"a-1: {old} is left out, for {new} is newer",)


def test_names_that_differ_in_bytes_alone_are_one(folder: Path, read) -> None:
    """A name that a Mac wrote in pieces and the same name as a whole are one; no upload is written over."""
    whole, pieces = "a_1_5_caf\u00e9.py", "a_1_6_cafe\u0301.py"
    write(folder, {whole: b"OLD = 1\n", pieces: b"NEW = 1\n", "a_1_7_conv_layers.py": ANSWER})
    (only,) = read(CANVAS).arrivals
    assert (only.candidate.path / "caf\u00e9.py").read_bytes() == b"NEW = 1\n"
    assert (folder / whole).read_bytes() == b"OLD = 1\n"


def test_moodle_folders_say_name_and_participant(folder: Path, read, assignment: Assignment) -> None:
    """Each folder is a student's, named in full with the participant's number; typed texts are named."""
    downloads.moodle_folders(folder)
    download = read()
    assert [(each.student.name, each.student.lms_id) for each in download.arrivals] == [
        ("Ada Lovelace", "1234567"),
        ("Émilie du Châtelet", "1234568"),
    ]
    assert all(read_contents(each.candidate, assignment).files for each in download.arrivals)
    assert ["Blaise Pascal" in note and "text typed" in note for note in download.notes] == [True]


def test_moodle_files_are_gathered_by_participant(folder: Path, read, assignment: Assignment) -> None:
    """Without folders the files of a participant still make one submission."""
    downloads.moodle_files(folder)
    ada, carl = read().arrivals
    assert ada.candidate.path.name.endswith("hw5.zip")
    assert set(read_contents(carl.candidate, assignment).files) == {"conv_layers.py", "cnn.py"}


def test_gradescope_metadata_says_who_when_and_which_attempt(folder: Path, read) -> None:
    """Names, numbers, mails, times and the count of earlier submissions come from the metadata, Ruby's tags or not."""
    downloads.gradescope(folder)
    arrivals = {each.student.lms_id: each for each in read().arrivals}
    ada = arrivals["9001"]
    assert (ada.student.name, ada.student.email, ada.attempt) == ("Ada Lovelace", "ada@example.edu", 2)
    assert ada.submitted_at == datetime(2026, 10, 5, 18, 3, 29, 527350, tzinfo=UTC)
    assert arrivals["9003"].submitted_at == datetime(2026, 10, 6, 2, tzinfo=UTC)
    assert arrivals["9003"].student.id == "Carl_Gauß-9003"
    assert arrivals["9002"].student.name == '=HYPERLINK("x")'


def test_a_group_arrives_once_for_each_member(folder: Path, read) -> None:
    """Members of a group share a folder and have ids of their own."""
    downloads.gradescope(folder)
    group = [each for each in read().arrivals if "submission_102" in each.candidate.path.parts]
    assert len({each.candidate.id for each in group}) == len(group) == 2


def test_what_metadata_and_folders_do_not_share_is_named(folder: Path, read) -> None:
    """A submission without its folder and a folder without its entry are told."""
    downloads.gradescope(folder)
    notes = read().notes
    assert any("submission_103" in note and "no such folder" in note for note in notes)
    assert any("submission_999" in note and "belongs to nobody" in note for note in notes)


@pytest.mark.parametrize(
    "text",
    [
        *("{", "- 1", "a: !!python/object/apply:os.system [exit 3]", "x: " + "[" * 20_000, "\x00"),
        *("a: !!bool x", "a: !!int ''", "a: !!timestamp x", f"{'a' * 300}: {{}}"),
    ],
)
def test_broken_metadata_is_an_error_that_names_the_file(text: str, folder: Path, read) -> None:
    """Metadata that is no mapping of plain values is refused; nothing in it is ever run."""
    write(folder, {"submission_metadata.yml": text.encode()})
    with pytest.raises(IntakeError, match=r"submission_metadata\.yml"):
        read()


def test_a_name_that_holds_itself_many_times_is_none(folder: Path, read) -> None:
    """Lists that hold one another would make a name of gigabytes of a few hundred bytes."""
    nested = "".join(f"l{n + 1}: &l{n + 1} [{', '.join([f'*l{n}'] * 10)}]\n" for n in range(9))
    metadata = f"l0: &l0 [x]\n{nested}submission_1:\n  :submitters:\n  - :name: *l9\n    :sid: 7\n"
    write(folder, {"submission_metadata.yml": metadata.encode(), "submission_1/cnn.py": ANSWER})
    assert [each.student.name for each in read().arrivals] == [""]


@pytest.mark.parametrize("entry", ["../outside", "..", ".", "''"])
def test_metadata_cannot_lead_out_of_the_download(entry: str, folder: Path, read) -> None:
    """An entry called after another folder's path, the one above or the download itself is no submission."""
    metadata = f"{entry}:\n  :submitters: []\n".encode()
    write(folder, {"submission_metadata.yml": metadata, "../outside/cnn.py": ANSWER})
    with pytest.raises(NothingFound):
        read()


@pytest.mark.parametrize("platform", [CANVAS, MOODLE])
def test_a_platform_that_was_named_and_is_not_there_is_an_error(platform, folder: Path, read) -> None:
    """Where nothing is named as the asked platform names it, the error says what was looked for."""
    write(folder, {"ada/cnn.py": ANSWER})
    with pytest.raises(NothingFound, match="looked for"):
        read(platform)


def test_a_file_called_after_the_folder_above_stays_inside(folder: Path, read, tmp_path: Path) -> None:
    """Students choose names; one that would lead out of the gathered folder is replaced by the platform's."""
    write(folder, {"a_1_5_..": b"x = 1\n", "a_1_6_cnn.py": ANSWER})
    (only,) = read(CANVAS).arrivals
    assert {path.name for path in only.candidate.path.iterdir()} == {"a_1_5_..", "cnn.py"}
    assert {path.name for path in (tmp_path / "gathered").iterdir()} == {only.student.id}


@pytest.mark.parametrize("layout", [downloads.canvas, downloads.moodle_folders, downloads.gradescope])
def test_a_download_that_is_still_packed_is_refused(layout, folder: Path, tmp_path: Path) -> None:
    """A platform's archive as a whole is no submission; one student's archive is."""
    packed = tmp_path / "submissions.zip"
    layout(folder)
    with zipfile.ZipFile(packed, "w") as download:
        for path in folder.rglob("*"):
            download.write(path, path.relative_to(folder))
        if layout is downloads.canvas:
            download.writestr("bernoullid_12360_678960_hw5.zip", archive())
    with pytest.raises(IntakeError, match="unpack it"):
        read_download(packed, workspace=tmp_path)
    (tmp_path / "ada.zip").write_bytes(archive())
    assert len(read_download(tmp_path / "ada.zip", workspace=tmp_path).arrivals) == 1


def test_one_name_of_moodles_does_not_make_a_class_moodles(folder: Path, read) -> None:
    """A student who calls a folder so does not keep the others from being graded."""
    names = ("ada", "blaise", "carl", "Eve Mallory_1234567_assignsubmission_file_")
    write(folder, {f"{name}/cnn.py": ANSWER for name in names})
    download = read()
    assert download.platform is PLAIN
    assert len(download.arrivals) == 4


def test_a_platform_goes_by_its_name() -> None:
    """None where none is named, and an error that lists them where nobody knows the name."""
    assert platform_named(None) is None
    assert platform_named("moodle") is MOODLE
    with pytest.raises(IntakeError, match=r"choose canvas, moodle, gradescope, .*github, nbgrader, plain"):
        platform_named("ilias")


def test_a_later_archive_of_another_name_is_laid_over_the_earlier(folder: Path, read, assignment) -> None:
    """The answer that was handed in again counts, what only the first holds stays, and what gave way is named."""
    later = ANSWER + b"# mended\n"
    write(
        folder,
        {
            "lovelaceada_12345_678902_fix.zip": archive(conv_layers__py=later),
            "lovelaceada_12345_678901_hw5.zip": archive(conv_layers__py=ANSWER, cnn__py=b"x = 1\n"),
        },
    )
    (ada,) = read().arrivals
    found = read_contents(ada.candidate, assignment)
    assert found.files == {"upload-2/fix/conv_layers.py": later, "upload-1/hw5/cnn.py": b"x = 1\n"}
    (said,) = (each.message for each in found.flags if each.kind == "replaced")
    assert said == "upload-1/hw5/conv_layers.py was handed in again in upload-2/fix.zip; it was left out"
