"""What a box sees of this machine, and what it does not."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from grader.sandbox import BoxFailed
from grader.sandbox.launch import provisions
from grader.sandbox.libraries import library_entries

SITES = {"site-packages", "dist-packages"}


def test_nothing_readable_holds_installed_packages() -> None:
    """No folder that may be read holds a folder of installed packages directly or in a python3.x beneath it."""
    for path in provisions().readable:
        if path.is_dir():
            assert path.name not in SITES
            assert not any((path / name).is_dir() for name in SITES)
            assert not any(path.glob("python*/*-packages"))


def test_every_folder_of_packages_shown_by_namespaces_is_masked() -> None:
    """What namespaces show as a whole has its folders of installed packages covered."""
    found = provisions()
    shown = {each for folder in found.system for each in folder.glob("python*/*-packages")}
    shown |= {folder / name for folder in found.system for name in SITES if (folder / name).is_dir()}
    assert shown <= set(found.masked)


def test_interpreter_is_the_real_one() -> None:
    """The program to start is a real file outside any virtual environment, of this version."""
    interpreter = provisions().interpreter
    assert interpreter.is_file()
    assert not interpreter.is_symlink()
    assert not (interpreter.parent.parent / "pyvenv.cfg").exists()
    assert str(sys.version_info.minor) in interpreter.name or interpreter.name.startswith("python")


def test_standard_library_is_readable_and_all_paths_are_real() -> None:
    """The standard library is there module by module, and no path leads through a link."""
    found = provisions()
    assert any(path.name == "json" for path in found.readable)
    for path in (*found.readable, *found.system, *found.listable):
        assert path.parent == path.parent.resolve()


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
