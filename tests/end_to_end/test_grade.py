"""`numgrade grade` from the outside: exit codes, files written, and what is said when nothing can be done."""

from __future__ import annotations

import json
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from grader.bank.samples import load_sample_class, solution_modules
from grader.classrun.open import data_folder
from grader.classrun.options import GradeOptions
from grader.commands.decide import DecideOptions, run_adjust
from grader.commands.grade import EVERYONE_GRADED, SOMEONE_WITHOUT_RESULT, run_grade
from grader.commands.terminal import NOTHING_DONE
from grader.course.assignment import NotebookRules
from grader.intake import IntakeError


@pytest.fixture
def options(repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Make options for a folder of submissions; the course key comes from the environment."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "tests")
    monkeypatch.delenv("CIFAR10_DIR", raising=False)

    def make(submissions: Path, **changed: object) -> GradeOptions:
        values = {
            "root": repository.root,
            "assignment": "cnn",
            "submissions": submissions,
            "out": tmp_path / "out",
            "jobs": "1",
            "only": "max_pool_forward_naive",
            "isolation": "auto",
            "data": None,
        }
        return GradeOptions(**{**values, **changed})

    return make


@pytest.fixture
def downloads(repository, cnn, tmp_path: Path) -> Path:
    """Return a folder with one right submission."""
    for path, content in solution_modules(repository, cnn).items():
        target = tmp_path / "downloads" / "ada" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return tmp_path / "downloads"


def test_a_class_with_results_for_all_ends_in_zero(options, downloads: Path, capsys) -> None:
    """Scores, table and pages are there, and the exit code is zero."""
    chosen = options(downloads)
    assert run_grade(chosen) == EVERYONE_GRADED
    document = json.loads((chosen.out / "grades.json").read_text(encoding="utf-8"))
    assert [(each["id"], each["score"]) for each in document["submissions"]] == [("ada", 8.0)]
    assert (chosen.out / "grades.csv").is_file()
    assert (chosen.out / "index.html").is_file()
    assert "ada" in capsys.readouterr().out


def test_a_submission_without_a_result_is_named_and_the_others_are_graded(
    options, downloads: Path, capsys
) -> None:
    """A damaged archive makes the exit code non-zero and costs nobody else anything."""
    (downloads / "bob.zip").write_bytes(b"PK\x03\x04 cut short")
    chosen = options(downloads)
    assert run_grade(chosen) == SOMEONE_WITHOUT_RESULT
    document = json.loads((chosen.out / "grades.json").read_text(encoding="utf-8"))
    assert {each["id"]: bool(each["error"]) for each in document["submissions"]} == {
        "ada": False,
        "bob": True,
    }
    assert "No result for 1 submission: bob" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"assignment": "nowhere"}, "nowhere"),
        ({"only": "no_such_part"}, "no part"),
        ({"isolation": "C"}, "C"),
        ({"data": Path("no-such-folder")}, "no-such-folder"),
        ({"jobs": "0"}, "1 or more"),
        ({"jobs": "two"}, "--jobs is two"),
        ({"jobs": "-1", "cluster": "slurm"}, "1 or more"),
        ({"cluster": "cloud"}, "no cluster 'cloud'"),
        ({"cluster": "local", "scheduler": "tcp://127.0.0.1:1"}, "not both"),
    ],
)
def test_wrong_options_end_in_one_clear_message(options, downloads: Path, capsys, changed, complaint) -> None:
    """Nothing is graded, the message names what is wrong, and the exit code says so."""
    chosen = options(downloads, **changed)
    assert run_grade(chosen) == NOTHING_DONE
    assert complaint in capsys.readouterr().out
    assert not (chosen.out / "grades.json").exists()


def test_reports_are_not_written_among_the_submissions(options, downloads: Path, capsys) -> None:
    """The folder of submissions, and any below it, is refused: the next run would take it for a submission."""
    for out in (downloads, downloads / "grades"):
        assert run_grade(options(downloads, out=out)) == NOTHING_DONE
        assert "among the submissions" in capsys.readouterr().out
    assert [path.name for path in downloads.iterdir()] == ["ada"]


def test_a_wrong_folder_of_submissions_leaves_nothing_behind(options, tmp_path: Path, capsys) -> None:
    """Neither reports nor a gradebook are begun for a class that is not there."""
    chosen = options(tmp_path / "nowhere")
    assert run_grade(chosen) == NOTHING_DONE
    assert "does not exist" in capsys.readouterr().out
    assert not chosen.out.exists()


def test_an_empty_folder_says_what_was_looked_for(options, tmp_path: Path, capsys) -> None:
    """No submissions found is an error, not an empty class."""
    (tmp_path / "empty").mkdir()
    assert run_grade(options(tmp_path / "empty")) == NOTHING_DONE
    assert "empty" in capsys.readouterr().out


def test_the_data_set_comes_from_option_or_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The option wins, the environment counts only where it names a folder, and a wrong option is an error."""
    rules = NotebookRules(data_variable="NUMBERS")
    monkeypatch.setenv("NUMBERS", str(tmp_path / "missing"))
    assert data_folder(None, rules) is None
    monkeypatch.setenv("NUMBERS", str(tmp_path))
    assert data_folder(None, rules) == tmp_path.resolve()
    assert data_folder(None, NotebookRules()) is None
    with pytest.raises(IntakeError, match="no data set"):
        data_folder(tmp_path / "missing", rules)


def test_a_folder_that_is_not_the_data_sets_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the assignment's files are not in is no data set: an error where asked for, none in the environment."""
    rules = NotebookRules(data_variable="NUMBERS", data_files=("a.bin", "b.bin"))
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.bin").touch()
    with pytest.raises(IntakeError, match=r"lacks b\.bin; name the folder that holds its files"):
        data_folder(tmp_path / "set", rules)
    (tmp_path / "set" / "b.bin").touch()
    with pytest.raises(IntakeError, match=r"lacks a\.bin, b\.bin; did you mean --data .*/set\?"):
        data_folder(tmp_path, rules)
    monkeypatch.setenv("NUMBERS", str(tmp_path))
    assert data_folder(None, rules) is None
    assert data_folder(tmp_path / "set", rules) == (tmp_path / "set").resolve()


