"""Follow-ups that change, pick from, compare, go back to or correct an earlier request."""

from __future__ import annotations

import pytest

from dialog.interpretation import Interpretation
from tests.interpret.en.dialogs import read, words

Talk = tuple[str, ...]

BAKERIES = "a:Three are near you:\n1. **Crumb** - sourdough\n2. **Ovenly** - cakes, vegan\n3. **Rise** - bagels"
SCOOTERS = "a:The **Volt 3** is light, and the **Glide X** goes further."


def meaning(*messages: str) -> list[str]:
    return words(read(*messages).rewrite.text)


@pytest.mark.parametrize(
    ("talk", "text", "meant"),
    [
        (("who invented the stapler",), "typewriter?", "who invented the typewriter"),
        (("How many tigers live in Nepal?",), "leopards", "How many leopards live in Nepal?"),
        (("Is Malmö a good place to live?",), "Aarhus?", "Is Aarhus a good place to live?"),
        (("what does a vet earn in Leeds",), "a dentist?", "what does a dentist earn in Leeds"),
        (("average rain in Lagos in May",), "July", "average rain in Lagos in July"),
        (("What was the price of copper in May?",), "June?", "What was the price of copper in June?"),
        (("ferries to Elba on friday morning",), "evening", "ferries to Elba on friday evening"),
        (("When is the next solar eclipse?",), "lunar eclipse", "When is the next lunar eclipse?"),
        (("How long does a robin live?",), "same for a swan", "How long does a swan live?"),
        (("Who runs the tennis club?",), "and the choir?", "Who runs the choir?"),
        (("a recipe for onion soup",), "and for leek soup?", "a recipe for leek soup"),
        (("What's a good cheese with ripe figs?",), "and with honey", "What's a good cheese with honey?"),
        (("How many people work in the Berlin office?",), "what about Oslo?",
         "How many people work in the Oslo office?"),
    ],
)  # fmt: skip
def test_a_bare_phrase_asks_the_same_of_another(talk: Talk, text: str, meant: str) -> None:
    assert meaning(*talk, text) == words(meant)


@pytest.mark.parametrize(
    ("talk", "text"),
    [
        (("Book a room in Ghent.", "a:For which day?"), "Maria Lund"),
        (("Is the pool open today?", "a:It is. I can book Monday or Tuesday."), "Tuesday then"),
        (("Which seat do you want to sell?", "a:Which one?"), "Yes, by the window please"),
        (("Tell me a joke about cats.", "a:..."), "haha good one"),
        (("Suggest names for a foal.",), "lol nice ones"),
        (("how much does it cost to print a book",), "thanks so much"),
    ],
)  # fmt: skip
def test_an_answer_or_praise_asks_for_nothing(talk: Talk, text: str) -> None:
    assert not read(*talk, text).rewrite.changed


@pytest.mark.parametrize(
    ("talk", "text", "meant"),
    [
        (("Name a poet from Chile.",), "a living one", "Name a living poet from Chile."),
        (("What's a good wine for mussels?",), "a white one", "What's a good white wine for mussels?"),
        (("Find me an apron.",), "a linen one", "Find me a linen apron."),
        (("Suggest a few songs for a wedding.",), "slow ones", "Suggest a few slow songs for a wedding."),
        (("what does the red permit cost",), "and the green one?", "what does the green permit cost"),
    ],
)  # fmt: skip
def test_a_sort_of_what_was_asked_for_joins_the_request(talk: Talk, text: str, meant: str) -> None:
    assert meaning(*talk, text) == words(meant)


@pytest.mark.parametrize(
    ("talk", "text", "meant"),
    [
        (("Where can I buy bread?", BAKERIES), "does the vegan one deliver?", "does Ovenly deliver?"),
        (("Where can I buy bread?", BAKERIES, "is the first one open now?", "a:Yes."), "and the third?",
         "is Rise open now?"),
        (("Where can I buy bread?", BAKERIES), "the second one, is it expensive?", "is Ovenly expensive?"),
        (("Where can I buy bread?", BAKERIES), "what does the last of those sell", "what does Rise sell"),
        (("Which scooter is good?", SCOOTERS), "is the first one waterproof?", "is the Volt 3 waterproof?"),
        (("Which scooter is good?", SCOOTERS, "how fast is the Volt 3?", "a:25 km/h."), "and the other one?",
         "how fast is the Glide X?"),
        (("When can I come?", "a:I have 4:20 and 5:10."), "The second.", "5:10."),
    ],
)  # fmt: skip
def test_what_is_counted_or_described_is_named(talk: Talk, text: str, meant: str) -> None:
    found = read(*talk, text)
    assert words(found.rewrite.text) == words(meant)
    assert found.act == "select"


