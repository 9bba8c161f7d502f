"""The made class: any size, every submission its own content, the same every time."""

from __future__ import annotations

from pathlib import Path

from benchmarks.made_class import write_made_class
from grader.intake import find_submissions, packages_of, read_contents


def test_every_submission_is_readable_and_like_no_other(repository, cnn, tmp_path: Path) -> None:
    """As many as asked for, with distinct contents, and the same again for the same size."""
    contents = []
    for name in ("first", "second"):
        write_made_class(repository, cnn, 25, tmp_path / name)
        found = find_submissions(tmp_path / name, packages_of(cnn))
        contents.append([read_contents(each, cnn).sha256 for each in found])
    assert len(set(contents[0])) == 25
    assert contents[0] == contents[1]
