"""Which packages a box may import, and what comes along with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from grader.sandbox import BoxFailed
from grader.sandbox.libraries import library_entries


def test_numpy_comes_with_its_bundled_libraries_and_nothing_else() -> None:
    """Asking for NumPy gives NumPy, what it bundles and its metadata."""
    entries = library_entries(("numpy",))
    assert entries["numpy"] == Path(np.__file__).resolve().parent
    assert all(name.partition(".")[0].partition("-")[0] == "numpy" for name in entries)


def test_requirements_of_a_package_come_along() -> None:
    """A package comes with everything it requires, and with what that requires."""
    pytest.importorskip("matplotlib")
    entries = library_entries(("matplotlib",))
    assert {"matplotlib", "mpl_toolkits", "numpy", "PIL", "dateutil"} <= set(entries)
    assert "grader" not in entries


def test_missing_package_says_what_to_install() -> None:
    """A package that is not installed is the grader's fault and says so."""
    with pytest.raises(BoxFailed, match="pip install"):
        library_entries(("numpy", "nosuchpackage"))
