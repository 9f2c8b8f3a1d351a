"""What the network is given: word pieces, and what each is to the message."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("numpy", reason="the trained rewriter needs the extra: pip install 'antecedent[local]'")

from dialog.interpret.edit import chinese
from dialog.interpret.edit.chinese import CUTS, cuts_of
from dialog.interpret.edit.features import MAX_PIECES, TooLong, features_of
from dialog.interpret.edit.window import LATEST_WORDS
from dialog.interpret.edit.wordpiece import WordPieces
from tests.interpret.edit.parts import window

PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "it", "is", "?", "cafe", "酒", "店")
SPELLING = WordPieces(PIECES)


@pytest.mark.parametrize(
    ("word", "pieces"),
    [
        ("unaffable", ("un", "##aff", "##able")),
        ("It", ("it",)),
        ("Café", ("cafe",)),
        ("is?", ("is", "?")),
        ("酒", ("酒",)),
        ("unknowable", ("[UNK]",)),
    ],
)
def test_a_word_is_spelt_by_its_longest_pieces(word: str, pieces: tuple[str, ...]) -> None:
    assert tuple(PIECES[n] for n in SPELLING.spell(word)) == pieces


@given(st.text(max_size=30))
def test_every_word_has_a_spelling(word: str) -> None:
    assert SPELLING.spell(word)


def test_a_vocabulary_without_its_special_pieces_is_refused() -> None:
    with pytest.raises(ValueError, match=r"\[SEP\]"):
        WordPieces(("[PAD]", "[UNK]", "[CLS]", "it"))


def test_words_said_before_are_marked_on_both_sides() -> None:
    read = window("is it unaffable?", "酒店", message="is it?")
    found = features_of(read, SPELLING)
    marks = [found.marks[n] for n in found.first]
    assert marks == [1, 1, 0, 1, 0, 0, 2, 2, 2]
    assert [found.pairs[n] for n in found.first] == [1, 1, 0, 0, 0, 0, 1, 1, 0]


def test_each_word_knows_its_pieces_and_the_message_its_edges() -> None:
    read = window("unaffable", message="is it")
    found = features_of(read, SPELLING)
    spelt = [PIECES[n] for n in found.pieces]
    assert spelt == ["[CLS]", "un", "##aff", "##able", "[SEP]", "is", "it", "[SEP]"]
    assert (found.first.tolist(), found.last.tolist()) == ([1, 5, 6], [3, 5, 6])
    assert [spelt[n] for n in found.edges] == ["[SEP]", "[SEP]"]
    assert found.edges == (4, 7)


def test_chinese_characters_know_whether_they_begin_a_word_and_of_which_class() -> None:
    text = "我去北京看it"
    go, see = (cuts_of(word)[0] for word in ("去", "看"))
    begins, goes_on = cuts_of("北京")
    assert goes_on == begins + 1
    assert cuts_of(text)[1:] == (go, begins, goes_on, see, 0, 0)
    assert go == see != begins
    assert max(cuts_of("这个，三天后的3D电影和了吗？！")) < CUTS
    read = window(text, message="北京呢?")
    found = features_of(read, SPELLING)
    assert [found.cuts[n] for n in found.first[2:4]] == [begins, goes_on]
    assert found.cuts[0] == found.cuts[-1] == 0


def test_where_no_library_cuts_chinese_no_border_is_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    cuts_of.cache_clear()
    monkeypatch.setattr(chinese, "tagger", lambda: None)
    assert set(cuts_of("我去北京")) == {0}
    cuts_of.cache_clear()


@given(st.text(max_size=30))
def test_every_character_has_its_cut(text: str) -> None:
    assert len(cuts_of(text)) == len(text)


def test_a_message_too_long_to_be_read_is_refused_not_cut() -> None:
    with pytest.raises(TooLong):
        features_of(window("it is", message="is it " * MAX_PIECES), SPELLING)


def test_of_a_long_reply_the_sentences_about_the_message_are_kept() -> None:
    filler = "Nothing to see here at all today. " * 30
    read = window(
        "hello there", f"First of all. {filler}The harbour museum opens at nine. {filler}", message="harbour?"
    )
    reply = read.passages[1]
    kept = " ".join(word.text for word in reply.words)
    assert len(reply.words) <= LATEST_WORDS
    assert "First of all" in kept
    assert "The harbour museum opens at nine" in kept
