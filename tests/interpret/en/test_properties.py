"""What holds of every rewrite, whatever was said."""

from __future__ import annotations

import asyncio

from hypothesis import example, given, settings
from hypothesis import strategies as st

from dialog.interpret.en import EnglishPack
from dialog.interpret.en.glue import is_glue
from dialog.interpret.pack import View
from dialog.interpret.rules import RuleInterpreter
from dialog.replay import replayed, state_of
from dialog.rewrite import Piece, apply_edits
from dialog.state import DialogState
from tests.interpret.en.dialogs import LOCAL, cases

CALLER = (("title", "Marie Curie"), ("section", "Early life"))
SAID = sorted({message["text"] for case in cases() for message in case["history"]} | {case["text"] for case in cases()})
ODD = st.text(st.sampled_from("it they Back to the 's first one? what about \n1. 2. - ’\"`éß中 İ"), max_size=60)
TEXT = st.one_of(st.sampled_from(SAID), ODD, st.text(max_size=40))
HISTORY = st.lists(
    st.builds(lambda role, text: {"role": role, "text": text}, st.sampled_from(["user", "user", "assistant"]), TEXT),
    max_size=7,
)


def said_at(state: DialogState, piece: Piece) -> str:
    """What stands where the source of `piece` points."""
    source = piece.source
    if source.kind == "caller":
        text = dict(CALLER)[source.name or ""]
    else:
        turn = state.turn(source.turn_id or "")
        assert turn is not None
        text = {"user": turn.user, "resolved": turn.resolved, "reply": turn.reply}[source.kind]
    assert source.span is not None
    return text[source.span.start : source.span.end]


@settings(max_examples=150, deadline=None)
@given(history=HISTORY, text=TEXT)
@example(history=[{"role": "user", "text": "Who is İpek İzmir?"}], text="how old is she?")
def test_every_inserted_piece_is_glue_or_stands_where_its_source_says(history: list[dict[str, str]], text: str) -> None:
    local = RuleInterpreter([EnglishPack()], caller=CALLER)
    state = asyncio.run(replayed(history, local))
    meant = local.interpret(state, text)
    for edit in meant.rewrite.edits:
        for piece in edit.pieces:
            if piece.source.kind == "glue":
                assert is_glue(piece.text), piece.text
            else:
                assert said_at(state, piece).lower() == piece.text.lower()


@settings(max_examples=100, deadline=None)
@given(history=HISTORY, text=TEXT)
def test_the_same_dialog_and_message_are_always_read_the_same(history: list[dict[str, str]], text: str) -> None:
    view = View(state_of(history))
    first, second = EnglishPack().resolve(view, text), EnglishPack().resolve(View(view.state), text)
    assert first == second
    assert apply_edits(text, first.edits) == apply_edits(text, second.edits)
    assert 0.0 <= first.confidence <= 1.0


@settings(max_examples=60, deadline=None)
@given(text=TEXT)
def test_without_a_dialog_nothing_is_rewritten(text: str) -> None:
    assert EnglishPack().resolve(View(DialogState(dialog_id="d")), text).edits == ()


@settings(max_examples=60, deadline=None)
@given(history=HISTORY, quoted=st.sampled_from(SAID))
def test_quotations_code_and_addresses_stay_as_they_are(history: list[dict[str, str]], quoted: str) -> None:
    inside = quoted.replace('"', "").replace("`", "")
    for kept in (f'"{inside}"', f"`{inside}`", "https://example.com/it/there?that=those"):
        message = f"Please translate {kept} into French."
        assert kept in LOCAL.interpret(state_of(history), message).rewrite.text


def test_a_letter_whose_lower_case_is_longer_shifts_no_offset() -> None:
    view = View(state_of([{"role": "user", "text": "İ"}]))
    EnglishPack().resolve(view, "What is the largest ever to have lived on Earth?")
