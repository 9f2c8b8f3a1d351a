"""Counting tokens: exactly where tiktoken's vocabulary is at hand, otherwise by an estimate that over-counts."""

from __future__ import annotations

import asyncio
import math
import re
import threading
from collections.abc import Callable
from concurrent.futures import Future
from functools import lru_cache
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
    try:
        return await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(_loading(model))), timeout_s)
    except (TimeoutError, _VocabularyMissing):
        return estimate_counter


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
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日"
)


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
        return 1.0 if char in _COMMON_HAN else 2.0 if _first_level(char) else 3.0
    if 0x3000 <= code <= 0x30FF or 0xFF00 <= code <= 0xFFEF or 0x2010 <= code <= 0x2027:
        return 1.5
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
