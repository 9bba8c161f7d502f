"""Naming mistakes: from an answer's values, and from all that is known of a submission; silence when unsure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, strategies as st

from grader.bank import explain
from grader.bank.diagnosis import Combination, Seen, Suspicion, choose, match_answer
from grader.bank.entries import Mistake, load_mistakes
from grader.bank.rebuild import as_modules, path_of, rebuild
from grader.checking.run import CheckContext, run_checks
from grader.checking.trusted import defining_modules, trusted_student
from grader.gate.kill_matrix import NOTHING_TO_GRADE
from grader.grading import Grader
from grader.sandbox import Isolation

RNG = np.random.default_rng(7)
EXPECTED = RNG.normal(size=(3, 4))
KNOWN = {name: EXPECTED + RNG.normal(size=(3, 4)) for name in ("a", "b", "c")}


@pytest.mark.parametrize("name", KNOWN)
def test_an_exact_match_names_the_mistake(name: str) -> None:
    """An answer that equals one mistake's is that mistake, up to the order of summation."""
    assert match_answer(KNOWN[name] * (1 + 1e-14), EXPECTED, KNOWN) == (Combination((name,)),)


def test_two_errors_that_add_up_are_both_named() -> None:
    """The sum of two mistakes' errors names both."""
    both = KNOWN["a"] + KNOWN["c"] - EXPECTED
    assert match_answer(both, EXPECTED, KNOWN) == (Combination(("a", "c")),)


def test_two_constant_factors_that_multiply_are_both_named() -> None:
    """A factor on top of another mistake names both."""
    known = {"half": EXPECTED / 2, "negative": -EXPECTED}
    assert match_answer(-EXPECTED / 2, EXPECTED, known) == (Combination(("half", "negative")),)


def test_factors_are_never_summed() -> None:
    """Minus one and four make minus four; the errors of both make two, which neither of them explains."""
    known = {"negative": -EXPECTED, "by batch": 4 * EXPECTED}
    assert match_answer(-4 * EXPECTED, EXPECTED, known) == (Combination(("negative", "by batch")),)
    assert match_answer(2 * EXPECTED, EXPECTED, known) == ()


@pytest.mark.parametrize("other", [np.zeros_like(EXPECTED), KNOWN["a"]])
def test_zeros_and_twins_add_up_to_nothing(other: np.ndarray) -> None:
    """Two mistakes of which one answers zeros, or both the same, are not named as a pair."""
    known = {"one": other, "two": other.copy(), "zeros": np.zeros_like(EXPECTED)}
    assert match_answer(2 * other - EXPECTED, EXPECTED, known) == ()
    assert match_answer(other - EXPECTED, EXPECTED, known) == ()


def test_mistakes_that_answer_alike_are_all_returned() -> None:
    """Which of two mistakes with the same answer it was is left to what else failed."""
    twins = match_answer(KNOWN["a"], EXPECTED, {**KNOWN, "twin": KNOWN["a"]})
    assert twins == (Combination(("a",)), Combination(("twin",)))


def test_another_shape_matches_a_mistake_of_that_shape() -> None:
    """A wrong shape can be a known mistake too, and is never added to another."""
    known = {**KNOWN, "transposed": EXPECTED.T}
    assert match_answer(EXPECTED.T.copy(), EXPECTED, known) == (Combination(("transposed",)),)
    assert match_answer(np.zeros((4, 3)), EXPECTED, known) == ()


@given(st.integers(0, 2**32 - 1))
def test_an_unknown_answer_stays_unexplained(seed: int) -> None:
    """Random answers match nothing."""
    assert match_answer(np.random.default_rng(seed).normal(size=(3, 4)), EXPECTED, KNOWN) == ()


REACH = {"loss": 1, "grads": 1, "both": 2, "twin": 1}


def suspicion(explained: str, *names: str) -> Suspicion:
    """Return that these mistakes explain some checks, one letter each."""
    return Suspicion(Combination(names), frozenset(explained))


