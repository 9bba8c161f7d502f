"""The bank: what an entry must say, and how it takes the solution's place."""

import ast
import re
import sys
from pathlib import Path

import numpy as np
import pytest

from grader.bank import mistake
from grader.bank.bank_file import BankError
from grader.bank.entries import load_mistakes, load_variants
from grader.bank.rebuild import as_files, as_modules
from grader.course.assignment import load_assignment
from grader.results import Scope
from tests.bank.tiny import FILES

CNN = Path(__file__).parents[2] / "assignments" / "cnn"
SOLUTIONS = CNN.parents[1] / "solutions"

MISTAKE = """import numpy as np
from grader.bank import mistake


def _factor():
    return 3


@mistake("double")
def triples(x):
    \"\"\"The result is tripled: it should be
    twice the input.

    People count wrongly.
    \"\"\"
    return np.multiply(_factor(), x)
"""

WRONG = """

@mistake("double")
def {name}(x):
    \"\"\"It is wrong.\"\"\"
    return x
"""


def test_a_mistake_says_what_it_is(folder, write):
    """A mistake has its function's name, a sentence on one line, a note, its parts, its scope and its place."""
    path = write("mistakes", "double", MISTAKE)
    (mistake,) = load_mistakes(folder)
    assert mistake.name == "triples"
    assert mistake.sentence == "The result is tripled: it should be twice the input."
    assert mistake.note == "People count wrongly."
    assert (mistake.parts, mistake.scope, mistake.symbols) == (("double",), Scope.HOMEWORK, ("double",))
    assert mistake.place == f"{path}:10: triples"


def test_entries_come_sorted(folder, write):
    """Entries are sorted by name, whatever files they are in and in whatever order."""
    write("mistakes", "double", MISTAKE + WRONG.format(name="keeps"))
    write("mistakes", "twice", MISTAKE.replace("triples", "adds") + WRONG.format(name="zeros"))
    assert [each.name for each in load_mistakes(folder)] == ["adds", "keeps", "triples", "zeros"]


