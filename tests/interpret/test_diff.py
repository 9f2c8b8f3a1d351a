"""Free text to edits: applied they give the rewrite, and no piece comes from nowhere."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dialog.interpret.align import TooLong, fold, gaps, tokens_of
from dialog.interpret.diff import Said, Unsourced, edits_of
from dialog.interpret.word_forms import ADDED_CHINESE, ADDED_ENGLISH, MARKS, is_same_number, is_same_word, number_in
from dialog.rewrite import Edit, Piece, apply_edits

SAID = [
    Said("What is the best Chinese restaurant in New York?", "user", "t1"),
    Said("1. Joe's Shanghai, 46 Bowery. 2. Thai Palace, open daily.", "reply", "t1"),
    Said("我想去北京吃烤鸭，南京也行", "user", "t2"),
    Said("四季民福不错，全聚德也可以", "reply", "t2"),
    Said("Los Angeles", "slot", name="city", whole=True),
]


def rewritten(text: str, rewrite: str) -> str:
    return apply_edits(text, edits_of(text, rewrite, SAID))


def pieces(text: str, rewrite: str) -> list[tuple[str, str]]:
    return [(piece.text, piece.source.kind) for edit in edits_of(text, rewrite, SAID) for piece in edit.pieces]


def words_at(piece: Piece, text: str, said: list[Said]) -> str:
    """The text that the piece's source points at."""
    source = piece.source
    if source.kind == "user" and source.turn_id is None:
        whole = text
    else:
        key = (source.kind, source.turn_id, source.name)
        whole = next(one.text for one in said if (one.kind, one.turn_id, one.name) == key)
    return whole if source.span is None else whole[source.span.start : source.span.end]


def is_true(piece: Piece, text: str, said: list[Said]) -> bool:
    """Whether the piece says what its source says, up to case, form and number words, or is on the closed lists."""
    if piece.source.kind == "glue":
        parts = piece.text.split()
        return all(part.casefold() in ADDED_ENGLISH or _is_added(part) for part in parts)
    words = words_at(piece, text, said)
    if is_same_number(piece.text, words):
        return True
    mine, theirs = [token.key for token in tokens_of(piece.text)], [token.key for token in tokens_of(words)]
    return mine[:-1] == theirs[:-1] and is_same_word(mine[-1], theirs[-1])


def _is_added(part: str) -> bool:
    """Whether the closed lists make up `part`."""
    if not part:
        return True
    ends = [
        n
        for n in range(1, len(part) + 1)
        if part[:n] in ADDED_CHINESE or part[:n] in MARKS or part[:n].casefold() in ADDED_ENGLISH
    ]
    return any(_is_added(part[n:]) for n in ends)


@pytest.mark.parametrize(
    ("text", "rewrite", "expected"),
    [
        ("Thai?", "the best Thai restaurant in New York?", "the best Thai restaurant in New York?"),
        ("is the second one open on Sunday?", "Is Thai Palace open on Sunday?", "is Thai Palace open on Sunday?"),
        ("第二家贵吗", "全聚德贵吗", "全聚德贵吗"),
        ("便宜点的", "北京便宜点的烤鸭", "北京便宜点的烤鸭"),
        ("unchanged", "Unchanged", "unchanged"),
        ("any more restaurants?", "any more restaurants in Los Angeles?", "any more restaurants in Los Angeles?"),
        ("for two", "restaurants for 2", "restaurants for 2"),
        ("its prices?", "Thai Palace's prices?", "Thai Palace's prices?"),
    ],
)  # fmt: skip
def test_a_rewrite_becomes_edits_over_the_users_words(text: str, rewrite: str, expected: str) -> None:
    assert rewritten(text, rewrite) == expected


def test_each_piece_names_where_it_was_said() -> None:
    assert pieces("is it open?", "is Thai Palace open?") == [("Thai Palace", "reply")]
    assert pieces("cheap food", "cheap food in Los Angeles") == [(" in ", "glue"), ("Los Angeles", "slot")]
    assert pieces("for two", "restaurants for 2")[-1] == ("2", "user")


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        ("is it open?", "is Golden Dragon open?"),
        ("is it open?", "is Thai Palace not open?"),
        ("where?", "where in Boston?"),
        ("where?", "where in New Angeles?"),
        ("where?", "where in Los Thai?"),
        ("where?", "where in Angeles?"),
        ("how much?", "how much is it?"),
        ("how many?", "how many for 47?"),
        ("贵吗", "上海贵吗"),
        ("贵吗", "京贵吗"),
        ("贵吗", "全北贵吗"),
        ("贵吗", "不贵吗"),
        ("what about thai?", "泰国菜呢"),
        ("price?", "price at https://evil.example?"),
    ],
)
def test_a_word_that_nobody_said_is_refused(text: str, rewrite: str) -> None:
    with pytest.raises(Unsourced) as refused:
        edits_of(text, rewrite, SAID)
    assert str(refused.value) == str(Unsourced("another word"))


VOCABULARY = "Boston cheap the hotels 2 two in restaurant，北 京 好 的 烤鸭 it's Joe's , ? is Zurich\n"
WORDS = st.sampled_from(VOCABULARY.split(" "))
TEXT = st.lists(WORDS, min_size=1, max_size=10).map(" ".join) | st.lists(WORDS, min_size=1, max_size=10).map("".join)


