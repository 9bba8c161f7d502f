"""What counts as hidden."""

from __future__ import annotations

import pytest

from grader.authoring.confidential import (
    FEWEST_TOKENS,
    RUN,
    Kind,
    SecretCode,
    gather,
    hidden_numbers,
    number_form,
)
from grader.course.regions import answers
from tests.authoring.homework import CHECK, EARLIER, MODULE, SAMPLE
from tests.authoring.strategies import region

LONG_STATEMENT = "value = " + " + ".join(f"f{number}(x)" for number in range(RUN)) + "\n"


def code(
    *,
    hidden: str = "",
    sample: str = "",
    answer: str = "",
    earlier: str = "",
    given: str = "",
) -> list[SecretCode]:
    """Return the hidden code of a homework with these texts."""
    secrets = gather(
        answers(region(answer), "a.py"),
        {"checks/test_a.py": hidden},
        samples={"samples/ada/a.py": sample},
        earlier=[earlier],
        given=[given],
    )
    return list(secrets.code)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("3.14159265", "3.14159e+0"),
        ("314.159_265", "3.14159e+2"),
        ("3.14159", "3.14159e+0"),
        ("3.1415", None),
        ("100000000", None),
        ("0.0000125", None),
        ("1e-12", None),
        ("20240611", "2.02406e+7"),
        ("0x1234567", None),
        ("name", None),
    ],
)
def test_number_form(text: str, form: str | None) -> None:
    """A number with six significant digits has a form, in which how it is written makes no difference."""
    assert number_form(text) == form


def test_answers_name_their_place() -> None:
    """An answer is hidden under the lines where it is authored."""
    (secret,) = code(answer=LONG_STATEMENT)
    assert (secret.kind, secret.origin, secret.short) == (Kind.ANSWER, "a.py:5-5", False)


def test_trivial_answers_are_not_hidden() -> None:
    """An answer that anybody writes is not looked for."""
    assert code(answer="out = np.maximum(0, x)\n") == []
    (secret,) = code(answer="out = np.maximum(0, x + y)\n")
    assert (secret.size, secret.short) == (FEWEST_TOKENS, True)


def test_earlier_work_tells_nothing() -> None:
    """What students solved before is not telling, but still counts as a share of the answer."""
    (secret,) = code(answer=LONG_STATEMENT, earlier=LONG_STATEMENT)
    assert secret.grams
    assert not secret.telling


def test_given_code_does_not_excuse_an_answer() -> None:
    """An answer that stands in given code is as telling as before."""
    (secret,) = code(answer=LONG_STATEMENT, given=LONG_STATEMENT)
    assert secret.telling == secret.grams


def test_hidden_code_is_hidden_statement_by_statement() -> None:
    """Each top-level statement of a check is hidden by itself, with its decorators."""
    (secret, other) = code(hidden=f"@part('a', points=2)\n{_function('f')}\n{_function('g')}")
    assert (secret.kind, secret.origin) == (Kind.HIDDEN, "checks/test_a.py:1-3")
    assert other.origin == "checks/test_a.py:5-6"


def _function(name: str) -> str:
    return f"def {name}(x):\n    {LONG_STATEMENT}"


def test_short_statements_are_joined() -> None:
    """Statements too short to tell anything by themselves are hidden together."""
    (secret,) = code(hidden="\n".join(f"a{number} = b{number}" for number in range(RUN // 3 + 1)))
    assert secret.origin == f"checks/test_a.py:1-{RUN // 3 + 1}"


def test_imports_and_docstrings_are_not_hidden() -> None:
    """Imports tell nothing, and a check's docstring is what its students read."""
    words = " ".join(f"word{number}" for number in range(RUN))
    assert code(hidden=f'"""{words}"""\nfrom grader.checking import {words.replace(" ", ", ")}\n') == []
    assert code(hidden=f'def f(x):\n    """{words}"""\n') == []


def test_hidden_text_that_is_no_python() -> None:
    """A hidden file that does not parse is hidden as a whole."""
    (secret,) = code(hidden="= " + LONG_STATEMENT)
    assert secret.origin == "checks/test_a.py:1-1"


def test_a_sample_hides_only_what_is_not_given() -> None:
    """A sample submission hides its own work; the given files that it holds are no secret."""
    hidden = code(sample=SAMPLE, given=MODULE)
    assert code(sample=SAMPLE, given=SAMPLE) == []
    assert all(secret.grams == secret.telling for secret in hidden)


def test_whole_files_and_keys() -> None:
    """Whole hidden files and keys must not occur as they are; a short file may."""
    secrets = gather(
        [], {"checks/a.py": CHECK, "checks/__init__.py": "x"}, samples={}, earlier=[], given=[], keys=["key"]
    )
    assert secrets.texts == {CHECK: (Kind.FILE, "checks/a.py"), "key": (Kind.KEY, "")}


def test_hidden_numbers() -> None:
    """Long numbers are hidden, in code and in comments, with the place where they are authored."""
    text = "a = [1.2345678, 2]\n# about 8765.4321\nb = 'also 11.111113'\n"
    assert dict(hidden_numbers("c.py", text)) == {
        "1.23457e+0": "1.2345678 at c.py:1",
        "8.76543e+3": "8765.4321 at c.py:2",
        "1.11111e+1": "11.111113 at c.py:3",
    }


def test_public_numbers() -> None:
    """A statement with a comment that calls it public has no hidden numbers; its neighbours do."""
    hidden = dict(hidden_numbers("c.py", CHECK))
    assert sorted(hidden) == ["1.27183e+1", "3.14159e-1"]


def test_public_numbers_of_one_statement_in_a_function() -> None:
    """Only the smallest statement around the comment is public."""
    text = "def f():\n    a = 1.234567  # public: printed in the notebook\n    return a + 7.654321\n"
    assert list(dict(hidden_numbers("c.py", text))) == ["7.65432e+0"]


def test_nothing_is_public_in_what_is_no_python() -> None:
    """A comment in a text that does not parse makes nothing public."""
    assert dict(hidden_numbers("c.txt", "= 1.234567  # public\n"))


def test_earlier_code_has_no_numbers_to_hide() -> None:
    """Answers and given code give no hidden numbers: only what stands in hidden files does."""
    secrets = gather(
        answers(region("a = 1.234567\n"), "a.py"), {}, samples={"s": EARLIER}, earlier=[], given=[]
    )
    assert secrets.numbers == {}