def test_what_was_read_is_kept_for_as_long_as_the_file_is_the_same(folder, write, monkeypatch):
    """It is the same from the note beside the file, which is not believed once it is damaged or the file changes."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    path = write("mistakes", "double", MISTAKE)
    read, kept = load_mistakes(folder), path.parent / "__pycache__" / "double.mistake.json"
    kept.write_text(kept.read_text().replace("is tripled", "was kept"))
    (again,) = load_mistakes(folder)
    assert again.sentence == "The result was kept: it should be twice the input."
    kept.write_text("{")
    assert load_mistakes(folder) == read
    write("mistakes", "double", MISTAKE.replace("tripled", "changed"))
    assert "changed" in load_mistakes(folder)[0].sentence


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("twice the input.", "twice the input", ":10: triples must open with a docstring"),
        (
            '"double"',
            '"treble"',
            ":10: triples must name the parts that catch it in @mistake(...); there are double, ",
        ),
        ('("double")', "()", ":10: triples must name the parts"),
        ('("double")', "", ":10: triples must name the parts"),
        (
            '"double"',
            '"double", scope="everywhere"',
            ":10: triples must have a scope of 'homework' or 'beyond'",
        ),
        ('"double"', '"double", form="tabs"', ":10: triples has a @mistake(...) that cannot be read"),
        ('"double"', "*DOUBLE", ":10: triples has a @mistake(...) that cannot be read"),
        ("@mistake", "@variant", "has no entry: put @mistake(...) above each function that is one"),
        ("_factor(), x", "3, x", ":5: _factor is no entry, and none uses it: put @mistake(...) above it"),
        ("def triples(x):", "def triples(x:", ":10 does not parse"),
    ],
)
def test_a_faulty_mistake_is_refused(folder, write, old, new, complaint):
    """A mistake without sentence, parts, scope, code or syntax is refused by a message with its file and line."""
    path = write("mistakes", "double", MISTAKE.replace(old, new))
    with pytest.raises(BankError, match=re.escape(complaint)) as caught:
        load_mistakes(folder)
    assert str(path) in str(caught.value)


def test_a_sentence_may_ask(folder, write):
    """A diagnosis that ends in a question mark is a sentence, too."""
    write("mistakes", "double", MISTAKE.replace("twice the input.", "twice the input, is it?"))
    assert load_mistakes(folder)[0].sentence.endswith("input, is it?")


def test_a_mistake_needs_code(folder, write):
    """A mistake with nothing behind its docstring is refused."""
    path = write("mistakes", "double", '@mistake("double")\ndef empty(x):\n    """Nothing."""\n')
    with pytest.raises(BankError, match=re.escape(f"{path}:2: empty replaces nothing")):
        load_mistakes(folder)


def test_a_name_is_given_once(folder, write):
    """Two entries of one name are refused by a message with both places."""
    first = write("mistakes", "double", MISTAKE)
    second = write("mistakes", "twice", MISTAKE)
    with pytest.raises(BankError, match="has the name of") as caught:
        load_mistakes(folder)
    assert f"{first}:10" in str(caught.value) and f"{second}:10" in str(caught.value)


def test_a_bank_may_be_still_to_be_written(folder):
    """An assignment without mistakes or variants can be graded with; the gate says what is missing."""
    assert load_mistakes(folder) == load_variants(folder) == ()
    for each in ("mistakes", "variants"):
        (folder / each).rmdir()
    assert load_mistakes(folder) == load_variants(folder) == ()


def test_a_variant_must_change_something(folder, write):
    """A variant that names an unknown form, or changes neither code nor form, is refused."""
    path = write("variants", "double", '@variant()\ndef same():\n    """Nothing."""\n')
    with pytest.raises(BankError, match=re.escape(f"{path}:2: same changes nothing")):
        load_variants(folder)
    write("variants", "double", '@variant(form="upside_down")\ndef odd():\n    """Odd."""\n')
    with pytest.raises(BankError, match=":2: odd names the unknown form 'upside_down'"):
        load_variants(folder)
    write("variants", "double", '@variant(layout="nowhere")\ndef odd():\n    """Odd."""\n')
    with pytest.raises(BankError, match=":2: odd names the unknown layout 'nowhere'"):
        load_variants(folder)


def test_the_bank_is_python_that_can_be_run():
    """The decorators leave what stands below them as it is."""

    @mistake("double")
    def triples(x):
        return 3 * x

    assert triples(2) == 6


# --- as banks used to be written -----------------------------------------------------------------------------------

WHOLE = """\"\"\"The result is tripled: it should be
twice the input.

People count wrongly.
\"\"\"

import numpy as np

PARTS = ("double",)
SCOPE = "homework"

_FACTOR = 3


def double(x):
    return np.multiply(_FACTOR, x)
"""


def test_a_file_without_decorators_is_one_mistake(folder, write, modules):
    """A module with PARTS and SCOPE is a mistake of its file's name, and takes the place of what it defines."""
    path = write("mistakes", "triples", WHOLE)
    (mistake,) = load_mistakes(folder)
    assert (mistake.name, mistake.place) == ("triples", f"{path}:1: triples")
    assert mistake.sentence == "The result is tripled: it should be twice the input."
    assert mistake.note == "People count wrongly."
    assert (mistake.parts, mistake.scope, mistake.symbols) == (("double",), Scope.HOMEWORK, ("double",))
    assert "PARTS" not in mistake.code and "tripled" not in mistake.code
    assert as_modules(mistake, modules)["double"].double(np.ones(1)) == 3


def test_both_forms_stand_in_one_bank(folder, write):
    """A bank may be rewritten file by file."""
    write("mistakes", "triples", WHOLE)
    write("mistakes", "double", MISTAKE.replace("triples", "adds"))
    assert [each.name for each in load_mistakes(folder)] == ["adds", "triples"]


