"""`numgrade export` from the outside."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest

from grader.commands.report import ALL_WRITTEN, SOMEONE_LEFT_OUT, run_export
from grader.commands.terminal import NOTHING_DONE
from grader.reporting.exports.export import ExportOptions
from grader.reporting.write import write_class
from tests.intake.lms import downloads
from tests.reporting.exports.gradebooks import CANVAS, MOODLE, graded


@pytest.fixture
def export(repository, tmp_path: Path):
    """Return a function that exports from the test's folder."""

    def run(to: str, **changed: object) -> int:
        chosen = {"grades": tmp_path / "grades", **changed}
        return run_export(ExportOptions(root=repository.root, to=to, **chosen))

    return run


@pytest.fixture
def write(cnn, tmp_path: Path):
    """Return a function that writes grades.json with these ids and scores."""
    return lambda *scores: write_class(graded(*scores), cnn, tmp_path / "grades")


def filled(path: Path) -> dict[str, list[str]]:
    """Return the rows of a CSV file by their first cells."""
    text = path.read_text(encoding="utf-8-sig")
    return {row[0]: row for row in csv.reader(io.StringIO(text, newline=""))}


def test_a_canvas_download_comes_back_as_its_gradebook(export, write, tmp_path: Path, capsys) -> None:
    """Ids made of Canvas's file names lead to the gradebook's rows; who has none is told, and the exit code says so."""
    (tmp_path / "gradebook.csv").write_text(CANVAS, encoding="utf-8", newline="")
    write(("lovelaceada-12345", 71.0), ("pascalblaise_LATE_12346_678902_hw5-2", 62.5), ("anon-Xy3zQ", 5.0))
    code = export("canvas", template=tmp_path / "gradebook.csv", column="Homework 5")
    assert code == SOMEONE_LEFT_OUT
    rows = filled(tmp_path / "gradebook-graded.csv")
    assert (rows["Lovelace, Ada"][6], rows["Pascal, Blaise"][6]) == ("71", "62.5")
    assert "anon-Xy3zQ (5 points) is nobody" in capsys.readouterr().out


def test_a_moodle_download_comes_back_as_its_worksheet(export, write, tmp_path: Path) -> None:
    """The participant's number in the folder's name is that of the worksheet."""
    (tmp_path / "worksheet.csv").write_text(MOODLE, encoding="utf-8", newline="")
    write(("Ada_Lovelace-1234567", 30.0), ("Emmy_Noether_1234569_assignsubmission_file", 45.0))
    out = tmp_path / "upload.csv"
    assert export("moodle", template=tmp_path / "worksheet.csv", out=out) == SOMEONE_LEFT_OUT
    rows = filled(out)
    assert (rows["Participant 1234567"][4], rows["Participant 1234569"][4]) == ("30", "45")


def test_a_gradescope_download_fills_canvas_by_sis_id(export, write, tmp_path: Path) -> None:
    """Numbers of Gradescope's metadata are found in Canvas, also where it was graded as a plain folder."""
    (tmp_path / "gradebook.csv").write_text(CANVAS, encoding="utf-8", newline="")
    folder = downloads.gradescope(tmp_path / "downloads")
    write(("submission_101", 71.0), ("Carl_Gauß-9003", 80.0))
    export("canvas", template=tmp_path / "gradebook.csv", column="Homework 4", submissions=folder)
    rows = filled(tmp_path / "gradebook-graded.csv")
    assert (rows["Lovelace, Ada"][5], rows["Gauß, Carl"][5]) == ("71", "80")


@pytest.mark.parametrize("to", ["junit", "csv", "gradescope"])
def test_the_other_forms_need_no_template(to: str, export, write, tmp_path: Path) -> None:
    """JUnit, CSV and Gradescope's results are written beside the grades."""
    write(("ada", 71.0), ("Ada", 72.0))
    before = set((tmp_path / "grades").rglob("*"))
    assert export(to) == ALL_WRITTEN
    assert export(to, grades=tmp_path / "grades" / "grades.json") == ALL_WRITTEN
    made = [path for path in set((tmp_path / "grades").rglob("*")) - before if path.is_file()]
    assert len(made) == (2 if to == "gradescope" else 1)


@pytest.mark.parametrize(
    ("to", "changed", "words"),
    [
        ("", {}, "--to canvas"),
        ("schoology", {}, "--to canvas"),
        ("autograder", {"isolation": "C"}, "no isolation 'C'"),
        ("canvas", {}, "--template"),
        ("csv", {"grades": Path("nowhere")}, "nowhere"),
        ("gradescope", {"visibility": "sometimes"}, "after_due_date"),
    ],
)
def test_what_cannot_be_exported_is_an_error_that_says_what_to_do(
    to, changed, words, write, repository, tmp_path, capsys
):
    """Nothing is written, and the exit code tells."""
    write(("ada", 71.0))
    options = {"grades": tmp_path / "grades", **changed}
    assert run_export(ExportOptions(root=repository.root, to=to, **options)) == NOTHING_DONE
    assert words in capsys.readouterr().out


def test_the_template_is_never_written_over(export, write, tmp_path: Path) -> None:
    """The platform's own file stays, also when it is named as the place to write to."""
    template = tmp_path / "worksheet.csv"
    template.write_text(MOODLE, encoding="utf-8")
    write(("a-1234567", 30.0))
    assert export("moodle", template=template, out=template) == NOTHING_DONE
    assert template.read_text(encoding="utf-8") == MOODLE


def test_the_course_key_is_packed_only_when_asked_for(export, tmp_path: Path, monkeypatch) -> None:
    """Without --with-key the zip holds no secret of the course, and no samples or built files."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "the-courses-own-secret")
    for with_key in (False, True):
        out = tmp_path / f"{with_key}.zip"
        assert export("autograder", out=out, with_key=with_key) == ALL_WRITTEN
        with zipfile.ZipFile(out) as archive:
            names = archive.namelist()
            secret = any(b"the-courses-own-secret" in archive.read(name) for name in names)
        assert secret is ("course/.course-key" in names) is with_key
        assert not any(name.startswith("course/assignments/cnn/samples/") for name in names)
        assert not any(name.endswith((".so", ".pyc")) for name in names)


def test_the_same_repository_gives_the_same_zip(export, tmp_path: Path) -> None:
    """Nothing of the machine or the clock is in the zip."""
    for name in ("one.zip", "two.zip"):
        export("autograder", out=tmp_path / name)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
