"""The bank: what an entry must say, and how it takes the solution's place."""

import ast
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.bank.entries import BankError, load_mistakes, load_variants
from grader.bank.rebuild import as_files, as_modules
from grader.course.assignment import load_assignment
from grader.results import Scope
from tests.bank.tiny import FILES

CNN = Path(__file__).parents[2] / "assignments" / "cnn"
SOLUTIONS = CNN.parents[1] / "solutions"

MISTAKE = '''"""The result is tripled: it should be
twice the input.

People count wrongly.
"""

import numpy as np

PARTS = ("double",)
SCOPE = "homework"


def _factor():
    return 3


def double(x):
    return np.multiply(_factor(), x)
'''


def test_a_mistake_says_what_it_is(folder, write):
    """A mistake has its file's name, a sentence on one line, a note, its parts, its scope and its symbols."""
    path = write("mistakes", "triples", MISTAKE)
    (mistake,) = load_mistakes(folder)
    assert mistake.name == "triples"
    assert mistake.sentence == "The result is tripled: it should be twice the input."
    assert mistake.note == "People count wrongly."
    assert (mistake.parts, mistake.scope, mistake.symbols) == (("double",), Scope.HOMEWORK, ("double",))
    assert mistake.path == path


def test_entries_come_sorted(folder, write):
    """Entries are sorted by name, whatever the file system says."""
    for name in ("c", "a", "b"):
        write("mistakes", name, MISTAKE)
    assert [each.name for each in load_mistakes(folder)] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("twice the input.", "twice the input", "full stop"),
        ('"""The result', 'x = """The result', "full stop"),
        ('("double",)', '("treble",)', "there are double, shift.up"),
        ('("double",)', "()", "must set PARTS"),
        ('PARTS = ("double",)', "", "must set PARTS"),
        ('"homework"', '"everywhere"', "must set SCOPE to 'homework' or 'beyond'"),
        ("def double", "def _double", "replaces nothing"),
        ("def double(x):", "def double(x:", "does not parse"),
    ],
)
def test_a_faulty_mistake_is_refused(folder, write, old, new, complaint):
    """A mistake without sentence, parts, scope, function or syntax is refused by a message with its file."""
    path = write("mistakes", "triples", MISTAKE.replace(old, new))
    with pytest.raises(BankError, match=re.escape(complaint)) as caught:
        load_mistakes(folder)
    assert str(path) in str(caught.value)


def test_an_empty_bank_is_refused(folder):
    """An assignment without mistakes or variants is refused rather than passed over."""
    with pytest.raises(BankError, match="holds no entries"):
        load_mistakes(folder)
    with pytest.raises(BankError, match="holds no entries"):
        load_variants(folder)


def test_a_variant_must_change_something(folder, write):
    """A variant that names an unknown form, or changes neither code nor form, is refused."""
    write("variants", "same", '"""Nothing."""\n')
    with pytest.raises(BankError, match="changes nothing"):
        load_variants(folder)
    write("variants", "same", '"""Odd."""\n\nFORM = "upside_down"\n')
    with pytest.raises(BankError, match="unknown FORM 'upside_down'"):
        load_variants(folder)


def test_files_hold_the_mistake_and_not_what_it_says_of_itself(folder, write):
    """The mistake's code goes behind the module it belongs to; sentence, PARTS and SCOPE stay out of it."""
    write("mistakes", "triples", MISTAKE)
    (mistake,) = load_mistakes(folder)
    files = as_files(mistake, FILES)
    text = files["tiny/answers.py"]
    assert text.index(b"return out") < text.index(b"np.multiply")
    assert all(word not in text for word in (b"PARTS", b"SCOPE", b"tripled", b"People"))
    assert {path: content for path, content in files.items() if path != "tiny/answers.py"} == {
        path: content for path, content in FILES.items() if path != "tiny/answers.py"
    }


def test_files_that_are_not_python_are_passed_on(folder, write):
    """Notebooks and pictures of the solution come out as they went in."""
    write("mistakes", "triples", MISTAKE)
    (mistake,) = load_mistakes(folder)
    assert as_files(mistake, {**FILES, "a.ipynb": b"def double"})["a.ipynb"] == b"def double"


@pytest.mark.parametrize(
    ("definition", "complaint"),
    [
        ("def halve(x):\n    return x / 2\n", "are not defined by the solution"),
        ("def shift(x):\n    return x\n\n\ndef double(x):\n    return x\n", "are spread over"),
    ],
)
def test_an_entry_needs_one_home(folder, write, definition, complaint):
    """Names that the solution lacks, or has in two modules, cannot be replaced."""
    write("variants", "lost", f'"""Lost."""\n\n\n{definition}')
    (variant,) = load_variants(folder)
    with pytest.raises(BankError, match=complaint):
        as_files(variant, FILES)