def test_no_data_set_is_asked_for_that_the_assignment_would_not_find(
    options, downloads: Path, tmp_path: Path, capsys
) -> None:
    """A wrong --data ends in one message before anyone is graded."""
    chosen = options(downloads, data=tmp_path)
    assert run_grade(chosen) == NOTHING_DONE
    assert "is not the data set: it lacks data_batch_1, test_batch" in " ".join(
        capsys.readouterr().out.split()
    )
    assert not (chosen.out / "grades.json").exists()


@pytest.fixture
def graded(options, downloads: Path):
    """Return the options of a class of two that is graded in one part and stands in its folder."""
    shutil.copytree(downloads / "ada", downloads / "bob")
    chosen = options(downloads, only="conv_backward_naive.db")
    assert run_grade(chosen) == EVERYONE_GRADED
    return chosen


def written(out: Path) -> dict[str, bytes]:
    """Return what stands in a folder of reports, but for the gradebook."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in out.rglob("*")
        if path.suffix in {".json", ".csv", ".html"}
    }


def test_one_submission_does_not_wipe_the_results_of_a_class(
    options, graded, downloads: Path, tmp_path: Path, capsys
) -> None:
    """Another class, fewer students, another assignment or fewer parts are refused; what stands there stays."""
    shutil.make_archive(str(tmp_path / "ada"), "zip", downloads / "ada")
    before = written(graded.out)
    for changed, words in (
        ({"submissions": tmp_path / "ada.zip"}, "2 results of cnn, among them bob"),
        ({"submissions": None}, "who are not in the sample class"),
        ({"submissions": tmp_path / "ada.zip", "only": "conv_backward_naive.db"}, "among them bob"),
        ({"submissions": tmp_path / "ada.zip", "gradebook": str(tmp_path / "g.sqlite")}, "among them bob"),
        ({"assignment": "fc", "only": None}, "2 results of cnn, and this is fc"),
        ({"only": "conv_forward_naive"}, "with more than conv_forward_naive, such as conv_backward_naive.db"),
    ):
        capsys.readouterr()
        assert run_grade(options(**{"submissions": downloads, **changed})) == NOTHING_DONE
        said = " ".join(capsys.readouterr().out.split())
        assert words in said
        assert "name another folder with --out" in said
        assert written(graded.out) == before


def test_the_same_class_from_another_folder_takes_the_place_of_the_first(
    options, graded, downloads: Path, tmp_path: Path
) -> None:
    """A second download of the class, or more of it, is shown where the first was."""
    later = shutil.copytree(downloads, tmp_path / "later")
    shutil.copytree(later / "ada", later / "cyd")
    assert run_grade(options(later, only="conv_backward_naive.db")) == EVERYONE_GRADED
    document = json.loads((graded.out / "grades.json").read_text(encoding="utf-8"))
    assert [each["id"] for each in document["submissions"]] == ["ada", "bob", "cyd"]


def test_samples_give_way_to_a_class(options, downloads: Path, cnn, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who tried a course with its sample class grades the real one into the same folder."""
    few = load_sample_class(cnn)[:1]
    monkeypatch.setattr("grader.bank.samples.load_sample_class", lambda _assignment: few)
    run_grade(options(None))
    assert run_grade(options(downloads)) == EVERYONE_GRADED


def test_nobody_else_on_the_machine_reads_the_class(graded) -> None:
    """The folder and all in it, the gradebook too, are the grader's alone, whatever the umask lets others see."""
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (graded.out, *graded.out.rglob("*"))}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert graded.out / "gradebook.sqlite" in modes


def test_who_belongs_to_nobody_is_told_wherever_results_are(options, downloads: Path, capsys) -> None:
    """An entry that no student is named by is in grades.json, on the page and in the exit code, after a change too."""
    for number, name in enumerate(("Ada Lovelace", "Bob Li", "Cyd Wu"), 1):
        folder = downloads / f"{name}_200000{number}_assignsubmission_file_"
        shutil.copytree(downloads / "ada", folder)
    (downloads / "ada").rename(downloads / "Eve's own way")
    chosen = options(downloads, only="conv_backward_naive.db")
    assert run_grade(chosen) == SOMEONE_WITHOUT_RESULT
    assert "1 entry belongs to nobody" in capsys.readouterr().out
    point = DecideOptions(options(downloads).root, "Ada_Lovelace-2000001", part="total", add="1", why="why")
    assert run_adjust(replace(point, assignment="cnn", out=chosen.out)) == 0
    document = json.loads((chosen.out / "grades.json").read_text(encoding="utf-8"))
    (note,) = document["notes"]
    assert "way" in note
    assert note.endswith("is not named as Moodle names submissions and belongs to nobody")
    assert "Moodle names submissions and belongs to nobody" in (chosen.out / "index.html").read_text(
        encoding="utf-8"
    )
    (downloads / "Eve's own way").rename(downloads / "Eve Ash_2000004_assignsubmission_file_")
    assert run_grade(chosen) == EVERYONE_GRADED
    assert json.loads((chosen.out / "grades.json").read_text(encoding="utf-8"))["notes"] == []
