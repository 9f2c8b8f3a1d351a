"""More examples from one: names swapped, part of the work done, the history shown another way."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

from dialog.interpret.edit.align import aligned
from dialog.interpret.edit.labels import Copy, Labels
from dialog.interpret.edit.render import rendered
from dialog.interpret.word_forms import FUNCTION_CHARS, FUNCTION_WORDS
from training.rows import Example, window_for

_NAME = re.compile(r"\b(?:[A-Z][\w'’.-]*|[A-Z]\.)(?:\s+(?:of|the|and|de|van|von)?\s*(?:[A-Z][\w'’-]*\.?|\d+))+")


def partly_resolved(example: Example, rng: random.Random) -> Example:
    """The example with some of its edits made already: what is left to do is the rest of them, maybe nothing."""
    window = window_for(example)
    labels = aligned(window, example.rewrite).labels
    n = len(labels.deleted)
    done_inserted, done_deleted = list(labels.inserted), list(labels.deleted)
    gap = 0
    while gap <= n:
        end = gap
        while end < n and labels.deleted[end]:
            end += 1
        if rng.random() < 0.5:
            for k in range(gap, end + 1):
                done_inserted[k] = ()
            for k in range(gap, end):
                done_deleted[k] = False
        gap = end + 1
    text = rendered(window, Labels(tuple(done_deleted), tuple(done_inserted)))
    return example.with_(utterance=text, kind=f"{example.kind}/partly")


def complete(example: Example) -> Example:
    """The example with the rewrite as the message: nothing is left to do."""
    return example.with_(utterance=example.rewrite, kind=f"{example.kind}/complete")


def after_another(example: Example, other: Example) -> Example:
    """The complete message of `example` in the middle of another dialogue: a change of topic, to be left alone."""
    return example.with_(
        history=other.history,
        caller=other.caller,
        utterance=example.rewrite,
        kind=f"{example.kind}/switch",
    )


def resolved(example: Example, meanings: Mapping[str, str]) -> Example:
    """The example with the earlier messages of its dialogue as they were meant, where that is known."""
    history = tuple((role, meanings.get(text, text) if role == "user" else text) for role, text in example.history)
    return example.with_(history=history)


def users_only(example: Example) -> Example:
    """The example with no replies in its history."""
    return example.with_(history=tuple(turn for turn in example.history if turn[0] == "user"))


def renamed(example: Example, names: Sequence[str], rng: random.Random) -> Example:
    """The example with one name that the rewrite brings in changed, everywhere, to another of `names`. In Chinese,
    which does not mark names, any span that is brought in counts as one."""
    found = _brought_in(example)
    if not found:
        return example
    old, new = rng.choice(found), rng.choice(names)
    return _everywhere(example, lambda text: re.sub(re.escape(old), lambda _: new, text, flags=re.IGNORECASE))


def _brought_in(example: Example) -> list[str]:
    """The names that the rewrite takes from the conversation."""
    window = window_for(example)
    labels = aligned(window, example.rewrite).labels
    spans = [item for gap in labels.inserted for item in gap if isinstance(item, Copy)]
    texts = []
    for span in spans:
        passage = window.passages[window.passage_of[span.start]]
        texts.append(passage.text[window.words[span.start].start : window.words[span.end - 1].end])
    if example.lang == "zh":
        return [text for text in texts if len(text) > 1 and FUNCTION_CHARS.isdisjoint(text)]
    return [name for text in texts for match in _NAME.finditer(text) if (name := _bare(match[0]))]


def revalued(example: Example, values: Sequence[Sequence[str]], rng: random.Random) -> Example:
    """The example with values of slots that it names changed, everywhere, to others of the same slot."""
    said = " ".join((*(text for _, text in example.history), example.utterance, example.rewrite)).casefold()
    swaps = {}
    for slot in values:
        named = [value for value in slot if re.search(rf"\b{re.escape(value)}\b", said)]
        if named:
            swaps |= dict(zip(named, rng.sample(slot, len(named)), strict=True))
    if not swaps:
        return example
    longest_first = sorted(swaps, key=len, reverse=True)
    any_of = re.compile(rf"\b(?:{'|'.join(re.escape(value) for value in longest_first)})\b", re.IGNORECASE)
    return _everywhere(example, lambda text: any_of.sub(lambda found: swaps[found[0].casefold()], text))


def _everywhere(example: Example, swap: Callable[[str], str]) -> Example:
    return example.with_(
        history=tuple((role, swap(text)) for role, text in example.history),
        caller=tuple((name, swap(text)) for name, text in example.caller),
        utterance=swap(example.utterance),
        rewrite=swap(example.rewrite),
    )


def names_in(examples: Sequence[Example]) -> list[str]:
    """The names that titles, rewrites and first messages hold, and the Chinese ones that rewrites bring in, each once,
    in order."""
    chinese = (name for example in examples if example.lang == "zh" for name in _brought_in(example))
    english = [example for example in examples if example.lang == "en"]
    texts = (text for example in english for text in (*(known for _, known in example.caller), example.rewrite))
    found = (_bare(match[0]) for text in texts for match in _NAME.finditer(text))
    return list(dict.fromkeys(name for name in (*found, *chinese) if name))


def _bare(name: str) -> str:
    """The name without the question word or verb that a sentence began with ("Did Arthur Wellesley")."""
    words = name.split()
    while words and (words[0].casefold() in FUNCTION_WORDS or len(words) > 4):
        words = words[1:]
    return " ".join(words)