@pytest.mark.parametrize(
    ("suspected", "named"),
    [
        # It explains more than the other, so it is named wherever it shows.
        ([suspicion("abc", "both"), suspicion("ab", "grads")], {"a": "both", "b": "both", "c": "both"}),
        # Two faults that show in different checks are both named.
        ([suspicion("ab", "grads"), suspicion("c", "loss")], {"a": "grads", "b": "grads", "c": "loss"}),
        # What another explains better is left to it; the rest is not.
        (
            [suspicion("abc", "both"), suspicion("cd", "loss")],
            {"a": "both", "b": "both", "c": "both", "d": "loss"},
        ),
        # Two that explain as much cannot be told apart, and nothing is said.
        ([suspicion("ab", "grads"), suspicion("bc", "loss")], {}),
        ([suspicion("ab", "grads"), suspicion("ab", "twin"), suspicion("c", "loss")], {"c": "loss"}),
        # Where the other part did not run, the more far-reaching one is named.
        ([suspicion("ab", "grads"), suspicion("ab", "both")], {"a": "both", "b": "both"}),
        ([], {}),
    ],
)
def test_what_explains_most_is_named(suspected: list[Suspicion], named: dict[str, str]) -> None:
    """Each check is given to the mistake that explains most; equally good ones leave it unnamed."""
    chosen = choose(suspected, REACH)
    assert {check: match.names[0] for check, match in chosen.items()} == named


def test_one_mistake_explains_better_than_two() -> None:
    """Where one mistake is enough, a pair is not named."""
    chosen = choose([suspicion("ab", "loss", "grads"), suspicion("ab", "both")], REACH)
    assert set(chosen.values()) == {Combination(("both",))}


@pytest.mark.parametrize(
    ("answer", "identifies"),
    [
        (np.array([1.0, 2.5]), True),
        (np.array(2.302), True),
        (np.zeros((4, 3, 0, 0)), True),
        (np.array(0.0), False),
        (np.array(4), False),
        (np.zeros((2, 3)), False),
        (np.full((2, 3), 0.7), True),
        (np.full((2, 3), -1.0), False),
        (np.array([1.0, np.nan]), False),
        (np.array([np.nan, np.nan]), False),
        (np.array([1.5, np.nan]), True),
        (np.array(np.nan), False),
        (np.array(np.inf), False),
        (np.zeros(0), False),
    ],
)
def test_constants_identify_nothing(answer: np.ndarray, identifies: bool) -> None:
    """Zeros, other whole numbers and NaN come from anything; an empty image comes from one way of cropping."""
    right = np.ones((4, 3, 5, 5)) if answer.ndim == 4 else np.ones_like(answer)
    assert Seen("part", answer, right).identifies is identifies


SMALLER = "max_pool_forward_window_too_small"
OF_TWO = "max_pool_forward_windows_of_two"


@pytest.fixture(scope="module")
def grader(grader_in) -> Grader:
    """Return the convolutional assignment's grader."""
    return grader_in(Isolation.B)


@pytest.fixture(scope="module")
def bank(grader: Grader) -> dict[str, Mistake]:
    """Return the assignment's mistakes by name."""
    return {each.name: each for each in load_mistakes(grader.assignment.folder)}


def said_of(grader: Grader, mistake: Mistake, known: Sequence[Mistake]) -> set[str]:
    """Run the checks of a mistake's parts on it, and return what is said when these mistakes are known."""
    student = trusted_student(as_modules(mistake, grader.modules))
    context = CheckContext(grader.assignment, student, grader.reference, b"seed", {})
    records = run_checks(context, lambda mark, _check_id: mark.part in mistake.parts)
    return set(explain(records, context, known, grader.modules).values())


def test_a_known_mistake_is_named(grader: Grader, bank: dict[str, Mistake]) -> None:
    """Each of two mistakes that answer alike where windows are 3 x 3 is told from the other."""
    for name in (SMALLER, OF_TWO):
        assert said_of(grader, bank[name], tuple(bank.values())) == {bank[name].sentence}


