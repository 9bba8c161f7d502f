"""What counts as hidden, and when two pieces of code are the same."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from grader.authoring.secrets import (
    FEWEST_TOKENS,
    GRAM,
    RUN,
    SecretCode,
    SecretKind,
    Secrets,
    code_tokens,
    comment_tokens,
    gather,
    grams,
    hidden_numbers,
    key_of,
    number_form,
    read_secrets,
    telling_tokens,
)
from grader.authoring.student_tree import build_tree
from grader.course.regions import answers
from grader.course.repository import Course
from tests.authoring.homework import CHECK, EARLIER, MODULE, SAMPLE, make_homework
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
    """Return the hidden code of an assignment with these texts."""
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
    assert (secret.kind, secret.origin, secret.short) == (SecretKind.ANSWER, "a.py:5-5", False)


def test_trivial_answers_are_not_hidden() -> None:
    """An answer that anybody writes is not looked for."""
    assert code(answer="out = np.maximum(0, x)\n") == []
    (secret,) = code(answer="out = np.maximum(0, x + y)\n")
    assert (secret.size, len(secret.grams), secret.short) == (FEWEST_TOKENS, 1, True)


def test_earlier_work_tells_nothing() -> None:
    """What students solved before is not telling, but still counts as a share of the answer."""
    (secret,) = code(answer=LONG_STATEMENT, earlier=LONG_STATEMENT)
    assert secret.grams
    assert not secret.telling


def test_given_code_does_not_excuse_an_answer() -> None:
    """An answer that stands in given code is as telling as before."""
    (secret,) = code(answer=LONG_STATEMENT, given=LONG_STATEMENT)
    assert secret.telling == secret.grams.keys()


def test_hidden_files_know_their_lines() -> None:
    """A hidden file is hidden as a whole, decorators included, and each run of its tokens has its lines."""
    (secret,) = code(hidden=f"@part('a', points=2)\n{_function('f')}\n{_function('g')}")
    assert (secret.kind, secret.origin) == (SecretKind.HIDDEN, "checks/test_a.py")
    lines = [(gram.first, gram.last) for gram in secret.grams.values()]
    assert min(lines) == (1, 3)
    assert max(last for _, last in lines) == 6


def _function(name: str) -> str:
    return f"def {name}(x):\n    {LONG_STATEMENT}"


def test_each_entry_of_the_bank_is_hidden_by_itself_too() -> None:
    """Most of one mistake is a leak, though its file holds many and is hidden as a whole."""
    text = f"{_function('f')}\n{_function('g')}"
    secrets = gather([], {"mistakes/a.py": text}, samples={}, earlier=[], given=[])
    lines = [[gram.first for gram in secret.grams.values()] for secret in secrets.code]
    assert [max(each) - min(each) for each in lines] == [3, 1, 1]


def test_short_statements_count_together() -> None:
    """Statements too short to tell anything by themselves are hidden together; a file too short is not."""
    assert code(hidden="\n".join(f"a{number} = b{number}" for number in range(RUN // 3 + 1)))
    assert code(hidden="\n".join(f"a{number} = b{number}" for number in range(RUN // 3))) == []


def test_imports_and_docstrings_are_not_hidden() -> None:
    """Imports tell nothing, and a check's docstring is what its students read."""
    words = " ".join(f"word{number}" for number in range(RUN))
    assert code(hidden=f'"""{words}"""\nfrom grader.checking import {words.replace(" ", ", ")}\n') == []
    assert code(hidden=f'def f(x):\n    """{words}"""\n') == []


def test_hidden_text_that_is_no_python() -> None:
    """A hidden file that does not parse is hidden as a whole."""
    (secret,) = code(hidden="= " + LONG_STATEMENT)
    assert {(gram.first, gram.last) for gram in secret.grams.values()} == {(1, 1)}


def test_a_sample_hides_only_what_is_not_given() -> None:
    """A sample submission hides its own work; the given files that it holds are no secret."""
    hidden = code(sample=SAMPLE, given=MODULE)
    assert code(sample=SAMPLE, given=SAMPLE) == []
    assert hidden
    assert all(secret.grams.keys() == secret.telling for secret in hidden)


