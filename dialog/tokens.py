"""Counting tokens: exactly where tiktoken's vocabulary is at hand, otherwise by an estimate that over-counts."""

from __future__ import annotations

import asyncio
import hashlib
import math
import os
import re
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from typing import Protocol

DEFAULT_ENCODING = "o200k_base"
"""For models tiktoken does not know (Claude, Llama); their own vocabularies differ, so leave room in the budget."""

_REMEMBERED = 2048


class TokenCounter(Protocol):
    """Counts the tokens of a text; equal texts count equal, and the empty text counts 0."""

    @property
    def name(self) -> str:
        """The encoding counted in ("o200k_base"), or "estimate"."""
        ...

    def count(self, text: str) -> int:
        """Tokens of `text` alone, without message overhead."""
        ...


class _Counter:
    """A counter over `measure` that remembers the latest texts, for a prompt repeats nearly all of the one before."""

    def __init__(self, name: str, measure: Callable[[str], int]) -> None:
        self.name = name
        self.count = lru_cache(maxsize=_REMEMBERED)(measure)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.name!r})"


class EstimateCounter(_Counter):
    """Needs no vocabulary, and says more tokens than cl100k_base and o200k_base have.

    By word shape for Latin letters, by script for the rest. On dialogs and code it gives 1.3 to 1.6 times cl100k_base
    and, for Chinese, twice o200k_base; `benchmarks/prompt_cost/counters.py` prints the ratios. A single short text of
    rare words may still be under-counted (less than one in a thousand dialog turns was).
    """

    def __init__(self) -> None:
        super().__init__("estimate", _estimate)


class TiktokenCounter(_Counter):
    """Exact for the named tiktoken encoding. Blocks while loading (and downloading): use `load_counter` instead.

    Special-token text such as `<|endoftext|>` counts as ordinary text, for that is how providers read it in messages.
    """

    def __init__(self, encoding: str) -> None:
        import tiktoken

        loaded = tiktoken.get_encoding(encoding)
        super().__init__(encoding, lambda text: len(loaded.encode_ordinary(text)))


async def load_counter(model: str | None = None, timeout_s: float = 5.0) -> TokenCounter:
    """The counter for `model` (None or unknown to tiktoken: o200k_base), or `estimate_counter`.

    The estimate is returned when the vocabulary is not there within `timeout_s` seconds or cannot be had at all;
    `name` tells which it became. tiktoken downloads with a blocking call without a time limit, so loading runs in a
    daemon thread of its own: neither the event loop nor the end of the program waits for it. A later call picks up
    what that thread has loaded since.
    """
    if timeout_s <= 0:
        raise ValueError(f"timeout_s must be above 0 seconds, got {timeout_s}")
    load = asyncio.wrap_future(_loading(model))
    load.add_done_callback(_heard)
    try:
        return await asyncio.wait_for(asyncio.shield(load), timeout_s)
    except (TimeoutError, _VocabularyMissing):
        return estimate_counter


async def cached_counter() -> TokenCounter:
    """The counter of DEFAULT_ENCODING where tiktoken has its vocabulary in the cache, else `estimate_counter`: without
    a look at the network."""
    file = _cached(DEFAULT_ENCODING)
    return await load_counter() if file is not None and file.exists() else estimate_counter


