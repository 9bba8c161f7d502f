"""Which answers are alike, and which only look so."""

from __future__ import annotations

import ast
import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

import grader.reporting.similarity as similarity_module
from grader.intake.source import plain_code, read_source, with_helpers
from grader.reporting.similarity import (
    LENGTH,
    AnswerTokeniser,
    TokenisedAnswer,
    compare_class,
    shared_slices,
    similarity_matrix,
    tokens_of,
)
from grader.reporting.similarity_pages import marked

LOOPS = '''
def conv(x, w, b, conv_param):
    """Convolve."""
    stride, pad = conv_param["stride"], conv_param["pad"]
    padded = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((len(x), len(w), 1 + (x.shape[2] + 2 * pad - w.shape[2]) // stride, 4))
    for n in range(len(x)):
        for f in range(len(w)):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    window = padded[n, :, i * stride:i * stride + w.shape[2], j * stride:j * stride + w.shape[3]]
                    out[n, f, i, j] = np.sum(window * w[f]) + b[f]
    return out, (x, w, b, conv_param)
'''
RENAMED = (
    LOOPS.replace('"""Convolve."""', "# my own work")
    .replace("padded", "p")
    .replace("window", "q")
    .replace("range(len(x)):", "range( len(x) ):  # images")
    .replace("out", "result")
)
EINSUM = """
def conv(x, w, b, conv_param):
    windows = sliding_window_view(np.pad(x, widths(conv_param)), w.shape[2:], axis=(2, 3))
    steps = slice(None, None, conv_param["stride"])
    return np.einsum("nchwij,fcij->nfhw", windows[:, :, steps, steps], w) + b[:, None, None], None

def widths(param):
    side = param["pad"], param["pad"]
    return [(0, 0), (0, 0), side, side]
"""


def answer(
    owner: str, source: str, given: str = "def conv(x, w, b, conv_param):\n    return None\n"
) -> TokenisedAnswer:
    """Return an answer to `conv`, where `given` was handed out."""
    stub = read_source("stub", given.encode()).definitions
    text = plain_code(with_helpers("conv", read_source("answer", source.encode()).definitions, stub))
    return AnswerTokeniser.of({"conv": plain_code((stub["conv"],))}).answer(owner, "conv", text)


def similarity(one: TokenisedAnswer, other: TokenisedAnswer) -> float:
    """Return how alike two answers are."""
    return float(similarity_matrix([one, other])[0][0, 1])


def with_runs(owner: str, runs: set[int] | frozenset[int], symbol: str = "conv") -> TokenisedAnswer:
    """Return an answer that has these runs."""
    return TokenisedAnswer(owner, symbol, "", repr(sorted(runs)).encode(), np.array(sorted(runs), np.uint64))


def test_new_names_comments_and_layout_hide_nothing() -> None:
    """The same answer in other words is the same answer."""
    one, other = answer("ada", LOOPS), answer("bob", RENAMED)
    assert one.code != other.code
    assert similarity(one, other) == 1
    (same,) = compare_class([one, other], []).same
    assert same.owners == ("ada", "bob")


def test_answers_in_another_way_are_not_alike() -> None:
    """Two right answers to one question share little."""
    assert similarity(answer("ada", LOOPS), answer("emmy", EINSUM)) < 0.2


def test_what_was_handed_out_does_not_make_answers_alike() -> None:
    """Where all that two answers share stood in the stub, they share nothing."""
    given = LOOPS.replace("return out, (x, w, b, conv_param)", "return None")
    mine = LOOPS.replace("return out", "out = out.astype(x.dtype); out += np.float32(0); return out.copy()")
    theirs = LOOPS.replace(
        "return out", "assert out.ndim == 4 and len(out) == len(x), 'the batch is kept'; return +out"
    )
    assert similarity(answer("ada", mine), answer("bob", theirs)) > 0.8
    assert similarity(answer("ada", mine, given), answer("bob", theirs, given)) < 0.3


def test_helpers_that_an_answer_uses_belong_to_it_and_others_do_not() -> None:
    """Own functions are followed by their names; unused ones and other judged answers stay out."""
    text = "def conv(x): return helper(x)\ndef helper(x): return pool(x)\ndef pool(x): return x\ndef unused(): pass\n"
    definitions = read_source("answer", text.encode()).definitions
    found = [each.name for each in with_helpers("conv", definitions, {"conv", "pool"})]
    assert found == ["conv", "helper"]


def test_pairs_are_listed_beyond_what_independent_answers_reach() -> None:
    """A pair that is less alike than two independent answers is not listed; a closer one is, with where."""
    half = LOOPS.replace(
        "np.sum(window * w[f]) + b[f]", "(window * w[f]).sum(axis=(0, 1, 2)) + b[f] * np.ones(1)[0]"
    )
    ours = [answer("ada", LOOPS), answer("bob", half)]
    independent = [answer(name, text) for name, text in (("s", LOOPS), ("v", half), ("w", EINSUM))]
    assert compare_class(ours, independent).pairs == ()
    found = compare_class(ours, [answer("s", LOOPS), answer("w", EINSUM)])
    assert [(pair.one, pair.other, pair.alike[0][0]) for pair in found.pairs] == [("ada", "bob", "conv")]


