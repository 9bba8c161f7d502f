"""Finding hidden things in released files: every planted leak is found, and what is public is not."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from textwrap import indent

import pytest

from grader.authoring.leak import Leak, leaks
from grader.authoring.secrets import SecretKind, Secrets, read_secrets
from grader.authoring.student_tree import Tree, build_tree
from grader.course.repository import Course
from tests.authoring.homework import (
    ANSWER,
    CHECK,
    EARLIER,
    MISTAKE,
    MODULE,
    OPEN_TASK,
    SAMPLE,
    VARIANT,
    make_homework,
)
from tests.authoring.strategies import code_cell, markdown_cell, notebook

KEY = "0123456789abcdef"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> tuple[Tree, Secrets]:
    """Return a clean release and what it hides."""
    root = tmp_path_factory.mktemp("repository")
    assignment = make_homework(root, {".course-key": KEY + "\n"})
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("GRADER_COURSE_KEY", raising=False)
        tree = build_tree(assignment, Course(root))
        return tree.files, read_secrets(assignment, Course(root), tree)


def zipped(content: bytes) -> bytes:
    """Return a compressed archive with one member."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("member.py", content)
    return buffer.getvalue()


def commented(text: str) -> str:
    """Return `text` as comments."""
    return indent(text, "# ", lambda _: True)


def renamed(text: str) -> str:
    """Return `text` with other names for its variables, and other layout and quotes."""
    names = {
        "signal": "xs",
        "window": "part",
        "padded": "wide",
        "place": "i",
        "weights": "kernel",
        "out": "result",
    }
    for old, new in names.items():
        text = re.sub(rf"\b{old}\b", new, text)
    return text.replace("    ", "  ").replace(" = ", "=").replace(", ", ",").replace('"', "'")


DISGUISES: dict[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "renamed": lambda text: renamed(text).encode(),
    "with comments between": lambda text: text.replace("\n", "  # a remark\n").encode(),
    "commented out": lambda text: commented(text).encode(),
    "docstring": lambda text: f'def f():\n    """Do it.\n\n{text}\n    """\n'.encode(),
    "one string": lambda text: f"hint = {text!r}\n".encode(),
    "markdown": lambda text: f"# Hints\n\n```python\n{text}```\n".encode(),
    "notebook source": lambda text: notebook(code_cell(text, outputs=[])),
    "notebook text": lambda text: notebook(markdown_cell(f"```\n{text}\n```")),
    "notebook output": lambda text: notebook(
        code_cell("x", outputs=[{"output_type": "stream", "text": [text]}])
    ),
    "notebook metadata": lambda text: notebook(code_cell("x", metadata={"was": {"source": text}})),
    "notebook's own metadata": lambda text: notebook(code_cell("x"), metadata={"a": [text]}),
    "notebook attachment": lambda text: notebook(
        markdown_cell("x", attachments={"a": {"text/plain": base64.b64encode(text.encode()).decode()}})
    ),
    "archive": lambda text: zipped(text.encode()),
    "archive in archive": lambda text: zipped(zipped(text.encode())),
    "picture": lambda text: b"\xff\xd8\xff\xfe" + text.encode() + b"\xff\xd9",
    "base64": lambda text: b"data = '" + base64.b64encode(text.encode()) + b"'\n",
    "Windows line endings": lambda text: text.replace("\n", "\r\n").encode(),
}
SECRETS = {
    "answer": (ANSWER, SecretKind.ANSWER, "nndl/smooth.py:15-20"),
    "answer in a notebook": (OPEN_TASK, SecretKind.ANSWER, "Smoothing.ipynb, cell 3:6-8"),
    "check": (CHECK.partition("@part")[2], SecretKind.HIDDEN, "checks/test_smooth.py:16-18"),
    "mistake": (MISTAKE.partition("import numpy as np")[2], SecretKind.HIDDEN, "mistakes/smooth.py:10-12"),
    "variant": (VARIANT.partition("import numpy as np")[2], SecretKind.HIDDEN, "variants/smooth.py:10-12"),
}


def planted(release: tuple[Tree, Secrets], content: bytes, path: str = "planted") -> list[Leak]:
    """Return what is found when a released file holds `content`."""
    files, secrets = release
    return list(leaks({**files, path: content}, secrets))


def test_clean_release(release: tuple[Tree, Secrets]) -> None:
    """Nothing is found in a release that is as it should be."""
    assert leaks(*release) == ()


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES)
@pytest.mark.parametrize(("text", "kind", "origin"), SECRETS.values(), ids=SECRETS)
def test_planted_code_is_found(
    release: tuple[Tree, Secrets], text: str, kind: SecretKind, origin: str, disguise: Callable[[str], bytes]
) -> None:
    """An answer, check, mistake or variant is found in any released file, in any disguise."""
    found = planted(release, disguise(text))
    assert (kind, origin) in [(leak.kind, leak.origin) for leak in found]
    assert {leak.path for leak in found} == {"planted"}


@pytest.mark.parametrize("path", ["nndl/mean.py", "nndl/smooth.py", "cs231n/fast.pyx", "README.md"])
def test_planted_in_given_files(release: tuple[Tree, Secrets], path: str) -> None:
    """An answer is found also at the end of a file that has other content."""
    content = release[0][path] + b"\n\n\n" + ANSWER.encode()
    assert [leak.path for leak in planted(release, content, path)] == [path]


