"""Decisions are always ones that can be rendered, whatever numbers the network gives."""

# ruff: noqa: E402 (what is imported below needs numpy)
from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

np = pytest.importorskip("numpy", reason="the trained rewriter needs the extra: pip install 'antecedent[local]'")

from dialog.interpret.edit.align import aligned
from dialog.interpret.edit.decode import Chain, _once, decide
from dialog.interpret.edit.features import Features, features_of
from dialog.interpret.edit.head import NAMES, Floats, Head
from dialog.interpret.edit.labels import GLUE_WORDS, MAX_ITEMS, MAX_SPAN, Copy, Glue
from dialog.interpret.edit.render import rendered
from dialog.interpret.edit.window import Window
from dialog.interpret.edit.wordpiece import WordPieces
from dialog.interpret.edit.words import is_mark, words_of
from tests.interpret.edit.parts import window

D, K = 6, 4
SHAPES = {
    "gap.weight": (K, 2 * D),
    "gap.bias": (K,),
    "start.weight": (K, D),
    "end.weight": (K, D),
    "end_query.weight": (K, 2 * K),
    "end_query.bias": (K,),
    "end_distance": (MAX_SPAN,),
    "glue": (len(GLUE_WORDS), K),
    "none.weight": (1, K),
    "update.weight": (2 * K, 2 * K),
    "update.bias": (2 * K,),
    "item.weight": (K, 2 * D),
    "item.bias": (K,),
    "delete.weight": (K, D + 2 * K),
    "delete.bias": (K,),
    "delete_out.weight": (1, K),
    "delete_out.bias": (1,),
    "change.weight": (1, D + K),
    "change.bias": (1,),
    "start_bias": (1,),
}
SPELLING = WordPieces(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "rome", "hotel", "it", "the", "?"])
READS = (
    window("A cheap hotel in Rome, please.", "Hotel Aurora (in Rome) is free.", message="how much is it?"),
    window("全聚德怎么样？", "很好吃。", message="它的电话是多少"),
    window("St. Louis is warm. Is it?", message="it"),
)


def head(seed: int, scale: float) -> Head:
    numbers = np.random.default_rng(seed)
    assert set(SHAPES) == set(NAMES)
    return Head({name: numbers.normal(size=shape) * scale for name, shape in SHAPES.items()})


def states_of(read: Window, seed: int) -> tuple[Floats, Features]:
    """Random states for the pieces of `read`, and its features."""
    features = features_of(read, SPELLING)
    return np.random.default_rng(seed + 1).normal(size=(len(features.pieces), D)).astype(np.float32), features


@given(st.integers(0, 10_000), st.sampled_from(READS), st.sampled_from((1.0, 4.0)), st.sampled_from((0.3, 0.5, 0.9)))
def test_any_numbers_give_labels_that_can_be_rendered(seed: int, read: Window, scale: float, nothing: float) -> None:
    states, features = states_of(read, seed)
    found = decide(head(seed, scale), states, features, read, nothing=nothing)
    assert found.log_probability <= 0
    assert found.weakest <= 0
    allowed = set(read.keys) | set(GLUE_WORDS)
    assert {word.key for word in words_of(rendered(read, found.labels))} <= allowed
    for gap, chain in enumerate(found.labels.inserted):
        assert len(chain) <= MAX_ITEMS
        assert len(set(chain)) == len(chain)
        for item in chain:
            if isinstance(item, Copy):
                assert item.start < item.end <= min(read.run_end[item.start], item.start + MAX_SPAN)
                assert not is_mark(read.words[item.start].text)
        following = [w for w, gone in zip(read.message.words, found.labels.deleted, strict=True) if not gone]
        if chain == found.labels.inserted[-1] and gap == len(found.labels.deleted) and following:
            assert not (isinstance(chain[-1:] and chain[-1], Glue) and GLUE_WORDS[chain[-1].n] == "the")


def test_weights_of_another_list_of_glue_words_are_refused() -> None:
    numbers = {name: np.zeros(shape) for name, shape in SHAPES.items()}
    with pytest.raises(ValueError, match="glue words"):
        Head(numbers | {"glue": np.zeros((3, K))})
    with pytest.raises(ValueError, match=r"lack glue"):
        Head({name: value for name, value in numbers.items() if name != "glue"})


@given(st.integers(0, 10_000), st.sampled_from(READS))
def test_a_rewrite_that_is_decided_is_as_likely_when_a_rival_proposes_it(seed: int, read: Window) -> None:
    states, features = states_of(read, seed)
    alone = decide(head(seed, 1.0), states, features, read)
    text = rendered(read, alone.labels)
    if aligned(read, text).labels == alone.labels:
        again = decide(head(seed, 1.0), states, features, read, rivals=(text,))
        assert again.rivals == (pytest.approx(alone.log_probability, abs=1e-3),)


def test_a_rival_that_nobody_could_make_of_the_conversation_has_no_likelihood() -> None:
    read = READS[0]
    states, features = states_of(read, 1)
    decided = decide(head(1, 1.0), states, features, read, rivals=("how much is Hotel Excelsior?", read.message.text))
    assert decided.rivals[0] == -math.inf
    assert -math.inf < decided.rivals[1] < 0
    assert decided.log_probability < 0


@given(st.integers(0, 1_000))
def test_the_likelihoods_of_rewrites_that_exclude_one_another_are_no_more_than_one_in_all(seed: int) -> None:
    read = READS[0]
    states, features = states_of(read, seed)
    rivals = [f"how much is {thing}?" for thing in ("it", "the it", "Rome", "hotel", "Hotel Aurora")]
    decided = decide(head(seed, 1.0), states, features, read, rivals=rivals)
    assert sum(math.exp(each) for each in decided.rivals) <= 1 + 1e-6


def added(read: Window, words: str, *, opened: float) -> Chain:
    """A chain that puts in `words` from where the conversation has them first."""
    keys = list(words)
    start = next(k for k in range(len(read.keys)) if list(read.keys[k : k + len(keys)]) == keys)
    return Chain((Copy(start, start + len(keys)),), -0.1, opened)


NOTHING = Chain((), -0.1)


def test_two_chinese_names_that_share_a_character_both_come_in() -> None:
    read = window("你喜欢张艺谋还是张国荣", message="和比呢")
    chains = [added(read, "张艺谋", opened=0.9), added(read, "张国荣", opened=0.6), NOTHING, NOTHING]
    assert _once([False] * 3, chains, read) == chains


def test_a_chinese_name_that_would_come_in_twice_comes_in_where_it_is_likelier() -> None:
    read = window("你喜欢张艺谋还是张国荣", message="和比呢")
    chains = [added(read, "张艺谋", opened=0.6), added(read, "张艺谋", opened=0.9), NOTHING, NOTHING]
    assert _once([False] * 3, chains, read) == [NOTHING, chains[1], NOTHING, NOTHING]
