"""Counting: exact where the vocabulary is there, an over-count where it is not, never in the way of the event loop."""

from __future__ import annotations

import asyncio
import gc
import json
import random
import re
import threading
import time
from pathlib import Path

import pytest
import tiktoken
import tiktoken.load
from hypothesis import given, settings
from hypothesis import strategies as st

from dialog import tokens
from dialog.ground import TiktokenCounter, estimate_counter, load_counter
from tests.conftest import SHARED

HAS_VOCABULARY = (SHARED / "tiktoken").is_dir()
needs_vocabulary = pytest.mark.skipif(not HAS_VOCABULARY, reason="tiktoken's vocabulary files are not at hand")
ENCODINGS = ("cl100k_base", "o200k_base")
DATA = SHARED / "data"

WORDS = re.findall(
    r"\S+",
    "the a to of and is restaurant book table tomorrow evening please cheap moderate north centre weather movie ticket "
    "adventure understand thought through language information vegetarian reservation Boston London Saturday John I "
    "you we would like something with for at in price 12 7pm 2026-11-24 $35 4.5 hello, thanks! what's don't (maybe)",
)
PHRASES = (
    "我想找一家评分四点五分以上的餐馆",
    "晚上两个人吃饭，预算三百元",
    "附近有没有景点可以推荐？",
    "谢谢你，",
    "北京天安门附近的酒店价格贵吗",
    "我对花生过敏。",
    "第二家周末营业到几点",
    "2024年10月1日",
    "《恋恋笔记本》的导演是谁",
    "啊，懂了！",
    "威尼斯电影节",
    "那就换成上海吧",
)
EMOJI = "😀🎉👍🏽🍜🚀✨❤️"


@pytest.fixture(autouse=True)
def _no_loads_left_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "_loads", {})


@needs_vocabulary
@pytest.mark.parametrize(("model", "name"), [("gpt-4o", "o200k_base"), ("gpt-4", "cl100k_base"), (None, "o200k_base")])
async def test_a_known_model_is_counted_in_its_own_encoding(model: str | None, name: str) -> None:
    counter = await load_counter(model)
    text = "Where can I eat? 附近有什么好吃的？"
    assert counter.name == name
    assert counter.count(text) == len(tiktoken.get_encoding(name).encode_ordinary(text))


@needs_vocabulary
async def test_an_unknown_model_is_counted_in_o200k() -> None:
    assert (await load_counter("claude-something-9")).name == "o200k_base"


@needs_vocabulary
async def test_special_token_text_counts_as_text() -> None:
    end = "<|endof" + "text|>"
    assert (await load_counter("gpt-4o")).count(f"please print {end}") > 3


async def test_a_load_that_hangs_gives_the_estimate_in_time_and_the_loop_stays_free(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release = threading.Event()

    def hang(_: str) -> tiktoken.Encoding:
        release.wait(30)
        raise OSError("gave up")

    monkeypatch.setattr(tiktoken, "get_encoding", hang)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    ticking = asyncio.create_task(tick())
    started = time.monotonic()
    counter = await load_counter("gpt-4o", timeout_s=0.1)
    assert counter is estimate_counter
    assert time.monotonic() - started < 5
    assert ticks > 10
    running = [thread for thread in threading.enumerate() if thread.name == "antecedent-tiktoken"]
    assert running
    assert all(thread.daemon for thread in running)
    await load_counter("gpt-4o", timeout_s=0.05)
    assert len([t for t in threading.enumerate() if t.name == "antecedent-tiktoken"]) == len(running), "loaded once"
    ticking.cancel()
    release.set()


async def test_without_vocabulary_or_network_the_estimate_is_used_and_a_later_load_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tries = 0

    def fail(_: str) -> tiktoken.Encoding:
        nonlocal tries
        tries += 1
        raise ConnectionError("no route")

    monkeypatch.setattr(tiktoken, "get_encoding", fail)
    assert (await load_counter("gpt-4o")).name == "estimate"
    assert (await load_counter("gpt-4o")).name == "estimate"
    assert tries == 2


async def test_a_load_that_fails_after_its_time_limit_is_not_printed_as_a_forgotten_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    release, failed = threading.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    printed: list[object] = []
    loop.set_exception_handler(lambda _, context: printed.append(context))

    def fail(_: str) -> tiktoken.Encoding:
        release.wait()
        loop.call_soon_threadsafe(lambda: loop.call_later(0.01, failed.set))  # after the failure has crossed over
        raise ConnectionError("no route")

    monkeypatch.setattr(tiktoken, "get_encoding", fail)
    assert (await load_counter("gpt-4o-mini", timeout_s=0.05)).name == "estimate"
    release.set()
    await failed.wait()
    await load_counter("gpt-4o-mini")  # takes the place of the load that failed
    gc.collect()
    assert printed == []


@needs_vocabulary
async def test_a_vocabulary_in_the_cache_is_counted_with() -> None:
    assert (await tokens.cached_counter()).name == "o200k_base"


@pytest.mark.parametrize("cache", ["here", ""])
async def test_a_vocabulary_that_is_not_in_the_cache_is_not_looked_for(
    cache: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[str] = []
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", cache and str(tmp_path))
    monkeypatch.setattr(tiktoken, "get_encoding", asked.append)
    assert await tokens.cached_counter() is estimate_counter
    assert asked == []


def test_the_cache_is_where_tiktoken_has_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(tiktoken.load, "read_file", lambda url: url.encode())
    url = "https://openaipublic.blob.core.windows.net/encodings/o200k_base.tiktoken"
    tiktoken.load.read_file_cached(url)
    assert [tokens._cached("o200k_base")] == list(tmp_path.iterdir())


async def test_a_time_limit_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="timeout_s"):
        await load_counter("gpt-4o", timeout_s=0)


def test_the_empty_text_has_no_tokens() -> None:
    assert estimate_counter.count("") == 0


def _real(text: str) -> int:
    return max(TiktokenCounter(encoding).count(text) for encoding in ENCODINGS)


@needs_vocabulary
@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=8, max_size=120).map(" ".join))
def test_the_estimate_over_counts_english(text: str) -> None:
    assert _real(text) <= estimate_counter.count(text) <= 3 * _real(text)


@needs_vocabulary
@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PHRASES), min_size=2, max_size=12).map("".join))
def test_the_estimate_over_counts_chinese(text: str) -> None:
    assert _real(text) <= estimate_counter.count(text) <= 2 * _real(text)


@needs_vocabulary
@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*EMOJI, "👩‍👩‍👧", "🇺🇸", " ok "]), min_size=3, max_size=40).map("".join))
def test_the_estimate_over_counts_emoji(text: str) -> None:
    assert estimate_counter.count(text) >= _real(text)


@needs_vocabulary
def test_the_estimate_over_counts_code() -> None:
    source = Path(tokens.__file__).read_text(encoding="utf-8")
    for start in range(0, len(source) - 300, 300):
        part = source[start : start + 300]
        assert _real(part) <= estimate_counter.count(part) <= 2.5 * _real(part)


@needs_vocabulary
@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data sets are not at hand")
@pytest.mark.parametrize("name", ["slots/sgd.dev", "slots/crosswoz.dev", "topic/tiage.dev", "topic/kdconv.dev"])
def test_the_estimate_over_counts_real_dialogs(name: str) -> None:
    rows = (DATA / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    for row in random.Random(7).sample(rows, 40):
        text = "\n".join(turn["text"] for turn in json.loads(row)["turns"])
        assert _real(text) <= estimate_counter.count(text) <= 2.5 * TiktokenCounter("o200k_base").count(text)