def test_three_lines_of_an_answer(release: tuple[Tree, Secrets]) -> None:
    """Three lines of an answer are a leak, and its share says that it is only a part."""
    (leak,) = planted(release, "".join(ANSWER.splitlines(keepends=True)[2:5]).encode())
    assert 0 < leak.share < 1


def test_one_line_is_no_leak(release: tuple[Tree, Secrets]) -> None:
    """A single line of an answer, such as a hint may show, is no leak."""
    assert [planted(release, line.encode()) for line in ANSWER.splitlines()] == [[]] * 6


def test_short_answer_must_be_whole(release: tuple[Tree, Secrets]) -> None:
    """An answer of one line is a leak when all of it is there, and not when a part is."""
    whole = "return smooth(smooth(signal, weights), weights)"
    assert [leak.origin for leak in planted(release, whole.encode())] == ["nndl/smooth.py:34-34"]
    assert planted(release, b"return smooth(smooth(signal, weights))") == []


def test_answer_spread_over_cells(release: tuple[Tree, Secrets]) -> None:
    """An answer cut into two cells, neither of which has much of it, is found by its share of the file."""
    lines = ANSWER.splitlines(keepends=True)
    (leak,) = planted(release, notebook(code_cell("".join(lines[:4])), code_cell("".join(lines[3:]))))
    assert leak.origin == "nndl/smooth.py:15-20"


def test_earlier_work_is_no_leak(release: tuple[Tree, Secrets]) -> None:
    """A part of an answer that resembles what students solved before is no leak."""
    assert planted(release, EARLIER.encode()) == []


def test_a_sample_is_found(release: tuple[Tree, Secrets]) -> None:
    """A sample submission's own work is found."""
    assert planted(release, SAMPLE.encode())


def test_given_code_of_a_sample_is_no_leak(release: tuple[Tree, Secrets]) -> None:
    """The given code around an answer is no leak, though checks, mistakes and samples hold it too."""
    given_code = MODULE.partition("    # ====")[0]
    assert planted(release, given_code.encode()) == []


@pytest.mark.parametrize("number", ["0.31415926", "-0.314159", "3.14159260e-1", "12.7182818284"])
@pytest.mark.parametrize("text", ["x = [{}, 1]", "# about {}", '"""{}"""', "difference: {}"])
def test_hidden_numbers_are_found(release: tuple[Tree, Secrets], number: str, text: str) -> None:
    """An expected value is found by its first six digits, however it is written and wherever it stands."""
    (leak,) = planted(release, text.format(number).encode())
    assert leak.kind is SecretKind.VALUE
    assert leak.origin.endswith("checks/test_smooth.py:6")


def test_numbers_in_outputs(release: tuple[Tree, Secrets]) -> None:
    """An expected value is found in a notebook's output too, also when it is stored as a number."""
    outputs = [{"output_type": "execute_result", "data": {"application/json": {"value": 0.31415926}}}]
    (leak,) = planted(release, notebook(code_cell("x", outputs=outputs)))
    assert leak.place == "cell 1, outputs, line 1"


def test_public_numbers_are_no_leak(release: tuple[Tree, Secrets]) -> None:
    """A number that the check calls public may be released, as may round ones."""
    assert planted(release, b"1.41421356, 0.57721566, 4669.2, 0.3141, 1000000.0") == []


def test_key(release: tuple[Tree, Secrets]) -> None:
    """The course key is found."""
    (leak,) = planted(release, f"seed = '{KEY}'\n".encode())
    assert leak.kind is SecretKind.KEY


def test_hidden_file_as_it_is(release: tuple[Tree, Secrets]) -> None:
    """A whole hidden file is named as such."""
    found = planted(release, b"# copied:\n" + CHECK.encode())
    assert (SecretKind.FILE, "checks/test_smooth.py", "line 2") in [
        (each.kind, each.origin, each.place) for each in found
    ]


def test_place(release: tuple[Tree, Secrets]) -> None:
    """A leak says in which file, cell and line it begins, and of what it is how much."""
    text = notebook(markdown_cell("Text"), code_cell("x = 1\ny = 2\n" + ANSWER, outputs=[]))
    (leak,) = planted(release, text, "A.ipynb")
    assert str(leak) == "A.ipynb, cell 2, source, line 3 holds the answer nndl/smooth.py:15-20"


def test_same_content_is_reported_once(release: tuple[Tree, Secrets]) -> None:
    """Of two files with the same bytes only the first is reported."""
    content = ANSWER.encode()
    assert {leak.path for leak in leaks({"a.py": content, "b.py": content}, release[1])} == {"a.py"}


def test_mistake_that_spoils_an_answer_is_not_reported_twice(tmp_path: Path) -> None:
    """An answer and the mistake that resembles it are one leak at one place, reported as the answer."""
    mistake = MODULE.replace("/ np.sum(weights)", "").replace(
        "margin = width // 2", "margin = width // 2 + 1"
    )
    assignment = make_homework(tmp_path, {"assignments/tiny/mistakes/unscaled.py": mistake})
    tree = build_tree(assignment, Course(tmp_path))
    found = leaks({"a.py": ANSWER.encode()}, read_secrets(assignment, Course(tmp_path), tree))
    assert [leak.kind for leak in found] == [SecretKind.ANSWER]
