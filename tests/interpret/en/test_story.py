"""The New York dinner conversation of the design, whole, typed and spoken."""

from __future__ import annotations

from dialog.interpret.en import EnglishPack
from dialog.interpret.rules import RuleInterpreter
from dialog.interpretation import Interpretation
from dialog.replay import continued
from dialog.state import DialogState
from tests.interpret.en.dialogs import words

LIST = "1. Golden Unicorn, $40\n2. Nom Wah Tea Parlor, $25\n3. Wo Hop, $20"
THAI = "Here are three:\n1. Thai Villa - upscale\n2. Soothr - noodles\n3. Wayla - in a townhouse"


async def told(*exchanges: tuple[str, str]) -> list[Interpretation]:
    """How each message is read, with the replies in between."""
    local = RuleInterpreter([EnglishPack()])
    state = DialogState(dialog_id="story")
    found: list[Interpretation] = []
    for text, reply in exchanges:
        found.append(local.interpret(state, text))
        messages = [{"role": "user", "text": text}, {"role": "assistant", "text": reply}]
        state = await continued(state, messages, local)
    return found


async def test_every_follow_up_of_the_story_becomes_a_request_that_a_stranger_could_answer() -> None:
    read = await told(
        (
            "I'm going to New York tomorrow. What is the best Chinese restaurant in New York?",
            "There are many, it depends.",
        ),
        ("that's not helpful", LIST),
        ("something cheaper", "Wo Hop is cheap."),
        ("what about Thai?", THAI),
        ("is the second one open on Sunday?", "Yes, Soothr is open on Sunday."),
        ("by the way, who wrote Hamlet?", "William Shakespeare."),
        ("ok, back to dinner: for four people", "Certainly."),
    )
    assert [meant.rewrite.text for meant in read[1:]] == [
        "that's not helpful. What is the best Chinese restaurant in New York?",
        "What is the best Chinese restaurant in New York, but cheaper?",
        "What is the best Thai restaurant in New York, but cheaper?",
        "is Soothr open on Sunday?",
        "by the way, who wrote Hamlet?",
        "What is the best Thai restaurant in New York, but cheaper for four people?",
    ]
    assert [meant.act for meant in read[1:]] == ["reject", "refine", "follow_up", "select", "new", "return"]
    assert [meant.topic.kind for meant in read] == ["new", "stay", "stay", "stay", "stay", "new", "return"]


async def test_the_story_is_understood_when_it_is_spoken_too() -> None:
    read = await told(
        ("i'm going to new york tomorrow what is the best chinese restaurant in new york", "there are many it depends"),
        ("um that's not helpful", "1. golden unicorn\n2. nom wah\n3. wo hop"),
        ("uh something cheaper", "wo hop is cheap"),
        ("what about thai", "1. thai villa\n2. soothr\n3. wayla"),
        ("is the second one open on sunday", "yes soothr is open on sunday"),
        ("by the way who wrote hamlet", "william shakespeare"),
        ("ok back to dinner for four people", "certainly"),
    )
    assert words(read[3].rewrite.text) == words("what is the best thai restaurant in new york but cheaper")
    assert read[4].rewrite.text == "is soothr open on sunday"
    assert read[5].rewrite.changed is False
    assert words(read[6].rewrite.text)[-3:] == ["for", "four", "people"]
    assert "thai restaurant" in read[6].rewrite.text


async def test_what_the_assistant_made_up_is_named_only_where_the_user_points_at_it() -> None:
    read = await told(
        ("What is the best Chinese restaurant in New York?", "Joe's Shanghai is the best."),
        ("that place closed", "Then try Nom Wah."),
        ("something cheaper", "Wo Hop."),
    )
    assert read[1].rewrite.text == "Joe's Shanghai closed. What is the best Chinese restaurant in New York?"
    assert read[2].rewrite.text == "What is the best Chinese restaurant in New York, but cheaper?"


async def test_going_back_goes_on_with_the_search_and_not_with_a_question_about_one_entry() -> None:
    read = await told(
        ("What is the best Thai restaurant in New York?", THAI),
        ("is the second one open on Sunday?", "No."),
        ("no, I meant Saturday", "Yes."),
        ("by the way, who wrote Hamlet?", "William Shakespeare."),
        ("ok, back to dinner: for four people", "Certainly."),
    )
    assert [meant.rewrite.text for meant in read[1:3]] == ["is Soothr open on Sunday?", "is Soothr open on Saturday?"]
    assert read[4].rewrite.text == "What is the best Thai restaurant in New York for four people?"
