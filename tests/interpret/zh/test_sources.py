"""Every inserted piece was said before, or is glue from the closed list: over the cases and over made-up dialogs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from dialog.interpret.pack import View
from dialog.interpret.zh import ChinesePack
from dialog.interpret.zh.words import GLUE
from dialog.interpretation import Interpretation
from dialog.rewrite import Piece, apply_edits
from dialog.state import DialogState
from tests.interpret.zh.cases import RULES, cases, dialog

FILES = ("followups.txt", "alone.txt", "fresh.txt", "unseen.txt", "wide.txt", "later.txt", "last.txt")
CASES = [case for file in FILES for case in cases(file)]
SAYINGS = sorted({words for case in CASES for words in (case.text, *(said for _, said in case.history)) if words})
BITS = [
    "它",
    "那家",
    "第二个",
    "，",
    "。",
    "吗",
    "好",
    "不是",
    "我说的是",
    "便宜一点的",
    "呢",
    "北京",
    "的",
    "多少钱",
    "A",
    "《",
    "》",
    " ",
    "\n",
]


def true_source(state: DialogState, piece: Piece) -> bool:
    """Whether the piece is where it says it is from."""
    source = piece.source
    if source.kind == "glue":
        return piece.text in GLUE
    if source.kind == "slot":
        named = [slot.current for slot in state.slots if slot.name == source.name and slot.current is not None]
        return any(piece.text in str(value.raw or value.value) for value in named)
    turn = state.turn(source.turn_id or "")
    if turn is None or source.span is None:
        return False
    text = {"user": turn.user, "resolved": turn.resolved, "reply": turn.reply}[source.kind]
    return text[source.span.start : source.span.end] == piece.text


def check(state: DialogState, text: str, meant: Interpretation) -> None:
    rewrite = meant.rewrite
    assert apply_edits(text, rewrite.edits) == rewrite.text
    assert all(true_source(state, piece) for edit in rewrite.edits for piece in edit.pieces), rewrite
    assert 0.0 <= rewrite.confidence <= 1.0


def test_in_every_case_each_piece_has_a_true_source() -> None:
    for case in CASES:
        state = dialog(case.history)
        check(state, case.text, RULES.interpret(state, case.text))


messages = st.one_of(
    st.sampled_from(SAYINGS),
    st.lists(st.sampled_from(BITS + SAYINGS), min_size=1, max_size=5).map("".join),
    st.text(max_size=20),
)


@settings(max_examples=150, deadline=None)
@given(history=st.lists(messages, max_size=6), text=messages)
def test_in_any_dialog_each_piece_has_a_true_source_and_the_answer_is_the_same_twice(
    history: list[str], text: str
) -> None:
    state = dialog([("au"[i % 2 == 0], words) for i, words in enumerate(history)])
    meant = RULES.interpret(state, text)
    check(state, text, meant)
    assert RULES.interpret(state, text) == meant


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=40))
def test_a_claim_is_a_share(text: str) -> None:
    assert 0.0 <= ChinesePack().claims(text) <= 1.0


@settings(max_examples=100, deadline=None)
@given(text=messages)
def test_a_first_message_is_never_changed(text: str) -> None:
    assert ChinesePack().resolve(View(DialogState(dialog_id="d")), text).edits == ()
