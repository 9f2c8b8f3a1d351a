"""Single habits of the English rules, each as a sentence."""

from __future__ import annotations

import pytest

from dialog.interpret.en import EnglishPack
from dialog.interpret.en.anaphors import anaphors_in
from dialog.interpret.en.message import Message
from dialog.interpret.pack import View
from dialog.replay import state_of
from tests.interpret.en.dialogs import read, said

PACK = EnglishPack()


@pytest.mark.parametrize(
    "text",
    [
        "is it raining", "it seems that the trains are late", "Is it safe to swim in the lake?", "what time is it",
        "is it true that cats dream?", "How long does it take to fly to Rome?", "It's going to be cold tomorrow",
        "is it ok to bring a dog to the office?", "I can't make it to the game", "that's it, thanks",
    ],
)  # fmt: skip
def test_an_expletive_it_points_at_nothing(text: str) -> None:
    assert [a for a in anaphors_in(Message(text)) if a.form == "it"] == []


@pytest.mark.parametrize(
    "text",
    [
        "My phone is broken, can you fix it?", "If a dog eats chocolate, will it die?",
        "When Anna calls, tell her I'm out.", "What is Rock City, and why is it famous?",
        "Send a message to Alex telling him I'm late", "My brother said he likes jazz",
        "Are sharks dangerous and where do they live?", "Tell Alice to check her calendar",
    ],
)  # fmt: skip
def test_a_pronoun_that_the_message_explains_is_bound_there(text: str) -> None:
    assert anaphors_in(Message(text)) == ()


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Is it easier to learn than Spanish?", "it"), ("What is the difference between it and emo?", "it"),
        ("What technological developments enabled it?", "it"), ("Did they release the prisoners?", "they"),
        ("call her back in an hour", "she"), ("how do i get there", "there"), ("Who was president then?", "then"),
    ],
)  # fmt: skip
def test_a_pronoun_that_points_out_of_the_message_is_found(text: str, form: str) -> None:
    assert [a.form for a in anaphors_in(Message(text))] == [form]


def test_a_pronoun_without_anything_to_mean_is_left_alone_and_unsure() -> None:
    meant = read("Good morning, I need some help.", "how old is she?")
    assert not meant.rewrite.changed
    assert meant.unsure


def test_which_of_two_men_is_meant_is_not_guessed() -> None:
    meant = read("Call Peter and John.", "a:Calling Peter and John.", "no, drop him")
    assert not meant.rewrite.changed
    assert meant.unsure


def test_a_title_known_to_the_caller_can_be_meant() -> None:
    from dialog.interpret.rules import RuleInterpreter
    from dialog.state import DialogState

    local = RuleInterpreter([PACK], caller=(("title", "Thor Heyerdahl"),))
    meant = local.interpret(DialogState(dialog_id="d"), "Where was he born?")
    assert meant.rewrite.text == "Where was Thor Heyerdahl born?"
    assert meant.rewrite.edits[0].pieces[0].source.kind == "caller"


def test_follow_ups_to_follow_ups_keep_the_subject() -> None:
    meant = read(
        "What is Lyme disease?", "How do you get it?", "Is it contagious?", "Can it kill you?", "can it be cured?"
    )
    assert meant.rewrite.text == "can Lyme disease be cured?"


def test_a_new_subject_takes_over() -> None:
    meant = read("What is throat cancer?", "Is it treatable?", "Tell me about lung cancer.", "What are its symptoms?")
    assert meant.rewrite.text == "What are lung cancer's symptoms?"


def test_the_assistants_your_becomes_my() -> None:
    meant = read("Who is calling?", "a:Your brother Derrick is calling.", "tell him I'm busy")
    assert meant.rewrite.text == "tell my brother Derrick I'm busy"


def test_an_exclusion_and_a_replacement_add_up() -> None:
    meant = read(
        "Find a good restaurant in Boston.", "not Italian", "for six people", "and in Chicago?",
    )  # fmt: skip
    assert meant.rewrite.text == "Find a good restaurant in Chicago, but not Italian for six people."


@pytest.mark.parametrize(
    ("text", "claim"), [("What about Thai?", 1.0), ("第二家贵吗", 0.0), ("12:30?", 0.0), ("", 0.0), ("naïve café", 1.0)]
)
def test_what_is_written_in_latin_letters_is_claimed(text: str, claim: float) -> None:
    assert PACK.claims(text) == claim


def test_content_words_are_singular_and_without_small_words() -> None:
    assert list(PACK.content_words("What are the best Chinese restaurants in New York?")) == [
        "best", "chinese", "restaurant", "new", "york",
    ] or list(PACK.content_words("What are the best Chinese restaurants in New York?")) == [
        "chinese", "restaurant", "new", "york",
    ]  # fmt: skip


def test_dinner_and_restaurant_are_of_one_field() -> None:
    assert PACK.field("dinner") == PACK.field("restaurant") is not None


