"""The demo: what each follow-up of its conversation is resolved to, in both languages.

Not one wording is asked for but what makes each request one that a stranger could answer: the words it must hold
("a|b": either), and those it must not.
"""

from __future__ import annotations

import json
import socket
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dialog.cli.demo_script import Scene, script
from dialog.cli.words import Lang
from tests.cli.terminal import run

HOLDS: dict[Lang, dict[str, tuple[str, ...]]] = {
    "en": {
        "opening": ("best Chinese restaurant in New York",),
        "reject": ("not helpful", "best Chinese restaurant", "New York"),
        "refine": ("cheaper", "Chinese restaurant", "New York"),
        "replace": ("Thai", "restaurant", "New York"),
        "select": ("Lotus Kitchen", "open on Sunday"),
        "correct": ("Lotus Kitchen", "open", "Saturday"),
        "switch": ("who wrote Hamlet",),
        "return": ("Lotus Kitchen|Thai restaurant", "four people"),
        "pronoun": ("Lotus Kitchen", "far from Times Square"),
    },
    "zh": {
        "opening": ("纽约最好的中餐馆",),
        "reject": ("没回答", "纽约", "最好的中餐馆"),
        "refine": ("便宜一点", "纽约", "中餐馆"),
        "replace": ("泰国菜", "纽约"),
        "select": ("莲花小厨", "周日开门"),
        "correct": ("莲花小厨", "周六"),
        "switch": ("《哈姆雷特》是谁写的",),
        "return": ("莲花小厨|泰国", "四个人"),
        "pronoun": ("莲花小厨", "离时代广场远吗"),
    },
}
LACKS: dict[Lang, dict[str, tuple[str, ...]]] = {
    "en": {
        "refine": ("something cheaper",),
        "replace": ("Chinese",),
        "select": ("second one", "Siam Garden", "Bangkok House"),
        "correct": ("Sunday",),
        "switch": ("New York", "restaurant", "Kitchen"),
        "return": ("Hamlet", "Chinese"),
        "pronoun": ("Hamlet", "is it "),
    },
    "zh": {
        "replace": ("中餐馆",),
        "select": ("第二家", "暹罗花园", "曼谷之家"),
        "correct": ("周日",),
        "switch": ("纽约", "餐"),
        "return": ("哈姆雷特", "中餐馆"),
        "pronoun": ("哈姆雷特", "它"),
    },
}
ACTS = {
    "opening": "new",
    "reject": "reject",
    "refine": "refine",
    "select": "select",
    "correct": "correct",
    "switch": "new",
    "return": "return",
}
CASES = [(lang, scene) for lang in ("en", "zh") for scene in script(lang)]


@cache
def turns(lang: Lang) -> dict[str, dict[str, Any]]:
    done = run(Path("/nonexistent"), "demo", "--json", "--lang", lang)
    assert done.returncode == 0, done.stderr.decode()
    documents = [json.loads(line) for line in done.stdout.splitlines()]
    return {document["shows"]: document for document in documents}


def holds(text: str, words: str) -> bool:
    return any(either.lower() in text.lower() for either in words.split("|"))


def ids(case: Any) -> str:
    return case.shows if isinstance(case, Scene) else case


@pytest.mark.parametrize(("lang", "scene"), CASES, ids=ids)
def test_a_stranger_could_answer_what_the_message_was_resolved_to(lang: Lang, scene: Scene) -> None:
    resolved = turns(lang)[scene.shows]["resolved"]
    assert [words for words in HOLDS[lang][scene.shows] if not holds(resolved, words)] == [], resolved
    assert [words for words in LACKS[lang].get(scene.shows, ()) if holds(resolved, words)] == [], resolved


@pytest.mark.parametrize(("lang", "scene"), CASES, ids=ids)
def test_each_kind_of_follow_up_is_read_as_what_it_is(lang: Lang, scene: Scene) -> None:
    turn = turns(lang)[scene.shows]
    assert turn["act"] == ACTS.get(scene.shows, turn["act"])
    expected = {"opening": "new", "switch": "new", "return": "return"}.get(scene.shows, "stay")
    assert turn["topic_change"] == expected


@pytest.mark.parametrize(("lang", "scene"), CASES, ids=ids)
def test_the_marks_give_the_resolved_message_and_the_users_words(lang: Lang, scene: Scene) -> None:
    turn = turns(lang)[scene.shows]
    marks = turn["marks"]
    assert "".join(mark["text"] for mark in marks if mark["kind"] != "removed") == turn["resolved"]
    assert "".join(mark["text"] for mark in marks if mark["kind"] != "inserted") == turn["user"] == scene.user


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_inserted_word_was_said_before(lang: Lang) -> None:
    said = ""
    for turn in turns(lang).values():
        for mark in turn["marks"]:
            if mark["origin"] is not None and mark["origin"]["words"]:
                assert mark["origin"]["words"] in said
        said += f"{turn['user']}\n{turn['resolved']}\n{turn['reply']}\n"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_was_sent_stays_as_sent_and_adds_up(lang: Lang) -> None:
    before: list[str] = []
    for turn in turns(lang).values():
        texts = [block["text"] for block in turn["prompt"]]
        assert texts[: len(before)] == before
        assert turn["tokens"] == sum(block["tokens"] for block in turn["prompt"]) <= turn["budget"]
        before = texts


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_the_assistant_said_never_becomes_a_slot(lang: Lang) -> None:
    values = [str(slot["value"]) for turn in turns(lang).values() for slot in turn["slots"]]
    assert values, "the demo shows no slots"
    for name in ("Golden", "Dumpling", "Siam", "Bangkok", "Brooklyn", "$", "Shakespeare", "1600"):
        assert not any(name in value for value in values)
    for name in ("金灯笼", "饺子", "暹罗", "曼谷之家", "布鲁克林", "美元", "莎士比亚", "1600"):
        assert not any(name in value for value in values)


@pytest.mark.parametrize(("lang", "label"), [("en", "reply (scripted)"), ("zh", "回复（预先写好）")])
def test_the_demo_says_on_screen_what_is_scripted(tmp_path: Path, lang: str, label: str) -> None:
    done = run(tmp_path, "demo", "--lang", lang)
    text = done.stdout.decode()
    assert text.count(label) == len(script("en")) == 9
    assert "\x1b" not in text
    assert "{+" in text


def test_without_a_cached_vocabulary_the_demo_estimates_and_asks_nobody_for_one(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # where a download would go, and never be answered
        silent.setblocking(False)
        proxy = f"http://127.0.0.1:{silent.getsockname()[1]}"
        cache = {"TIKTOKEN_CACHE_DIR": str(tmp_path), "HTTPS_PROXY": proxy, "https_proxy": proxy}
        done = run(tmp_path, "demo", "--json", **cache)
        with pytest.raises(BlockingIOError):
            silent.accept()
    assert {json.loads(line)["counter"] for line in done.stdout.splitlines()} == {"estimate"}


def test_the_language_is_that_of_the_locale_unless_asked(tmp_path: Path) -> None:
    assert "第 1 轮" in run(tmp_path, "demo", LANG="zh_CN.UTF-8").stdout.decode()
    assert "Turn 1" in run(tmp_path, "demo", "--lang", "en", LANG="zh_CN.UTF-8").stdout.decode()