@pytest.mark.parametrize(
    ("talk", "text", "meant"),
    [
        (("Which scooter is good?", SCOOTERS), "which one is cheaper?",
         "which one is cheaper, the Volt 3 or the Glide X?"),
        (("Which scooter is good?", SCOOTERS), "which has better brakes?",
         "which has better brakes, the Volt 3 or the Glide X?"),
        (("how tall is an oak", "how tall is a beech", "what eats acorns?"), "which is older",
         "which is older, an oak or a beech"),
        (("How warm is Nice in May?", "How warm is Bari in May?"), "Which city is cheaper?",
         "Which city is cheaper, Nice or Bari?"),
        (("Which scooter is good?", SCOOTERS), "which of the two is lighter?",
         "which of the Volt 3 and the Glide X is lighter?"),
    ],
)  # fmt: skip
def test_what_there_is_to_choose_from_is_named(talk: Talk, text: str, meant: str) -> None:
    assert meaning(*talk, text) == words(meant)


def test_years_are_no_things_to_choose_from() -> None:
    assert not read("Who won in 2010?", "Who won in 2012?", "which is better?").rewrite.changed


@pytest.mark.parametrize(
    ("talk", "text", "meant"),
    [
        (("List the largest lakes of Chile.",), "rivers, not lakes", "List the largest rivers of Chile."),
        (("write a story in English",), "not English, Danish", "write a story in Danish"),
        (("Book the judo class for Monday.",), "Tuesday, sorry", "Book the judo class for Tuesday."),
        (("How much soil do I need for 20 square metres?",), "sorry, I meant 30 square metres",
         "How much soil do I need for 30 square metres?"),
        (("flights from Oslo to Rome", "what can I eat in Rome?"), "from Bergen, not from Oslo",
         "flights from Bergen to Rome"),
    ],
)  # fmt: skip
def test_a_correction_takes_the_place_of_what_was_wrong(talk: Talk, text: str, meant: str) -> None:
    found = read(*talk, text)
    assert (words(found.rewrite.text), found.act) == (words(meant), "correct")


def back(text: str) -> Interpretation:
    return read(
        "how deep do sperm whales dive", "a:About 2,000 metres.",
        "how do I clean a kettle without vinegar", "a:With lemon juice.",
        "Is the Deutsches Museum open on Monday?", "a:Yes.",
        "Who wrote Emma?", "a:Jane Austen.", text,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("back to sperm whales, what do they eat?", "what do sperm whales eat?"),
        ("ok, back to the Deutsches Museum: does it have a cafe?", "does the Deutsches Museum have a cafe?"),
        ("thanks, and back to the kettle: with baking soda",
         "how do I clean a kettle without vinegar with baking soda"),
    ],
)  # fmt: skip
def test_going_back_goes_on_from_where_that_was_last_spoken_of(text: str, meant: str) -> None:
    found = back(text)
    assert (words(found.rewrite.text), found.act) == (words(meant), "return")


@pytest.mark.parametrize(
    ("talk", "text", "meant"),
    [
        (("Which insurance policy is good for divers?", "a:I'd take **Blue Cover**."), "what does that policy cost?",
         "what does Blue Cover cost?"),
        (("I need a gym in Basel.", "is Fit Haus open today?", "a:Yes."), "does that gym have a sauna?",
         "does Fit Haus have a sauna?"),
        (("When was the Treaty of Utrecht signed?", "a:In **1713**."), "what did that treaty say?", None),
        (("Which gym is good?", "a:**Alpha** is cheap, **Bravo** is big."), "is that gym central?", None),
    ],
)  # fmt: skip
def test_that_and_a_kind_mean_the_one_that_was_named(talk: Talk, text: str, meant: str | None) -> None:
    assert (read(*talk, text).rewrite.text if meant else True) == (meant or True)
    assert meant or read(*talk, text).by.startswith("rules:en/demonstrative/kind") is False


@pytest.mark.parametrize(
    ("talk", "text", "meant"),
    [
        (("Which cafes have wifi?",), "in Delft", "Which cafes in Delft have wifi?"),
        (("Which cafes have wifi?",), "on Sunday", "Which cafes have wifi on Sunday?"),
        (("Which herbs grow in shade?",), "in pots", "Which herbs grow in shade in pots?"),
    ],
)  # fmt: skip
def test_a_condition_on_the_kind_goes_right_after_it(talk: Talk, text: str, meant: str) -> None:
    assert read(*talk, text).rewrite.text == meant


@pytest.mark.parametrize(
    "text",
    [
        "How many people live in Nepal?", "What is the weather like in Bergen in May?", "Suggest a card game for two.",
        "Which planet has the most moons?", "The second edition of Emma is worth a lot.", "thanks, that helps",
        "Is that what people call a heat wave?",
    ],
)  # fmt: skip
def test_a_complete_message_stays_as_it_is(text: str) -> None:
    assert not read("Where can I buy bread?", BAKERIES, "is the first one open now?", "a:Yes.", text).rewrite.changed


def test_a_bare_phrase_that_takes_the_stead_of_the_whole_request_is_complete() -> None:
    found = read("question 1?", "a:Here you are.", "question 2 ?")
    assert not found.rewrite.changed
    assert found.rewrite.text == "question 2 ?"
