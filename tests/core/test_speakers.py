"""Several people in one dialog: who said what, and whose "my budget" is whose."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from dialog import open_pipeline
from dialog.change import SlotsSet, TurnForgotten, TurnOpened, fold, fold_all
from dialog.codec import decode, encode
from dialog.ground.slots import slot_lines
from dialog.interpretation import identity
from dialog.rewrite import Source, Span
from dialog.state import DialogState, SlotValue
from dialog.testing import ScriptedBackend

EMPTY = DialogState(dialog_id="d")


class Trip(BaseModel):
    budget: int = 0
    city: str = ""


def said(turn_id: str, speaker: str | None, text: str, value: str) -> TurnOpened:
    """A turn whose words state `value` as the budget."""
    at = text.index(value)
    source = Source(kind="user", span=Span(start=at, end=at + len(value)))
    meant = identity(EMPTY, text, by="test").model_copy(
        update={"slots": (SlotValue(name="budget", value=value, source=source),)}
    )
    return TurnOpened(
        turn_id=turn_id, user=text, sent=text, interpretation=meant, speaker=speaker, at=1.0, lease_until=2.0
    )


def budgets(state: DialogState) -> dict[str | None, object]:
    return {slot.owner: slot.current.value if slot.current else None for slot in state.slots if slot.name == "budget"}


@pytest.mark.parametrize(
    "text",
    [
        "my budget is 500",
        "My budget for this is about 500.",
        "change my budget to 500",
        "We need a hotel, and my limit is 500",
        "my 500",
        "我的预算是500元",
        "我预算500元",
        "我的预算大概500",
    ],
)
def test_what_a_speaker_calls_his_own_is_his(text: str) -> None:
    assert budgets(fold(EMPTY, said("a", "Ana", text, "500"))) == {"Ana": "500"}


@pytest.mark.parametrize(
    "text", ["the budget is 500", "my wife called, the budget is 500", "预算是500元", "I love my job. Budget 500"]
)
def test_what_nobody_calls_his_own_is_everybodys(text: str) -> None:
    state = fold(EMPTY, said("a", "Ana", text, "500"))
    assert budgets(state) == {None: "500"}
    assert state.slots[0].current is not None
    assert state.slots[0].current.source.by == "Ana"


def test_two_peoples_values_are_kept_apart() -> None:
    state = fold_all(EMPTY, [said("a", "Ana", "my budget is 500", "500"), said("b", "Bo", "my budget is 800", "800")])
    assert budgets(state) == {"Ana": "500", "Bo": "800"}
    assert [state.slot("budget", who).current.value for who in ("Ana", "Bo")] == ["500", "800"]  # type: ignore[union-attr]
    assert slot_lines(state.slots) == ["budget (Ana): 500", "budget (Bo): 800"]
    assert decode(encode(state)) == state


def test_a_speaker_with_a_slot_of_his_own_means_that_one_also_without_saying_my() -> None:
    changes = [
        said("a", "Ana", "my budget is 500", "500"),
        said("b", "Bo", "my budget is 800", "800"),
        said("c", "Ana", "make it 600", "600"),
    ]
    assert budgets(fold_all(EMPTY, changes)) == {"Ana": "600", "Bo": "800"}


def test_a_forgotten_turn_takes_only_its_speakers_value_along() -> None:
    changes = [said("a", "Ana", "my budget is 500", "500"), said("b", "Bo", "my budget is 800", "800")]
    assert budgets(fold_all(EMPTY, [*changes, TurnForgotten(turn_id="b")])) == {"Ana": "500"}


def test_a_dialog_without_speakers_is_as_it_was() -> None:
    state = fold_all(EMPTY, [said("a", None, "my budget is 500", "500"), said("b", None, "my budget is 800", "800")])
    assert budgets(state) == {None: "800"}
    assert state.as_known_to(None) is state


def test_a_speakers_words_are_read_without_what_others_call_their_own() -> None:
    state = fold_all(EMPTY, [said("a", "Ana", "my budget is 500", "500"), said("b", "Bo", "my budget is 800", "800")])
    assert budgets(state.as_known_to("Bo")) == {"Bo": "800"}
    assert budgets(state.as_known_to("Cy")) == {}


def test_a_correction_by_the_caller_reaches_the_slot_where_it_stands() -> None:
    opened = said("a", "Ana", "the budget is 500", "500")
    topical = opened.interpretation.slots[0].model_copy(update={"scope": "topic"})
    meant = opened.interpretation.model_copy(update={"slots": (topical,)})
    state = fold(EMPTY, opened.model_copy(update={"interpretation": meant}))
    right = SlotValue(name="budget", value="550", source=Source(kind="caller", name="set_slots"))
    state = fold(state, SlotsSet(slots=(right,)))
    slot = state.slot("budget")
    assert slot is not None
    assert slot.current is not None
    assert (slot.topic_id, slot.current.value) == (state.active_topic, "550")


async def test_the_prompt_names_the_speaker_once_there_are_several() -> None:
    backend = ScriptedBackend(lambda prompt: "Noted.")
    async with open_pipeline("memory:", backend=backend, schema=Trip) as pipeline:
        await pipeline.reply("d", "We need a hotel in Boston.", speaker="Ana")
        await pipeline.reply("d", "My budget is 500 dollars.", speaker="Ana")
        await pipeline.reply("d", "My budget is 800 dollars.", speaker="Bo")
        state = await pipeline.state("d")
    sent = [prompt.message.text for prompt in backend.prompts]
    assert ["speaker: Bo" in text for text in sent] == [False, False, True]
    assert "speaker: Ana" not in "".join(sent)
    assert state is not None
    assert budgets(state) == {"Ana": 500, "Bo": 800}