@pytest.mark.parametrize(
    "text",
    [
        "thank you " * 200 + "x", "no sorry wait " * 140, "that's not helpful at all again, please try " * 45,
        "ok back to " * 180,
        "the first and the second " * 80, "it " * 660, "um, uh, oh, so, " * 125, "not a, b, " * 200,
    ],
)  # fmt: skip
def test_no_pattern_goes_astray_on_long_repetitions(text: str) -> None:
    assert PACK.resolve(View(state_of(said("Find me a hotel.", "a:1. x\n" * 3000))), text[:2000]).rule


def test_this_and_that_that_are_not_understood_ask_for_a_second_opinion() -> None:
    meant = read("Did the storm hit Boston?", "a:Yes, it flooded the harbour.", "How has that changed the city?")
    assert meant.unsure


@pytest.mark.parametrize(
    ("talk", "text", "meant"),
    [
        (("Compare Spotify and Apple Music.", "a:**Spotify** has a free tier; **Apple Music** has lossless audio."),
         "Which is cheaper?", "Which of Spotify and Apple Music is cheaper?"),
        (("Compare Spotify and Apple Music.", "a:**Spotify** has a free tier; **Apple Music** has lossless audio."),
         "Do they both work on Android?", "Do Spotify and Apple Music both work on Android?"),
        (("Plan a 3-day trip to Kyoto.",), "make it 5 days", "Plan a 5-day trip to Kyoto."),
        (("Who won the 2014 World Cup?", "a:Germany won it."), "and in 2018?", "Who won the 2018 World Cup?"),
        (("Will it rain in Boise today?", "a:No."), "How hot will it be tomorrow?",
         "How hot will it be tomorrow in Boise?"),
        (("Who wrote Pride and Prejudice?", "a:Jane Austen wrote *Pride and Prejudice*."), "Was she married?",
         "Was Jane Austen married?"),
    ],
)  # fmt: skip
def test_what_stands_side_by_side_or_was_named_is_taken_up(talk: tuple[str, ...], text: str, meant: str) -> None:
    assert read(*talk, text).rewrite.text == meant


@pytest.mark.parametrize(
    "text", ["Which of the two is longer, War and Peace or Ulysses?", "Both of my parents are retired.", "Which is it?"]
)
def test_a_comparison_that_names_its_own_things_is_left_alone(text: str) -> None:
    assert not read("Is ETH or EPFL better?", "a:**ETH** ranks higher, **EPFL** is newer.", text).rewrite.changed


def test_counting_to_a_list_that_was_not_given_is_unsure() -> None:
    meant = read("Who wrote Hamlet?", "a:William Shakespeare wrote it.", "The third one")
    assert not meant.rewrite.changed
    assert meant.unsure


def test_a_command_before_a_name_is_no_part_of_it() -> None:
    assert read("Where can I eat?", "a:Try Golden Lantern.", "is it expensive?").rewrite.text == (
        "is Golden Lantern expensive?"
    )


@pytest.mark.parametrize(
    ("before", "text", "meant"),
    [
        (
            ("Set a reminder for the dentist on March 3rd.", "a:Reminder set for March 3rd."),
            "No wait, March 4th",
            "Set a reminder for the dentist on March 4th.",
        ),
        (("flights to Rome on 3 March", "a:There are two."), "what about 5 April?", "flights to Rome on 5 April?"),
        (("Is it warm in Lisbon in March?", "a:Yes."), "and in May?", "Is it warm in Lisbon in May?"),
        (
            ("Who scored the most goals in the Premier League last season?", "a:Erling Haaland."),
            "and the most assists?",
            "Who scored the most assists in the Premier League last season?",
        ),
    ],
)
def test_a_day_of_a_month_and_a_superlative_with_its_noun_are_replaced_whole(
    before: tuple[str, ...], text: str, meant: str
) -> None:
    assert read(*before, text).rewrite.text == meant


@pytest.mark.parametrize(
    ("before", "text"), [("Who founded Toyota?", "was he an engineer?"), ("Who wrote Hamlet?", "when did she die?")]
)
def test_what_somebody_founded_or_wrote_is_nobody(before: str, text: str) -> None:
    assert not read(before, "a:I am not sure.", text).rewrite.changed


@pytest.mark.parametrize(
    ("talk", "text", "meant"),
    [
        (("What is the capital of Georgia?", "a:Atlanta."), "no, I meant the country",
         "What is the capital of Georgia, the country?"),
        (("what is the capital of georgia", "a:atlanta"), "no i meant the country",
         "what is the capital of georgia, the country"),
        (("How far is Mercury from the sun?", "a:In California."), "I meant the planet",
         "How far is Mercury, the planet, from the sun?"),
    ],
)  # fmt: skip
def test_which_of_those_that_share_a_name_is_meant_is_said_beside_it(
    talk: tuple[str, ...], text: str, meant: str
) -> None:
    assert read(*talk, text).rewrite.text == meant
    assert read(*talk, text).act == "correct"


