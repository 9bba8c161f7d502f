"""`numgrade report` from the outside."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader.commands.report import ALL_WRITTEN, ReportOptions, run_report
from grader.commands.terminal import NOTHING_DONE
from grader.reporting.write import write_class
from tests.reporting.exports.gradebooks import graded


@pytest.fixture
def options(repository, cnn, tmp_path: Path):
    """Return options for a class of two who handed in the same, and write its grades."""
    write_class(graded(("ada", 71.0), ("bob", 72.0)), cnn, tmp_path / "grades")
    for name in ("ada", "bob"):
        shutil.copytree(repository.solution(cnn) / "nndl", tmp_path / "downloads" / name / "nndl")
    return lambda **changed: ReportOptions(
        root=repository.root, grades=tmp_path / "grades", out=tmp_path / "site", **changed
    )


def test_the_same_work_is_found_beside_the_homeworks_variants(options, tmp_path: Path, capsys) -> None:
    """Two who handed in the same files are a pair, shown side by side; the variants are the baseline."""
    assert run_report(options(submissions=tmp_path / "downloads")) == ALL_WRITTEN
    assert "site/index.html" in capsys.readouterr().out.replace("\n", "")
    page = (tmp_path / "site" / "similar.html").read_text(encoding="utf-8")
    assert 'href="pair-01.html"' in page
    assert "independent answers" in page
    assert "<mark>" in (tmp_path / "site" / "pair-01.html").read_text(encoding="utf-8")


def test_without_submissions_the_rest_is_written(options, tmp_path: Path, capsys) -> None:
    """The report of a grades.json alone says what it leaves out."""
    assert run_report(options()) == ALL_WRITTEN
    assert "without --submissions" in capsys.readouterr().out
    assert (tmp_path / "site" / "index.html").is_file()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"platform": "schoology"}, "choose canvas"),
        ({"submissions": Path("nowhere")}, "nowhere"),
        ({"assignment": "fc"}, "name their folder with --grades"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_what_to_do(
    changed, words, options, tmp_path: Path, capsys
) -> None:
    """An unknown platform or folder writes nothing."""
    given = {"submissions": tmp_path / "downloads", **changed}
    assert run_report(options(**given)) == NOTHING_DONE
    assert words in capsys.readouterr().out
    assert not (tmp_path / "site").exists()


def test_a_folder_that_was_not_graded_is_refused(options, tmp_path: Path, capsys) -> None:
    """Submissions of another class are not compared under this class's grades."""
    (tmp_path / "others" / "zoe").mkdir(parents=True)
    (tmp_path / "others" / "zoe" / "cnn.py").write_text("x = 1\n", encoding="utf-8")
    assert run_report(options(submissions=tmp_path / "others")) == NOTHING_DONE
    assert "was graded" in capsys.readouterr().out