def test_what_only_two_share_ranks_before_what_everybody_has() -> None:
    """In a class that has one answer from the same source, two with a second one in common come first."""
    common = [answer(f"s{n}", LOOPS) for n in range(8)]
    odd = EINSUM.replace("side = ", "side = np.abs(conv_offsets(param)[0]) + 0 * param['stride'] and ")
    pair = [
        answer("x", LOOPS + odd.replace("def conv", "def own")),
        answer("y", LOOPS + odd.replace("def conv", "def own")),
    ]
    pair = [replace(each, own=np.union1d(each.own, answer("z", odd).own)) for each in pair]
    found = compare_class([*common, *pair], [])
    assert (found.pairs[0].one, found.pairs[0].other) == ("x", "y")
    assert found.pairs[0].rare > 0 == found.pairs[1].rare


def test_a_short_answer_is_not_compared() -> None:
    """One line proves nothing, so nobody is listed for it."""
    short = "def conv(x, w, b, conv_param):\n    return fast(x, w, b, conv_param)\n"
    found = compare_class([answer("ada", short), answer("bob", short)], [])
    assert (found.pairs, found.same, found.symbols[0].short) == ((), (), 2)


@settings(max_examples=25)
@given(st.lists(st.sets(st.integers(0, 60)), min_size=1, max_size=9))
def test_all_pairs_at_once_are_what_each_pair_is_alone(sets) -> None:
    """The product of the incidence matrix counts exactly what two sets share."""
    answers = [with_runs(str(n), each) for n, each in enumerate(sets)]
    alike, rare = similarity_matrix(answers)
    for one, other in itertools.combinations(range(len(sets)), 2):
        shared = sets[one] & sets[other]
        assert alike[one, other] == pytest.approx(len(shared) / max(min(len(sets[one]), len(sets[other])), 1))
        assert rare[one, other] == sum(sum(run in each for each in sets) <= 2 for run in shared)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(
            *2 * [st.none() | st.sets(st.integers(0, 90), min_size=40) | st.just(frozenset(range(60)))]
        ),
        min_size=2,
        max_size=9,
    )
)
def test_blocks_of_a_class_say_what_it_says_as_a_whole(sets) -> None:
    """However few rows are looked at a time, pairs, their order, similarities and counts come out the same."""
    answers = [
        with_runs(f"s{n}", own, symbol)
        for n, each in enumerate(sets)
        for symbol, own in zip(("conv", "pool"), each, strict=True)
        if own is not None
    ]
    whole = compare_class(answers, [])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(similarity_module, "_BLOCK", 8)
        parts = compare_class(answers, [])
    assert (whole.pairs, whole.pairs_beyond, whole.same) == (parts.pairs, parts.pairs_beyond, parts.same)
    for one, other in zip(whole.symbols, parts.symbols, strict=True):
        assert one.beyond == other.beyond
        assert np.array_equal(one.pairs, other.pairs)
        assert one.pairs.sum() == one.answers * (one.answers - 1) // 2


def test_marks_cover_what_is_shared_and_keep_the_code() -> None:
    """Marked code is the code, escaped; the marks lie on the loops that both have."""
    one, other = answer("ada", LOOPS), answer("bob", RENAMED + "\n")
    text = str(marked(one, np.intersect1d(one.own, other.own)))
    assert "<mark>" in text
    assert text.replace("<mark>", "").replace("</mark>", "").replace("&#39;", "'") == one.code
    nothing = marked(one, np.zeros(0, np.uint64))
    assert "<mark>" not in nothing


def test_hostile_code_is_escaped() -> None:
    """Markup in a student's string stays text."""
    one = answer(
        "ada", LOOPS.replace("Convolve", "x").replace('conv_param["pad"]', 'conv_param["</pre><script>"]')
    )
    assert "<script>" not in marked(one, one.own)


def test_tokens_keep_what_a_name_is_and_not_what_it_says() -> None:
    """Own names, functions, classes and strings are letters; keywords, built-ins, numbers and operators stay."""
    code = (
        "class Net(Base):\n    def step(self, rate=0.1):  # once\n        return len('two words') ** rate\n"
    )
    tokens = tokens_of(code)
    assert tokens.letters == 'classO(V):defF(self,V=0.1):returnlen("S")**V'
    stood_for = [code[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    assert stood_for[5:9] == ["Net", "(", "Base", ")"]
    assert stood_for[tokens.letters.index("S")] == "two words"


def test_marks_begin_and_end_with_the_runs_that_are_shared() -> None:
    """A changed line in the middle stays unmarked; runs that overlap are one mark."""
    lines = [f"total = total + first[{n}] * second[{n}] - third[{n}] / fourth[{n}]" for n in range(5)]
    changed = [*lines[:2], "while True: break", *lines[3:]]
    one, other = tokens_of("\n".join(lines)), tokens_of("\n".join(changed))
    found = [one.code[start:end] for start, end in shared_slices(one, other.distinct)]
    assert found == ["\n".join(lines[:2]), "\n".join(lines[3:])]
    assert shared_slices(one, np.zeros(0, np.uint64)) == []
    assert shared_slices(one, one.distinct) == [(0, len(one.code))]


@given(st.text(max_size=200))
def test_any_text_has_tokens_that_depend_on_it_alone(text: str) -> None:
    """Tokens are made without an error, the same each time, and slices lie within the code."""
    one, other = tokens_of(text), tokens_of(text)
    assert np.array_equal(one.hashes, other.hashes)
    assert len(one.hashes) == max(len(one.letters) - LENGTH + 1, 0)
    assert all(0 <= start < end <= len(one.code) for start, end in shared_slices(one, one.hashes))


def test_docstrings_are_no_part_of_an_answer() -> None:
    """What documents a function is left out, in inner functions too."""
    nodes = tuple(each for each in ast.parse('def f():\n    "doc"\n    def g():\n        "doc"\n').body)
    assert "doc" not in plain_code(nodes)