def test_modules_hold_the_mistake(folder, write, modules):
    """The module that defines a replaced name has the wrong function, every other name its own."""
    write("mistakes", "triples", MISTAKE)
    (mistake,) = load_mistakes(folder)
    changed = as_modules(mistake, modules)
    assert set(changed) == {"double", "twice", "once", "shift"}
    assert changed["double"].double(np.ones(1)) == 3
    assert changed["shift"].shift(1) == 2
    assert modules["tiny.answers"].double(1) == 2


def test_a_mistake_in_an_earlier_layer_is_seen_by_later_ones(folder, write, modules):
    """What uses a replaced function uses the wrong one, and the wrong one may call the right one."""
    write(
        "mistakes",
        "off_by_one",
        '"""Off by one."""\n\nfrom tiny.earlier import twice as right_twice\n\n'
        'PARTS = ("double",)\nSCOPE = "homework"\n\n\ndef twice(x):\n    return right_twice(x) + 1\n',
    )
    (mistake,) = load_mistakes(folder)
    assert as_modules(mistake, modules)["double"].double(4) == 9
    assert modules["tiny.earlier"].twice(4) == 8
    assert not [name for name in sys.modules if name == "tiny" or name.startswith("tiny.")]


def test_only_what_imports_the_mistake_is_copied(folder, write, modules):
    """A module that cannot see the mistake is the solution's own."""
    write("mistakes", "triples", MISTAKE)
    (mistake,) = load_mistakes(folder)
    changed = as_modules(mistake, modules)
    assert changed["double"] is not modules["tiny.answers"]
    assert (changed["twice"], changed["shift"]) == (modules["tiny.earlier"], modules["tiny.other"])


def test_an_entry_that_does_not_run_is_named(folder, write, modules):
    """An entry whose module raises when it is executed is named by its file."""
    path = write("variants", "broken", '"""Broken."""\n\n\ndef double(x):\n    return x\n\n\n1 / 0\n')
    (variant,) = load_variants(folder)
    with pytest.raises(BankError, match=re.escape(f"{path} does not work")):
        as_modules(variant, modules)


def test_a_form_changes_files_with_answers_only(folder, write):
    """A form is given to the modules with answers, and to what the variant adds to them."""
    write("variants", "tabbed", '"""Tabs."""\n\nFORM = "tabs"\n\n\ndef double(x):\n    return 2 * x\n')
    (variant,) = load_variants(folder)
    files = as_files(variant, FILES)
    assert files["tiny/answers.py"].endswith(b"def double(x):\n\treturn 2 * x\n")
    assert files["tiny/other.py"] == FILES["tiny/other.py"]


# --- the homework's own bank ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mistakes():
    """The mistakes of the CNN homework."""
    return load_mistakes(CNN)


@pytest.fixture(scope="module")
def variants():
    """The variants of the CNN homework."""
    return load_variants(CNN)


@pytest.fixture(scope="module")
def solution():
    """The solution's files, by path."""
    return {f"nndl/{path.name}": path.read_bytes() for path in sorted((SOLUTIONS / "nndl").glob("*.py"))}


def test_the_homework_has_mistakes_for_every_part(mistakes):
    """Every part that needs no data set has at least five mistakes, and there are at least sixty in all."""
    assignment = load_assignment(CNN)
    named = [part for each in mistakes for part in each.parts]
    assert len(mistakes) >= 60
    assert {part.id for part in assignment.parts if named.count(part.id) < 5} == {"CNN.accuracy"}


def test_the_homework_has_variants(variants):
    """There are at least thirty variants, some of code and some of form."""
    assert len(variants) >= 30
    assert {bool(each.form) for each in variants} == {True, False}


def test_no_two_mistakes_read_alike(mistakes):
    """Each mistake has a sentence of its own, for a student who has made one of them."""
    sentences = [each.sentence for each in mistakes]
    assert sorted(sentences) == sorted(set(sentences))


def test_sentences_hold_no_code(mistakes):
    """A sentence names symptom, place and idea; it is no code and fits a report's line or two."""
    assert not [each.name for each in mistakes if re.search(r"`|np\.|\(\)|\w\[|==| = ", each.sentence)]
    assert not [each.name for each in mistakes if len(each.sentence) > 220]


def test_every_entry_fits_into_the_solution(mistakes, variants, solution):
    """Every entry has a home among the students' own modules, and what comes out parses."""
    release = load_assignment(CNN).release
    own = {*release.answers, *release.earlier}
    for entry in (*mistakes, *variants):
        files = as_files(entry, solution)
        changed = [path for path in files if files[path] != solution[path]]
        assert changed, entry.name
        assert set(changed) <= own, entry.name
        for path in changed:
            ast.parse(files[path])