def test_passed_checks_rule_a_mistake_out(grader: Grader, bank: dict[str, Mistake]) -> None:
    """A mistake that answers alike in one check, but would have failed one that was passed, is not named."""
    assert said_of(grader, bank[OF_TWO], [bank[SMALLER]]) == set()


# --- faults of real submissions ------------------------------------------------------------------------------------

Edit = tuple[str, str, str]
CNN, CONV = "nndl/cnn.py", "nndl/conv_layers.py"
NETWORK, POOL, NORM = "ThreeLayerConvNet", "max_pool", "spatial_batchnorm"

PLACE = "row, column = np.unravel_index(np.argmax(window), window.shape)"
ADDS = "dx[n, c, top + row, left + column] += dout[n, c, i, j]"
REGULARISED = "                grads[name] += self.reg * weights\n"

TALL = (
    CONV,
    PLACE,
    "place = int(np.argmax(window)); column = place % pool_width; row = (place - column) // pool_height",
)
COLUMNS = (
    CONV,
    "W_out = 1 + (W - pool_width) // stride\n    out = np.zeros((N, C, H_out, W_out)",
    "W_out = 1 + (W - pool_height) // stride\n    out = np.zeros((N, C, H_out, W_out)",
)
ASSIGNS = (CONV, ADDS, ADDS.replace("+=", "="))
ASSIGNS_WINDOW = (
    CONV,
    ADDS,
    "share = np.zeros(window.shape); share[row, column] = dout[n, c, i, j]\n"
    "                    dx[n, c, top : top + pool_height, left : left + pool_width] = share",
)
PASSES_NOTHING = (CONV, ADDS, "pass")
PROBABILITIES = (
    CNN,
    "        if y is None:\n            return scores\n",
    "        if y is None:\n            e = np.exp(scores - scores.max(axis=1, keepdims=True))\n"
    "            return e / e.sum(axis=1, keepdims=True)\n",
)
LOSS_RESET = (
    (
        CNN,
        "        loss, dscores = softmax_loss(scores, y)\n",
        "        other, dscores = softmax_loss(scores, y)\n",
    ),
    (CNN, "loss += 0.5 * self.reg * np.sum(weights**2)\n", "other += 0.5 * self.reg * np.sum(weights**2)\n"),
)
SCALES = (CNN, REGULARISED, "                grads[name] *= 1 + self.reg\n")
LOSS_ONLY = (CNN, REGULARISED, "")
ROW = (
    CNN,
    "        return loss, grads\n",
    "        grads['b2'] = grads['b2'][None]\n        return loss, grads\n",
)
MIXED_FORWARD = """def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    out, cache = batchnorm_forward(x.reshape(-1, x.shape[1]), gamma, beta, bn_param)
    return out.reshape(x.shape), cache


def spatial_batchnorm_backward(dout, cache):
    dx, dgamma, dbeta = batchnorm_backward(dout.reshape(-1, dout.shape[1]), cache)
    return dx.reshape(dout.shape), dgamma, dbeta
"""
HALF_MOVED = """def spatial_batchnorm_forward(x, gamma, beta, bn_param):
    N, C, H, W = x.shape
    flat, cache = batchnorm_forward(x.reshape(-1, C), gamma, beta, bn_param)
    return flat.T.reshape(C, N, H, W).transpose(1, 0, 2, 3), cache


def spatial_batchnorm_backward(dout, cache):
    N, C, H, W = dout.shape
    dx, dgamma, dbeta = batchnorm_backward(dout.transpose(1, 0, 2, 3).reshape(C, -1).T, cache)
    return dx.reshape(N, C, H, W), dgamma, dbeta
"""


