"""How the fork server is started, and what it sees of this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from grader.sandbox import BoxFailed
from grader.sandbox.launch import Provisions, bwrap_command, provisions, python_command

SITES = {"site-packages", "dist-packages"}


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What an ordinary user's box is started with."""
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return bwrap_command(provisions(), [Path("/stage/full")])


def test_user_namespace_is_asked_for_by_name(command: list[str]) -> None:
    """An ordinary user's box asks for a user namespace so that it fails where there is none."""
    assert {"--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc"} <= set(command)
    assert "--unshare-all" not in command


def test_everything_bubblewrap_mounts_itself_is_read_only(command: list[str]) -> None:
    """The root and each covering folder are made read-only last, and nothing is bound writable but devices."""
    covers = {command[index + 1] for index, word in enumerate(command) if word == "--tmpfs"}
    closed = {command[index + 1] for index, word in enumerate(command) if word == "--remount-ro"}
    assert closed == covers | {"/"}
    assert "--bind" not in command
    devices = {command[index + 1] for index, word in enumerate(command) if word == "--dev-bind"}
    assert devices <= {"/dev/null", "/dev/zero", "/dev/urandom"}


def test_box_ends_with_the_grader(command: list[str]) -> None:
    """The namespaces are told to end with the process that made them."""
    assert "--die-with-parent" in command


def test_roots_are_shown_where_they_are(command: list[str]) -> None:
    """A root has the same path inside as outside."""
    index = command.index("/stage/full")
    assert command[index - 1 : index + 2] == ["--ro-bind", "/stage/full", "/stage/full"]


def test_root_keeps_only_what_it_needs_to_become_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's box keeps the rights to change user and to read, and no others."""
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    words = bwrap_command(provisions(), [])
    kept = {words[index + 1] for index, word in enumerate(words) if word == "--cap-add"}
    assert kept == {"CAP_SETUID", "CAP_SETGID", "CAP_DAC_READ_SEARCH"}


def test_missing_bubblewrap_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without bubblewrap there is no command."""
    monkeypatch.setattr("shutil.which", lambda _name: None)
    with pytest.raises(BoxFailed, match="not installed"):
        bwrap_command(provisions(), [])


def test_interpreter_starts_without_site_and_user_packages() -> None:
    """The interpreter is started so that nothing but the view and the standard library can be imported."""
    found = Provisions(Path("/usr/bin/python3"), (), (), (), ())
    words = python_command(found, Path("/view"), 5)
    assert {"-s", "-P", "-S", "-B"} <= set(words)
    assert words[-2:] == ["5", "/view"]


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