def _cached(encoding: str) -> Path | None:
    """Where tiktoken keeps the vocabulary once it has it (`tiktoken.load.read_file_cached`); None when told to keep
    none."""
    named = [os.environ[name] for name in ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR") if name in os.environ]
    folder = named[0] if named else os.path.join(tempfile.gettempdir(), "data-gym-cache")
    url = f"https://openaipublic.blob.core.windows.net/encodings/{encoding}.tiktoken"
    return Path(folder, hashlib.sha1(url.encode(), usedforsecurity=False).hexdigest()) if folder else None


class _VocabularyMissing(Exception):
    """tiktoken is absent, or its vocabulary could neither be found nor downloaded."""


_guard = threading.Lock()
_loads: dict[str | None, Future[TokenCounter]] = {}


def _loading(model: str | None) -> Future[TokenCounter]:
    """The load of that model's counter, begun now unless one is under way or done; a failed one is begun anew."""
    with _guard:
        load = _loads.get(model)
        if load is None or (load.done() and load.exception() is not None):
            load = _loads[model] = Future()
            threading.Thread(target=_load, args=(model, load), name="antecedent-tiktoken", daemon=True).start()
        return load


def _heard(load: asyncio.Future[TokenCounter]) -> None:
    """Takes note of a failure that comes after the time limit; asyncio would print it as never retrieved."""
    if not load.cancelled():
        load.exception()


def _load(model: str | None, into: Future[TokenCounter]) -> None:
    try:
        into.set_result(TiktokenCounter(_encoding_of(model)))
    except Exception as error:  # tiktoken raises whatever requests, ssl and its file cache raise: no common root
        into.set_exception(_VocabularyMissing(type(error).__name__))


def _encoding_of(model: str | None) -> str:
    from tiktoken.model import encoding_name_for_model

    try:
        return encoding_name_for_model(model) if model else DEFAULT_ENCODING
    except KeyError:
        return DEFAULT_ENCODING


# The estimate. Pieces follow tiktoken's pre-tokenisation (letters with a leading space, digits by three, runs of
# punctuation, runs of white space); each is charged what such a piece costs at most in running text.

_PIECE = re.compile(r"[A-Za-z0-9]{16,}|[A-Za-z]+| ?[0-9]+|[ \t]+|[\r\n]+|[!-/:-@\[-`{-~]+|[^\x00-\x7f]|[\x00-\x1f\x7f]")
_VOWELS = re.compile(r"[aeiouyAEIOUY]")
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")
_COMMON_HAN = frozenset(
    "一万三上下不与专业东两个中串为主么义之也书了事二于五些交产享京人亿今介从他付代以们件价任份企优会传但位体何余作你使例供価保信修倍值停像元先入全公共关其具内円册再写出击分列则初利别到制前力功加务动動包化"
    "北区十午华单南即历原去县参及友反发取变口只可台右号司合同名后向否含听启告员周命和品哈商問器四回因国图土在地场址型城基報場填增声处备复外多大天失头女好如始子字存学安宋完定实审客家容密对导将小少尔就局展山"
    "岁州工左已市布常平年并广序库应店度建开异式引张当录形影径待後得微心必志态思性总息您情意感成我或户所手打找技投报拉持指按换据排接推提播支收改放政效数整文料断新方族无日时明易星是時景更最月有服期木未本机权"
    "束条来板构析果查标样核格案检模次款止正此步歳段每比民気水求江汽没治法注活流海消清游源火点無然片版物特率环现球理生用由电男画界番登的监目直相省看県真知码确示社票私种科秒称移程稍税稿空立站章端笑符第等签简"
    "算管箱米类系素索约级线组经结给络统编网置美老考者而联能自至色节英藏行表装西要見见规视角解言計記話読计认议记论设证评试话询该详语误说请读调象责败账货购费资起超路身车转软载辑输达过运近还这进连述退送选通速"
    "造連道邮部都配释里重量金钟钮链销错键长開間関门闭问间队阳陆限院除雅集雷需非面音页项预频题额首验高黑"
)
"""Characters that are one token in both encodings."""


def _estimate(text: str) -> int:
    return math.ceil(1.04 * sum(map(_charge, _PIECE.findall(text))) + 1) if text else 0


def _charge(piece: str) -> float:
    first = piece[0]
    if first > "\x7f":
        return _charge_char(first)
    if len(piece) >= 16 and first.isalnum() and not piece.isalpha():
        return 0.85 * len(piece)  # keys and digests
    if piece[-1].isdigit():
        return math.ceil(len(piece) / 3) + (first == " ")
    if first.isalpha():
        return sum(map(_charge_word, _HUMPS.findall(piece)))
    if first == " " or first == "\t":
        return 0.0 if piece == " " else 1 + len(piece) / 16
    if first < " " or first == "\x7f":
        return 1 + len(piece) / 8
    return len(piece) if len(set(piece)) > 1 else 1 + len(piece) / 8


def _charge_word(word: str) -> float:
    """English words of up to 8 letters are mostly one token; names, capitals and letters in no order cost more."""
    size = len(word)
    if size > 1 and word.isupper():
        return math.ceil(size / 1.5)
    vowels = len(_VOWELS.findall(word))
    if size > 3 and vowels * 5 < size:
        return math.ceil(size / 1.5)
    if size > 14:
        return size / 1.6
    name = 0.25 if size > 3 and word[0].isupper() else 0.0
    return name + (1.0 if size <= 3 else 1 + (size - 3) * 0.14 if size <= 8 else size / 3.5)


def _charge_char(char: str) -> float:
    code = ord(char)
    if 0x4E00 <= code <= 0x9FFF:
        return 1.0 if char in _COMMON_HAN else 2.2 if _first_level(char) else 3.0
    if 0x3000 <= code <= 0x30FF or 0xFF00 <= code <= 0xFFEF or 0x2010 <= code <= 0x2027:
        return 1.2
    if 0xAC00 <= code <= 0xD7A3:
        return 2.0
    if 0x00C0 <= code <= 0x024F or 0x0400 <= code <= 0x044F:
        return 1.0
    return len(char.encode("utf-8", "replace"))


def _first_level(char: str) -> bool:
    """Whether the character is among the 3,755 most common ones (GB 2312-80, level 1: rows 16 to 55)."""
    try:
        return 0xB0 <= char.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


estimate_counter = EstimateCounter()