@given(text=TEXT, rewrite=TEXT, said=st.lists(TEXT, max_size=3))
@example(text="two", rewrite="2 hotels", said=["hotel"])
def test_every_source_is_true_and_the_edits_give_the_rewrite(text: str, rewrite: str, said: list[str]) -> None:
    sources = [Said(one, "user", f"t{number}") for number, one in enumerate(said)]
    try:
        edits = edits_of(text, rewrite, sources)
    except Unsourced:
        return
    assert [fold(token.text) for token in tokens_of(apply_edits(text, edits))] == [
        fold(token.text) for token in tokens_of(rewrite)
    ]
    for piece in (piece for edit in edits for piece in edit.pieces):
        assert is_true(piece, text, sources), piece


@given(text=st.text(max_size=30), rewrite=st.text(max_size=30), said=st.text(max_size=30))
def test_any_text_gives_edits_or_a_refusal(text: str, rewrite: str, said: str) -> None:
    try:
        edits = edits_of(text, rewrite, [Said(said, "user", "t")])
    except Unsourced:
        return
    changed = apply_edits(text, edits)
    assert [token.key for token in tokens_of(changed)] == [token.key for token in tokens_of(rewrite)]


@given(text=TEXT, said=st.lists(TEXT, max_size=3), at=st.integers(0, 100))
def test_an_invented_word_is_always_refused(text: str, said: list[str], at: int) -> None:
    words = text.split(" ")
    place = at % (len(words) + 1)
    rewrite = " ".join([*words[:place], "Xanadu", *words[place:]])
    with pytest.raises(Unsourced):
        edits_of(text, rewrite, [Said(one, "reply", "t") for one in said])


@given(text=TEXT)
def test_a_text_is_its_own_rewrite(text: str) -> None:
    assert edits_of(text, text, ()) == ()


@given(old=TEXT, new=TEXT)
def test_gaps_are_in_order_and_what_lies_between_is_equal(old: str, new: str) -> None:
    a, b = tokens_of(old), tokens_of(new)
    i = j = 0
    for gap in gaps(a, b):
        kept = gap.old[0] - i
        assert kept >= 0
        assert kept == gap.new[0] - j
        assert [token.key for token in a[i : gap.old[0]]] == [token.key for token in b[j : gap.new[0]]]
        i, j = gap.old[1], gap.new[1]
    assert [token.key for token in a[i:]] == [token.key for token in b[j:]]


@given(text=st.text(max_size=60))
def test_tokens_leave_nothing_out(text: str) -> None:
    assert "".join(token.text for token in tokens_of(text)) == text


def test_texts_too_long_to_compare_are_refused() -> None:
    with pytest.raises(TooLong):
        edits_of("word " * 400 + "a", "b " + "drow " * 400, SAID)


def test_a_long_text_with_a_small_change_is_compared() -> None:
    long = "word " * 2000
    assert rewritten(long + "it?", long + "Thai Palace?") == long + "Thai Palace?"


def test_text_that_repeats_itself_for_ever_is_no_trap() -> None:
    said = [Said("a b " * 600, "reply", f"t{number}") for number in range(12)]
    rewrite = "a b " * 250 + "end"
    assert apply_edits("end", edits_of("end", rewrite, said)) == rewrite


def test_a_source_says_where_its_text_begins() -> None:
    [edit] = edits_of("is it open?", "is Thai Palace open?", [Said("2. Thai Palace", "reply", "t9", offset=100)])
    source = edit.pieces[0].source
    assert (source.turn_id, source.span and (source.span.start, source.span.end)) == ("t9", (103, 114))


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("hotel", "Hotels", True),
        ("city", "cities", True),
        ("close", "closing", True),
        ("plan", "planned", True),
        ("cheap", "cheapest", True),
        ("easy", "easier", True),
        ("Joe", "Joe’s", True),
        ("bought", "buy", True),
        ("person", "people", True),
        ("new", "news", False),
        ("thing", "th", False),
        ("Italy", "Italian", False),
        ("4", "42", False),
        ("2nd", "2", False),
        ("bus", "bu", False),
    ],
)
def test_words_are_the_same_up_to_inflection(a: str, b: str, same: bool) -> None:
    assert is_same_word(a, b) is same
    assert is_same_word(b, a) is same


def test_number_words_are_sources_of_figures() -> None:
    assert [number_in(word) for word in ("two", "2nd", "两", "12", "二十", "x")] == [2, 2, 2, 12, None, None]
    assert is_same_number("4", "four")
    assert is_same_number("two", "两")
    assert not is_same_number("1", "one")
    assert not is_same_number("4", "five")


def test_edits_know_why() -> None:
    def reasons(text: str, rewrite: str) -> list[str]:
        found: tuple[Edit, ...] = edits_of(text, rewrite, SAID)
        return [edit.reason for edit in found]

    assert reasons("is it open?", "is Thai Palace open?") == ["reference"]
    assert reasons("cheaper?", "cheaper restaurant?") == ["omission"]
    assert reasons("cheaper?", "cheaper in Los Angeles?") == ["slot"]
