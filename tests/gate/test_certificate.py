"""The gradient instruments' certificate ships with the engine, and stands for the very sources that were tried."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from grader import instruments
from grader.gate import certificate
from grader.gate.certificate import Certificate, Flagged, check_certificate, shipped_certificate


def test_the_shipped_certificate_is_for_these_instruments() -> None:
    """Whoever changes grader/instruments tries them anew: python -m benchmarks.certification."""
    figures, problems = check_certificate()
    assert not problems
    assert len(figures) == len(shipped_certificate().flagged) == 4
    assert "comparison" in figures[0]
    assert min(each.trials for each in shipped_certificate().flagged) == 10_000


@pytest.mark.parametrize("change", ["edited", "added", "removed"])
def test_other_instruments_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str) -> None:
    """After any change of the sources nothing of the certificate is shown, and the way to a new one is."""
    copy = tmp_path / "instruments"
    shutil.copytree(Path(instruments.__file__).parent, copy)
    monkeypatch.setattr(instruments, "__file__", str(copy / "__init__.py"))
    assert shipped_certificate().valid
    changed = copy / ("more.py" if change == "added" else "compare.py")
    if change == "removed":
        changed.unlink()
    else:
        changed.write_text("more = 1\n", encoding="utf-8")
    assert not shipped_certificate().valid
    figures, (problem,) = check_certificate()
    assert not figures
    assert "python -m benchmarks.certification" in problem


def test_a_certificate_is_read_as_it_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file keeps every figure."""
    written = Certificate("abc", (Flagged("comparison", 10, 8, 1, 2),))
    path = tmp_path / "certificate.json"
    path.write_text(written.as_json(), encoding="utf-8")
    monkeypatch.setattr(certificate, "CERTIFICATE", path)
    assert shipped_certificate() == written
    assert written.flagged[0].detection == 8 / 9
