"""Whatever is decided, a rewrite holds only words of the conversation and of the closed list; and what a known rewrite
needs is found again by rendering its labels."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialog.interpret.edit.align import aligned
from dialog.interpret.edit.labels import GLUE_WORDS, MAX_ITEMS, Copy, Glue, Labels, no_edit
from dialog.interpret.edit.render import edits_of, rendered
from dialog.interpret.edit.window import HISTORY_WORDS, Window
from dialog.interpret.edit.words import keys_of, words_of
from dialog.rewrite import apply_edits, rewritten
from tests.interpret.edit.parts import window

ENGLISH = ("what", "is", "the", "Rome", "price", "of", "it", "Blue Lantern", ",", "?", "in", "hotel", "cheap", "'s")
CHINESE = ("酒店", "的", "价格", "它", "多少", "，", "？", "在", "北京", "KTV", "3")
texts = st.one_of(
    st.lists(st.sampled_from(ENGLISH), min_size=1, max_size=12).map(" ".join),
    st.lists(st.sampled_from(CHINESE), min_size=1, max_size=12).map("".join),
)
windows = st.builds(
    lambda said, message: window(*said, message=message),
    st.lists(texts, max_size=4),
    texts,
)


@st.composite
def decisions(draw: st.DrawFn) -> tuple[Window, Labels]:
    """A window and any labels that the decoder could give it."""
    read = draw(windows)
    n = len(read.message.words)

    @st.composite
    def copies(draw: st.DrawFn) -> Copy:
        start = draw(st.integers(0, len(read.words) - 1))
        return Copy(start, draw(st.integers(start + 1, read.run_end[start])))

    items = st.one_of(copies(), st.integers(0, len(GLUE_WORDS) - 1).map(Glue))
    gaps = st.lists(items, max_size=MAX_ITEMS).map(tuple)
    deleted = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    inserted = draw(st.lists(gaps, min_size=n + 1, max_size=n + 1))
    return read, Labels(tuple(deleted), tuple(inserted))


@given(decisions())
def test_every_inserted_piece_is_a_span_of_its_source_or_on_the_closed_list(made: tuple[Window, Labels]) -> None:
    read, labels = made
    for edit in edits_of(read, labels):
        for piece in edit.pieces:
            if piece.source.kind == "glue":
                assert piece.text == " " or piece.text in GLUE_WORDS
            else:
                span = piece.source.span
                assert span is not None
                assert any(
                    piece.text == passage.text[span.start : span.end]
                    for passage in read.passages
                    if passage.origin == piece.source.model_copy(update={"span": None})
                )


@given(decisions())
def test_no_word_comes_from_outside_the_conversation_and_the_closed_list(made: tuple[Window, Labels]) -> None:
    read, labels = made
    allowed = set(read.keys) | set(GLUE_WORDS)
    assert {word.key for word in words_of(rendered(read, labels))} <= allowed


@given(decisions())
def test_edits_are_in_order_and_give_the_rendered_text(made: tuple[Window, Labels]) -> None:
    read, labels = made
    edits = edits_of(read, labels)
    rewrite = rewritten(read.message.text, edits, confidence=0.5)
    assert rewrite.text == apply_edits(read.message.text, edits) == rendered(read, labels)
    assert all(edit.text != read.message.text[edit.span.start : edit.span.end] for edit in edits)


@given(windows)
def test_labels_that_decide_nothing_leave_every_character_alone(read: Window) -> None:
    assert rendered(read, no_edit(len(read.message.words))) == read.message.text


@settings(max_examples=300)
@given(decisions())
def test_rendering_the_labels_of_a_coverable_rewrite_gives_it_again(made: tuple[Window, Labels]) -> None:
    read, labels = made
    reference = rendered(read, labels)
    found = aligned(read, reference)
    if found.exact:
        assert keys_of(rendered(read, found.labels)) == keys_of(reference)


@given(windows)
def test_a_message_is_its_own_rewrite_without_any_edit(read: Window) -> None:
    found = aligned(read, read.message.text)
    assert found.exact
    assert found.labels.keep


@given(windows, st.text(max_size=40))
def test_any_reference_can_be_aligned_and_says_how_many_words_are_missing(read: Window, reference: str) -> None:
    found = aligned(read, reference)
    assert 0 <= found.missing <= len(words_of(reference))


@given(st.lists(st.text(max_size=400), max_size=8), st.text(max_size=200))
def test_what_is_read_is_bounded_and_lies_where_it_says(said: list[str], message: str) -> None:
    read = window(*said, message=message)
    assert len(read.words) - len(read.message.words) <= HISTORY_WORDS
    for passage in read.passages:
        assert all(passage.text[word.start : word.end] == word.text for word in passage.words)
        assert list(passage.words) == sorted(passage.words, key=lambda word: word.start)


@pytest.mark.parametrize(
    ("said", "message", "reference"),
    [
        (("Tell me about Y. A. Tittle.", "He played in San Francisco."), "Did he coach?", "Did Y. A. Tittle coach?"),
        (
            ("Find an Italian restaurant in Rome.",),
            "Is it open now?",
            "Is the Italian restaurant open now?",
        ),
        (("What is throat cancer?",), "What are its symptoms?", "What are the symptoms of throat cancer?"),
        (("全聚德怎么样？", "很好吃。"), "它的电话是多少？", "全聚德的电话是多少？"),
        (("你看过《活着》吗",), "没看过", "没看过活着"),
        (("directors ranked in top 10",), "what about bottom 5?", "directors ranked in bottom 5?"),
    ],
)
def test_rewrites_people_wrote_are_made_word_for_word(said: tuple[str, ...], message: str, reference: str) -> None:
    read = window(*said, message=message)
    found = aligned(read, reference)
    assert found.exact
    assert rendered(read, found.labels) == reference


def test_labels_must_fit_the_message() -> None:
    with pytest.raises(ValueError, match="the message has 2"):
        edits_of(window(message="two words"), no_edit(3))