def test_whole_files_and_keys() -> None:
    """Whole hidden files and keys must not occur as they are; a short file may."""
    secrets = gather(
        [], {"checks/a.py": CHECK, "checks/__init__.py": "x"}, samples={}, earlier=[], given=[], keys=["key"]
    )
    assert secrets.texts == {CHECK: (SecretKind.FILE, "checks/a.py"), "key": (SecretKind.KEY, "")}


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


@pytest.fixture(autouse=True)
def no_key_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the course key of whoever runs the tests out of them."""
    monkeypatch.delenv("GRADER_COURSE_KEY", raising=False)


def secrets_of(root: Path, changes: dict[str, str | bytes | None] | None = None) -> Secrets:
    """Return what the small assignment hides, with these files changed."""
    assignment, repository = make_homework(root, changes), Course(root)
    return read_secrets(assignment, repository, build_tree(assignment, repository))


def keys(secrets: Secrets) -> list[str]:
    """Return the course keys among the secrets."""
    return [text for text, (kind, _) in secrets.texts.items() if kind is SecretKind.KEY]


def test_answers_checks_mistakes_variants_and_samples(tmp_path: Path) -> None:
    """Answers of modules and notebooks, and all code of the assignment's folders, are hidden."""
    origins = {secret.origin.partition(":")[0] for secret in secrets_of(tmp_path).code}
    assert origins == {
        "nndl/smooth.py",
        "Smoothing.ipynb, cell 3",
        "checks/test_smooth.py",
        "mistakes/smooth.py",
        "variants/smooth.py",
        "samples/ada/nndl/smooth.py",
    }


def test_caches_are_not_read(tmp_path: Path) -> None:
    """What running the checks leaves behind is nobody's secret."""
    changes: dict[str, str | bytes | None] = {"assignments/tiny/checks/__pycache__/a.pyc": "x = 1.234567"}
    assert secrets_of(tmp_path / "with", changes).numbers == secrets_of(tmp_path / "without").numbers


def test_no_key(tmp_path: Path) -> None:
    """Without a course key there is none to find, and reading makes none."""
    assert keys(secrets_of(tmp_path)) == []
    assert not (tmp_path / ".course-key").exists()


def test_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key of the file and that of the environment are both hidden."""
    monkeypatch.setenv("GRADER_COURSE_KEY", "from-outside")
    assert sorted(keys(secrets_of(tmp_path, {".course-key": "from-the-file\n"}))) == [
        "from-outside",
        "from-the-file",
    ]


def test_short_key(tmp_path: Path) -> None:
    """A key of a few letters would be found everywhere, and is not looked for."""
    assert keys(secrets_of(tmp_path, {".course-key": "abc"})) == []


def words(text: str) -> list[str]:
    """Return the texts of the code tokens."""
    return [token.text for token in code_tokens(text)]


def canonical(text: str) -> int:
    """Return the key of a whole text."""
    return key_of(code_tokens(text))


@pytest.mark.parametrize(
    "copy",
    [
        "out[i]=np.sum( x*w[ f ] )+b[f]",
        "out[i] = np.sum(\n    x * w[f],  # products\n) + b[f]",
        "total[k] = xp.sum(patch * filters[n]) + bias[n]",
        "'''out[i] = np.sum(x * w[f]) + b[f]'''",
        "`out[i] = np.sum(x * w[f]) + b[f]`",
        '"out[i] = \\nnp.sum(x * w[f])\\t + b[f]"',
        "out[i] = \\\n    np.sum(x * w[f]) + b[f];",
    ],
)
def test_equal_but_for_layout_and_names(copy: str) -> None:
    """Layout, comments, quotes and the choice of names make no difference."""
    original = "out[i] = np.sum(x * w[f]) + b[f]"
    assert canonical(copy) == canonical(original)


@pytest.mark.parametrize(
    "other",
    [
        "out[i] = np.max(x * w[f]) + b[f]",
        "out[i] = np.sum(x * w[i]) + b[f]",
        "out[i] = np.sum(x - w[f]) + b[f]",
        "out[i] += np.sum(x * w[f]) + b[f]",
        "out[0] = np.sum(x * w[f]) + b[f]",
    ],
)
def test_other_code_differs(other: str) -> None:
    """Another attribute, operator, number or another pattern of names is other code."""
    original = "out[i] = np.sum(x * w[f]) + b[f]"
    assert canonical(other) != canonical(original)


def test_tokens_know_their_lines() -> None:
    """A token's line is that of the text, also after comments, strings of several lines and escapes."""
    tokens = code_tokens('a = """x\ny"""  # z\n\nb = "\\n" + c\n')
    assert [(token.text, token.line) for token in tokens if token.free] == [
        ("a", 1),
        ("x", 1),
        ("y", 2),
        ("b", 4),
        ("c", 4),
    ]


