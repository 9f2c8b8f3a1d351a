"""What the rewriter learns from: repeatable, on one side of the split only, and right by construction."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from benchmarks.rewriting.handmade import CHINESE
from dialog.interpret.edit.align import aligned
from dialog.interpret.edit.words import keys_of
from tests.interpret.zh.cases import cases as chinese_cases
from training.config import AugmentConfig, Config, FitConfig, LateConfig, NetworkConfig, ValidationConfig, read_config
from training.data import augment, grammar, reverse_en, reverse_zh, written
from training.data.mixture import Mixture
from training.data.sources import SOURCES, is_validation
from training.rows import Example, read_examples, window_for

DIALOGUE = {
    "id": "d1",
    "turns": [
        {"role": "user", "text": "Find me a hotel in San Jose.", "state": {"H": {"city": ["San Jose"]}}},
        {"role": "assistant", "text": "Hotel Aurora in San Jose is free."},
        {
            "role": "user",
            "text": "Are there good restaurants in San Jose too?",
            "state": {"H": {"city": ["San Jose"]}},
        },
    ],
}
ROW = Example(
    "en",
    (("user", "Tell me about Nina Simone."), ("assistant", "She was born in Tryon.")),
    "When did she leave there?",
    "When did Nina Simone leave Tryon?",
    "canard",
    "canard:1",
)


def config(**mix: float) -> Config:
    return Config(
        name="test",
        seed=7,
        network=NetworkConfig(1, 0.0, "minilm"),
        fit=FitConfig(2, 2, 1, 1e-4, 1e-3, 1e-3, 0.0, 1.0, 1),
        validation=ValidationConfig(0.3, 50, ["en"]),
        augment=AugmentConfig(0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2),
        mix=mix or {"en/grammar": 1.0, "zh/grammar": 1.0},
        late=LateConfig(5, 0.5, mix or {"en/grammar": 1.0, "zh/grammar": 0.0}),
    )


def test_what_is_said_again_is_taken_out_and_the_message_as_said_is_the_reference() -> None:
    made = {
        example.utterance: example
        for seed in range(20)
        for example in reverse_en.from_dialogues([DIALOGUE], random.Random(seed))
    }
    assert set(made) == {"Are there good restaurants too?", "Are there good restaurants there too?"}
    assert {each.rewrite for each in made.values()} == {"Are there good restaurants in San Jose too?"}


def test_chinese_names_said_again_are_taken_out_at_word_borders() -> None:
    turns = [
        {"role": "user", "text": "推荐全聚德烤鸭店吗"},
        {"role": "assistant", "text": "推荐全聚德烤鸭店。"},
        {"role": "user", "text": "全聚德烤鸭店的电话是多少"},
    ]

    def cut(text: str) -> list[tuple[str, str]]:
        words = ["推荐", "全聚德", "烤鸭店", "的", "电话", "是", "多少", "吗", "。"]
        flags = ["v", "nz", "n", "uj", "n", "v", "r", "y", "w"]
        found = []
        while text:
            n = next(n for n, word in enumerate(words) if text.startswith(word))
            found.append((words[n], flags[n]))
            text = text[len(words[n]) :]
        return found

    made = [
        example
        for seed in range(30)
        for example in reverse_zh.from_dialogues([{"id": "1", "turns": turns}], "kdconv", cut, random.Random(seed))
    ]
    assert {each.rewrite for each in made} == {"全聚德烤鸭店的电话是多少"}
    assert "电话是多少" in {each.utterance for each in made}
    assert all("全聚德" not in each.utterance or each.utterance == each.rewrite for each in made)


def test_part_of_the_work_done_leaves_the_same_meaning() -> None:
    made = {augment.partly_resolved(ROW, random.Random(seed)).utterance for seed in range(20)}
    assert made == {
        "When did she leave there?",
        "When did Nina Simone leave there?",
        "When did she leave Tryon?",
        "When did Nina Simone leave Tryon?",
    }


def test_a_name_is_changed_everywhere_it_stands() -> None:
    made = augment.renamed(ROW, ["Ada Lovelace"], random.Random(1))
    assert made.rewrite == "When did Ada Lovelace leave Tryon?"
    assert made.history[0] == ("user", "Tell me about Ada Lovelace.")


def test_a_chinese_name_that_is_brought_in_is_changed_everywhere_it_stands() -> None:
    asked = Example(
        "zh", (("user", "你看过流浪地球吗"), ("assistant", "没看过")), "它好看吗", "流浪地球好看吗", "t", "t:1"
    )
    made = augment.renamed(asked, ["红楼梦"], random.Random(1))
    assert made.history[0] == ("user", "你看过红楼梦吗")
    assert (made.utterance, made.rewrite) == ("它好看吗", "红楼梦好看吗")
    assert augment.names_in([asked]) == ["流浪地球"]


def test_a_common_word_said_again_is_not_taken_for_a_name() -> None:
    turns = [
        {"role": "user", "text": "想看电影"},
        {"role": "assistant", "text": "好"},
        {"role": "user", "text": "电影在哪看"},
    ]

    def cut(text: str) -> list[tuple[str, str]]:
        return [(word, "n" if word == "电影" else "v") for word in re.findall("电影|.", text)]

    rows = [{"id": "1", "turns": turns}]
    made = [each for n in range(20) for each in reverse_zh.from_dialogues(rows, "kdconv", cut, random.Random(n))]
    assert all(each.utterance == each.rewrite for each in made)


def test_values_of_a_slot_are_changed_to_others_of_it_everywhere_they_stand() -> None:
    asked = ROW.with_(
        history=(("user", "A Thai place in the north?"), ("assistant", "There is no thai food there.")),
        utterance="And british?",
        rewrite="And a British place in the north?",
    )
    made = augment.revalued(asked, [["thai", "british", "korean"], ["north", "south"]], random.Random(2))
    assert made != asked
    (_, first), (_, reply) = made.history
    food = first.split()[1]
    assert food in {"thai", "british", "korean"}
    assert reply == f"There is no {food} food there."
    other = made.utterance.removeprefix("And ").removesuffix("?")
    assert other not in {food, ""}
    assert made.rewrite == f"And a {other} place in the {first.removesuffix('?').split()[-1]}?"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_pattern_is_filled_without_a_hole_left(lang: str) -> None:
    for example in grammar.made(lang, 200, random.Random(3)):
        for text in (example.utterance, example.rewrite, *(text for _, text in example.history)):
            assert "{" not in text
            assert text.strip()


def test_a_dialogue_written_by_hand_gives_an_example_for_each_message_but_the_first(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text(
        "# why\nu: Who is Ann?\na: A chemist\n| and a poet.\nu: Is she old?\n= Is Ann old?\nu: thanks\n\nu: Hi\n"
    )
    asked, thanked = written.read(path, lang="en")
    assert asked.history == (("user", "Who is Ann?"), ("assistant", "A chemist\nand a poet."))
    assert (asked.utterance, asked.rewrite) == ("Is she old?", "Is Ann old?")
    assert (thanked.utterance, thanked.rewrite) == ("thanks", "thanks")
    assert thanked.history[-1] == ("user", "Is she old?")


def test_a_line_of_another_form_is_named(tmp_path: Path) -> None:
    path = tmp_path / "odd.txt"
    path.write_text("u: Who is Ann?\nshe: A chemist\n")
    with pytest.raises(ValueError, match=r"odd\.txt: not of the form: 'she: A chemist'"):
        list(written.read(path, lang="en"))


def test_what_the_written_dialogues_mean_can_be_made_of_their_words() -> None:
    some = [each for folder in ("en", "en_talks", "zh", "zh_talks") for each in written.all_of(folder)][::40]
    assert len(some) > 100
    assert [each.utterance for each in some if not aligned(window_for(each), each.rewrite).exact] == []


LONG = 6
"""Words from which on a meaning is hardly found twice by chance."""


@pytest.mark.parametrize("name", ["cast2019.dev", "canard.dev", "qrecc-sample.dev", "ikat2023.dev", "mudoco-qr.dev"])
def test_no_written_dialogue_is_of_a_set_that_is_measured(name: str) -> None:
    path = Path(__file__).resolve().parents[3] / "shared" / "data" / "rewrite" / f"{name}.jsonl"
    if not path.exists():
        pytest.skip(f"public data not found at {path.parent}")
    measured = list(read_examples(path, kind="dev"))
    theirs = {keys_of(each.rewrite) for each in measured}
    openings = {keys_of(each.history[0][1]) for each in measured if each.history}
    ours = [*written.all_of("en"), *written.all_of("en_talks")]
    meanings = {keys_of(each.rewrite) for each in ours}
    assert [" ".join(each) for each in meanings & theirs if len(each) >= LONG] == []
    assert [" ".join(each) for each in openings & {keys_of(each.history[0][1]) for each in ours} if len(each) > 3] == []


@pytest.mark.parametrize("measured", ["rewrite-zh.dev", "talks", "cases"])
def test_no_chinese_dialogue_to_train_on_is_one_that_is_measured(measured: str) -> None:
    openings, meanings = _chinese(measured)
    ours = list(written.all_of("zh"))
    assert len(ours) > 10_000
    mine = {keys_of(each.history[0][1]) for each in ours}, {keys_of(each.rewrite) for each in ours}
    shared = (mine[0] & {keys_of(each) for each in openings}) | (mine[1] & {keys_of(each) for each in meanings})
    assert ["".join(each) for each in shared if len(each) >= LONG] == []


def _chinese(measured: str) -> tuple[list[str], list[str]]:
    """The first messages of what is measured, and what its messages mean."""
    if measured == "cases":
        cases = [case for file in CHINESE for case in chinese_cases(file) if case.history]
        return [case.history[0][1] for case in cases], [text for case in cases for text in case.accept]
    if measured == "talks":
        rows = list(written.all_of("zh_talks"))
    else:
        path = Path(__file__).resolve().parents[3] / "shared" / "data" / "rewrite" / f"{measured}.jsonl"
        if not path.exists():
            pytest.skip(f"public data not found at {path.parent}")
        rows = list(read_examples(path, kind="dev"))
    return [each.history[0][1] for each in rows], [each.rewrite for each in rows]


def test_the_stream_is_the_same_for_the_same_seed() -> None:
    first, second = Mixture(config(), Path("absent")), Mixture(config(), Path("absent"))
    assert [first.draw(n) for n in range(50)] == [second.draw(n) for n in range(50)]


def test_late_in_a_run_the_late_mix_is_drawn() -> None:
    mixture = Mixture(config(), Path("absent"))
    first_late = 5 * 2 * 2
    assert {mixture.draw(n).lang for n in range(first_late)} == {"en", "zh"}
    assert {mixture.draw(n).lang for n in range(first_late, first_late + 50)} == {"en"}


def test_earlier_messages_can_be_shown_as_they_were_meant() -> None:
    later = ROW.with_(history=(*ROW.history, ("user", ROW.utterance), ("assistant", "In 1950.")), utterance="Why?")
    shown = augment.resolved(later, {ROW.utterance: ROW.rewrite})
    assert shown.history[2] == ("user", "When did Nina Simone leave Tryon?")
    assert shown.history[3] == ("assistant", "In 1950.")


def test_no_dialogue_is_on_both_sides_of_the_split() -> None:
    mixture = Mixture(config(), Path("absent"))
    drawn = {mixture.draw(n).group for n in range(2000)}
    held = {example.group for example in mixture.validation()}
    assert held
    assert not drawn & held
    assert 0.2 < sum(is_validation(f"g{n}", 0.3) for n in range(1000)) / 1000 < 0.4


def test_shipped_weights_learn_only_from_what_may_train_them() -> None:
    name: str | None = "shipped"
    while name:
        config = read_config(name)
        assert not [source for source in config.mix if source.startswith("research/")]
        assert set(config.mix) <= set(SOURCES)
        name = config.goes_on_from


def test_a_config_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "training/configs/quick.toml").read_text()
    path = tmp_path / "odd.toml"
    path.write_text(text.replace("steps = 4", "steps = 4\nstepz = 5"))
    with pytest.raises(ValueError, match="stepz"):
        read_config(str(path))
    with pytest.raises(ValueError, match="there are"):
        read_config("nonesuch")