@pytest.fixture(scope="module")
def named_in(grader: Grader) -> Callable[..., dict[str, str]]:
    """Return a function from changes of the solution to the failed checks of some parts, and what is named there."""
    sources = {
        path_of(module): Path(str(module.__file__)).read_text("utf-8") for module in grader.modules.values()
    }
    names = {each.sentence: each.name for each in grader.mistakes}

    def named(parts: str, *edits: Edit, behind: str = "") -> dict[str, str]:
        files = dict(sources)
        for path, old, new in edits:
            assert old in files[path]
            files[path] = files[path].replace(old, new, 1)
        files[CONV] += behind
        modules = rebuild({path: text.encode() for path, text in files.items()})
        student, twin = (
            trusted_student(defining_modules(grader.assignment.symbols, modules.values())) for _ in range(2)
        )
        context = CheckContext(grader.assignment, student, grader.reference, b"seed", dict(NOTHING_TO_GRADE))
        records = run_checks(context, lambda mark, _check_id: mark.part.startswith(parts))
        found = explain(records, context, grader.mistakes, grader.modules)
        # Inputs that all submissions share only spare mistakes that would not have been named.
        assert found == explain(records, context, grader.mistakes, grader.modules, grader.elsewhere(twin))
        failed = [
            each.id
            for each in records
            if not each.verdict.outcome.earns and each.mark.part != f"{NETWORK}.speed"
        ]
        return {check_id: names.get(found.get(check_id, ""), found.get(check_id, "")) for check_id in failed}

    return named


@pytest.mark.parametrize(
    ("parts", "edits", "behind", "name"),
    [
        pytest.param(POOL, [TALL], "", "max_pool_backward_row_by_height", id="a row by the height"),
        pytest.param(POOL, [COLUMNS], "", "max_pool_forward_columns_by_height", id="columns by the height"),
        pytest.param(POOL, [ASSIGNS], "", "max_pool_backward_assigns", id="assigned"),
        pytest.param(
            POOL, [ASSIGNS_WINDOW], "", "max_pool_backward_assigns_windows", id="whole windows assigned"
        ),
        pytest.param(NETWORK, [PROBABILITIES], "", "network_scores_as_probabilities", id="probabilities"),
        pytest.param(NETWORK, [SCALES], "", "network_reg_scales_gradients", id="scaled"),
        pytest.param(NETWORK, [LOSS_ONLY], "", "network_reg_in_loss_only", id="in the loss alone"),
        pytest.param(NORM, [], MIXED_FORWARD, "batchnorm_flattened_without_moving_channels", id="mixed"),
        pytest.param(NORM, [], HALF_MOVED, "batchnorm_channels_moved_on_one_way_only", id="half moved"),
        # A part by itself loses nothing: the other parts that the mistake spoils did not run.
        pytest.param(
            f"{NORM}_forward",
            [],
            MIXED_FORWARD,
            "batchnorm_flattened_without_moving_channels",
            id="one part alone",
        ),
    ],
)
def test_a_mistake_is_named_on_every_check_it_shows_in(named_in, parts, edits, behind, name) -> None:
    """A fault is recognised in its usual spellings, on every check that failed, of either scope."""
    named = named_in(parts, *edits, behind=behind)
    assert named and set(named.values()) == {name}


def test_two_faults_in_one_part_are_both_named(named_in) -> None:
    """Each of two faults is named on the checks where it shows."""
    named = named_in(NETWORK, SCALES, ROW)
    rows = {check_id: name for check_id, name in named.items() if "b2" in check_id}
    assert set(rows.values()) == {"network_bias_gradient_in_a_row"}
    assert {name for check_id, name in named.items() if check_id not in rows} == {
        "network_reg_scales_gradients"
    }


def test_zeros_are_not_taken_for_a_mistake_that_gives_zeros(named_in) -> None:
    """A loss that is always zero is not what is zero at one value of reg alone; another fault is named beside it."""
    assert set(named_in(NETWORK, *LOSS_RESET).values()) == {""}
    both = named_in(NETWORK, PROBABILITIES, *LOSS_RESET)
    assert set(both.values()) == {"", "network_scores_as_probabilities"}
    assert set(named_in(POOL, PASSES_NOTHING).values()) == {""}