def test_a_file_without_decorators_is_one_variant(folder, write):
    """A module of functions, or of nothing but a FORM, is a variant of its file's name."""
    write("variants", "tabs", '"""Tabs."""\n\nFORM = "tabs"\n')
    write("variants", "sums", '"""A sum."""\n\n\ndef double(x):\n    return x + x\n')
    sums, tabs = load_variants(folder)
    assert (sums.name, sums.symbols, sums.form) == ("sums", ("double",), "")
    assert (tabs.name, tabs.symbols, tabs.form) == ("tabs", (), "tabs")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("twice the input.", "twice the input", ":1: triples must open with a docstring"),
        ('("double",)', '("treble",)', ":1: triples must name the parts that catch it"),
        ('PARTS = ("double",)', "", ":1: triples must name the parts that catch it"),
        ('"homework"', '"everywhere"', ":1: triples must have a scope"),
        ("SCOPE", "FORM", ":1: triples sets what a mistake does not have"),
        ("def double(x):", "class _Own:", ":1: triples replaces nothing"),
        (WHOLE, "", ":1: triples must open with a docstring"),
    ],
)
def test_a_faulty_file_without_decorators_is_refused(folder, write, old, new, complaint):
    """What such a file lacks is said with its name, as of any entry."""
    path = write("mistakes", "triples", WHOLE.replace(old, new))
    with pytest.raises(BankError, match=re.escape(f"{path}{complaint}")):
        load_mistakes(folder)


# --- what an entry takes along -------------------------------------------------------------------------------------

SHARED = """from __future__ import annotations
import functools
from os.path import join, split as cut
from grader.bank import variant

SIDES = (2, 3)


def _area():
    return SIDES[0] * SIDES[1] + functools.reduce(max, SIDES)


def _counted(function):
    return function


@variant()
def alone(x):
    \"\"\"Needs nothing.\"\"\"
    return x


@variant()
@_counted
def helped(x):
    \"\"\"Needs a helper, which needs others, and an import.\"\"\"
    # Behind the docstring.
    return _area() if x else helped(cut(x))


@variant(replaces="Model")
class larger(dict):
    \"\"\"A class.\"\"\"

    def size(self):
        return super().size() + len(larger.__name__)


@variant(form="tabs")
class both:
    \"\"\"Two functions.\"\"\"

    import math

    @_counted
    def double(x):
        return join(x)

    _own = 3

    def once(x):
        return _own
"""


def code_of(folder, name):
    """Return what an entry replaces, and its code without blank lines."""
    (entry,) = (each for each in load_variants(folder) if each.name == name)
    return entry.symbols, re.sub(r"\n+", "\n", entry.code)


def test_an_entry_takes_what_it_uses(folder, write):
    """Imports, constants and helpers come along where they are used, and those that they use; nothing else does."""
    write("variants", "double", SHARED)
    assert code_of(folder, "alone") == (("double",), "def double(x):\n    return x")
    assert code_of(folder, "helped") == (
        ("double",),
        "import functools\nfrom os.path import split as cut\nSIDES = (2, 3)\n"
        "def _area():\n    return SIDES[0] * SIDES[1] + functools.reduce(max, SIDES)\n"
        "def _counted(function):\n    return function\n"
        "@_counted\ndef double(x):\n    return _area() if x else double(cut(x))",
    )


def test_a_class_replaces_a_class(folder, write):
    """A class with a base stands for the solution's, under that name; the entry may say which it is."""
    write("variants", "double", SHARED)
    assert code_of(folder, "larger") == (
        ("Model",),
        "class Model(dict):\n    def size(self):\n        return super().size() + len(Model.__name__)",
    )


def test_a_class_without_a_base_holds_several(folder, write):
    """What a class without a base holds replaces the solution's under the same names."""
    write("variants", "double", SHARED)
    assert code_of(folder, "both") == (
        ("double", "once"),
        "from os.path import join\ndef _counted(function):\n    return function\n"
        "import math\n@_counted\ndef double(x):\n    return join(x)\n_own = 3\ndef once(x):\n    return _own",
    )


def test_a_star_import_reaches_every_entry(folder, write):
    """Nobody can tell what a star import gives, so each entry of its file gets it."""
    write("variants", "double", "from numpy import *\n" + SHARED.partition("\n")[2])
    assert code_of(folder, "alone")[1] == "from numpy import *\ndef double(x):\n    return x"


def test_parts_that_several_share_stand_once(folder, write):
    """A tuple of parts that the file sets can be unpacked among others."""
    shared = MISTAKE.replace("def _factor", 'BOTH = ("double", "shift.up")\n\n\ndef _factor').replace(
        '"double")\ndef', "*BOTH)\ndef"
    )
    write("mistakes", "double", shared)
    (mistake,) = load_mistakes(folder)
    assert mistake.parts == ("double", "shift.up")