def test_a_kind_is_no_place_to_look_in() -> None:
    meant = read("Find a hotel in Georgia.", "a:Try the Peach Inn.", "no, I meant the country")
    assert meant.rewrite.text == "Find a hotel in Georgia, the country."
    assert meant.slots == ()


@pytest.mark.parametrize("text", ["8 pm then", "ok, 8 pm then", "8 pm then, please"])
def test_then_after_a_time_that_the_reply_does_not_offer_asks_for_that_time(text: str) -> None:
    assert read("Book a table for two at 7 pm.", "a:7 pm is full.", text).rewrite.text == (
        "Book a table for two at 8 pm."
    )


@pytest.mark.parametrize(
    ("reply", "text"),
    [("7 pm is full, 8 pm is free.", "8 pm then"), ("7 pm is full. Is 8 pm fine?", "9 pm then"),
     ("It is full.", "8 then")],
)  # fmt: skip
def test_then_after_what_was_offered_or_could_be_anything_is_left_alone(reply: str, text: str) -> None:
    assert not read("Book a table for two at 7 pm.", f"a:{reply}", text).rewrite.changed


@pytest.mark.parametrize(
    ("request_", "text", "meant"),
    [
        ("Find a Thai restaurant", "I don't like Thai, any others?", "Find a restaurant, but not Thai"),
        ("Find me an Italian restaurant in Rome.", "I hate Italian, something else?",
         "Find me a restaurant in Rome, but not Italian."),
        ("find me a place to eat in boston", "i don't like thai, any others",
         "find me a place to eat in boston but not thai"),
        ("Find a Thai restaurant", "I don't like it, any others?", "Find a Thai restaurant, other than Wayla"),
        ("Find a Thai restaurant", "any others?", "Find a Thai restaurant, other than Wayla"),
    ],
)  # fmt: skip
def test_what_is_disliked_is_not_asked_for_again(request_: str, text: str, meant: str) -> None:
    found = read(request_, "a:Try Wayla.", text)
    assert (found.rewrite.text, found.act) == (meant, "reject")


@pytest.mark.parametrize("text", ["I don't like sushi, any others?", "I don't like how it looks, any others?"])
def test_a_dislike_that_leaves_nothing_to_look_for_is_left_alone(text: str) -> None:
    assert not read("Recommend sushi in Boston.", "a:Try Wayla.", text).rewrite.changed


@pytest.mark.parametrize(
    ("text", "meant"),
    [("the middle one", "Siam Garden"), ("is the middle one open on Sunday?", "is Siam Garden open on Sunday?"),
     ("the one in the middle", "Siam Garden")],
)  # fmt: skip
def test_a_list_of_three_has_a_middle(text: str, meant: str) -> None:
    talk = ("Find a Thai restaurant", "a:You could try:\n1. Wayla\n2. Siam Garden\n3. Lotus Kitchen")
    assert read(*talk, text).rewrite.text == meant


def test_a_list_of_two_has_no_middle() -> None:
    meant = read("Find a Thai restaurant", "a:You could try:\n1. Wayla\n2. Siam Garden", "the middle one")
    assert not meant.rewrite.changed
    assert meant.unsure


@pytest.mark.parametrize(
    ("text", "meant", "slot"),
    [
        ("no, Boston", "Find me a Chinese restaurant in Boston.", ("place", "Boston")),
        ("No, in Boston.", "Find me a Chinese restaurant in Boston.", ("place", "Boston")),
        ("no, Thai please", "Find me a Thai restaurant in New York please.", ("cuisine", "Thai")),
    ],
)
def test_what_puts_a_slot_right_changes_the_question_too(text: str, meant: str, slot: tuple[str, str]) -> None:
    found = read("Find me a Chinese restaurant in New York.", "a:Try Golden Unicorn.", text)
    assert (found.rewrite.text, found.act) == (meant, "correct")
    assert [(value.name, value.value) for value in found.slots] == [slot]


def test_an_unknown_name_stands_for_the_one_asked_with_where_the_reply_names_nothing() -> None:
    found = read("Find me a hotel in Springfield.", "a:I found no hotels.", "no, Greenville")
    assert found.rewrite.text == "Find me a hotel in Greenville."
    assert [(value.name, value.value) for value in found.slots] == [("place", "Greenville")]


@pytest.mark.parametrize(
    ("request_", "reply", "text"),
    [
        ("Which city in Australia is the capital?", "Sydney.", "no, Melbourne"),
        ("Who wrote Hamlet?", "Christopher Marlowe wrote Hamlet.", "no, Shakespeare"),
        ("Find a flight to New York.", "Are you leaving from Boston?", "no, Chicago"),
        ("Find me a hotel in Springfield.", "I found no hotels.", "no, not Greenville"),
    ],
)
def test_a_no_that_answers_or_disputes_the_reply_changes_no_question(request_: str, reply: str, text: str) -> None:
    assert not read(request_, f"a:{reply}", text).rewrite.changed
