"""Loading a solution: its modules in an order in which they could be executed."""

from __future__ import annotations

from pathlib import Path

from grader.course.repository import Course
from grader.reference import load_modules, load_reference


def assert_in_order(names: list[str], *pairs: tuple[str, str]) -> None:
    """Demand that the first module of each pair stands before the second, which imports it."""
    for before, after in pairs:
        assert names.index(before) < names.index(after), (before, after)


def test_a_given_module_may_import_an_answer(repository: Course) -> None:
    """The sandwich layers, which are given, come after the layers, which are answers; networks come last."""
    fc = repository.load("fc")
    names = list(load_modules(fc, repository.import_path(fc)))
    assert sorted(names) == ["nndl", "nndl.fc_net", "nndl.layer_utils", "nndl.layers", "nndl.optim"]
    assert_in_order(
        names,
        ("nndl.layers", "nndl.layer_utils"),
        ("nndl.layer_utils", "nndl.fc_net"),
        ("nndl.layers", "nndl.fc_net"),
    )


def test_the_order_does_not_depend_on_the_list(repository: Course, cnn) -> None:
    """Modules listed backwards come out in an order that works all the same."""
    release = cnn.release
    backwards = release.model_copy(
        update={name: getattr(release, name)[::-1] for name in ("answers", "earlier", "given")}
    )
    names = list(load_modules(cnn.model_copy(update={"release": backwards}), repository.import_path(cnn)))
    assert_in_order(
        names,
        ("nndl.layers", "nndl.layer_utils"),
        ("nndl.layers", "nndl.conv_layers"),
        ("nndl.conv_layer_utils", "nndl.cnn"),
    )


def test_two_homeworks_share_their_solution(repository: Course, cnn) -> None:
    """Both homeworks' references hold the same functions, of one file."""
    fc = repository.load("fc")
    ours = load_reference(fc, repository.import_path(fc))
    theirs = load_reference(cnn, repository.import_path(cnn))
    assert ours.affine_forward is theirs.affine_forward
    home = Path(ours.affine_forward.__code__.co_filename)
    assert home == repository.solution(fc) / "nndl" / "layers.py"