def test_a_long_file_can_be_two(folder, write):
    """What a file replaces is its name up to the first dot."""
    write("mistakes", "double.scale", MISTAKE)
    write("mistakes", "double.shift", MISTAKE.replace("triples", "adds"))
    assert [each.symbols for each in load_mistakes(folder)] == [("double",), ("double",)]


# --- in the solution's place ---------------------------------------------------------------------------------------


def test_files_hold_the_mistake_and_not_what_it_says_of_itself(folder, write):
    """The mistake's code goes behind the module it belongs to; sentence, name and decorator stay out of it."""
    write("mistakes", "double", MISTAKE)
    (mistake,) = load_mistakes(folder)
    files = as_files(mistake, FILES)
    text = files["tiny/answers.py"]
    assert text.index(b"return out") < text.index(b"np.multiply")
    assert all(word not in text for word in (b"triple", b"mistake", b"grader", b"People"))
    assert {path: content for path, content in files.items() if path != "tiny/answers.py"} == {
        path: content for path, content in FILES.items() if path != "tiny/answers.py"
    }


def test_files_that_are_not_python_are_passed_on(folder, write):
    """Notebooks and pictures of the solution come out as they went in."""
    write("mistakes", "double", MISTAKE)
    (mistake,) = load_mistakes(folder)
    assert as_files(mistake, {**FILES, "a.ipynb": b"def double"})["a.ipynb"] == b"def double"


@pytest.mark.parametrize(
    ("definition", "complaint"),
    [
        ("def halve(x):\n        return x / 2\n", "are not defined by the solution"),
        ("def shift(x):\n        return x\n\n    def double(x):\n        return x\n", "are spread over"),
    ],
)
def test_an_entry_needs_one_home(folder, write, definition, complaint):
    """Names that the solution lacks, or has in two modules, cannot be replaced."""
    path = write("variants", "double", f'@variant()\nclass lost:\n    """Lost."""\n\n    {definition}')
    (variant,) = load_variants(folder)
    with pytest.raises(BankError, match=complaint) as caught:
        as_files(variant, FILES)
    assert f"{path}:2: lost" in str(caught.value)


def test_modules_hold_the_mistake(folder, write, modules):
    """The module that defines a replaced name has the wrong function, every other name its own."""
    write("mistakes", "double", MISTAKE)
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
        "twice",
        "from tiny.earlier import twice as right_twice\n\n\n"
        '@mistake("double")\ndef off_by_one(x):\n    """Off by one."""\n    return right_twice(x) + 1\n',
    )
    (mistake,) = load_mistakes(folder)
    assert as_modules(mistake, modules)["double"].double(4) == 9
    assert modules["tiny.earlier"].twice(4) == 8
    assert not [name for name in sys.modules if name == "tiny" or name.startswith("tiny.")]


def test_only_what_imports_the_mistake_is_copied(folder, write, modules):
    """A module that cannot see the mistake is the solution's own."""
    write("mistakes", "double", MISTAKE)
    (mistake,) = load_mistakes(folder)
    changed = as_modules(mistake, modules)
    assert changed["double"] is not modules["tiny.answers"]
    assert (changed["twice"], changed["shift"]) == (modules["tiny.earlier"], modules["tiny.other"])


def test_an_entry_that_does_not_run_is_named(folder, write, modules):
    """An entry whose module raises when it is executed is named by its file and line."""
    path = write("variants", "double", '@variant()\nclass broken:\n    """Broken."""\n\n    double = 1 / 0\n')
    (variant,) = load_variants(folder)
    with pytest.raises(BankError, match=re.escape(f"{path}:2: broken does not work")):
        as_modules(variant, modules)


def test_a_form_changes_files_with_answers_only(folder, write):
    """A form is given to the modules with answers, and to what the variant adds to them."""
    text = '@variant(form="tabs")\ndef tabbed(x):\n    """Tabs."""\n    return 2 * x\n'
    write("variants", "double", text)
    (variant,) = load_variants(folder)
    files = as_files(variant, FILES)
    assert files["tiny/answers.py"].endswith(b"def double(x):\n\treturn 2 * x\n")
    assert files["tiny/other.py"] == FILES["tiny/other.py"]


# --- the assignment's own bank ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mistakes():
    """The mistakes of the CNN assignment."""
    return load_mistakes(CNN)


@pytest.fixture(scope="module")
def variants():
    """The variants of the CNN assignment."""
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
