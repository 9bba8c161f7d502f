"""What attacks are read from, what is watched while one runs, and what is complained of afterwards."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from grader.bank.bank_file import BankError
from grader.bank.samples import starter_modules
from grader.course.assignment import Assignment
from grader.course.repository import Course
from grader.results import CheckResult, Flag, Outcome, Scope, SubmissionReport
from tests.attack_runner import ATTACKS, Attack, load_attacks
from tests.attack_runner.corpus import as_files
from tests.attack_runner.judging import Observed, complaints, earned_parts
from tests.attack_runner.packs import PACKS
from tests.attack_runner.running import corpus_of
from tests.attack_runner.surroundings import Surroundings, children, left_behind

PART = "conv_forward_naive"


@pytest.fixture(scope="session")
def corpus(repository: Course) -> dict[str, Attack]:
    """Every attack by name."""
    return {each.name: each for each in load_attacks(repository.root / ATTACKS)}


# --- the corpus ---------------------------------------------------------------------------------------------------


def test_the_corpus_is_complete(corpus: dict[str, Attack], cnn: Assignment) -> None:
    """There are enough attacks of each family, and each says what its honest work earns in parts that exist."""
    families = Counter(attack.family for attack in corpus.values())
    assert sum(families.values()) >= 150
    assert min(families.values()) >= 4
    known = {"all", *(part.id for part in cnn.parts), *(part.family for part in cnn.parts)}
    assert all({name.removeprefix("-") for name in attack.earns} <= known for attack in corpus.values())
    assert {attack.pack for attack in corpus.values()} - {""} == set(PACKS)


def test_attacks_on_another_assignment_name_its_parts(repository: Course) -> None:
    """What is written against fc stands in a folder of its own and speaks of parts of fc."""
    fc = repository.load("fc")
    known = {"all", *(part.id for part in fc.parts), *(part.family for part in fc.parts)}
    attacks = load_attacks(repository.root / corpus_of("fc"))
    assert all({name.removeprefix("-") for name in (*each.earns, *each.keeps)} <= known for each in attacks)


def test_no_attack_is_imported(corpus: dict[str, Attack]) -> None:
    """Loading the corpus has run none of it."""
    assert len(corpus) > 0
    assert not {name for name in sys.modules if name.startswith("tests.attacks.")}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("x = 1", "must open with a docstring"),
        ('"""Tries."""\nBASE = "other"\nx = 1', "must set BASE"),
        ('"""Tries."""\nPACK = "nothing"', "unknown PACK"),
        ('"""Tries."""\nEARNS = ()', "does nothing"),
        ('"""Tries."""\ndef (', "does not parse"),
        ('"""Tries."""\nSHARED = ("nothing",)\nx = 1', "there is no"),
    ],
)
def test_unusable_attacks_are_named(tmp_path: Path, text: str, complaint: str) -> None:
    """An attack that cannot be used stops the run with its file and the reason."""
    (tmp_path / "some_attack.py").write_text(text, encoding="utf-8")
    with pytest.raises(BankError, match=complaint):
        load_attacks(tmp_path)


def test_constants_leave_the_code_and_words_become_facts(tmp_path: Path) -> None:
    """The submission holds the code alone, on its own lines, and knows what the attacker knows."""
    text = '"""Tries."""\n\nEARNS = ("a",)\nFILES = {"b.py": "y = \'@SECRET@\'"}\n\nx = "@SECRET@"\n'
    (tmp_path / "some_attack.py").write_text(text, encoding="utf-8")
    (attack,) = load_attacks(tmp_path)
    files = as_files(attack, {"nndl/conv_layers.py": b"old = 1\n"}, {"SECRET": "/s"})
    assert files["nndl/conv_layers.py"].split() == b'old = 1 x = "/s"'.split()
    assert files["b.py"] == b"y = '/s'\n"


def test_what_attacks_share_stands_in_front_of_their_code(tmp_path: Path) -> None:
    """An attack is one file when it is handed in, whatever it shares with others."""
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "first.py").write_text('"""Shared."""\n\na = 1\n', encoding="utf-8")
    (tmp_path / "some_attack.py").write_text(
        '"""Tries."""\n\nSHARED = ("first",)\n\nb = a\n', encoding="utf-8"
    )
    (attack,) = load_attacks(tmp_path)
    assert attack.code.split() == ["a", "=", "1", "b", "=", "a"]


@pytest.mark.parametrize("pack", PACKS)
def test_packs_build(pack: str, tmp_path: Path, repository: Course, cnn: Assignment) -> None:
    """Every way of handing in gives one folder, archive or link."""
    files = starter_modules(repository, cnn)
    other = tmp_path / "other"
    (other / "nndl").mkdir(parents=True)
    (other / "nndl" / "conv_layers.py").write_text("theirs = 1\n", encoding="utf-8")
    facts = {"REPO": str(repository.root), "OTHER": str(other), "WATCHED": str(tmp_path / "watched")}
    folder = tmp_path / "handed"
    folder.mkdir()
    path = PACKS[pack](files, folder, facts)
    assert [path] == list(folder.iterdir())
    assert not (tmp_path / "watched").exists()


# --- what came of them ----------------------------------------------------------------------------------------------


def check(outcome: Outcome, part: str = PART, note: str = "") -> CheckResult:
    """Return the result of one check."""
    points = 12.0 if outcome.earns else 0.0
    return CheckResult(f"{part}:it", part, Scope.HOMEWORK, outcome, points, 12.0, "It.", staff_note=note)


def report(*checks: CheckResult, flags: tuple[Flag, ...] = (), error: str = "") -> SubmissionReport:
    """Return a report with these checks."""
    return SubmissionReport("someone", "", 0.0, 12.0, "B", 0.0, flags, checks, error)


QUIET = Observed(harm=(), secret="5ecret", growth=0, pages={})  # noqa: S106  # a canary
TAMPERING = Flag("tampering", "It was.")


@pytest.fixture
def attack(corpus: dict[str, Attack]) -> Attack:
    """An attack that earns nothing and cannot be told apart."""
    return replace(corpus["answer_zeros"], earns=(), flagged="", readable=True)


@pytest.mark.parametrize(
    ("change", "of", "observed", "complaint"),
    [
        ({}, report(check(Outcome.PASSED)), QUIET, "though the work is not done"),
        ({}, report(check(Outcome.INCONCLUSIVE)), QUIET, "though the work is not done"),
        ({"earns": (PART,)}, report(check(Outcome.FAILED)), QUIET, "though the work is honest"),
        ({}, report(check(Outcome.GRADER_ERROR)), QUIET, "left the total"),
        ({}, report(check(Outcome.TAMPERED)), QUIET, "not told of tampering"),
        ({}, report(check(Outcome.FAILED), flags=(TAMPERING,)), QUIET, "it is called tampering"),
        ({"flagged": "noticed"}, report(check(Outcome.FAILED)), QUIET, "no flag 'noticed'"),
        ({}, report(error="damaged"), QUIET, "not taken in: damaged"),
        ({"readable": False}, report(), QUIET, "it was taken in"),
        ({}, report(), replace(QUIET, harm=("a file was changed",)), "a file was changed"),
        ({}, report(), replace(QUIET, growth=2**30), "grew by 1024 MiB"),
        ({}, report(), replace(QUIET, pages={"terminal": "5ecret"}), "shows the secret"),
        ({}, report(), replace(QUIET, pages={"grades.json": "BREACH: read it"}), "got through"),
        ({}, report(), replace(QUIET, pages={"students/a.html": "HIDDEN 0.7"}), "hidden inputs"),
        ({}, report(), replace(QUIET, pages={"terminal": "\x1b[2J"}), "the character"),
        ({}, report(), replace(QUIET, pages={"staff/a.html": "<p><img src=x></p>"}), "<img>"),
        ({}, report(), replace(QUIET, pages={"staff/a.html": "<p onclick='x'></p>"}), "attributes"),
        ({}, report(), replace(QUIET, pages={"staff/a.html": "<script>hostile</script>"}), "a script"),
        ({}, report(), replace(QUIET, pages={"grades.csv": '"a","=1+1"\n'}), "is a formula"),
    ],
)
def test_every_success_is_complained_of(
    attack: Attack,
    cnn: Assignment,
    change: dict[str, object],
    of: SubmissionReport,
    observed: Observed,
    complaint: str,
) -> None:
    """Points, harm, leaks and accusations that should not be are each named, and nothing else is."""
    found = list(complaints(replace(attack, **change), of, cnn, observed))  # type: ignore[arg-type]
    assert len(found) == 1
    assert complaint in found[0]


def test_failed_attacks_are_not_complained_of(attack: Attack, cnn: Assignment) -> None:
    """An attack that earns nothing, harms nothing and is named as expected leaves no complaint."""
    caught = report(check(Outcome.TAMPERED), flags=(TAMPERING,))
    pages = {
        "students/a.html": "<p>&lt;img src=x&gt;</p>",
        "staff/a.html": "HIDDEN",
        "grades.csv": '"a",-1\n'[:4],
    }
    assert not list(
        complaints(replace(attack, flagged="tampering"), caught, cnn, replace(QUIET, pages=pages))
    )
    assert not list(complaints(attack, report(check(Outcome.ERROR)), cnn, QUIET))


def test_earned_parts_follow_families(attack: Attack, cnn: Assignment) -> None:
    """A family stands for its parts, and "all" for what a solution without trained weights earns."""
    assert earned_parts(replace(attack, earns=("conv_backward_naive",)), cnn) == {
        f"conv_backward_naive.{name}" for name in ("dx", "dw", "db")
    }
    everything = earned_parts(replace(attack, earns=("all",)), cnn)
    assert len(everything) == len(cnn.parts) - 1
    assert "CNN.accuracy" not in everything
    but = earned_parts(
        replace(attack, earns=("all", "-conv_backward_naive", "-ThreeLayerConvNet.speed")), cnn
    )
    assert everything - but == {
        *(f"conv_backward_naive.{name}" for name in ("dx", "dw", "db")),
        "ThreeLayerConvNet.speed",
    }


# --- what is watched ------------------------------------------------------------------------------------------------


def test_harm_is_seen_once(repository: Course) -> None:
    """Changed, new and deleted files, connections and signals are told, and told once."""
    before = signal.getsignal(signal.SIGUSR1)
    around = Surroundings(repository.root, {"nndl/a.py": b"theirs = 1\n"})
    try:
        assert not list(around.harm())
        (Path(around.facts["WATCHED"]) / "new").touch()
        with socket.create_connection(("127.0.0.1", int(around.facts["PORT"]))):
            pass
        os.kill(int(around.facts["GRADER"]), signal.SIGUSR1)
        assert [each.split()[0] for each in around.harm()] == ["new", "somebody", "1"]
        assert not list(around.harm())
        Path(around.facts["SECRET"]).write_text("changed", encoding="utf-8")
        assert list(around.harm()) == ["secret.txt was changed"]
    finally:
        around.close()
        signal.signal(signal.SIGUSR1, before)
        os.environ.pop("GRADER_ATTACK_SECRET", None)


def test_processes_left_behind_are_seen_and_ended() -> None:
    """A child that does not end by itself is reported and ended; those from before are left alone."""
    old = subprocess.Popen(["sleep", "60"])  # noqa: S607  # wherever it is
    try:
        before = children()
        assert old.pid in before
        new = subprocess.Popen(["sleep", "60"])  # noqa: S607
        assert left_behind(before) == {new.pid}
        assert new.poll() is not None
        assert old.poll() is None
    finally:
        old.kill()
        old.wait()