def test_comments_are_left_out() -> None:
    """A comment is no code, a number sign in a string is no comment."""
    assert words("a = '#1'  # b = 2\n") == ["a", "=", "1"]


def test_imports_and_docstrings_do_not_tell() -> None:
    """Of a hidden file, what its students read and what anybody imports is left out, and lines stay."""
    text = '"""Words."""\nfrom a import (\n    b,\n)\n\ndef f():\n    """More\n    words."""\n    return "text"\n'
    assert [(token.text, token.line) for token in telling_tokens(text) if token.free] == [
        ("f", 6),
        ("text", 9),
    ]


def test_comment_tokens() -> None:
    """The code inside comments is found with its lines, without the comments' own comments."""
    tokens = comment_tokens("a = 1\n# b = 2  # two\nc = 3  # d\n")
    assert [(token.text, token.line) for token in tokens] == [("b", 2), ("=", 2), ("2", 2), ("d", 3)]


def test_prose_is_no_obstacle() -> None:
    """An apostrophe in prose does not hide the code after it."""
    assert words("Don't forget:\nout = x\n")[-3:] == ["out", "=", "x"]


def test_numbers_keep_their_form() -> None:
    """A number with point and exponent is one token."""
    assert words("0.5 1e-3 .25 2.5E+10 0xFF 1_000") == ["0.5", "1e-3", ".25", "2.5E+10", "0xFF", "1_000"]


def test_grams() -> None:
    """There is a gram from every token that has enough behind it, with its line."""
    tokens = code_tokens("\n".join(f"a{number}" for number in range(GRAM + 2)))
    assert [gram.first for gram in grams(tokens)] == [1, 2, 3]
    assert list(grams(tokens[: GRAM - 1])) == []


@given(words=st.lists(st.sampled_from(["a", "b", "c", "(", "1"]), max_size=2 * GRAM))
def test_a_gram_knows_only_its_own_tokens(words: list[str]) -> None:
    """A gram's key is that of its tokens alone, whatever comes before and after them."""
    tokens = code_tokens(" ".join(words))
    runs = [tokens[start : start + GRAM] for start in range(len(tokens) - GRAM + 1)]
    assert [gram.key for gram in grams(tokens)] == [key_of(run) for run in runs]


@given(text=st.text(alphabet=st.sampled_from("ab1.\"'#\\\n (),=")))
def test_any_text_has_tokens(text: str) -> None:
    """Any text can be read, however broken its strings, and lines stay within it."""
    lines = text.count("\n") + 1
    assert all(1 <= token.line <= lines for token in [*code_tokens(text), *comment_tokens(text)])


@given(names=st.lists(st.sampled_from("abcdef"), min_size=4, max_size=4, unique=True))
def test_renaming_one_to_one_changes_nothing(names: list[str]) -> None:
    """Any other choice of distinct names gives the same canonical form."""
    w, x, y, z = names
    code = f"for {w} in {x}:\n    {y}[{w}] = {z}({x}[{w}])\n"
    assert canonical(code) == canonical("for i in s:\n    t[i] = f(s[i])\n")
